// SPDX-License-Identifier: GPL-2.0-only
/*
 * sanitizer_memory.c - each allocation of each path fails once
 *
 * The number n in /proc/thread-self/fail-nth makes the n-th call that this thread
 * comes to fail: an allocation from the slab or of a page, or a copy from or to
 * user space (Documentation/fault-injection). A path is gone with n = 1, 2, ...
 * until it has ended before its n-th. Each time it must have succeeded, for the
 * kernel can often do without, or have said ENOMEM or EFAULT; there must be no
 * report; and the module must work. What was lost is for the check "leaks".
 *
 * The kernel's own code is met as well: where it warns for want of memory, that is
 * shown, and no fault of ours. The console, which the verdict looks at, has no part
 * in it: the log is judged here.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <unistd.h>

#include "sanitizer.h"
#include "stress.h"
#include "tools.h"
#include "uapi/lkp_example.h"

#define NTH_FILE "/proc/thread-self/fail-nth"
#define ATTRIBUTES "/sys/class/misc/lkp_example/"
#define PARAMETERS "/sys/module/lkp_example/parameters/"
#define PROBE_FILES "/sys/kernel/debug/lkp_example_probe/"
#define PROBE_SYMBOL "/sys/module/lkp_example_probe/parameters/symbol"
#define KEPT "a message that stays"
/* Larger than what the slab has, so that it is from vmalloc(). */
#define LARGE (9 << 20)
/* A path with more is endless. */
#define NTH_MOST 5000
/* How often a path is gone in search of its fatal calls. */
#define PASSES 5
/* syslog(2) type: which messages the console shows */
#define SYSLOG_ACTION_CONSOLE_LEVEL 8

static struct memory {
	int nth;		/* NTH_FILE */
	int fd;			/* the device */
	char *large;
	char example[256], client[256], probe[256];
} memory;

/**
 * struct path - a way into the modules
 * @name: for the report
 * @before: makes ready for it; NULL if nothing is needed
 * @run: goes it: 0, or an errno
 * @undo: makes the next run start from the same state; NULL if it does anyway
 * @fatal: how many of its calls make it fail, at least. The kernel's own count as
 *	   well; those of the modules are in sanitizer_calls.c by name.
 */
struct path {
	const char *name;
	void (*before)(struct memory *m);
	int (*run)(struct memory *m);
	void (*undo)(struct memory *m);
	unsigned int fatal;
};

#define ERRNO_OF(expression) ((expression) < 0 ? errno : 0)

static int run_open(struct memory *m)
{
	m->fd = open(DEVICE, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	return ERRNO_OF(m->fd);
}

static void undo_open(struct memory *m)
{
	if (m->fd >= 0)
		close(m->fd);
	m->fd = -1;
}

static int run_read(struct memory *m)
{
	char text[64];

	return ERRNO_OF(pread(m->fd, text, sizeof(text), 0));
}

static int run_write(struct memory *m)
{
	return ERRNO_OF(write(m->fd, "short", 5));
}

static int run_write_large(struct memory *m)
{
	return ERRNO_OF(write(m->fd, m->large, LARGE));
}

static void before_read_large(struct memory *m)
{
	run_write_large(m);
}

static int run_read_large(struct memory *m)
{
	return ERRNO_OF(pread(m->fd, m->large, LARGE, 0));
}

static int run_seek(struct memory *m)
{
	return ERRNO_OF(lseek(m->fd, 0, SEEK_END));
}

static int run_poll(struct memory *m)
{
	struct pollfd pfd = { .fd = m->fd, .events = POLLIN };

	return ERRNO_OF(poll(&pfd, 1, 0));
}

static int run_info(struct memory *m)
{
	struct lkp_example_info info = { .size = sizeof(info) };

	return ERRNO_OF(ioctl(m->fd, LKP_EXAMPLE_IOC_INFO, &info));
}

static int run_generation(struct memory *m)
{
	__u64 generation;

	return ERRNO_OF(ioctl(m->fd, LKP_EXAMPLE_IOC_GENERATION, &generation));
}

static int run_wait(struct memory *m)
{
	__u64 generation = 0;

	return ERRNO_OF(ioctl(m->fd, LKP_EXAMPLE_IOC_WAIT, &generation));
}

static int run_pin(struct memory *m)
{
	return ERRNO_OF(ioctl(m->fd, LKP_EXAMPLE_IOC_PIN));
}

static void undo_pin(struct memory *m)
{
	ioctl(m->fd, LKP_EXAMPLE_IOC_UNPIN);
}

static int run_shown(struct memory *m)
{
	char text[4096];

	(void)m;
	return read_file(ATTRIBUTES "message", text, sizeof(text)) ? 0 : errno;
}

static int run_parameter(struct memory *m)
{
	(void)m;
	return write_file(PARAMETERS "string_param", "another value");
}

static int run_debugfs(struct memory *m)
{
	char text[4096];

	(void)m;
	return read_file("/sys/kernel/debug/lkp_example/memory", text,
			 sizeof(text)) ? 0 : errno;
}

static int run_move(struct memory *m)
{
	(void)m;
	return write_file(PROBE_SYMBOL, "lkp_example_probe_target");
}

static int run_move_again(struct memory *m)
{
	(void)m;
	return write_file(PROBE_FILES "stats", "0");
}

static void undo_move(struct memory *m)
{
	(void)m;
	write_file(PROBE_SYMBOL, "none");
}

/* Without a probe, nothing of them would be ours. */
static void before_stats(struct memory *m)
{
	run_move(m);
}

static int run_stats(struct memory *m)
{
	char text[4096];

	(void)m;
	return read_file(PROBE_FILES "stats", text, sizeof(text)) ? 0 : errno;
}

static int run_lookup(struct memory *m)
{
	(void)m;
	return write_file(PROBE_FILES "lookup", "vfs_read");
}

static int run_load(struct memory *m)
{
	return load_file(m->example, "string_param=salve array_param=1,2");
}

static void undo_load(struct memory *m)
{
	(void)m;
	unload("lkp_example", 0);
}

static int run_load_client(struct memory *m)
{
	return load_file(m->client, "");
}

static void undo_load_client(struct memory *m)
{
	(void)m;
	unload("lkp_example_client", 0);
}

static int run_load_probe(struct memory *m)
{
	return load_file(m->probe, "symbol=lkp_example_probe_target");
}

static void undo_load_probe(struct memory *m)
{
	(void)m;
	unload("lkp_example_probe", 0);
}

static const struct path device_paths[] = {
	{ "open", NULL, run_open, undo_open, 1 },
	{ "read", NULL, run_read, NULL, 0 },
	{ "write", NULL, run_write, NULL, 2 },
	{ "a write to vmalloc()", NULL, run_write_large, NULL, 1 },
	{ "a read from vmalloc()", before_read_large, run_read_large, NULL, 1 },
	{ "lseek", NULL, run_seek, NULL, 0 },
	{ "poll", NULL, run_poll, NULL, 0 },
	{ "LKP_EXAMPLE_IOC_INFO", NULL, run_info, NULL, 1 },
	{ "LKP_EXAMPLE_IOC_GENERATION", NULL, run_generation, NULL, 1 },
	{ "LKP_EXAMPLE_IOC_WAIT", NULL, run_wait, NULL, 2 },
	{ "LKP_EXAMPLE_IOC_PIN", NULL, run_pin, undo_pin, 0 },
	{ "the attribute message", NULL, run_shown, NULL, 1 },
	{ "the parameter string_param", NULL, run_parameter, NULL, 1 },
	{ "debugfs", NULL, run_debugfs, NULL, 1 },
};

static const struct path probe_paths[] = {
	{ "a probe", NULL, run_move, undo_move, 2 },
	{ "the statistics", before_stats, run_stats, NULL, 1 },
	{ "the same probe again", before_stats, run_move_again, undo_move, 2 },
	{ "a lookup", NULL, run_lookup, NULL, 1 },
};

static const struct path load_paths[] = {
	{ "loading lkp_example", NULL, run_load, undo_load, 3 },
	{ "loading lkp_example_client", NULL, run_load_client, undo_load_client, 1 },
	{ "loading lkp_example_probe", NULL, run_load_probe, undo_load_probe, 2 },
};

static int set_nth(const struct memory *m, unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	return pwrite(m->nth, text, len, 0) == len ? 0 : errno;
}

/*
 * How many calls are still to come until one fails; 0: one has. To read the answer is
 * a copy to user space, too: if that one fails, the path had not come to it.
 */
static unsigned int calls_left(const struct memory *m)
{
	char text[16] = "";

	return pread(m->nth, text, sizeof(text) - 1, 0) > 0 ? atoi(text) : 1;
}

/* How many calls the path has when none of them fails. */
static unsigned int count_calls(struct memory *m, const struct path *p)
{
	unsigned int left;

	if (p->before)
		p->before(m);
	if (set_nth(m, NTH_MOST) || p->run(m))
		return 0;
	left = calls_left(m);
	set_nth(m, 0);
	if (p->undo)
		p->undo(m);
	return NTH_MOST - left;
}

/* What may fail, though it can wait for memory; and nothing is to be said. */
static bool set_up(struct guest *g, struct memory *m)
{
	static const struct {
		const char *file, *value;
	} settings[] = {
		{ "failslab/ignore-gfp-wait", "N" },
		{ "failslab/verbose", "0" },
		{ "fail_page_alloc/ignore-gfp-wait", "N" },
		{ "fail_page_alloc/min-order", "0" },
		{ "fail_page_alloc/verbose", "0" },
		{ "fail_usercopy/verbose", "0" },
	};

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		char path[128];

		snprintf(path, sizeof(path), "/sys/kernel/debug/%s",
			 settings[i].file);
		if (!expect_errno(g, path,
				  write_file(path, settings[i].value), 0))
			return false;
	}
	m->fd = -1;
	m->nth = open(NTH_FILE, O_RDWR | O_CLOEXEC);
	if (m->nth < 0)
		return fail(g, NTH_FILE ": %s", strerror(errno));
	m->large = malloc(LARGE);
	if (!m->large)
		return fail(g, "no memory");
	memset(m->large, 'x', LARGE);
	return true;
}

static void take_down(struct memory *m)
{
	if (m->nth >= 0)
		close(m->nth);
	undo_open(m);
	free(m->large);
	m->large = NULL;
}

/* Whatever has failed: a write and a read are as ever. */
static bool works(struct guest *g)
{
	return expect_write(g, KEPT, strlen(KEPT), 0) &&
	       expect_file(g, DEVICE, KEPT);
}

/* Run a path with its n-th call failing; *ended if it has no n-th. */
static bool run_nth(struct guest *g, struct memory *m, const struct path *p,
		    unsigned int n, bool *failed, bool *ended)
{
	int err;

	if (p->before)
		p->before(m);
	err = set_nth(m, n);
	if (!expect_errno(g, NTH_FILE, err, 0))
		return false;
	err = p->run(m);
	*ended = calls_left(m) > 0;
	set_nth(m, 0);
	*failed = err != 0;
	if (err && (*ended || (err != ENOMEM && err != EFAULT)))
		return fail(g, "%s, with call %u of it failing: %s", p->name,
			    n, strerror(err));
	if (p->undo)
		p->undo(m);
	return sanitizer_quiet(g) ||
	       fail(g, "%s, with call %u of it failing", p->name, n);
}

/* With each n until the path ends before it, and as many as it had at first. */
static bool run_pass(struct guest *g, struct memory *m, const struct path *p,
		     bool loaded, unsigned int *failures)
{
	unsigned int n, failed_before = *failures, calls = count_calls(m, p);
	long long shown = stress_now_ms();
	bool ended = false, failed;

	for (n = 1; (!ended || n <= calls) && n < NTH_MOST; n++) {
		if (!run_nth(g, m, p, n, &failed, &ended))
			return false;
		*failures += failed;
		if (loaded && !works(g))
			return fail(g, "after %s, with call %u of it failing",
				    p->name, n);
		if (stress_now_ms() - shown < 5000)
			continue;
		shown = stress_now_ms();
		ktap_diag(&g->ktap, "%s: call %u", p->name, n);
	}
	ktap_diag(&g->ktap, "done: %s: %u calls, %u tried, %u made it fail",
		  p->name, calls, n - 1, *failures - failed_before);
	return ended || fail(g, "%s has no end", p->name);
}

/*
 * A path may become shorter under way: what it once had to make is there then. So one
 * of its calls may have come before its turn, and is met the next time.
 */
static bool run_path(struct guest *g, struct memory *m, const struct path *p,
		     bool loaded)
{
	unsigned int failures = 0;

	for (int pass = 0; !pass || (failures < p->fatal && pass < PASSES); pass++)
		if (!run_pass(g, m, p, loaded, &failures))
			return false;
	return failures >= p->fatal ||
	       fail(g, "%s: %u calls made it fail, and not %u", p->name,
		    failures, p->fatal);
}

static bool run_paths(struct guest *g, const struct path *paths, size_t count,
		      bool loaded)
{
	struct memory *m = &memory;
	bool ok = sanitizer_begin(g, false) && set_up(g, m);
	bool device = paths == device_paths;

	klogctl(SYSLOG_ACTION_CONSOLE_LEVEL, NULL, 1);
	for (size_t i = 0; ok && i < count; i++) {
		/* The first one opens the device, the others have it open. */
		if (device && i)
			ok = expect_errno(g, DEVICE, m->fd < 0 ? run_open(m) : 0,
					  0);
		ok = ok && run_path(g, m, &paths[i], loaded);
	}
	klogctl(SYSLOG_ACTION_CONSOLE_LEVEL, NULL, 8);
	take_down(m);
	return ok;
}

#define RUN_PATHS(g, paths, loaded) \
	run_paths(g, paths, sizeof(paths) / sizeof((paths)[0]), loaded)

/** check_memory_device() - the device, when memory or a copy fails */
bool check_memory_device(struct guest *g)
{
	char limit[16];

	snprintf(limit, sizeof(limit), "%d", LARGE);
	return expect_errno(g, "max_size",
			    write_file(PARAMETERS "max_size", limit), 0) &&
	       RUN_PATHS(g, device_paths, true);
}

/** check_memory_probe() - the probe, when memory or a copy fails */
bool check_memory_probe(struct guest *g)
{
	return RUN_PATHS(g, probe_paths, false);
}

/*
 * check_memory_load() - loading, when memory or a copy fails
 *
 * The client needs lkp_example, which is loaded for it and stays.
 */
bool check_memory_load(struct guest *g)
{
	struct memory *m = &memory;

	return find_module_file(g, "lkp_example", m->example,
				sizeof(m->example)) &&
	       find_module_file(g, "lkp_example_client", m->client,
				sizeof(m->client)) &&
	       find_module_file(g, "lkp_example_probe", m->probe,
				sizeof(m->probe)) &&
	       run_paths(g, load_paths, 1, false) &&
	       expect_errno(g, "lkp_example", run_load(m), 0) &&
	       run_paths(g, load_paths + 1, 2, true);
}
