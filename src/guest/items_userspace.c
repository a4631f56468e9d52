// SPDX-License-Identifier: GPL-2.0-only
/*
 * items_userspace.c - user space versus the kernel: many processes at once,
 * stacks, pointers that are not to be trusted, who runs, and which errno a
 * program sees
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "inspect.h"
#include "items.h"
#include "tools.h"
#include "uapi/lkp_example.h"

#define MODULE "lkp_example"
#define ATTRIBUTES "/sys/class/misc/lkp_example/"
#define PARAMETERS "/sys/module/lkp_example/parameters/"
#define DEMO "/sys/kernel/debug/lkp_example/"
/* A process that hangs in the kernel is killed after this, in seconds. */
#define LIMIT 20

/* The errno of a call that returns -1 when it fails, or 0. */
#define ERRNO(call) ((call) < 0 ? errno : 0)

/* The number behind a word at the start of a line, or -1. */
static long long number_after(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = text; (at = strstr(at, word)); at += len)
		if (at == text || at[-1] == '\n')
			return strtoll(at + len, NULL, 10);
	return -1;
}

static bool read_generation(struct guest *g, int fd, __u64 *generation)
{
	return expect_errno(g, "LKP_EXAMPLE_IOC_GENERATION",
			    ERRNO(ioctl(fd, LKP_EXAMPLE_IOC_GENERATION,
					generation)), 0);
}

/*
 * Item 78. Letter number i is written sizes[i] times, so that each text says
 * of itself whether it is whole: from the slab, from whole pages, and, longer
 * than kmalloc() can ever be, from vmalloc().
 */
static const size_t sizes[] = { 1, 50, 1000, 3000, 70000, 1 << 20, 5 << 20 };

#define SIZES (sizeof(sizes) / sizeof(sizes[0]))
#define LARGEST (5 << 20)
#define WORKERS 6
#define SECONDS 2

/* What a process tells the one that waits for it. */
struct worker {
	unsigned long done;
	unsigned int letters;	/* bit i: letter i was read */
	char reason[120];
};

static bool time_is_up(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - start->tv_sec > SECONDS ||
	       (now.tv_sec - start->tv_sec == SECONDS &&
		now.tv_nsec >= start->tv_nsec);
}

static void write_texts(struct worker *me, char *buf, unsigned int first,
			const struct timespec *start)
{
	for (unsigned int i = first; !time_is_up(start); i++) {
		size_t size = sizes[i % SIZES];
		int err;

		memset(buf, 'a' + i % SIZES, size);
		err = write_device(buf, size);
		if (err) {
			snprintf(me->reason, sizeof(me->reason),
				 "writing %zu bytes: %s", size, strerror(err));
			return;
		}
		me->done++;
	}
}

/* One message in two pieces, so that there is time for a change in between. */
static ssize_t read_pieces(int fd, char *buf)
{
	ssize_t first, rest = 0;

	if (lseek(fd, 0, SEEK_SET))
		return -1;
	first = read(fd, buf, 20);
	if (first < 0)
		return -1;
	sched_yield();
	for (;;) {
		ssize_t n = read(fd, buf + first + rest,
				 LARGEST + 1 - first - rest);

		if (n < 0)
			return -1;
		if (!n)
			return first + rest;
		rest += n;
	}
}

static void read_texts(struct worker *me, char *buf,
		       const struct timespec *start)
{
	int fd = open(DEVICE, O_RDONLY | O_CLOEXEC);

	while (!time_is_up(start)) {
		ssize_t size = read_pieces(fd, buf);
		unsigned int letter = buf[0] - 'a';

		if (size < 1 || letter >= SIZES ||
		    (size_t)size != sizes[letter] ||
		    memcmp(buf, buf + 1, size - 1)) {
			snprintf(me->reason, sizeof(me->reason),
				 "a read of %zd bytes from '%c' to '%c' is no whole message",
				 size, buf[0], size > 0 ? buf[size - 1] : '-');
			return;
		}
		me->letters |= 1U << letter;
		me->done++;
	}
}

static pid_t start_worker(struct worker *me, unsigned int number)
{
	struct timespec start;
	pid_t pid = fork();
	char *buf;

	if (pid)
		return pid;
	alarm(LIMIT);
	clock_gettime(CLOCK_MONOTONIC, &start);
	buf = malloc(LARGEST + 1);
	if (!buf)
		snprintf(me->reason, sizeof(me->reason), "no memory");
	else if (number % 2)
		write_texts(me, buf, number, &start);
	else
		read_texts(me, buf, &start);
	_exit(0);
}

static bool expect_end(struct guest *g, const char *what, pid_t pid)
{
	int status;

	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return fail(g, "%s: %s", what, strerror(errno));
	if (WIFSIGNALED(status))
		return fail(g, "%s ends by signal %d", what, WTERMSIG(status));
	return expect_number(g, what, WEXITSTATUS(status), 0);
}

static bool run_workers(struct guest *g, struct worker *workers,
			unsigned long *writes)
{
	unsigned int letters = 0;
	pid_t pids[WORKERS];
	bool ok = true;

	for (unsigned int i = 0; i < WORKERS; i++)
		pids[i] = start_worker(&workers[i], i);
	for (unsigned int i = 0; i < WORKERS; i++) {
		ok = expect_end(g, i % 2 ? "a writer" : "a reader", pids[i]) &&
		     ok;
		ktap_diag(&g->ktap, "%s: %lu messages", i % 2 ? "writer" :
			  "reader", workers[i].done);
		if (workers[i].reason[0])
			ok = fail(g, "%s", workers[i].reason);
		else if (!workers[i].done)
			ok = fail(g, "a process came to nothing");
		*writes += i % 2 ? workers[i].done : 0;
		letters |= workers[i].letters;
	}
	/* One text read all the time would be whole, but prove nothing. */
	if (ok && !(letters & (letters - 1)))
		return fail(g, "the readers have seen no change");
	return ok;
}

static bool check_concurrency(struct guest *g)
{
	struct worker *workers = mmap(NULL, WORKERS * sizeof(*workers),
				      PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int fd = open(DEVICE, O_RDONLY | O_CLOEXEC);
	__u64 before, after;
	unsigned long writes = 0;
	bool ok;

	if (workers == MAP_FAILED || fd < 0)
		return fail(g, "%s", strerror(errno));
	ok = expect_errno(g, "max_size", write_file(PARAMETERS "max_size",
						    "5242880"), 0) &&
	     expect_write(g, "a", 1, 0) && read_generation(g, fd, &before) &&
	     run_workers(g, workers, &writes) &&
	     read_generation(g, fd, &after) &&
	     expect_number(g, "the number of changes", after - before, writes);
	close(fd);
	munmap(workers, WORKERS * sizeof(*workers));
	return ok;
}

/* Item 79: who waits for a change keeps nobody from reading and writing. */
#define CHANGES 10

struct turn {
	__u64 generation;
	int reads, writes;
};

/* In a process of its own, which can be killed: an errno, or 254. */
static int take_turn(void *arg)
{
	const struct turn *turn = arg;
	char text[64];

	alarm(LIMIT);
	for (int i = 0; i < turn->writes; i++)
		if (write_device("news", 4))
			return 254;
	for (int i = 0; i < turn->reads; i++)
		if (!read_file(DEVICE, text, sizeof(text)) ||
		    !read_file(ATTRIBUTES "message", text, sizeof(text)) ||
		    strcmp(text, turn->writes ? "news" : "goodbye"))
			return 254;
	return 0;
}

/* Sleeps in the kernel until the text after the next CHANGES - 1 is there. */
static pid_t start_wait(__u64 generation)
{
	__u64 known = generation + CHANGES - 1;
	pid_t pid = fork();
	int fd;

	if (pid)
		return pid;
	alarm(LIMIT);
	fd = open(DEVICE, O_RDONLY | O_CLOEXEC);
	if (ioctl(fd, LKP_EXAMPLE_IOC_WAIT, &known))
		_exit(1);
	_exit(known == generation + CHANGES ? 0 : 2);
}

static pid_t start_poll(void)
{
	struct pollfd p = { .events = POLLIN };
	pid_t pid = fork();
	char text[8];

	if (pid)
		return pid;
	alarm(LIMIT);
	p.fd = open(DEVICE, O_RDONLY | O_CLOEXEC);
	if (read(p.fd, text, sizeof(text)) < 0)
		_exit(1);
	if (poll(&p, 1, -1) != 1 || p.revents != POLLIN)
		_exit(2);
	_exit(0);
}

/* It sleeps, and is in the system call for which it was started. */
static bool expect_asleep(struct guest *g, pid_t pid, long number)
{
	char path[64], text[512];
	const char *state = NULL;

	for (int i = 0; i < 200; i++) {
		snprintf(path, sizeof(path), "/proc/%d/syscall", (int)pid);
		if (read_file(path, text, sizeof(text)) &&
		    strtol(text, NULL, 10) == number && text[0] != 'r')
			return true;
		usleep(10000);
	}
	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if (read_file(path, text, sizeof(text)))
		state = strrchr(text, ')');
	return fail(g, "process %d does not sleep in system call %ld: %s",
		    (int)pid, number, state ? state : "?");
}

static bool wait_and_work(struct guest *g, __u64 generation, pid_t wait,
			  pid_t poll)
{
#ifdef SYS_poll
	const long poll_number = SYS_poll;
#else
	const long poll_number = SYS_ppoll;
#endif
	struct turn reads = { generation, 50, 0 };
	struct turn writes = { generation, 50, CHANGES - 1 };
	struct turn last = { generation, 1, 1 };

	return expect_asleep(g, wait, SYS_ioctl) &&
	       expect_asleep(g, poll, poll_number) &&
	       expect_number(g, "reading meanwhile",
			     as_user(0, 0, take_turn, &reads), 0) &&
	       expect_asleep(g, wait, SYS_ioctl) &&
	       expect_asleep(g, poll, poll_number) &&
	       expect_number(g, "writing meanwhile",
			     as_user(0, 0, take_turn, &writes), 0) &&
	       expect_end(g, "poll()", poll) &&
	       expect_asleep(g, wait, SYS_ioctl) &&
	       expect_number(g, "the last write",
			     as_user(0, 0, take_turn, &last), 0) &&
	       expect_end(g, "LKP_EXAMPLE_IOC_WAIT", wait);
}

/*
 * How to spin for a lock is a call, but on some machines only when it is taken
 * already, or by a name of their own.
 */
static const char *spin_lock_symbol(void)
{
	if (on_machine("aarch64"))
		return " U (_raw_spin_lock|queued_spin_lock_slowpath)$";
	if (on_machine("s390x"))
		return " U (_raw_spin_lock|arch_spin_lock_wait)$";
	return " U _raw_spin_lock$";
}

static bool check_locks(struct guest *g)
{
	int fd = open(DEVICE, O_RDONLY | O_CLOEXEC);
	__u64 generation;
	struct command cmd;
	pid_t wait, poll;
	char path[256];
	bool ok;

	if (fd < 0)
		return fail(g, DEVICE ": %s", strerror(errno));
	/* A lock to spin on, and one to sleep for; lockdep has names of its own. */
	ok = read_generation(g, fd, &generation) &&
	     find_module_file(g, "lkp_example", path, sizeof(path)) &&
	     binutils(g, &cmd, "nm -u", path, spin_lock_symbol()) &&
	     binutils(g, &cmd, "nm -u", path,
		      " U mutex_lock_interruptible(_nested)?$");
	close(fd);
	if (!ok)
		return false;
	wait = start_wait(generation);
	poll = start_poll();
	ok = wait > 0 && poll > 0 && wait_and_work(g, generation, wait, poll);
	/* After a failure they may be there still; else this does nothing. */
	if (!ok && wait > 0 && !send_signal(wait, SIGKILL))
		waitpid(wait, NULL, 0);
	if (!ok && poll > 0 && !send_signal(poll, SIGKILL))
		waitpid(poll, NULL, 0);
	return ok;
}

/* Whether debugfs is left out of the kernel, and with it the demonstrations. */
static bool no_debugfs(void)
{
	return kernel_option("CONFIG_DEBUG_FS") == 'n';
}

static bool read_demo(struct guest *g, const char *path, char *text,
		      size_t size)
{
	return read_file(path, text, size) ||
	       fail(g, "%s: %s", path, strerror(errno));
}

/*
 * Item 80: the same function at the same time, each time with variables of
 * its own. Addresses are hashed, the same one always to the same value; a
 * process sees few of them, and never one of another process that lives.
 */
#define STACKS 2
#define CALLS 100

struct calls {
	int ready;
	unsigned long long addresses[STACKS][CALLS];
};

/* Waits for all the others, so that all stacks exist at the same time. */
static void meet(struct calls *calls, int wanted)
{
	__atomic_add_fetch(&calls->ready, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&calls->ready, __ATOMIC_SEQ_CST) < wanted)
		usleep(1000);
}

/* Whether the function reported what belongs to this process. */
static int call_function(struct calls *calls, int number)
{
	static const char word[] = "\nlocal variable ";
	char text[512], *address;

	alarm(LIMIT);
	meet(calls, STACKS);
	for (int i = 0; i < CALLS; i++) {
		if (!read_file(DEMO "context", text, sizeof(text)) ||
		    number_after(text, "pid ") != getpid())
			return 1;
		address = strstr(text, word);
		if (!address)
			return 2;
		address += strlen(word);
		/* Before there is randomness, nothing is shown. */
		if (strchr(address, '_'))
			return 3;
		calls->addresses[number][i] = strtoull(address, NULL, 16);
	}
	meet(calls, 2 * STACKS);
	return 0;
}

static bool expect_distinct(struct guest *g, const struct calls *calls)
{
	for (int i = 0; i < CALLS; i++)
		for (int j = 0; j < CALLS; j++)
			if (calls->addresses[0][i] == calls->addresses[1][j])
				return fail(g, "both have a variable at %#llx",
					    calls->addresses[0][i]);
	return true;
}

static bool check_reentrancy(struct guest *g)
{
	struct calls *calls;
	pid_t pids[STACKS];
	bool ok = true;

	if (no_debugfs())
		return skip(g, "the kernel has no CONFIG_DEBUG_FS");
	calls = mmap(NULL, sizeof(*calls), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (calls == MAP_FAILED)
		return fail(g, "mmap: %s", strerror(errno));
	for (int i = 0; i < STACKS; i++) {
		pids[i] = fork();
		if (!pids[i])
			_exit(call_function(calls, i));
	}
	for (int i = 0; i < STACKS; i++)
		ok = expect_end(g, "calling the function", pids[i]) && ok;
	ok = ok && expect_distinct(g, calls);
	munmap(calls, sizeof(*calls));
	return ok;
}

/* Item 81: what the module says of its stack, and what the kernel counts. */
#define CHILDREN 64

/* How many KiB all stacks of the kernel take, or -1. */
static long long stacks_size(void)
{
	char text[8192];

	if (!read_file("/proc/meminfo", text, sizeof(text)))
		return -1;
	return number_after(text, "KernelStack:");
}

/* By how much KernelStack grows with this many processes more. */
static long long measure_stacks(void)
{
	long long before = stacks_size(), after;
	pid_t pids[CHILDREN];
	int count = 0;

	while (count < CHILDREN && (pids[count] = fork()) >= 0) {
		if (!pids[count]) {
			alarm(LIMIT);
			pause();
			_exit(0);
		}
		count++;
	}
	after = stacks_size();
	for (int i = 0; i < count; i++) {
		send_signal(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
	return count < CHILDREN || before < 0 ? -1 : after - before;
}

static bool check_stack(struct guest *g)
{
	long long size, grown;
	char text[1024];

	if (no_debugfs())
		return skip(g, "the kernel has no CONFIG_DEBUG_FS");
	if (!read_demo(g, DEMO "memory", text, sizeof(text)))
		return false;
	size = number_after(text, "THREAD_SIZE ");
	if (size <= 0 || size % sysconf(_SC_PAGESIZE))
		return fail(g, "THREAD_SIZE %lld is no number of pages", size);
#ifdef __x86_64__
	if (!expect_number(g, "THREAD_SIZE", size,
			   kernel_option("CONFIG_KASAN") == 'y' ? 32768 :
			   16384))
		return false;
#endif
	/* Each processor counts for itself first, so not to the KiB. */
	grown = measure_stacks();
	ktap_diag(&g->ktap, "%d processes more: KernelStack %+lld KiB",
		  CHILDREN, grown);
	if (grown * 1024 < CHILDREN * size * 3 / 4 ||
	    grown * 1024 > CHILDREN * size * 5 / 4)
		return fail(g, "KernelStack grows by %lld KiB for %d stacks of %lld",
			    grown, CHILDREN, size);
	return true;
}

/* Item 82: nothing is left of the module, however often it comes and goes. */
#define CYCLES 20

static bool use_device(struct guest *g)
{
	int fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	char text[1024];
	bool ok;

	if (fd < 0)
		return fail(g, DEVICE ": %s", strerror(errno));
	/* Closing the file gives back the pin, and the text that it took. */
	ok = expect_errno(g, "write", ERRNO(write(fd, "used", 4)), 0) &&
	     expect_errno(g, "read", ERRNO(read(fd, text, 2)), 0) &&
	     expect_errno(g, "LKP_EXAMPLE_IOC_PIN",
			  ERRNO(ioctl(fd, LKP_EXAMPLE_IOC_PIN)), 0) &&
	     expect_errno(g, "unloading", unload(MODULE, 0), EAGAIN);
	close(fd);
	return ok && (no_debugfs() ||
		      (read_demo(g, DEMO "timer", text, sizeof(text)) &&
		       read_demo(g, DEMO "memory", text, sizeof(text))));
}

static bool expect_nothing_left(struct guest *g)
{
	static const char *const left[] = {
		"/sys/module/" MODULE, DEVICE, "/sys/class/misc/" MODULE,
		"/sys/devices/virtual/misc/" MODULE,
		"/sys/kernel/debug/" MODULE,
	};
	char text[4096];

	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++)
		if (!expect_no_file(g, left[i]))
			return false;
	if (!read_file("/proc/misc", text, sizeof(text)))
		return fail(g, "/proc/misc: %s", strerror(errno));
	if (strstr(text, MODULE))
		return fail(g, "/proc/misc still names the device");
	return true;
}

static bool expect_calm_log(struct guest *g)
{
	static const char *const surprises[] = {
		"BUG:", "WARNING:", "Call Trace:", "Oops", "refcount_t:",
		"cannot create duplicate", "Objects remaining", "leaked",
		"already present", "unable to",
	};
	static const char farewell[] = "lkp_example: Module exiting ...\n";
	const char *log = log_text(g);
	int farewells = 0;

	for (const char *at = log; (at = strstr(at, farewell)); at++)
		farewells++;
	for (size_t i = 0; i < sizeof(surprises) / sizeof(surprises[0]); i++)
		if (!expect_no_log(g, surprises[i]))
			return false;
	return expect_number(g, "the number of farewells", farewells, CYCLES);
}

static bool check_nothing_left(struct guest *g)
{
	char path[4096];

	if (!find_module_file(g, MODULE, path, sizeof(path)))
		return false;
	for (int i = 0; i < CYCLES; i++)
		if (!expect_errno(g, "finit_module", load_file(path, ""), 0) ||
		    !use_device(g) ||
		    !expect_errno(g, "delete_module", unload(MODULE, 0), 0) ||
		    !expect_nothing_left(g))
			return false;
	return expect_calm_log(g);
}

/*
 * Item 86: pointers that lead nowhere, that lead into the kernel, and that
 * lead to memory of which only the start, or only reading, is allowed.
 */
struct places {
	char *start;		/* a good page, and then a bad one */
	size_t page;
	char *read_only;	/* holds a struct lkp_example_info, and zeros */
};

static bool make_places(struct guest *g, struct places *p)
{
	p->page = sysconf(_SC_PAGESIZE);
	p->start = mmap(NULL, 3 * p->page, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p->start == MAP_FAILED)
		return fail(g, "mmap: %s", strerror(errno));
	memset(p->start, 0, 3 * p->page);
	p->read_only = p->start + 2 * p->page;
	((struct lkp_example_info *)p->read_only)->size =
		sizeof(struct lkp_example_info);
	if (mprotect(p->start + p->page, p->page, PROT_NONE) ||
	    mprotect(p->read_only, p->page, PROT_READ))
		return fail(g, "mprotect: %s", strerror(errno));
	return true;
}

static bool expect_refused(struct guest *g, int fd, void *bad, void *bad_info)
{
	static const unsigned long calls[] = {
		LKP_EXAMPLE_IOC_INFO, LKP_EXAMPLE_IOC_GENERATION,
		LKP_EXAMPLE_IOC_WAIT,
	};

	ktap_diag(&g->ktap, "pointer: %p", bad);
	if (!expect_errno(g, "read", ERRNO(syscall(SYS_read, fd, bad, 5)),
			  EFAULT) ||
	    !expect_number(g, "the position", lseek(fd, 0, SEEK_CUR), 0))
		return false;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (!expect_errno(g, i == 0 ? "LKP_EXAMPLE_IOC_INFO" :
				  i == 1 ? "LKP_EXAMPLE_IOC_GENERATION" :
				  "LKP_EXAMPLE_IOC_WAIT",
				  ERRNO(ioctl(fd, calls[i],
					      i == 0 ? bad_info : bad)),
				  EFAULT))
			return false;
	return true;
}

static bool use_places(struct guest *g, int fd, const struct places *p)
{
	void *const nowhere[] = {
		NULL, p->start + p->page, (void *)-p->page,
		/* Where x86, arm and arm64 have the kernel's own data. */
		(void *)(~0UL << (sizeof(long) == 8 ? 47 : 30)),
	};
	char *edge = p->start + p->page - 3;
	__u64 before, after;

	if (!expect_errno(g, "write", write_device("goodbye", 7), 0) ||
	    !read_generation(g, fd, &before))
		return false;
	for (size_t i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++)
		if (!expect_refused(g, fd, nowhere[i], nowhere[i]) ||
		    !expect_errno(g, "write", ERRNO(syscall(SYS_write, fd,
							    nowhere[i], 5)),
				  EFAULT))
			return false;
	/* Half a message is none: nothing of it is taken. */
	if (!expect_refused(g, fd, p->read_only + p->page / 2, p->read_only) ||
	    !expect_errno(g, "write", ERRNO(write(fd, edge, 5)), EFAULT) ||
	    !expect_errno(g, "LKP_EXAMPLE_IOC_INFO",
			  ERRNO(ioctl(fd, LKP_EXAMPLE_IOC_INFO, edge)),
			  EFAULT) ||
	    !read_generation(g, fd, &after))
		return false;
	return expect_read_to_edge(g, fd, edge, "goodbye") &&
	       expect_number(g, "the generation", after, before) &&
	       expect_file(g, DEVICE, "goodbye");
}

static bool check_user_pointers(struct guest *g)
{
	/* O_NONBLOCK: if it waits after all, that is an errno, and no hang. */
	int fd = open(DEVICE, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	struct places p = { .start = MAP_FAILED };
	bool ok;

	if (fd < 0)
		return fail(g, DEVICE ": %s", strerror(errno));
	ok = make_places(g, &p) && use_places(g, fd, &p);
	if (p.start != MAP_FAILED)
		munmap(p.start, 3 * p.page);
	close(fd);
	return ok;
}

/* Item 88: a read runs in the process that reads, a timer in nobody's. */
static bool expect_context(struct guest *g, const char *name, pid_t pid)
{
	char text[512], wanted[128];

	snprintf(wanted, sizeof(wanted),
		 "comm %s\npid %d\ntgid %d\nin_task 1\nlocal variable ", name,
		 (int)pid, (int)pid);
	return read_demo(g, DEMO "context", text, sizeof(text)) &&
	       expect_contains(g, DEMO "context", text, wanted);
}

static bool check_context(struct guest *g)
{
	char name[17] = "";
	bool ok;

	if (no_debugfs())
		return skip(g, "the kernel has no CONFIG_DEBUG_FS");
	if (prctl(PR_GET_NAME, name) || prctl(PR_SET_NAME, "lkp-reader"))
		return fail(g, "prctl: %s", strerror(errno));
	ok = expect_context(g, "lkp-reader", getpid());
	prctl(PR_SET_NAME, name);
	return ok && expect_context(g, name, getpid()) &&
	       expect_file(g, DEMO "timer",
			   "in_task 0\nGFP_ATOMIC allocation ok") &&
	       expect_contains(g, "the log", log_text(g),
			       "lkp_example: timer: in_task 0, interrupted ");
}

/* Item 89: what the kernel calls a pid is a thread's, and tgid the process's. */
#define STACK_SIZE 65536

struct thread {
	int tid;		/* the kernel sets it to 0 when the thread ends */
	pid_t gettid, getpid;
	bool read;
	char text[512];
	char stack[STACK_SIZE] __attribute__((aligned(16)));
};

static int run_thread(void *arg)
{
	struct thread *t = arg;

	t->gettid = syscall(SYS_gettid);
	t->getpid = syscall(SYS_getpid);
	t->read = read_file(DEMO "context", t->text, sizeof(t->text));
	return 0;
}

/*
 * A thread without the threads library. It shares even errno with the first
 * thread, which therefore does nothing but wait for its end.
 */
static bool join_thread(struct guest *g, struct thread *t)
{
	const int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
			  CLONE_THREAD | CLONE_SYSVSEM | CLONE_CHILD_CLEARTID |
			  CLONE_PARENT_SETTID;
	const struct timespec pause = { .tv_nsec = 100000000 };
	int tid;

	if (clone(run_thread, t->stack + STACK_SIZE, flags, t, &t->tid, NULL,
		  &t->tid) < 0)
		return fail(g, "clone: %s", strerror(errno));
	for (int i = 0; i < LIMIT * 10; i++) {
		tid = __atomic_load_n(&t->tid, __ATOMIC_SEQ_CST);
		if (!tid)
			return true;
		syscall(SYS_futex, &t->tid, FUTEX_WAIT, tid, &pause);
	}
	return fail(g, "the thread does not end");
}

static bool check_thread(struct guest *g)
{
	/* Static, as a thread that does not end goes on using it. */
	static struct thread t;
	char wanted[64];

	if (no_debugfs())
		return skip(g, "the kernel has no CONFIG_DEBUG_FS");
	if (!join_thread(g, &t))
		return false;
	if (!t.read)
		return fail(g, DEMO "context cannot be read");
	if (t.getpid != getpid() || t.gettid == t.getpid)
		return fail(g, "thread %d of process %d is no second thread",
			    (int)t.gettid, (int)t.getpid);
	snprintf(wanted, sizeof(wanted), "\npid %d\ntgid %d\n", (int)t.gettid,
		 (int)getpid());
	return expect_contains(g, DEMO "context", t.text, wanted);
}

/* Item 90: an open file is not its number, and which errno is whose. */
static bool expect_position(struct guest *g, const char *what, int fd,
			    off_t wanted)
{
	return expect_number(g, what, lseek(fd, 0, SEEK_CUR), wanted);
}

static bool use_files(struct guest *g, int fd, int again, int copy)
{
	char text[8];

	/* Two numbers of one open file have one position. */
	return expect_file(g, ATTRIBUTES "open_files", "2") &&
	       expect_number(g, "a read", read(fd, text, 4), 4) &&
	       expect_position(g, "the position", fd, 4) &&
	       expect_position(g, "the position of dup()", copy, 4) &&
	       expect_position(g, "the position of a second open()", again,
			       0);
}

static bool expect_file_errors(struct guest *g, int reader, int writer)
{
	char text[8];

	return expect_errno(g, "reading O_WRONLY",
			    ERRNO(read(writer, text, 1)), EBADF) &&
	       expect_errno(g, "writing O_RDONLY", ERRNO(write(reader, "x", 1)),
			    EBADF) &&
	       expect_errno(g, "lseek() before the start",
			    ERRNO(lseek(reader, -1, SEEK_SET)), EINVAL) &&
	       expect_errno(g, "lseek() from nowhere",
			    ERRNO(lseek(reader, 0, 99)), EINVAL) &&
	       expect_errno(g, "a call with an unknown number",
			    ERRNO(ioctl(reader, _IO(LKP_EXAMPLE_IOC_MAGIC, 99))),
			    ENOTTY) &&
	       expect_errno(g, "a call for terminals",
			    ERRNO(ioctl(reader, TCGETS, text)), ENOTTY) &&
	       expect_errno(g, "unpinning what is not pinned",
			    ERRNO(ioctl(reader, LKP_EXAMPLE_IOC_UNPIN)),
			    EINVAL) &&
	       expect_errno(g, "a message with NUL",
			    ERRNO(write(writer, "a\0b", 3)), EINVAL) &&
	       expect_errno(g, "mmap()",
			    mmap(NULL, 1, PROT_READ, MAP_SHARED, reader, 0) ==
			    MAP_FAILED ? errno : 0, ENODEV);
}

static void ignore_alarm(int number)
{
	(void)number;
}

/* Who waits gets EAGAIN when it cannot, and EINTR when a signal comes. */
static bool expect_wait_errors(struct guest *g, int blocking, int nonblock)
{
	const struct itimerval often = { { 0, 50000 }, { 0, 50000 } };
	const struct itimerval never = { { 0, 0 }, { 0, 0 } };
	struct sigaction action = { .sa_handler = ignore_alarm }, old;
	__u64 generation;
	bool ok;

	if (!read_generation(g, nonblock, &generation) ||
	    !expect_errno(g, "waiting with O_NONBLOCK",
			  ERRNO(ioctl(nonblock, LKP_EXAMPLE_IOC_WAIT,
				      &generation)), EAGAIN))
		return false;
	sigaction(SIGALRM, &action, &old);
	setitimer(ITIMER_REAL, &often, NULL);
	ok = expect_errno(g, "waiting until a signal comes",
			  ERRNO(ioctl(blocking, LKP_EXAMPLE_IOC_WAIT,
				      &generation)), EINTR);
	setitimer(ITIMER_REAL, &never, NULL);
	sigaction(SIGALRM, &old, NULL);
	return ok;
}

static int open_errno(void *flags)
{
	return ERRNO(open(DEVICE, *(int *)flags | O_CLOEXEC));
}

static bool expect_open_errors(struct guest *g)
{
	int plain = O_RDONLY, directory = O_RDONLY | O_DIRECTORY;

	return expect_errno(g, "open() by nobody",
			    as_user(NOBODY, NOBODY, open_errno, &plain),
			    EACCES) &&
	       expect_errno(g, "open() as a directory", open_errno(&directory),
			    ENOTDIR) &&
	       expect_file(g, ATTRIBUTES "open_files", "0") &&
	       expect_errno(g, "unloading", unload(MODULE, 0), 0) &&
	       expect_errno(g, "open() without the module", open_errno(&plain),
			    ENOENT);
}

static bool check_errno(struct guest *g)
{
	int fd = open(DEVICE, O_RDONLY | O_CLOEXEC);
	int again = open(DEVICE, O_WRONLY | O_CLOEXEC);
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	int nonblock;
	bool ok;

	if (fd < 0 || again < 0 || copy < 0)
		return fail(g, DEVICE ": %s", strerror(errno));
	ok = use_files(g, fd, again, copy);
	nonblock = open(DEVICE, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ok = ok && expect_file_errors(g, fd, again) &&
	     expect_wait_errors(g, copy, nonblock);
	close(nonblock);
	close(copy);
	close(again);
	close(fd);
	return ok && expect_errno(g, "using a closed number",
				  ERRNO(lseek(fd, 0, SEEK_SET)), EBADF) &&
	       expect_open_errors(g);
}

static const struct item items[] = {
	{ 78, "concurrency", MODULE, check_concurrency, 0 },
	{ 79, "locks", MODULE, check_locks, 0 },
	{ 80, "reentrancy", MODULE, check_reentrancy, 0 },
	{ 81, "kernel_stack", MODULE, check_stack, 0 },
	{ 82, "nothing_left", NULL, check_nothing_left, 0 },
	{ 86, "user_pointers", MODULE, check_user_pointers, 0 },
	{ 88, "context", MODULE, check_context, 0 },
	{ 89, "thread", MODULE, check_thread, 0 },
	{ 90, "errno", MODULE, check_errno, 0 },
};

const struct item_list items_userspace = ITEM_LIST(items);
