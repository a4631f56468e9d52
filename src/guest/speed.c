// SPDX-License-Identifier: GPL-2.0-only
/*
 * speed.c - what a call costs
 *
 * Each cost is held against that of something like it which the kernel has
 * itself, measured in turn with it, and the least of several runs counts. With
 * --icount the machine's clock counts instructions, and the numbers are the
 * same in each run; without, they are as good as the machine is quiet.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "items.h"
#include "stall.h"
#include "tools.h"
#include "uapi/lkp_example.h"

#define RUNS 5
#define SMALL 64
#define SMALL_READS 20000
#define LARGE LKP_EXAMPLE_MESSAGE_MAX
#define LARGE_READS 20
#define HITS 20000

/* Goals, in percent of what they are held against. */
#define SMALL_MOST 115
#define LARGE_MOST 1000
#define HIT_MOST 99

#define DEBUG "/sys/kernel/debug/lkp_example_probe/"
#define SYMBOL "/sys/module/lkp_example_probe/parameters/symbol"
#define TRACING "/sys/kernel/tracing/"
#define EVENT TRACING "events/kprobes/lkp_speed/"

/* Time that this thread had a processor: what else runs does not count. */
static long long now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

/* Nanoseconds of so many reads at position 0; -1 when one is short. */
static long long time_reads(int fd, char *buf, size_t size, unsigned int reads)
{
	long long start = now_ns();

	for (unsigned int i = 0; i < reads; i++)
		if (pread(fd, buf, size, 0) != (ssize_t)size)
			return -1;
	return now_ns() - start;
}

static long long least(long long a, long long b)
{
	return !a || b < a ? b : a;
}

/* The device against /dev/zero: per call, in nanoseconds, and in percent. */
static bool compare_reads(struct guest *g, size_t size, unsigned int reads,
			  long long *percent)
{
	char *buf = malloc(size);
	int fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	int zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	long long ours = 0, theirs = 0;
	bool ok = buf && fd >= 0 && zero >= 0;

	if (!ok)
		return fail(g, DEVICE " or /dev/zero: %s", strerror(errno));
	memset(buf, 'x', size);
	ok = write(fd, buf, size) == (ssize_t)size ||
	     fail(g, "write: %s", strerror(errno));
	for (int i = 0; ok && i < RUNS; i++) {
		long long a = time_reads(fd, buf, size, reads);
		long long b = time_reads(zero, buf, size, reads);

		ok = (a > 0 && b > 0) || fail(g, "a read is short");
		ours = least(ours, a);
		theirs = least(theirs, b);
	}
	close(fd);
	close(zero);
	free(buf);
	if (!ok || !theirs)
		return false;
	*percent = ours * 100 / theirs;
	ktap_diag(&g->ktap, "read of %zu bytes: %lld ns; /dev/zero: %lld ns; %lld %%",
		  size, ours / reads, theirs / reads, *percent);
	return true;
}

static bool check_read_small(struct guest *g)
{
	long long percent;

	return compare_reads(g, SMALL, SMALL_READS, &percent) &&
	       (percent <= SMALL_MOST ||
		fail(g, "a read of %d bytes takes %lld %% of the time of /dev/zero, and not at most %d",
		     SMALL, percent, SMALL_MOST));
}

/*
 * A byte that is copied is at most ten times as dear as one that is cleared:
 * under --icount one instruction, as the processor's own loop goes by bytes.
 */
static bool check_read_large(struct guest *g)
{
	long long percent;

	return compare_reads(g, LARGE, LARGE_READS, &percent) &&
	       (percent <= LARGE_MOST ||
		fail(g, "a read of %d bytes takes %lld %% of the time of /dev/zero, and not at most %d",
		     LARGE, percent, LARGE_MOST));
}

#define EVENT_TEXT "r:lkp_speed lkp_example_probe_target ret=$retval"

static bool have_histograms;

struct hits {
	long long bare, ours, theirs;
};

/* So many calls of the function that is there to be probed, as it says. */
static bool time_calls(struct guest *g, long long *ns)
{
	char text[128], calls[32];
	unsigned int counted;
	long long took;

	snprintf(calls, sizeof(calls), "21 %d", HITS);
	if (!expect_errno(g, "target", write_file(DEBUG "target", calls), 0) ||
	    !read_file(DEBUG "target", text, sizeof(text)))
		return false;
	if (sscanf(text, "lkp_example_probe_target(21) = 42 (%u calls, %lld ns)",
		   &counted, &took) != 2 || counted != HITS)
		return fail(g, "target says '%s'", text);
	*ns = least(*ns, took);
	return true;
}

static bool set_probe(struct guest *g, const char *symbol)
{
	return expect_errno(g, "symbol", write_file(SYMBOL, symbol), 0);
}

/* "hits: 20000" in the file "stats": the probe was really there. */
static bool expect_hits(struct guest *g)
{
	char text[4096], wanted[64];
	const char *at;

	if (!read_file(DEBUG "stats", text, sizeof(text)))
		return fail(g, "stats: %s", strerror(errno));
	snprintf(wanted, sizeof(wanted), "%d", HITS);
	at = strstr(text, "\nreturns:");
	if (!at)
		return fail(g, "stats has no returns");
	at += strlen("\nreturns:");
	at += strspn(at, " ");
	return !strncmp(at, wanted, strlen(wanted)) ? true :
	       fail(g, "%d calls, but returns: %.10s", HITS, at);
}

/*
 * The same by the kernel's own means: an event at each return, and a histogram
 * that counts them. Ours counts entries as well, and times each call. A kernel
 * without histograms records each event.
 */
static bool set_event(struct guest *g, bool on)
{
	const char *file = have_histograms ? EVENT "trigger" : EVENT "enable";
	const char *text = have_histograms ? on ? "hist:keys=ret" :
						  "!hist:keys=ret" :
			   on ? "1" : "0";

	if (on && !expect_errno(g, "kprobe_events",
				write_file(TRACING "kprobe_events", EVENT_TEXT),
				0))
		return false;
	return expect_errno(g, file, write_file(file, text), 0) &&
	       (on || expect_errno(g, "kprobe_events",
				   write_file(TRACING "kprobe_events",
					      "-:lkp_speed"), 0));
}

/* The event has seen all calls. */
static bool expect_event(struct guest *g)
{
	char text[4096], wanted[64];

	if (!read_file(TRACING "kprobe_profile", text, sizeof(text)))
		return fail(g, "kprobe_profile: %s", strerror(errno));
	snprintf(wanted, sizeof(wanted), " %d ", HITS);
	return expect_contains(g, "kprobe_profile", text, "lkp_speed ") &&
	       expect_contains(g, "kprobe_profile", text, wanted);
}

static bool time_hits(struct guest *g, struct hits *hits)
{
	return time_calls(g, &hits->bare) &&
	       set_probe(g, "lkp_example_probe_target") &&
	       time_calls(g, &hits->ours) && expect_hits(g) &&
	       set_probe(g, "none") &&
	       set_event(g, true) && time_calls(g, &hits->theirs) &&
	       expect_event(g) && set_event(g, false);
}

static bool check_probe_hit(struct guest *g)
{
	struct hits hits = { 0 };
	long long ours, theirs;

	if (kernel_option("CONFIG_KPROBE_EVENTS") == 'n')
		return skip(g, "this kernel has no CONFIG_KPROBE_EVENTS");
	have_histograms = kernel_option("CONFIG_HIST_TRIGGERS") == 'y';
	for (int i = 0; i < RUNS; i++)
		if (!time_hits(g, &hits))
			return false;
	ours = (hits.ours - hits.bare) / HITS;
	theirs = (hits.theirs - hits.bare) / HITS;
	ktap_diag(&g->ktap, "a call: %lld ns; a hit: %lld ns more; ftrace's return probe, %s: %lld ns more",
		  hits.bare / HITS, ours, have_histograms ?
		  "with a histogram" : "recorded", theirs);
	return ours * 100 <= theirs * HIT_MOST ||
	       fail(g, "a hit takes %lld ns, ftrace's %lld ns", ours, theirs);
}

struct stalled_call {
	struct stall *stall;
	bool write;
	atomic_bool done;
	ssize_t result;
};

static void *stalled_call(void *arg)
{
	struct stalled_call *c = arg;
	int fd = open(DEVICE, O_RDWR | O_CLOEXEC);

	c->result = c->write ? write(fd, c->stall->buf, SMALL) :
			       read(fd, c->stall->buf, SMALL);
	atomic_store(&c->done, true);
	close(fd);
	return NULL;
}

/* Meanwhile others write and read: if they had to wait, it would be for ever. */
static bool others_go_on(struct guest *g, const char *who, int fd,
			 long long alone)
{
	char text[SMALL], got[SMALL];
	long long beside = 0;

	memset(text, 'o', SMALL);
	if (write(fd, text, SMALL) != SMALL)
		return fail(g, "a write beside %s: %s", who, strerror(errno));
	for (int i = 0; i < RUNS; i++)
		beside = least(beside, time_reads(fd, got, SMALL, SMALL_READS));
	ktap_diag(&g->ktap, "%d reads: %lld us alone, %lld us beside %s",
		  SMALL_READS, alone / 1000, beside / 1000, who);
	if (beside <= 0 || memcmp(text, got, SMALL))
		return fail(g, "beside %s a read gets '%.*s'", who, SMALL, got);
	return true;
}

static bool beside_stalled(struct guest *g, bool write, int fd, long long alone)
{
	const char *who = write ? "a write that stands still" :
				  "a read that stands still";
	struct stall stall = { .fd = -1 };
	struct stalled_call call = { .stall = &stall, .write = write };
	pthread_t thread;
	bool ok;

	if (!stall_make(g, &stall))
		return false;
	if (pthread_create(&thread, NULL, stalled_call, &call))
		return fail(g, "no thread");
	ok = stall_await(g, &stall) && others_go_on(g, who, fd, alone) &&
	     (!atomic_load(&call.done) || fail(g, "it did not stand still"));
	stall_end(&stall, 'p');
	pthread_join(thread, NULL);
	stall_free(&stall);
	return ok && expect_number(g, who, call.result, SMALL);
}

/*
 * A write copies from its program before it takes any lock, and a read holds
 * none but that of its own open file: nobody has to wait for either.
 */
static bool check_no_waiting(struct guest *g)
{
	int fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	long long alone = 0;
	char text[SMALL];
	bool ok;

	if (kernel_option("CONFIG_USERFAULTFD") == 'n')
		return skip(g, "this kernel has no CONFIG_USERFAULTFD");
	memset(text, 'x', sizeof(text));
	if (fd < 0 || write(fd, text, SMALL) != SMALL)
		return fail(g, DEVICE ": %s", strerror(errno));
	for (int i = 0; i < RUNS; i++)
		alone = least(alone, time_reads(fd, text, SMALL, SMALL_READS));
	ok = beside_stalled(g, true, fd, alone) &&
	     beside_stalled(g, false, fd, alone);
	close(fd);
	return ok;
}

static const struct item items[] = {
	{ 0, "read_small", "lkp_example", check_read_small, 0 },
	{ 0, "read_large", "lkp_example", check_read_large, 0 },
	{ 0, "no_waiting", "lkp_example", check_no_waiting, 0 },
	{ 0, "probe_hit", "lkp_example_probe", check_probe_hit, 0 },
};

const struct item_list checks_speed = ITEM_LIST(items);
