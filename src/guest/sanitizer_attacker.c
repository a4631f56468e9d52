// SPDX-License-Identifier: GPL-2.0-only
/*
 * sanitizer_attacker.c - what somebody without privileges can do: nothing
 *
 * One is nobody, and one is in the group that an administrator gives the device;
 * each is also root of a user namespace of its own, where it has all capabilities,
 * and none that counts here.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sanitizer.h"
#include "stress.h"
#include "tools.h"
#include "uapi/lkp_example.h"

#define ATTRIBUTES "/sys/class/misc/lkp_example/"
#define PARAMETERS "/sys/module/lkp_example/parameters/"
/* Where everybody may make files. */
#define DIRECTORY "/run/lkp_attacker"
/* The group that has the device; some number. */
#define MEMBERS 1000
/* What as_user() makes of a function that finds nothing wrong. */
#define DENIED 0
/* What the ways of a denial are counted from, for the report. */
#define FIRST_STEP 1
#define SYSLOG_ACTION_READ_ALL 3
/* Each line of ours is limited to ten in five seconds, and one that says so. */
#define LINES_MOST 11
#define WINDOW_MS 5000
#define ATTEMPTS 500

/* Become root of a user namespace of one's own. */
static bool enter_namespace(void)
{
	char map[32];
	uid_t uid = getuid();

	/* Who has changed its user may not write its own files in /proc. */
	if (prctl(PR_SET_DUMPABLE, 1) ||
	    unshare(CLONE_NEWUSER | CLONE_NEWNS))
		return false;
	snprintf(map, sizeof(map), "0 %u 1", uid);
	return !write_file("/proc/self/uid_map", map);
}

/* The number of the first thing that is not denied with its errno. */
static int try_denied(void *module)
{
	static const struct {
		const char *file;
		int flags, err;
	} files[] = {
		{ DEVICE, O_RDONLY, EACCES },
		{ DEVICE, O_WRONLY, EACCES },
		{ ATTRIBUTES "message", O_RDONLY, EACCES },
		{ ATTRIBUTES "pin", O_WRONLY, EACCES },
		{ ATTRIBUTES "hold", O_WRONLY, EACCES },
		{ ATTRIBUTES "levels", O_WRONLY, EACCES },
		{ PARAMETERS "string_param", O_WRONLY, EACCES },
		{ PARAMETERS "max_size", O_WRONLY, EACCES },
		{ PARAMETERS "fail", O_WRONLY, EACCES },
		{ "/sys/module/lkp_example/uevent", O_WRONLY, EACCES },
		{ "/sys/kernel/debug/lkp_example/memory", O_RDONLY, EACCES },
		{ "/sys/kernel/debug/lkp_example_probe/stats", O_RDONLY, EACCES },
		{ "/sys/kernel/debug/lkp_example_probe/lookup", O_WRONLY, EACCES },
		{ "/sys/module/lkp_example_probe/parameters/symbol", O_WRONLY,
		  EACCES },
		{ "/sys/module/lkp_example/sections/.text", O_RDONLY, EACCES },
		{ "/sys/kernel/tracing/events/lkp_example/enable", O_WRONLY,
		  EACCES },
	};
	int step = FIRST_STEP, err;
	struct stat st;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++, step++) {
		int fd = open(files[i].file, files[i].flags | O_CLOEXEC);

		if (fd >= 0 || errno != files[i].err)
			return step;
	}
	err = unload("lkp_example", 0);
	if (err != EPERM)
		return step;
	step++;
	err = load_file(module, "");
	if (err != EPERM)
		return step;
	step++;
	/* Nor by a file of one's own: it is a device of the first namespace. */
	if (stat(DEVICE, &st) ||
	    !mknod(DIRECTORY "/device", S_IFCHR | 0666, st.st_rdev) ||
	    errno != EPERM)
		return step;
	step++;
	if (klogctl(SYSLOG_ACTION_READ_ALL, NULL, 0) >= 0 || errno != EPERM)
		return step;
	return DENIED;
}

static int try_denied_inside(void *module)
{
	if (!enter_namespace())
		return 200;
	return try_denied(module);
}

/* A line "ADDRESS T lkp_..." with another address than 0. */
static int try_addresses(void *unused)
{
	FILE *f = fopen("/proc/kallsyms", "re");
	char line[256];
	int seen = 0;

	(void)unused;
	while (f && fgets(line, sizeof(line), f)) {
		if (!strstr(line, "lkp_"))
			continue;
		seen = 1;
		if (strtoull(line, NULL, 16))
			return 2;
	}
	if (f)
		fclose(f);
	f = fopen("/proc/modules", "re");
	while (f && fgets(line, sizeof(line), f)) {
		const char *at = strstr(line, " 0x");

		if (!strncmp(line, "lkp_", 4) &&
		    (!at || strtoull(at, NULL, 16)))
			return 3;
	}
	if (f)
		fclose(f);
	return seen ? 0 : 4;
}

static int try_addresses_inside(void *unused)
{
	return enter_namespace() ? try_addresses(unused) : 200;
}

static bool expect_step(struct guest *g, const char *who, int (*fn)(void *arg),
			void *arg)
{
	int step = as_user(NOBODY, NOBODY, fn, arg);

	return step == 0 || fail(g, "%s: step %d is not denied as it should be",
				 who, step);
}

/** check_attacker_denied() - nobody may do anything, and is shown no address */
bool check_attacker_denied(struct guest *g)
{
	char path[256], probe[256];

	if (mkdir(DIRECTORY, 0755) || chmod(DIRECTORY, 0777))
		return fail(g, DIRECTORY ": %s", strerror(errno));
	return sanitizer_begin(g, true) &&
	       find_module_file(g, "lkp_example_client", path, sizeof(path)) &&
	       find_module_file(g, "lkp_example_probe", probe, sizeof(probe)) &&
	       expect_errno(g, "lkp_example_probe", load_file(probe, ""), 0) &&
	       expect_step(g, "nobody", try_denied, path) &&
	       expect_step(g, "nobody, as root of a user namespace",
			   try_denied_inside, path) &&
	       expect_step(g, "addresses", try_addresses, NULL) &&
	       expect_step(g, "addresses, as root of a user namespace",
			   try_addresses_inside, NULL) &&
	       sanitizer_quiet(g);
}

/* All that a member may do wrong and the log hears of. */
static int flood(void *unused)
{
	static char large[LKP_EXAMPLE_MESSAGE_MAX + 1];
	void *volatile bad = (void *)8;
	int fd = open(DEVICE, O_RDWR | O_NONBLOCK | O_CLOEXEC);

	(void)unused;
	if (fd < 0)
		return 1;
	for (unsigned int i = 0; i < ATTEMPTS; i++) {
		__u64 never = ~0ULL;

		if (write(fd, "", 1) != -1 || errno != EINVAL)
			return 2;
		if (write(fd, large, sizeof(large)) != -1 || errno != EMSGSIZE)
			return 3;
		if (write(fd, bad, 1) != -1 || errno != EFAULT)
			return 4;
		if (ioctl(fd, _IO(LKP_EXAMPLE_IOC_MAGIC, 100 + i % 100)) != -1 || errno != ENOTTY)
			return 5;
		if (ioctl(fd, LKP_EXAMPLE_IOC_INFO, NULL) != -1 ||
		    errno != EFAULT)
			return 6;
		if (ioctl(fd, LKP_EXAMPLE_IOC_WAIT, &never) != -1 ||
		    errno != EAGAIN)
			return 7;
		if (ioctl(fd, LKP_EXAMPLE_IOC_UNPIN) != -1 || errno != EINVAL)
			return 8;
		if (mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) !=
		    MAP_FAILED || errno != ENODEV)
			return 9;
	}
	return 0;
}

static int flood_inside(void *unused)
{
	/* One's group is kept there, by its number. */
	return enter_namespace() ? flood(unused) : 200;
}

static unsigned int lines_of_ours(struct guest *g)
{
	const char *text = log_text(g);
	unsigned int lines = 0;

	for (; (text = strstr(text, "lkp_example")); lines++)
		text += strcspn(text, "\n");
	return lines;
}

static bool give_to_members(struct guest *g)
{
	return (!chown(DEVICE, 0, MEMBERS) && !chmod(DEVICE, 0660)) ||
	       fail(g, DEVICE ": %s", strerror(errno));
}

/** check_attacker_member() - a member of the group cannot fill the log */
bool check_attacker_member(struct guest *g)
{
	long long start = stress_now_ms();
	unsigned int lines, most;
	bool ok = sanitizer_begin(g, true) && give_to_members(g) &&
		  expect_number(g, "step of a member",
				as_user(NOBODY, MEMBERS, flood, NULL), 0) &&
		  expect_number(g, "step of a member in a user namespace",
				as_user(NOBODY, MEMBERS, flood_inside, NULL), 0);

	lines = lines_of_ours(g);
	/* Two causes, each with a limit of its own. */
	most = 2 * LINES_MOST * (1 + (stress_now_ms() - start) / WINDOW_MS);
	ktap_diag(&g->ktap, "%u attempts of each kind, %u lines", 2 * ATTEMPTS,
		  lines);
	return ok && lines &&
	       (lines <= most || fail(g, "%u lines, and not at most %u", lines,
				      most)) &&
	       sanitizer_quiet(g);
}

/* How a member holds the module, and what is to be seen of it in /proc. */
struct holding {
	int ready, end;	/* pipes: written when it holds, closed to end it */
	bool sent;	/* the only reference is on its way in a socket */
};

/* Send the file to oneself, and do not take it: no process has it open. */
static bool send_file(int fd, int pair[2])
{
	char control[CMSG_SPACE(sizeof(fd))] = "", byte = 'x';
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	return !socketpair(AF_UNIX, SOCK_STREAM, 0, pair) &&
	       sendmsg(pair[0], &msg, 0) == 1 && !close(fd);
}

static int hold(void *arg)
{
	struct holding *h = arg;
	int fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	int pair[2];
	char byte = 'x';

	if (fd < 0 || ioctl(fd, LKP_EXAMPLE_IOC_PIN) ||
	    (h->sent && !send_file(fd, pair)))
		return 1;
	return write(h->ready, &byte, 1) != 1 || read(h->end, &byte, 1);
}

/* Root looks for the holder: "fuser" does it in the same way. */
static bool is_shown(pid_t pid, bool sent)
{
	char command[256];

	if (sent)
		snprintf(command, sizeof(command),
			 "grep -qs '^scm_fds: 1' /proc/%d/fdinfo/*", pid);
	else
		snprintf(command, sizeof(command),
			 "ls -l /proc/%d/fd | grep -q ' " DEVICE "$'", pid);
	return !system(command);
}

static bool check_holding(struct guest *g, bool sent)
{
	const char *how = sent ? "sent to nobody" : "open";
	int ready[2], end[2];
	struct holding h = { .sent = sent };
	char byte;
	pid_t pid, child = 0;
	bool ok;

	if (pipe2(ready, O_CLOEXEC) || pipe2(end, O_CLOEXEC))
		return fail(g, "pipe: %s", strerror(errno));
	h.ready = ready[1];
	h.end = end[0];
	pid = fork();
	if (!pid) {
		close(end[1]);
		setpgid(0, 0);
		if (setgid(MEMBERS) || setuid(NOBODY))
			_exit(255);
		_exit(hold(&h));
	}
	child = pid;
	close(ready[1]);
	ok = read(ready[0], &byte, 1) == 1 || fail(g, "%s: nobody holds it", how);
	ok = ok && expect_errno(g, "unloading what is held",
				unload("lkp_example", 0), EAGAIN) &&
	     expect_file(g, ATTRIBUTES "open_files", "1") &&
	     expect_file(g, ATTRIBUTES "pins", "1") &&
	     (is_shown(child, sent) ||
	      fail(g, "%s: /proc does not show who holds it", how));
	/* Whatever it holds, it goes with the process. */
	send_signal(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(ready[0]);
	close(end[0]);
	close(end[1]);
	for (int i = 0; i < 100 && unload("lkp_example", 0) == EAGAIN; i++)
		usleep(20000);
	return ok && (!is_loaded("lkp_example") ||
		      fail(g, "%s: the module stays when its holder is gone",
			   how));
}

/** check_attacker_holds() - who holds the module is seen, and can be ended */
bool check_attacker_holds(struct guest *g)
{
	return sanitizer_begin(g, true) && give_to_members(g) &&
	       check_holding(g, false) && load_module(g, NULL) &&
	       give_to_members(g) && check_holding(g, true) &&
	       sanitizer_quiet(g);
}
