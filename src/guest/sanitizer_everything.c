// SPDX-License-Identifier: GPL-2.0-only
/*
 * sanitizer_everything.c - all that can be done with the modules, at once
 *
 * While the traffic of stress_traffic.c goes on, others load and unload the
 * client, move the probe from function to function, turn every knob, and try to
 * unload what is in use. Each of these is one process, which does the same again
 * and again; two of them do the same thing, and meet.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sanitizer.h"
#include "stress.h"
#include "tools.h"
#include "uapi/lkp_example.h"

#define ATTRIBUTES "/sys/class/misc/lkp_example/"
#define PARAMETERS "/sys/module/lkp_example/parameters/"
#define PROBE_FILES "/sys/kernel/debug/lkp_example_probe/"
#define PROBE_SYMBOL "/sys/module/lkp_example_probe/parameters/symbol"
#define END_LIMIT_MS 60000

#define ACTORS 7

struct everything {
	struct complaint complaint;
	atomic_bool stop;
	atomic_ulong steps[ACTORS];
	char client[256], probe[256];
};

/* Whether an errno is one of those that are right; the list ends in -1. */
static bool allowed(struct everything *e, const char *what, int err,
		    const int *errs)
{
	for (; *errs >= 0; errs++)
		if (err == *errs)
			return true;
	return complain(&e->complaint, "%s: %s", what, strerror(err));
}

#define ALLOWED(e, what, err, ...) \
	allowed(e, what, err, (const int[]){ __VA_ARGS__, -1 })

/* Another process may be at the same: it is there, or goes, or has gone. */
static bool load_or_late(struct everything *e, const char *path,
			 const char *parameters)
{
	return ALLOWED(e, path, load_file(path, parameters), 0, EEXIST, EBUSY);
}

static bool unload_or_late(struct everything *e, const char *module)
{
	return ALLOWED(e, module, unload(module, 0), 0, ENOENT, EAGAIN, EBUSY);
}

/* What is read is of no interest, and that it can be read only now and then. */
static void read_all_of(const char *path)
{
	char text[8192];

	read_file(path, text, sizeof(text));
}

static bool step_client(struct everything *e)
{
	if (!load_or_late(e, e->client, ""))
		return false;
	read_all_of("/sys/module/lkp_example_client/parameters/generation");
	return ALLOWED(e, "hold", write_file(ATTRIBUTES "hold",
					     "lkp_example_client"),
		       0, ENOENT, EBUSY, ENODEV) &&
	       unload_or_late(e, "lkp_example_client") &&
	       ALLOWED(e, "hold", write_file(ATTRIBUTES "hold", "\n"), 0) &&
	       unload_or_late(e, "lkp_example_client");
}

static bool step_probe(struct everything *e)
{
	static const char *const symbols[] = {
		"vfs_read", "lkp_example_read", "vfs_write", "none",
		"lkp_example_probe_target", "lkp_example_write",
	};

	if (!load_or_late(e, e->probe, "symbol=lkp_example_ioctl"))
		return false;
	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++) {
		int err = write_file(PROBE_SYMBOL, symbols[i]);

		if (!ALLOWED(e, symbols[i], err, 0, ENOENT, ENODEV))
			return false;
		read_all_of(PROBE_FILES "stats");
		write_file(PROBE_FILES "stats", "0");
		write_file(PROBE_FILES "lookup", symbols[i]);
		read_all_of(PROBE_FILES "lookup");
		write_file(PROBE_FILES "target", "1");
	}
	return unload_or_late(e, "lkp_example_probe");
}

/* It is open all the time, so it is always in use. */
static bool step_unload(struct everything *e)
{
	static int fd = -1;

	if (fd < 0)
		fd = open(DEVICE, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return complain(&e->complaint, DEVICE ": %s", strerror(errno));
	usleep(1000);
	return ALLOWED(e, "unloading what is in use", unload("lkp_example", 0),
		       EAGAIN);
}

static bool step_knobs(struct everything *e)
{
	static const char *const shown[] = {
		ATTRIBUTES "message", ATTRIBUTES "generation",
		ATTRIBUTES "size", ATTRIBUTES "open_files", ATTRIBUTES "pins",
		ATTRIBUTES "pin", ATTRIBUTES "clients", ATTRIBUTES "hold",
		PARAMETERS "string_param", PARAMETERS "array_param",
		PARAMETERS "max_size", PARAMETERS "fail",
		"/sys/module/lkp_example/refcnt", "/proc/modules",
		"/sys/kernel/debug/lkp_example/context",
		"/sys/kernel/debug/lkp_example/timer",
	};

	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		read_all_of(shown[i]);
	return ALLOWED(e, "string_param",
		       write_file(PARAMETERS "string_param", "another value"),
		       0) &&
	       ALLOWED(e, "max_size", write_file(PARAMETERS "max_size", "0"),
		       EINVAL) &&
	       ALLOWED(e, "pin", write_file(ATTRIBUTES "pin", "1"), 0, EALREADY) &&
	       ALLOWED(e, "pin", write_file(ATTRIBUTES "pin", "0"), 0, EINVAL);
}

static bool step_open(struct everything *e)
{
	struct lkp_example_info info = { .size = sizeof(info) };
	struct pollfd pfd = { .events = POLLIN };
	__u64 generation = ~0ULL;
	char text[100];

	pfd.fd = open(DEVICE, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (pfd.fd < 0)
		return complain(&e->complaint, DEVICE ": %s", strerror(errno));
	poll(&pfd, 1, 0);
	if (read(pfd.fd, text, sizeof(text)) < 0 ||
	    ioctl(pfd.fd, LKP_EXAMPLE_IOC_INFO, &info) ||
	    ioctl(pfd.fd, LKP_EXAMPLE_IOC_PIN))
		complain(&e->complaint, "read, info or pin: %s",
			 strerror(errno));
	ioctl(pfd.fd, LKP_EXAMPLE_IOC_GENERATION, &generation);
	ioctl(pfd.fd, LKP_EXAMPLE_IOC_WAIT, &generation);
	/* The release gives the pin back. */
	close(pfd.fd);
	return true;
}

static const struct {
	const char *name;
	bool (*step)(struct everything *e);
} actors[ACTORS] = {
	{ "client", step_client }, { "client", step_client },
	{ "probe", step_probe }, { "probe", step_probe },
	{ "unload", step_unload }, { "knobs", step_knobs },
	{ "open", step_open },
};

static void act(struct everything *e, unsigned int actor)
{
	while (!atomic_load(&e->stop) && actors[actor].step(e))
		atomic_fetch_add(&e->steps[actor], 1);
	_exit(0);
}

static bool end_actors(struct guest *g, struct everything *e,
		       const pid_t pids[ACTORS])
{
	long long limit = stress_now_ms() + END_LIMIT_MS;
	bool ok = true;

	atomic_store(&e->stop, true);
	for (unsigned int i = 0; i < ACTORS; i++) {
		int status = 0;

		while (pids[i] > 0 && !waitpid(pids[i], &status, WNOHANG) &&
		       stress_now_ms() < limit)
			usleep(10000);
		if (send_signal(pids[i], 0) == 0 && stress_now_ms() >= limit) {
			send_signal(pids[i], SIGKILL);
			ok = fail(g, "the process '%s' does not end",
				  actors[i].name);
		}
		if (status)
			ok = fail(g, "the process '%s' crashed",
				  actors[i].name);
		ktap_diag(&g->ktap, "done: %s: %lu times", actors[i].name,
			  atomic_load(&e->steps[i]));
		if (!atomic_load(&e->steps[i]))
			ok = fail(g, "the process '%s' did nothing",
				  actors[i].name);
	}
	return ok;
}

static bool run_all(struct guest *g, struct everything *e)
{
	pid_t pids[ACTORS];
	bool ok;

	for (unsigned int i = 0; i < ACTORS; i++) {
		pids[i] = fork();
		if (!pids[i])
			act(e, i);
	}
	ok = stress_traffic(g);
	ok = end_actors(g, e, pids) && ok;
	return check_complaint(g, &e->complaint) && ok;
}

/* Whatever was under way when they ended. */
static bool put_back(struct guest *g)
{
	write_file(ATTRIBUTES "hold", "\n");
	write_file(ATTRIBUTES "pin", "0");
	unload("lkp_example_client", 0);
	unload("lkp_example_probe", 0);
	return expect_file(g, "/sys/module/lkp_example/refcnt", "0");
}

/** check_everything() - no report, whatever is done at the same time */
bool check_everything(struct guest *g)
{
	struct everything *e = shared_alloc(sizeof(*e));
	bool ok;

	if (!e)
		return fail(g, "no memory");
	ok = sanitizer_begin(g, true) &&
	     find_module_file(g, "lkp_example_client", e->client,
			      sizeof(e->client)) &&
	     find_module_file(g, "lkp_example_probe", e->probe,
			      sizeof(e->probe)) &&
	     run_all(g, e) && put_back(g);
	munmap(e, sizeof(*e));
	return sanitizer_quiet(g) && ok;
}
