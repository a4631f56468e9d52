// SPDX-License-Identifier: GPL-2.0-only
/*
 * hits.c - what it takes when a probed function is called
 *
 * The function is the one that lkp_example_probe has for that, which a write to a
 * file calls as often as it says. Each probe must have seen all calls.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure.h"

#define CALLS 1000
#define ROUNDS 10
#define COUNTED (CALLS * ROUNDS)

#define FUNCTION "lkp_example_probe_target"
#define DEBUG "/sys/kernel/debug/lkp_example_probe/"
#define PARAMETERS "/sys/module/lkp_example_probe/parameters/"
#define TRACING "/sys/kernel/tracing/"
#define EVENT TRACING "events/kprobes/lkp_bench/"
#define PMU "/sys/bus/event_source/devices/kprobe/"

/* Instructions of a call without a probe. */
static double bare;

static bool call_target(void *arg)
{
	static const char calls[] = "21 1000";
	int fd = *(int *)arg;

	return write(fd, calls, sizeof(calls) - 1) == sizeof(calls) - 1;
}

/* Per call of the function. */
static bool measure_calls(struct guest *g, double *took)
{
	int fd = open(DEBUG "target", O_WRONLY | O_CLOEXEC);
	uint64_t least = UINT64_MAX;

	if (fd < 0)
		return fail(g, DEBUG "target: %s", strerror(errno));
	for (int i = 0; i < ROUNDS; i++) {
		uint64_t start = counter(), all;

		if (!call_target(&fd))
			return fail(g, DEBUG "target: %s", strerror(errno));
		all = counter() - start;
		if (all < least)
			least = all;
	}
	close(fd);
	*took = (double)least / CALLS;
	return true;
}

static bool measure_hit(struct guest *g, const char *probe)
{
	double took;

	if (!measure_calls(g, &took))
		return false;
	figure("a call of a probed function", probe, "a hit", "instructions",
	       took - bare);
	return true;
}

static bool expect_count(struct guest *g, const char *what, const char *text)
{
	char wanted[32];

	snprintf(wanted, sizeof(wanted), "%d", COUNTED);
	return expect_contains(g, what, text, wanted);
}

static bool set(struct guest *g, const char *path, const char *text)
{
	return expect_errno(g, path, write_file(path, text), 0);
}

/* Without a probe: what all others are measured from. */
static bool hit_nothing(struct guest *g)
{
	return measure_calls(g, &bare);
}

/* What no kretprobe can do without. */
static bool hit_empty(struct guest *g)
{
	return expect_run(g, 0, "", ARGV("modprobe", "lkp_bench_probe",
					 "symbol=" FUNCTION)) &&
	       measure_hit(g, "a kretprobe that does nothing") &&
	       expect_errno(g, "unload", unload("lkp_bench_probe", 0), 0);
}

static bool hit_ours(struct guest *g, const char *name, const char *post)
{
	char text[4096];

	return set(g, PARAMETERS "post", post) &&
	       set(g, PARAMETERS "symbol", FUNCTION) && measure_hit(g, name) &&
	       read_file(DEBUG "stats", text, sizeof(text)) &&
	       expect_count(g, "stats", strstr(text, "returns:") ?: "") &&
	       set(g, PARAMETERS "symbol", "none");
}

/* The calls, and how long each took, in powers of two. */
static bool hit_ours_all(struct guest *g)
{
	return hit_ours(g, "lkp_example_probe", "1");
}

static bool hit_ours_without_post(struct guest *g)
{
	return hit_ours(g, "lkp_example_probe post=0", "0");
}

/* An event at each return, and a histogram of what was returned. */
static bool hit_ftrace(struct guest *g)
{
	static char text[8192];

	return set(g, TRACING "kprobe_events",
		   "r:lkp_bench " FUNCTION " ret=$retval") &&
	       set(g, EVENT "trigger", "hist:keys=ret.log2") &&
	       measure_hit(g, "ftrace: kretprobe event, hist trigger") &&
	       read_file(EVENT "hist", text, sizeof(text)) &&
	       expect_count(g, "hist", text) &&
	       set(g, EVENT "trigger", "!hist:keys=ret.log2") &&
	       set(g, TRACING "kprobe_events", "-:lkp_bench");
}

static int open_counter(struct guest *g)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.config = 1,	/* format/retprobe: bit 0 */
		.config1 = (uintptr_t)FUNCTION,
		.disabled = 1,
	};
	char text[32];

	if (!read_file(PMU "type", text, sizeof(text)))
		return fail(g, PMU "type: %s", strerror(errno)), -1;
	attr.type = strtoul(text, NULL, 10);
	if (!read_file(PMU "format/retprobe", text, sizeof(text)) ||
	    strncmp(text, "config:0", 8))
		return fail(g, PMU "format/retprobe is not config:0"), -1;
	return syscall(SYS_perf_event_open, &attr, -1, 0, -1,
		       PERF_FLAG_FD_CLOEXEC);
}

/* What "perf stat -e probe:..." does: count, and nothing more. */
static bool hit_perf(struct guest *g)
{
	int fd = open_counter(g);
	uint64_t counted = 0;
	bool ok;

	if (fd < 0)
		return fail(g, "perf_event_open: %s", strerror(errno));
	ok = !ioctl(fd, PERF_EVENT_IOC_ENABLE, 0) &&
	     measure_hit(g, "perf: counted");
	if (ok && read(fd, &counted, sizeof(counted)) != sizeof(counted))
		ok = fail(g, "perf's counter: %s", strerror(errno));
	close(fd);
	return ok && expect_number(g, "perf's counter", counted, COUNTED);
}

#define TRACER_OUTPUT "/run/tracer"

static pid_t start_bpftrace(const char *program)
{
	pid_t pid = fork();
	int fd;

	if (pid)
		return pid;
	fd = open(TRACER_OUTPUT, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	execlp("bpftrace", "bpftrace", "-q", "-e", program, NULL);
	_exit(127);
}

/* It has said so, and nothing more is to be done by it. */
static bool await_bpftrace(struct guest *g, pid_t pid)
{
	char text[4096];

	for (int i = 0; i < 600; i++) {
		if (read_file(TRACER_OUTPUT, text, sizeof(text)) &&
		    strstr(text, "ready")) {
			sleep(1);
			return true;
		}
		if (waitpid(pid, NULL, WNOHANG) == pid)
			break;
		usleep(200000);
	}
	return fail(g, "bpftrace is not ready: %s", text);
}

/* The histogram has lines "[MIN, MAX)  COUNT |@@@@|"; add up the counts. */
static long histogram_sum(char *text)
{
	long sum = 0;

	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		char *at = strpbrk(line, ")]");

		if (*line == '[' && at)
			sum += strtol(at + 1, NULL, 10);
	}
	return sum;
}

static bool hit_bpftrace(struct guest *g, const char *name, const char *program)
{
	pid_t pid = start_bpftrace(program);
	static char text[16384];
	bool ok;

	if (pid < 0)
		return fail(g, "fork: %s", strerror(errno));
	ok = await_bpftrace(g, pid) && measure_hit(g, name);
	send_signal(pid, SIGINT);
	waitpid(pid, NULL, 0);
	if (!ok || !read_file(TRACER_OUTPUT, text, sizeof(text)))
		return ok && fail(g, TRACER_OUTPUT ": %s", strerror(errno));
	return expect_number(g, name, histogram_sum(text), COUNTED);
}

#define READY "BEGIN { printf(\"ready\\n\"); } "

static bool hit_bpftrace_return(struct guest *g)
{
	return hit_bpftrace(g, "bpftrace: @ = hist(retval)", READY
			    "kretprobe:" FUNCTION " { @ = hist(retval); }");
}

/* What ours does, by the usual means of bpftrace. */
static bool hit_bpftrace_time(struct guest *g)
{
	return hit_bpftrace(g, "bpftrace: @ = hist(nsecs - @start[tid])", READY
			    "kprobe:" FUNCTION " { @start[tid] = nsecs; } "
			    "kretprobe:" FUNCTION " /@start[tid]/ "
			    "{ @ = hist(nsecs - @start[tid]); "
			    "delete(@start, tid); }");
}

bool measure_hits(struct guest *g)
{
	static bool (*const probes[])(struct guest *g) = {
		hit_nothing, hit_empty, hit_ours_all, hit_ours_without_post, hit_ftrace,
		hit_perf, hit_bpftrace_return, hit_bpftrace_time,
	};
	bool ok = expect_run(g, 0, "", ARGV("modprobe", "lkp_example_probe"));

	for (size_t i = 0; ok && i < sizeof(probes) / sizeof(probes[0]); i++)
		ok = probes[i](g);
	return ok;
}
