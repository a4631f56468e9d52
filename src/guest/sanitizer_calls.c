// SPDX-License-Identifier: GPL-2.0-only
/*
 * sanitizer_calls.c - what never fails in practice fails once, by name
 *
 * sanitizer_memory.c makes each allocation and copy fail that it comes to by counting
 * them, the kernel's own among them; as their number changes under way, one may be
 * left out. Here those of the modules are named. Other calls can fail by the
 * rules, but do not when a test would like it: because nobody sends a signal at
 * that moment, or because a module goes too quickly to be met half-way. The module
 * lkp_test_fails of tests/modules makes one function at a time return what it is
 * told, to the modules of this project alone. Each time the errno must be the right
 * one, and the module must work afterwards; what was lost is for the check "leaks".
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inspect.h"
#include "sanitizer.h"
#include "tools.h"
#include "uapi/lkp_example.h"

#define ATTRIBUTES "/sys/class/misc/lkp_example/"
#define MEMORY "/sys/kernel/debug/lkp_example/memory"
#define TIMER "/sys/kernel/debug/lkp_example/timer"
#define PROBE_FILES "/sys/kernel/debug/lkp_example_probe/"
#define PROBE_SYMBOL "/sys/module/lkp_example_probe/parameters/symbol"
#define FAILS "/sys/module/lkp_test_fails/parameters/"
#define USER "lkp_test_user"
#define TARGET "lkp_example_probe_target"
/* The kernel's own: a program sees it only if there is no signal after all. */
#define ERESTARTSYS 512
#define GOING_MS 400
/* What small memory, and what small and large memory comes from. */
#define KMALLOC "__kmalloc_cache_noprof|kmalloc_trace|kmem_cache_alloc_trace"
#define KVMALLOC "__kvmalloc_node_noprof|kvmalloc_node"

static struct calls {
	int fd;		/* the device */
	char example[256], client[256], probe[256], user[256], fails[256];
} calls;

/**
 * struct call - a call that fails, and what comes of it
 * @function: that is called; other kernels have it by another name: "NAME|NAME"
 * @value: what it returns
 * @run: what calls it in the end: 0, or an errno
 * @wanted: the errno that is right
 */
struct call {
	const char *function;
	long value;
	int (*run)(struct calls *c);
	int wanted;
};

#define ERRNO_OF(expression) ((expression) < 0 ? errno : 0)

static int read_device(struct calls *c)
{
	char text[16];

	return ERRNO_OF(pread(c->fd, text, sizeof(text), 0));
}

static int seek_device(struct calls *c)
{
	return ERRNO_OF(lseek(c->fd, 0, SEEK_END));
}

static int write_to_device(struct calls *c)
{
	return ERRNO_OF(write(c->fd, "a message", 9));
}

static int open_device(struct calls *c)
{
	int fd = open(DEVICE, O_RDWR | O_CLOEXEC);

	(void)c;
	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static int pin_file(struct calls *c)
{
	return ERRNO_OF(ioctl(c->fd, LKP_EXAMPLE_IOC_PIN));
}

static int pin_attribute(struct calls *c)
{
	(void)c;
	return write_file(ATTRIBUTES "pin", "1");
}

static int read_timer(struct calls *c)
{
	char text[256];

	(void)c;
	return read_file(TIMER, text, sizeof(text)) ? 0 : errno;
}

/* It tells of what has failed, and that is all. */
static int read_without(const char *file, const char *told)
{
	char text[4096];

	if (!read_file(file, text, sizeof(text)))
		return errno;
	return strstr(text, told) ? 0 : EBADMSG;
}

static int read_timer_without(struct calls *c)
{
	(void)c;
	return read_without(TIMER, "allocation failed");
}

static int read_memory_without(struct calls *c)
{
	(void)c;
	return read_without(MEMORY, "kzalloc 1000: NULL");
}

static int read_memory_without_page(struct calls *c)
{
	(void)c;
	return read_without(MEMORY, ": 0\n");
}

static int load_client(struct calls *c)
{
	int err = load_file(c->client, "");

	return err ? err : unload("lkp_example_client", 0);
}

static int hold_client(struct calls *c)
{
	(void)c;
	return write_file(ATTRIBUTES "hold", "lkp_example_client");
}

static int load_user(struct calls *c)
{
	return load_file(c->user, "");
}

static int load_example(struct calls *c)
{
	return load_file(c->example, "");
}

static int move_probe(struct calls *c)
{
	(void)c;
	return write_file(PROBE_SYMBOL, TARGET);
}

static int read_statistics(struct calls *c)
{
	char text[4096];

	(void)c;
	return read_file(PROBE_FILES "stats", text, sizeof(text)) ? 0 : errno;
}

/* From zero. */
static int begin_statistics(struct calls *c)
{
	(void)c;
	return write_file(PROBE_FILES "stats", "0");
}

static int look_up(struct calls *c)
{
	(void)c;
	return write_file(PROBE_FILES "lookup", "vfs_read");
}

/* Somebody who has had the file open all the time writes while the module goes. */
static int move_while_going(struct calls *c)
{
	int fd = open(PROBE_SYMBOL, O_WRONLY | O_CLOEXEC);
	int err, status;
	pid_t pid;

	(void)c;
	if (fd < 0)
		return errno;
	pid = fork();
	if (!pid)
		_exit(unload("lkp_example_probe", 0));
	usleep(GOING_MS * 1000 / 2);
	err = ERRNO_OF(write(fd, TARGET, strlen(TARGET)));
	close(fd);
	if (waitpid(pid, &status, 0) != pid || status)
		return EBUSY;
	return err;
}

/*
 * Where it is a module's start that fails, not by EEXIST: that is what the loader says
 * of a module that is loaded, and Linux 7.3 makes EBUSY of it.
 */
static const struct call device_calls[] = {
	{ "mutex_lock_interruptible_nested|mutex_lock_interruptible", -EINTR,
	  read_device, ERESTARTSYS },
	{ "mutex_lock_interruptible_nested|mutex_lock_interruptible", -EINTR,
	  seek_device, ERESTARTSYS },
	{ "mutex_lock_interruptible_nested|mutex_lock_interruptible", -EINTR,
	  write_to_device, ERESTARTSYS },
	{ "mutex_lock_interruptible_nested|mutex_lock_interruptible", -EINTR,
	  read_timer, EINTR },
	{ "wait_for_completion_interruptible", -ERESTARTSYS, read_timer,
	  ERESTARTSYS },
	{ KMALLOC, 0, read_timer_without, 0 },
	{ KMALLOC, 0, read_memory_without, 0 },
	{ "get_free_pages_noprof|__get_free_pages", 0, read_memory_without_page,
	  0 },
	{ KMALLOC, 0, open_device, ENOMEM },
	{ KVMALLOC, 0, write_to_device, ENOMEM },
	{ "try_module_get", 0, pin_file, ENODEV },
	{ "try_module_get", 0, pin_attribute, ENODEV },
	{ "lkp_example_register_client", -EINVAL, load_client, EINVAL },
	{ "lkp_example_snapshot_get", 0, load_client, ENODEV },
	{ "blocking_notifier_chain_register", -EBUSY, load_client, EBUSY },
	{ "__symbol_get", 0, load_client, 0 },
	{ "lkp_snapshot_create", 0, load_user, ENOMEM },
	{ "lkp_example_publish", -EINTR, load_user, EINTR },
};

static const struct call client_calls[] = {
	{ "try_module_get", 0, hold_client, ENODEV },
};

static const struct call load_calls[] = {
	{ KMALLOC, 0, load_example, ENOMEM },
	{ KVMALLOC, 0, load_example, ENOMEM },
	{ "register_module_notifier", -EBUSY, load_example, EBUSY },
	{ "misc_register", -EBUSY, load_example, EBUSY },
};

static const struct call probe_calls[] = {
	{ KMALLOC, 0, move_probe, ENOMEM },
	{ "pcpu_alloc_noprof|__alloc_percpu", 0, move_probe, ENOMEM },
	{ "register_kprobe", -EBUSY, look_up, EBUSY },
	{ "register_kretprobe", -ENOMEM, move_probe, ENOMEM },
	/* How far into the function the probe is can only be told. */
	{ "sscanf", 0, look_up, 0 },
};

/* With a probe there. */
static const struct call probing_calls[] = {
	{ KMALLOC, 0, read_statistics, ENOMEM },
	{ KMALLOC, 0, begin_statistics, ENOMEM },
};

/* The first of the names that the kernel has. */
static int set_function(const struct call *call, const char *how,
			unsigned int after)
{
	const char *names = call->function;
	int err = ENOENT;

	for (size_t len; err == ENOENT && *names; names += len) {
		char text[160];

		names += *names == '|';
		len = strcspn(names, "|");
		snprintf(text, sizeof(text), "%.*s %s %ld after %u", (int)len,
			 names, how, call->value, after);
		err = write_file(FAILS "function", text);
	}
	return err;
}

/* The first ones go on as ever: so many as "after" says. */
static bool run_call(struct guest *g, struct calls *c, const struct call *call,
		     const char *how, unsigned int after)
{
	int err = set_function(call, how, after);
	char count[16] = "";

	if (!expect_errno(g, call->function, err, 0))
		return false;
	err = call->run(c);
	write_file(FAILS "function", "none");
	read_file(FAILS "calls", count, sizeof(count));
	ktap_diag(&g->ktap, "%s %s %ld: %s calls, %s", call->function, how,
		  call->value, count, strerror(err));
	if (!strcmp(count, "0"))
		return fail(g, "%s: was not called", call->function);
	return expect_errno(g, call->function, err, call->wanted) &&
	       sanitizer_quiet(g);
}

#define RUN_CALLS(g, list) \
	run_calls(g, list, sizeof(list) / sizeof((list)[0]))

static bool run_calls(struct guest *g, const struct call *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!run_call(g, &calls, &list[i], "returns", 0))
			return false;
	return true;
}

static bool works(struct guest *g)
{
	return expect_write(g, "it works", 8, 0) &&
	       expect_file(g, DEVICE, "it works");
}

/* What is held may leave: the hold is gone with it, and the module can go. */
static bool leave_while_held(struct guest *g)
{
	return expect_errno(g, USER, load_user(&calls), 0) &&
	       expect_errno(g, "hold", write_file(ATTRIBUTES "hold", USER), 0) &&
	       expect_errno(g, "unloading what is held", unload(USER, 0), EAGAIN) &&
	       expect_errno(g, "leave",
			    write_file("/sys/module/" USER "/parameters/leave",
				       "1"), 0) &&
	       expect_file(g, ATTRIBUTES "hold", "") &&
	       expect_errno(g, "unloading what has left", unload(USER, 0), 0);
}

static bool with_device(struct guest *g)
{
	bool ok;

	calls.fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	if (calls.fd < 0)
		return fail(g, DEVICE ": %s", strerror(errno));
	ok = RUN_CALLS(g, device_calls) && leave_while_held(g) &&
	     expect_errno(g, "lkp_example_client",
			  load_file(calls.client, ""), 0) &&
	     RUN_CALLS(g, client_calls) &&
	     expect_errno(g, "lkp_example_client",
			  unload("lkp_example_client", 0), 0) && works(g);
	close(calls.fd);
	return ok;
}

static bool while_loading(struct guest *g)
{
	/* The first text is there then. */
	static const struct call second_text = {
		KVMALLOC, 0, load_example, ENOMEM
	};

	return expect_errno(g, "unloading", unload("lkp_example", 0), 0) &&
	       RUN_CALLS(g, load_calls) &&
	       run_call(g, &calls, &second_text, "returns", 1) &&
	       expect_errno(g, "loading", load_example(&calls), 0) && works(g);
}

/* A million calls, each with a hit: whoever makes them is killed on the way. */
static bool killed_while_calling(struct guest *g)
{
	char text[128];
	int status = 0;
	pid_t pid;

	if (!expect_errno(g, "symbol", move_probe(&calls), 0))
		return false;
	pid = fork();
	if (!pid)
		_exit(write_file(PROBE_FILES "target", "3 1000000"));
	usleep(200000);
	send_signal(pid, SIGKILL);
	waitpid(pid, &status, 0);
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		return fail(g, "a million calls ended before they were to");
	return read_file(PROBE_FILES "target", text, sizeof(text)) &&
	       (!strstr(text, "1000000") ||
		fail(g, "who was killed has made all calls: %s", text));
}

static bool with_probe(struct guest *g)
{
	static const struct call going = {
		"blocking_notifier_call_chain", GOING_MS, move_while_going,
		ENODEV
	};

	return expect_errno(g, "lkp_example_probe",
			    load_file(calls.probe, ""), 0) &&
	       RUN_CALLS(g, probe_calls) && killed_while_calling(g) &&
	       RUN_CALLS(g, probing_calls) &&
	       run_call(g, &calls, &going, "takes", 0);
}

/** check_calls() - each call that can fail and is named here fails once */
bool check_calls(struct guest *g)
{
	struct calls *c = &calls;
	bool ok;

	if (!has_test_module(g, "lkp_test_fails"))
		return no_test_module(g, "lkp_test_fails");
	ok = sanitizer_begin(g, true) &&
	     find_module_file(g, "lkp_example", c->example,
			      sizeof(c->example)) &&
	     find_module_file(g, "lkp_example_client", c->client,
			      sizeof(c->client)) &&
	     find_module_file(g, "lkp_example_probe", c->probe,
			      sizeof(c->probe)) &&
	     find_module_file(g, USER, c->user, sizeof(c->user)) &&
	     find_module_file(g, "lkp_test_fails", c->fails,
			      sizeof(c->fails)) &&
	     expect_errno(g, "lkp_test_fails", load_file(c->fails, ""), 0);
	if (!ok)
		return false;
	ok = with_device(g) && while_loading(g) && with_probe(g);
	write_file(FAILS "function", "none");
	unload("lkp_example_client", 0);
	unload(USER, 0);
	return expect_errno(g, "lkp_test_fails", unload("lkp_test_fails", 0), 0) &&
	       sanitizer_quiet(g) && ok;
}
