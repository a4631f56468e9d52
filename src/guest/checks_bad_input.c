// SPDX-License-Identifier: GPL-2.0-only
/*
 * checks_bad_input.c - what a program may do wrong with /dev/lkp_example
 *
 * Each wrong call gives the errno that is documented, leaves the message as it
 * was, and puts one line into the kernel's log at most.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "items.h"
#include "stall.h"
#include "stress.h"
#include "tools.h"
#include "uapi/lkp_example.h"

#define PARAMETERS "/sys/module/lkp_example/parameters/"
#define ATTRIBUTES "/sys/class/misc/lkp_example/"
#define KEPT "the message that stays"

/* Nobody's: in page 0, and in the kernel. The compiler need not know. */
static void *volatile null_page = (void *)8;
static void *volatile kernel_page = (void *)(UINTPTR_MAX << 12);

static volatile size_t two_gib = INT_MAX, all_memory = SSIZE_MAX;

/* The errno of a call that fails with -1, or 0. */
#define ERRNO_OF(call) ((call) == -1 ? errno : 0)

static unsigned int log_lines(struct guest *g)
{
	const char *text = log_text(g);
	unsigned int lines = 0;

	while ((text = strstr(text, "lkp_example"))) {
		text += strcspn(text, "\n");
		lines++;
	}
	return lines;
}

/* Put the message in place, and begin to count lines of the log. */
static bool begin(struct guest *g)
{
	if (!expect_write(g, KEPT, strlen(KEPT), 0))
		return false;
	log_text(g);
	kmsg_mark(&g->log);
	return true;
}

/* What was refused has this errno, and has left no trace but a line. */
static bool refused(struct guest *g, const char *what, int err, int wanted)
{
	unsigned int lines;

	if (!expect_errno(g, what, err, wanted))
		return false;
	lines = log_lines(g);
	kmsg_mark(&g->log);
	if (lines > 1)
		return fail(g, "%s puts %u lines into the log", what, lines);
	return expect_file(g, DEVICE, KEPT);
}

static int open_device(struct guest *g, int flags)
{
	int fd = open(DEVICE, flags | O_CLOEXEC);

	if (fd < 0)
		fail(g, DEVICE ": %s", strerror(errno));
	return fd;
}

/* Two pages, the second of which nobody may touch; the first one is zero. */
static char *edge_alloc(size_t page)
{
	char *memory = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	mprotect(memory + page, page, PROT_NONE);
	return memory;
}

static __u64 generation(void)
{
	__u64 value = 0;
	int fd = open(DEVICE, O_RDONLY | O_CLOEXEC);

	ioctl(fd, LKP_EXAMPLE_IOC_GENERATION, &value);
	close(fd);
	return value;
}

/*
 * No process has all memory, so the kernel does not ask us. But a process of
 * s390x has addresses of its own, which all may be there.
 */
static int all_memory_errno(void)
{
	return on_machine("s390x") ? EMSGSIZE : EFAULT;
}

static bool check_write_limit(struct guest *g)
{
	size_t limit = LKP_EXAMPLE_MESSAGE_MAX;
	char *text = malloc(limit + 1);
	int fd = open_device(g, O_RDWR);
	bool ok;

	if (!text || fd < 0)
		return fail(g, "no memory");
	memset(text, 'x', limit + 1);
	ok = begin(g) &&
	     refused(g, "a byte too many", write_device(text, limit + 1),
		     EMSGSIZE) &&
	     /* More than there is memory: never looked at. */
	     refused(g, "2 GiB", ERRNO_OF(write(fd, text, two_gib)),
		     sizeof(long) == 8 ? EMSGSIZE : EFAULT) &&
	     refused(g, "all memory", ERRNO_OF(write(fd, text, all_memory)),
		     all_memory_errno()) &&
	     expect_errno(g, "max_size", write_file(PARAMETERS "max_size", "22"),
			  0) &&
	     refused(g, "more than max_size", write_device(text, 23),
		     EMSGSIZE) &&
	     expect_write(g, text, 22, 0) &&
	     expect_errno(g, "max_size",
			  write_file(PARAMETERS "max_size", "1048576"), 0) &&
	     expect_write(g, text, limit, 0) &&
	     expect_file(g, ATTRIBUTES "size", "1048576");
	close(fd);
	free(text);
	return ok;
}

/* No bytes are a message, and need no memory to come from. */
static bool check_write_nothing(struct guest *g)
{
	int fd = open_device(g, O_RDWR);
	__u64 before;
	char byte;
	bool ok;

	if (fd < 0)
		return false;
	ok = begin(g);
	before = generation();
	ok = ok && expect_number(g, "write of nothing", write(fd, NULL, 0), 0) &&
	     expect_number(g, "read", read(fd, &byte, 1), 0) &&
	     expect_file(g, DEVICE, "") &&
	     expect_number(g, "generation", generation(), before + 1) &&
	     expect_number(g, "lines of the log", log_lines(g), 0);
	close(fd);
	return ok;
}

static bool check_write_nul(struct guest *g)
{
	return begin(g) &&
	       refused(g, "NUL alone", write_device("", 1), EINVAL) &&
	       refused(g, "NUL first", write_device("\0b", 2), EINVAL) &&
	       refused(g, "NUL inside", write_device("a\0b", 3), EINVAL) &&
	       refused(g, "NUL last", write_device("ab", 3), EINVAL);
}

static bool check_write_pointers(struct guest *g, int fd, char *edge,
				 size_t page)
{
	return refused(g, "write from page 0",
		       ERRNO_OF(write(fd, null_page, 5)), EFAULT) &&
	       refused(g, "write from the kernel",
		       ERRNO_OF(write(fd, kernel_page, 5)),
		       EFAULT) &&
	       refused(g, "write from a page that nobody may read",
		       ERRNO_OF(write(fd, edge + page, 5)), EFAULT) &&
	       refused(g, "write across its edge",
		       ERRNO_OF(write(fd, edge + page - 3, 5)), EFAULT);
}

/* What could be copied is read; a read of nothing else leaves the position. */
static bool check_read_pointers(struct guest *g, int fd, char *edge,
				size_t page)
{
	return refused(g, "read to page 0", ERRNO_OF(read(fd, null_page, 5)),
		       EFAULT) &&
	       refused(g, "read to the kernel",
		       ERRNO_OF(read(fd, kernel_page, 5)), EFAULT) &&
	       refused(g, "read to a page that nobody may write",
		       ERRNO_OF(read(fd, edge + page, 5)), EFAULT) &&
	       expect_number(g, "the position", lseek(fd, 0, SEEK_CUR), 0) &&
	       expect_read_to_edge(g, fd, edge + page - 3, KEPT);
}

static bool check_pointers(struct guest *g)
{
	size_t page = sysconf(_SC_PAGESIZE);
	char *edge = edge_alloc(page);
	int fd = open_device(g, O_RDWR);
	bool ok;

	if (!edge || fd < 0)
		return fail(g, "no memory");
	ok = begin(g) && check_write_pointers(g, fd, edge, page) &&
	     check_read_pointers(g, fd, edge, page) &&
	     refused(g, "INFO", ERRNO_OF(ioctl(fd, LKP_EXAMPLE_IOC_INFO, 8)),
		     EFAULT) &&
	     refused(g, "GENERATION",
		     ERRNO_OF(ioctl(fd, LKP_EXAMPLE_IOC_GENERATION,
				    edge + page - 4)), EFAULT) &&
	     refused(g, "WAIT", ERRNO_OF(ioctl(fd, LKP_EXAMPLE_IOC_WAIT, NULL)),
		     EFAULT);
	close(fd);
	munmap(edge, 2 * page);
	return ok;
}

/* Calls of others, and ours with another size or direction. */
static bool check_ioctl_unknown(struct guest *g)
{
	const unsigned int calls[] = {
		0, 1, UINT_MAX, _IO(LKP_EXAMPLE_IOC_MAGIC, 0),
		_IO(LKP_EXAMPLE_IOC_MAGIC, 6), _IO(LKP_EXAMPLE_IOC_MAGIC, 255),
		_IO(LKP_EXAMPLE_IOC_MAGIC, 1), _IO(LKP_EXAMPLE_IOC_MAGIC - 1, 3),
		_IOR(LKP_EXAMPLE_IOC_MAGIC, 2, __u32),
		_IOW(LKP_EXAMPLE_IOC_MAGIC, 2, __u64),
		_IOR(LKP_EXAMPLE_IOC_MAGIC, 5, __u64), 0x5401, /* TCGETS */
	};
	int fd = open_device(g, O_RDWR);
	bool ok = fd >= 0 && begin(g);

	for (size_t i = 0; ok && i < sizeof(calls) / sizeof(calls[0]); i++) {
		char what[32];
		__u64 arg = 0;

		snprintf(what, sizeof(what), "ioctl %#x", calls[i]);
		ok = refused(g, what, ERRNO_OF(ioctl(fd, calls[i], &arg)),
			     ENOTTY);
	}
	close(fd);
	return ok;
}

static bool all_bytes(const char *memory, char byte, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (memory[i] != byte)
			return false;
	return true;
}

/* A structure of the future: what the module does not know becomes zero. */
static bool check_larger_info(struct guest *g, int fd, char *memory,
			      size_t size)
{
	struct lkp_example_info *info = (void *)memory;

	memset(memory, 0xee, size + 1);
	info->size = size;
	return expect_errno(g, "a larger structure",
			    ERRNO_OF(ioctl(fd, LKP_EXAMPLE_IOC_INFO, info)),
			    0) &&
	       expect_number(g, "size", info->size, LKP_EXAMPLE_INFO_SIZE_V1) &&
	       expect_number(g, "message_size", info->message_size,
			     strlen(KEPT)) &&
	       expect_number(g, "the rest is zero",
			     all_bytes(memory + LKP_EXAMPLE_INFO_SIZE_V1, 0,
				       size - LKP_EXAMPLE_INFO_SIZE_V1), true) &&
	       expect_number(g, "what follows is as it was",
			     all_bytes(memory + size, '\xee', 1), true);
}

static bool check_ioctl_sizes(struct guest *g)
{
	static const __u32 small[] = { 0, 1, 4, LKP_EXAMPLE_INFO_SIZE_V1 - 1 };
	const size_t v1 = LKP_EXAMPLE_INFO_SIZE_V1;
	size_t page = sysconf(_SC_PAGESIZE);
	struct lkp_example_info info = { 0 }, *last;
	char *edge = edge_alloc(page);
	int fd = open_device(g, O_RDWR);
	bool ok = edge && fd >= 0 && begin(g);

	for (size_t i = 0; ok && i < sizeof(small) / sizeof(small[0]); i++) {
		info.size = small[i];
		ok = refused(g, "a structure that is too small",
			     ERRNO_OF(ioctl(fd, LKP_EXAMPLE_IOC_INFO, &info)),
			     EINVAL) &&
		     expect_number(g, "size", info.size, small[i]);
	}
	ok = ok && check_larger_info(g, fd, edge, v1 + 1) &&
	     check_larger_info(g, fd, edge, 200);
	/* It fits in front of the edge, it does not, or only its size does. */
	last = (void *)(edge + page - v1);
	last->size = v1;
	ok = ok && expect_errno(g, "the end of a page",
				ERRNO_OF(ioctl(fd, LKP_EXAMPLE_IOC_INFO, last)),
				0);
	last->size = page;
	ok = ok && refused(g, "a structure beyond the page",
			   ERRNO_OF(ioctl(fd, LKP_EXAMPLE_IOC_INFO, last)),
			   EFAULT);
	last->size = page + 1;
	ok = ok && refused(g, "a structure of more than a page",
			   ERRNO_OF(ioctl(fd, LKP_EXAMPLE_IOC_INFO, last)),
			   E2BIG);
	last->size = UINT_MAX;
	ok = ok && refused(g, "a structure of 4 GiB",
			   ERRNO_OF(ioctl(fd, LKP_EXAMPLE_IOC_INFO, last)),
			   E2BIG);
	last = (void *)(edge + page - 4);
	last->size = v1;
	ok = ok && refused(g, "a structure across pages",
			   ERRNO_OF(ioctl(fd, LKP_EXAMPLE_IOC_INFO, last)),
			   EFAULT);
	close(fd);
	munmap(edge, 2 * page);
	return ok;
}

static bool check_max_size(struct guest *g)
{
	static const char *const wrong[] = {
		"0", "-1", "67108865", "4294967296", "99999999999999999999",
		"", "x", "10x", "1 2", "1e3", "0x", "+ 1",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		/* An empty write does not reach the module. */
		if (*wrong[i] &&
		    !refused(g, wrong[i],
			     write_file(PARAMETERS "max_size", wrong[i]),
			     EINVAL))
			return false;
		if (!expect_file(g, PARAMETERS "max_size", "1048576"))
			return false;
	}
	return true;
}

/* Parameters of the wrong kind: the module is not loaded. */
static bool check_load_parameters(struct guest *g)
{
	static const struct {
		const char *parameters;
		int err;
	} wrong[] = {
		{ "max_size=0", EINVAL }, { "max_size=67108865", EINVAL },
		{ "max_size=-1", EINVAL }, { "max_size", EINVAL },
		{ "int_param=x", EINVAL }, { "int_param=4294967296", ERANGE },
		{ "byte_param=256", ERANGE }, { "byte_param=-1", EINVAL },
		{ "short_param=32768", ERANGE }, { "bool_param=2", EINVAL },
		{ "ulong_param=-1", EINVAL },
		{ "array_param=1,2,3,4,5", EINVAL }, { "fail=x", EINVAL },
	};
	char path[256];

	if (!expect_errno(g, "unload", unload("lkp_example", 0), 0) ||
	    !find_module_file(g, "lkp_example", path, sizeof(path)))
		return false;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		int err = load_file(path, wrong[i].parameters);

		if (!expect_errno(g, wrong[i].parameters, err, wrong[i].err) ||
		    !expect_no_file(g, DEVICE) ||
		    !expect_no_file(g, "/sys/module/lkp_example"))
			return false;
	}
	return expect_errno(g, "no parameters", load_file(path, ""), 0) &&
	       find_module_file(g, "lkp_example_client", path, sizeof(path)) &&
	       expect_errno(g, "a parameter that can only be read",
			    load_file(path, "generation=1"), EPERM) &&
	       expect_no_file(g, "/sys/module/lkp_example_client");
}

static bool check_parameters(struct guest *g)
{
	return begin(g) && check_max_size(g) && check_load_parameters(g);
}

static bool check_attributes(struct guest *g)
{
	static const struct {
		const char *file, *text;
		int err;
	} wrong[] = {
		{ ATTRIBUTES "pin", "2", EINVAL },
		{ ATTRIBUTES "pin", "x", EINVAL },
		{ ATTRIBUTES "pin", "0", EINVAL },	/* there is none */
		{ ATTRIBUTES "hold", "nobody", ENOENT },
		{ ATTRIBUTES "levels", "0", 0 },	/* none is asked for */
		{ ATTRIBUTES "levels", "x", EINVAL },
		{ ATTRIBUTES "levels", "2", EINVAL },
		{ ATTRIBUTES "no_such", "1", ENOENT },
	};

	if (!begin(g))
		return false;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (!refused(g, wrong[i].file,
			     write_file(wrong[i].file, wrong[i].text),
			     wrong[i].err))
			return false;
	return expect_errno(g, "pin", write_file(ATTRIBUTES "pin", "1"), 0) &&
	       refused(g, "a second pin", write_file(ATTRIBUTES "pin", "1"),
		       EALREADY) &&
	       expect_file(g, ATTRIBUTES "pins", "1") &&
	       expect_errno(g, "unpin", write_file(ATTRIBUTES "pin", "0"), 0);
}

static int try_open(void *arg)
{
	int flags = *(int *)arg;
	int fd = open(DEVICE, flags | O_CLOEXEC);

	return fd < 0 ? errno : 0;
}

static int try_file(void *arg)
{
	int fd = open(arg, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? errno : 0;
}

static int try_parameter(void *arg)
{
	return write_file(arg, "1");
}

static bool check_unprivileged(struct guest *g)
{
	static int modes[] = { O_RDONLY, O_WRONLY, O_RDWR };
	bool ok = begin(g) && expect_mode(g, DEVICE, S_IFCHR | 0600) &&
		  expect_no_file(g, PARAMETERS "int_param");

	for (size_t i = 0; ok && i < sizeof(modes) / sizeof(modes[0]); i++)
		ok = refused(g, "open by nobody",
			     as_user(NOBODY, NOBODY, try_open, &modes[i]),
			     EACCES);
	return ok &&
	       refused(g, "message", as_user(NOBODY, NOBODY, try_file,
					     ATTRIBUTES "message"), EACCES) &&
	       refused(g, "generation", as_user(NOBODY, NOBODY, try_file,
						ATTRIBUTES "generation"), 0) &&
	       refused(g, "max_size", as_user(NOBODY, NOBODY, try_parameter,
					      PARAMETERS "max_size"), EACCES) &&
	       refused(g, "pin", as_user(NOBODY, NOBODY, try_parameter,
					 ATTRIBUTES "pin"), EACCES) &&
	       refused(g, "levels", as_user(NOBODY, NOBODY, try_parameter,
					    ATTRIBUTES "levels"), EACCES);
}

/* Calls that the open file does not allow, or that no position allows. */
static bool check_open_modes(struct guest *g)
{
	int in = open_device(g, O_RDONLY), out = open_device(g, O_WRONLY);
	char byte = 'x';
	bool ok;

	if (in < 0 || out < 0)
		return false;
	ok = begin(g) &&
	     expect_number(g, "a first read, from byte 1",
			   pread(in, &byte, 1, 1), 1) &&
	     (byte == KEPT[1] || fail(g, "byte 1 is '%c'", byte)) &&
	     refused(g, "write to a file for reading",
		     ERRNO_OF(write(in, &byte, 1)), EBADF) &&
	     refused(g, "read from a file for writing",
		     ERRNO_OF(read(out, &byte, 1)), EBADF) &&
	     refused(g, "pread at -1", ERRNO_OF(pread(in, &byte, 1, -1)),
		     EINVAL) &&
	     refused(g, "lseek to -1", ERRNO_OF(lseek(in, -1, SEEK_SET)),
		     EINVAL) &&
	     refused(g, "lseek to before the start",
		     ERRNO_OF(lseek(in, -100, SEEK_END)), EINVAL) &&
	     refused(g, "lseek from nowhere", ERRNO_OF(lseek(in, 0, 77)),
		     EINVAL) &&
	     refused(g, "ftruncate", ERRNO_OF(ftruncate(out, 0)), EINVAL) &&
	     refused(g, "mmap", mmap(NULL, 1, PROT_READ, MAP_SHARED, in, 0) ==
		     MAP_FAILED ? errno : 0, ENODEV) &&
	     expect_number(g, "pread behind the end",
			   pread(in, &byte, 1, 1000), 0) &&
	     expect_number(g, "pread far behind it",
			   pread(in, &byte, 1, INT64_MAX - 1), 0);
	close(in);
	close(out);
	return ok;
}

static volatile sig_atomic_t signals;

static void count_signal(int number)
{
	(void)number;
	signals++;
}

/* In the child: wait, and tell by the status what came of it. */
static void wait_with(int flags, bool nonblock, int ready)
{
	struct sigaction action = { .sa_handler = count_signal,
				    .sa_flags = flags };
	int fd = open(DEVICE, O_RDONLY | O_CLOEXEC |
		      (nonblock ? O_NONBLOCK : 0));
	__u64 known;
	int err;

	sigaction(SIGUSR1, &action, NULL);
	if (fd < 0 || ioctl(fd, LKP_EXAMPLE_IOC_GENERATION, &known) ||
	    write(ready, "", 1) != 1)
		_exit(255);
	err = ERRNO_OF(ioctl(fd, LKP_EXAMPLE_IOC_WAIT, &known));
	/* 100 and more: after the handler has run. */
	_exit(err + (signals ? 100 : 0));
}

/* Is it asleep? It has told that it is about to be. */
static void await_sleep(pid_t pid)
{
	char path[32], text[512];

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	for (int i = 0; i < 500; i++) {
		const char *end;

		end = read_file(path, text, sizeof(text)) ?
		      strrchr(text, ')') : NULL;
		if (end && !strncmp(end, ") S", 3))
			return;
		usleep(10000);
	}
}

static pid_t start_waiting(int flags, bool nonblock)
{
	int ready[2];
	char byte;
	pid_t pid;

	if (pipe2(ready, O_CLOEXEC))
		return -1;
	pid = fork();
	if (!pid)
		wait_with(flags, nonblock, ready[1]);
	close(ready[1]);
	if (read(ready[0], &byte, 1) == 1 && !nonblock)
		await_sleep(pid);
	close(ready[0]);
	return pid;
}

/* The status of a process that ends within five seconds; else it is killed. */
static int end_status(pid_t pid)
{
	int status;

	for (int i = 0; i < 500; i++) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) :
			       1000 + WTERMSIG(status);
		usleep(10000);
	}
	send_signal(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return -1;
}

static bool check_signals(struct guest *g)
{
	pid_t pid;

	if (!begin(g))
		return false;
	pid = start_waiting(0, true);
	if (!expect_number(g, "waiting with O_NONBLOCK", end_status(pid),
			   EAGAIN))
		return false;
	pid = start_waiting(0, false);
	send_signal(pid, SIGUSR1);
	if (!expect_number(g, "waiting, and a signal", end_status(pid),
			   100 + EINTR))
		return false;
	/* With SA_RESTART the call goes on, and ends by a message. */
	pid = start_waiting(SA_RESTART, false);
	send_signal(pid, SIGUSR1);
	usleep(200000);
	if (waitpid(pid, NULL, WNOHANG))
		return fail(g, "with SA_RESTART a signal ends the wait");
	if (!begin(g) ||
	    !expect_number(g, "waiting, with SA_RESTART", end_status(pid), 100))
		return false;
	pid = start_waiting(0, false);
	send_signal(pid, SIGKILL);
	return expect_number(g, "waiting, and SIGKILL", end_status(pid),
			     1000 + SIGKILL) &&
	       expect_file(g, DEVICE, KEPT) &&
	       expect_number(g, "lines of the log", log_lines(g), 0);
}

#define RACE_LOADS 40

/* In the child: open, read and close for ever. */
static void open_for_ever(struct complaint *complaint, atomic_ulong *opened)
{
	for (;;) {
		int fd = open(DEVICE, O_RDWR | O_CLOEXEC);
		char text[16] = "";
		ssize_t n;

		if (fd < 0) {
			if (errno != ENOENT && errno != ENODEV &&
			    errno != ENXIO)
				complain(complaint, "open: %s",
					 strerror(errno));
			continue;
		}
		n = read(fd, text, sizeof(text) - 1);
		if (n != 7 || strcmp(text, "goodbye"))
			complain(complaint, "read: %zd '%s'", n, text);
		close(fd);
		atomic_fetch_add(opened, 1);
	}
}

static bool unload_under_use(struct guest *g, const char *path,
			     unsigned long *refused)
{
	long long limit = stress_now_ms() + 20000;
	int err;

	while ((err = unload("lkp_example", 0)) == EAGAIN &&
	       stress_now_ms() < limit) {
		(*refused)++;
		sched_yield();
	}
	return expect_errno(g, "delete_module", err, 0) &&
	       expect_errno(g, "finit_module", load_file(path, ""), 0);
}

struct race {
	struct complaint complaint;
	atomic_ulong opened;
};

/* Either the open comes first, and keeps the module, or it finds none. */
static bool check_unload_races(struct guest *g)
{
	struct race *race = shared_alloc(sizeof(*race));
	unsigned long refused = 0;
	char path[256];
	pid_t pids[2];
	bool ok;

	if (!race || !find_module_file(g, "lkp_example", path, sizeof(path)))
		return fail(g, "no memory");
	for (int i = 0; i < 2; i++) {
		pids[i] = fork();
		if (!pids[i])
			open_for_ever(&race->complaint, &race->opened);
	}
	ok = true;
	for (int i = 0; ok && i < RACE_LOADS; i++) {
		/* Some time for those who open it. */
		usleep(i * 500);
		ok = unload_under_use(g, path, &refused) &&
		     check_complaint(g, &race->complaint);
	}
	for (int i = 0; i < 2; i++) {
		send_signal(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
	ktap_diag(&g->ktap, "%lu times opened, %lu times not unloaded",
		  atomic_load(&race->opened), refused);
	ok = ok && (atomic_load(&race->opened) > 0 ||
		    fail(g, "it was never opened"));
	munmap(race, sizeof(*race));
	return ok && expect_file(g, "/sys/module/lkp_example/refcnt", "0");
}

/* Records of eight bytes: a letter, that of the message, and a number. */
#define RECORDS 1000
#define RECORD_SIZE 8
#define SHARERS 4

struct sharing {
	struct complaint complaint;
	atomic_ulong reads;
	atomic_bool stop;
	int fd;
};

static void make_records(char *text, char letter)
{
	for (int i = 0; i < RECORDS; i++) {
		char record[RECORD_SIZE + 1];

		snprintf(record, sizeof(record), "%c%06d\n", letter, i);
		memcpy(text + i * RECORD_SIZE, record, RECORD_SIZE);
	}
}

/*
 * Several read from one open file at once: which one gets which record is
 * open, and two may get the same one, but each gets a whole one.
 */
static void share_file(struct sharing *s)
{
	while (!atomic_load(&s->stop)) {
		char text[RECORD_SIZE + 1] = "", wanted[RECORD_SIZE + 1];
		ssize_t n = read(s->fd, text, RECORD_SIZE);

		if (!n) {
			lseek(s->fd, 0, SEEK_SET);
			continue;
		}
		snprintf(wanted, sizeof(wanted), "%c%06d\n", text[0],
			 atoi(text + 1));
		if (n != RECORD_SIZE || text[0] < 'a' || text[0] > 'z' ||
		    atoi(text + 1) >= RECORDS || strcmp(text, wanted)) {
			complain(&s->complaint, "read: %zd '%s'", n, text);
			return;
		}
		atomic_fetch_add(&s->reads, 1);
	}
}

static void *share_in_thread(void *arg)
{
	share_file(arg);
	return NULL;
}

/* A process that was forked, and threads of it, all with the same file. */
static void share_in_process(struct sharing *s)
{
	pthread_t threads[SHARERS];

	for (int i = 0; i < SHARERS; i++)
		if (pthread_create(&threads[i], NULL, share_in_thread, s))
			_exit(1);
	for (int i = 0; i < SHARERS; i++)
		pthread_join(threads[i], NULL);
	_exit(0);
}

static bool share_while_writing(struct guest *g, struct sharing *s)
{
	static char text[RECORDS * RECORD_SIZE];
	long long end = stress_now_ms() + 2000;
	pid_t pids[2];
	bool ok = true;

	for (int i = 0; i < 2; i++) {
		pids[i] = fork();
		if (!pids[i])
			share_in_process(s);
	}
	for (int i = 0; stress_now_ms() < end &&
	     !atomic_load(&s->complaint.state); i++) {
		make_records(text, 'a' + i % 26);
		write_device(text, sizeof(text));
		sched_yield();
	}
	atomic_store(&s->stop, true);
	for (int i = 0; i < 2; i++)
		ok = expect_number(g, "a process that shares the file",
				   end_status(pids[i]), 0) && ok;
	ktap_diag(&g->ktap, "%lu records read", atomic_load(&s->reads));
	return ok && check_complaint(g, &s->complaint) &&
	       (atomic_load(&s->reads) > RECORDS ||
		fail(g, "hardly any records were read"));
}

/* One after the other, parent and child go on where the other one was. */
static bool share_in_turn(struct guest *g, int fd)
{
	char text[RECORD_SIZE + 1] = "";
	pid_t pid;

	lseek(fd, 0, SEEK_SET);
	if (read(fd, text, RECORD_SIZE) != RECORD_SIZE ||
	    !expect_text(g, "the parent", text + 1, "000000\n"))
		return false;
	pid = fork();
	if (!pid) {
		bool ok = read(fd, text, RECORD_SIZE) == RECORD_SIZE;

		_exit(ok && !strcmp(text + 1, "000001\n") ? 0 : 1);
	}
	return expect_number(g, "the child's read", end_status(pid), 0) &&
	       expect_number(g, "the position", lseek(fd, 0, SEEK_CUR),
			     2 * RECORD_SIZE) &&
	       read(fd, text, RECORD_SIZE) == RECORD_SIZE &&
	       expect_text(g, "the parent", text + 1, "000002\n");
}

static bool check_shared_file(struct guest *g)
{
	static char text[RECORDS * RECORD_SIZE];
	struct sharing *s = shared_alloc(sizeof(*s));
	bool ok;

	if (!s)
		return fail(g, "no memory");
	make_records(text, 'a');
	ok = expect_write(g, text, sizeof(text), 0);
	s->fd = open_device(g, O_RDONLY);
	ok = ok && s->fd >= 0 && share_in_turn(g, s->fd) &&
	     share_while_writing(g, s);
	close(s->fd);
	munmap(s, sizeof(*s));
	return ok;
}

#define STALLED_SIZE 3000

struct shared_read {
	int fd;
	char *buf;
	atomic_bool done;
	ssize_t result;
	int err;
};

static void *read_shared(void *arg)
{
	struct shared_read *r = arg;

	r->result = pread(r->fd, r->buf, STALLED_SIZE, 0);
	r->err = r->result < 0 ? errno : 0;
	atomic_store(&r->done, true);
	return NULL;
}

/*
 * While one thread stands still in a read, the message that it copies must not
 * go. So another one that wants a newer message of the same open file waits
 * for it; and a signal ends that wait.
 */
static bool wait_behind(struct guest *g, struct shared_read *second,
			pthread_t *thread)
{
	const struct sigaction action = { .sa_handler = count_signal };

	sigaction(SIGUSR1, &action, NULL);
	if (pthread_create(thread, NULL, read_shared, second))
		return fail(g, "no thread");
	usleep(300000);
	if (atomic_load(&second->done))
		return fail(g, "a second read does not wait for the first one: %zd",
			    second->result);
	pthread_kill(*thread, SIGUSR1);
	for (int i = 0; i < 500 && !atomic_load(&second->done); i++)
		usleep(10000);
	return atomic_load(&second->done) ?
	       expect_errno(g, "the second read", second->err, EINTR) :
	       fail(g, "a signal does not end the second read");
}

static bool check_shared_stalled(struct guest *g)
{
	static char text[STALLED_SIZE], second_text[STALLED_SIZE];
	struct stall stall = { .fd = -1 };
	struct shared_read first, second;
	pthread_t threads[2];
	int fd = open_device(g, O_RDONLY);
	bool ok;

	if (kernel_option("CONFIG_USERFAULTFD") == 'n')
		return skip(g, "this kernel has no CONFIG_USERFAULTFD");
	memset(text, 'a', sizeof(text));
	if (fd < 0 || !expect_write(g, text, sizeof(text), 0) ||
	    !stall_make(g, &stall))
		return false;
	first = (struct shared_read){ .fd = fd, .buf = stall.buf };
	second = (struct shared_read){ .fd = fd, .buf = second_text };
	if (pthread_create(&threads[0], NULL, read_shared, &first))
		return fail(g, "no thread");
	memset(text, 'b', sizeof(text));
	ok = stall_await(g, &stall) && expect_write(g, text, sizeof(text), 0) &&
	     wait_behind(g, &second, &threads[1]);
	stall_end(&stall, '?');
	pthread_join(threads[0], NULL);
	ok = ok && !pthread_join(threads[1], NULL) &&
	     expect_number(g, "the first read", first.result, STALLED_SIZE) &&
	     (all_bytes(stall.buf, 'a', STALLED_SIZE) ||
	      fail(g, "the first read is '%.40s...'", stall.buf)) &&
	     expect_number(g, "a third read",
			   pread(fd, second_text, STALLED_SIZE, 0),
			   STALLED_SIZE) &&
	     (all_bytes(second_text, 'b', STALLED_SIZE) ||
	      fail(g, "the third read is '%.40s...'", second_text));
	stall_free(&stall);
	close(fd);
	return ok;
}

#define MANY 10000
#define USER 1000
/* For one open file: the kernel's own structure, ours, a slot, and to spare. */
#define MANY_KB_MOST (MANY * 2)

static long slab_kb(void)
{
	write_file("/proc/sys/vm/drop_caches", "2");
	return memory_kb("Slab:");
}

/* Each of them reads a byte, and so has a message of its own. */
static int open_many(void *arg)
{
	int *told = arg;
	int count = 0, fd;
	char byte;

	while ((fd = open(DEVICE, O_RDWR)) >= 0) {
		if (read(fd, &byte, 1) != 1)
			return 1;
		count++;
	}
	if (errno != EMFILE)
		return errno;
	/* The files that were open already count, too. */
	if (count < MANY - 100 || count >= MANY)
		return 2;
	if (write(told[1], &count, sizeof(count)) != sizeof(count))
		return 3;
	/* Until the parent has looked. */
	return read(told[2], &byte, 1) ? 4 : 0;
}

static bool check_many_limits(struct guest *g, pid_t pid, int told, long before)
{
	char text[32];
	int count = 0;
	long grown;

	if (read(told, &count, sizeof(count)) != sizeof(count))
		return fail(g, "opening many times ends with status %d",
			    end_status(pid));
	grown = slab_kb() - before;
	ktap_diag(&g->ktap, "%d times open: %ld KiB", count, grown);
	snprintf(text, sizeof(text), "%d", count);
	return expect_file(g, ATTRIBUTES "open_files", text) &&
	       (grown < MANY_KB_MOST ||
		fail(g, "open %d times, it takes %ld KiB", count, grown));
}

/* One user, who may: by the group that an administrator gives the device. */
static bool check_many_files(struct guest *g)
{
	const struct rlimit limit = { .rlim_cur = MANY, .rlim_max = MANY };
	int told[4];
	const long limit_kb = 2048 + quarantine_kb();
	long before, after = 0;
	pid_t pid;
	bool ok;

	if (chown(DEVICE, 0, USER) || chmod(DEVICE, 0660) ||
	    pipe(told) || pipe(told + 2))
		return fail(g, DEVICE ": %s", strerror(errno));
	ok = begin(g);
	before = slab_kb();
	if (before < 0)
		return fail(g, "/proc/meminfo does not tell of the slab");
	pid = fork();
	if (!pid) {
		close(told[3]);
		setrlimit(RLIMIT_NOFILE, &limit);
		_exit(as_user(USER, USER, open_many, told));
	}
	close(told[1]);
	ok = ok && check_many_limits(g, pid, told[0], before);
	close(told[3]);
	ok = expect_number(g, "opening many times", end_status(pid), 0) && ok;
	close(told[0]);
	close(told[2]);
	/* What is freed after a grace period comes a little later. */
	for (int i = 0; i < 50; i++) {
		after = slab_kb();
		if (after - before < limit_kb)
			break;
		usleep(100000);
	}
	ktap_diag(&g->ktap, "closed: %ld KiB", after - before);
	return ok && expect_file(g, ATTRIBUTES "open_files", "0") &&
	       (after - before < limit_kb ||
		fail(g, "%ld KiB do not come back", after - before)) &&
	       refused(g, "in the end", 0, 0);
}

/* Ten lines in five seconds at most, whatever the number of writes. */
static bool check_log_limit(struct guest *g)
{
	long long start = stress_now_ms();
	unsigned int lines, most;
	int fd = open_device(g, O_RDWR);
	bool ok = fd >= 0 && begin(g);

	for (int i = 0; ok && i < 1000; i++)
		ok = expect_errno(g, "NUL", ERRNO_OF(write(fd, "", 1)),
				  EINVAL);
	close(fd);
	lines = log_lines(g);
	/* One more line tells how many were left out. */
	most = 11 * (1 + (stress_now_ms() - start) / 5000);
	ktap_diag(&g->ktap, "1000 writes refused, %u lines", lines);
	return ok && expect_file(g, DEVICE, KEPT) &&
	       (lines > 0 || fail(g, "nothing in the log")) &&
	       (lines <= most ||
		fail(g, "%u lines, and not at most %u", lines, most));
}

#ifdef __x86_64__

#define COMPAT_IOCTL 54

/* A system call as 32-bit programs make it; its pointers have 32 bits. */
static int compat_ioctl(int fd, unsigned int cmd, void *arg)
{
	long ret = COMPAT_IOCTL;

	__asm__ volatile("int $0x80" : "+a" (ret)
			 : "b" (fd), "c" (cmd), "d" (arg)
			 : "memory", "cc", "r8", "r9", "r10", "r11");
	return (int)ret;
}

/* In a child: without the option, the processor raises a fault. */
static int try_compat(void *unused)
{
	struct lkp_example_info *info =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	__u64 *value = (__u64 *)info;
	int fd = open(DEVICE, O_RDWR | O_NONBLOCK | O_CLOEXEC);

	(void)unused;
	if (info == MAP_FAILED || fd < 0)
		return 1;
	info->size = sizeof(*info);
	if (compat_ioctl(fd, LKP_EXAMPLE_IOC_INFO, info))
		return 2;
	if (info->size != sizeof(*info) || info->open_files != 1 ||
	    info->message_size != strlen(KEPT) ||
	    info->message_max != LKP_EXAMPLE_MESSAGE_MAX)
		return 3;
	*value = 0;
	if (compat_ioctl(fd, LKP_EXAMPLE_IOC_GENERATION, value) || !*value)
		return 4;
	if (compat_ioctl(fd, LKP_EXAMPLE_IOC_WAIT, value) != -EAGAIN)
		return 5;
	if (compat_ioctl(fd, LKP_EXAMPLE_IOC_PIN, NULL) ||
	    compat_ioctl(fd, LKP_EXAMPLE_IOC_PIN, NULL) != -EALREADY ||
	    compat_ioctl(fd, LKP_EXAMPLE_IOC_UNPIN, NULL))
		return 6;
	if (compat_ioctl(fd, _IO(LKP_EXAMPLE_IOC_MAGIC, 99), value) != -ENOTTY)
		return 7;
	info->size = 1;
	return compat_ioctl(fd, LKP_EXAMPLE_IOC_INFO, info) == -EINVAL ? 0 : 8;
}

static bool check_compat_ioctl(struct guest *g)
{
	if (kernel_option("CONFIG_IA32_EMULATION") == 'n')
		return skip(g, "this kernel has no CONFIG_IA32_EMULATION");
	return begin(g) &&
	       refused(g, "the ioctls of a 32-bit program, step",
		       as_user(0, 0, try_compat, NULL), 0);
}

#else

static bool check_compat_ioctl(struct guest *g)
{
	return skip(g, "32-bit programs are tried with CONFIG_X86_64 only");
}

#endif

static const struct item items[] = {
	{ 0, "write_limit", "lkp_example", check_write_limit, 0 },
	{ 0, "write_nothing", "lkp_example", check_write_nothing, 0 },
	{ 0, "write_nul", "lkp_example", check_write_nul, 0 },
	{ 0, "pointers", "lkp_example", check_pointers, 0 },
	{ 0, "ioctl_unknown", "lkp_example", check_ioctl_unknown, 0 },
	{ 0, "ioctl_sizes", "lkp_example", check_ioctl_sizes, 0 },
	{ 0, "compat_ioctl", "lkp_example", check_compat_ioctl, 0 },
	{ 0, "parameters", "lkp_example", check_parameters, 0 },
	{ 0, "attributes", "lkp_example", check_attributes, 0 },
	{ 0, "unprivileged", "lkp_example", check_unprivileged, 0 },
	{ 0, "open_modes", "lkp_example", check_open_modes, 0 },
	{ 0, "signals", "lkp_example", check_signals, 0 },
	{ 0, "unload_races", "lkp_example", check_unload_races, VM_ONLY },
	{ 0, "shared_file", "lkp_example", check_shared_file, 0 },
	{ 0, "shared_stalled", "lkp_example", check_shared_stalled, 0 },
	{ 0, "many_files", "lkp_example", check_many_files, VM_ONLY },
	{ 0, "log_limit", "lkp_example", check_log_limit, 0 },
};

const struct item_list checks_bad_input = ITEM_LIST(items);
