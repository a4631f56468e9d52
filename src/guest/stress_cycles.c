// SPDX-License-Identifier: GPL-2.0-only
/*
 * stress_cycles.c - load, use and unload the modules, again and again
 *
 * What a module does not give back is lost until the next boot. One cycle
 * loses so little that nobody sees it; a thousand do not. So what the kernel
 * counts (counters.c) is read before and after.
 *
 * As long as a counter is too high it is read again for some time: what is late
 * comes, and what is lost does not. And what has grown must grow each time, by
 * as many cycles again: the kernel takes some things once, whenever it likes.
 */
#include "stress.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "counters.h"
#include "tools.h"
#include "uapi/lkp_example.h"

/* In a minute; a longer time has no more, which would find no more. */
#define CYCLES 1000
/* The first ones fill caches that stay: names, paths, per-CPU lists. */
#define WARM_UP 15
/* Whatever was lost in each tenth cycle is noticed, but not less than this. */
#define SLACK_OBJECTS 12
#define SLACK_OTHERS 100
#define SLACK_AREAS 2
/* By itself it is 50. A page in each fourth of a thousand cycles is noticed. */
#define SLACK_KIB 150
#define SETTLE_TRIES 20
/* What the kernel takes once, for itself, it does not take each time. */
#define ROUNDS 3

enum module { EXAMPLE, CLIENT, PROBE, MODULES };

static const char *const module_names[] = {
	[EXAMPLE] = "lkp_example", [CLIENT] = "lkp_example_client",
	[PROBE] = "lkp_example_probe",
};

static const char *const sysfs_files[] = {
	"message", "generation", "size", "open_files", "pins", "clients",
};

struct cycles {
	char files[MODULES][256];
	unsigned int total, done;
	unsigned int loads[MODULES], failed_loads;
};

/* What has grown in each round until now: at first, that may be anything. */
struct suspects {
	struct counters grown;
	unsigned int rounds;
};

/* The least of some: what is more passes. */
static bool count_before(struct guest *g, struct counters *before)
{
	bool ok = counters_read(g, before);

	for (int i = 0; ok && i < 4; i++) {
		usleep(200000);
		ok = counters_read_again(g, before);
	}
	return ok;
}

static long growth_of(const struct counters *before, const struct counter *after)
{
	const struct counter *c = counters_find(before, after->name);

	return after->value - (c ? c->value : 0);
}

/*
 * The modules' own memory is from kmalloc(), and held against the lower bound.
 * Of inodes and the like, the kernel keeps some that it needed once: on 5.10, 85
 * inodes after 50 cycles and after 200.
 */
static long slack_of(const struct counter *c, unsigned int cycles)
{
	long objects = cycles / 10 > SLACK_OBJECTS ? cycles / 10 : SLACK_OBJECTS;

	if (c->counted == AREAS)
		return SLACK_AREAS;
	if (c->counted == KIBIBYTES)
		return cycles > SLACK_KIB ? cycles : SLACK_KIB;
	if (!strncmp(c->name, "kmalloc-", strlen("kmalloc-")))
		return objects;
	return objects + SLACK_OTHERS;
}

static void find_grown(const struct counters *before,
		       const struct counters *after, unsigned int cycles,
		       const struct suspects *old, struct counters *grown)
{
	grown->count = 0;
	for (size_t i = 0; i < after->count; i++) {
		const struct counter *c = &after->all[i];

		if (growth_of(before, c) <= slack_of(c, cycles) ||
		    (old->rounds && !counters_find(&old->grown, c->name)))
			continue;
		grown->all[grown->count] = *c;
		grown->all[grown->count++].value = growth_of(before, c);
	}
}

static void say_growth(char *text, size_t size, const struct counter *c,
		       long growth)
{
	static const char *const units[] = {
		[OBJECTS] = "objects", [AREAS] = "areas", [KIBIBYTES] = "KiB",
	};

	snprintf(text, size, "%s has %ld %s more", c->name, growth,
		 units[c->counted]);
}

/* The measurement itself, as numbers: what the bounds are to be held against. */
static void report_growth(struct guest *g, const struct counters *before,
			  const struct counters *after, unsigned int cycles)
{
	const struct counter *most = &after->all[0];
	char text[120];

	for (size_t i = 0; i < after->count; i++) {
		const struct counter *c = &after->all[i];

		if (c->counted == OBJECTS &&
		    growth_of(before, c) > growth_of(before, most))
			most = c;
		if (c->counted == OBJECTS)
			continue;
		say_growth(text, sizeof(text), c, growth_of(before, c));
		ktap_diag(&g->ktap, "after %u cycles: %s", cycles, text);
	}
	say_growth(text, sizeof(text), most, growth_of(before, most));
	ktap_diag(&g->ktap, "after %u cycles: %s, and no cache has more",
		  cycles, text);
}

/* Count after the cycles, until nothing has grown or it is time to give up. */
static bool count_after(struct guest *g, const struct counters *before,
			unsigned int cycles, struct suspects *suspects)
{
	static struct counters after, grown;

	for (int i = 0; i < SETTLE_TRIES; i++) {
		if (i ? !counters_read_again(g, &after) :
			!counters_read(g, &after))
			return false;
		find_grown(before, &after, cycles, suspects, &grown);
		if (!grown.count)
			break;
		usleep(200000);
	}
	report_growth(g, before, &after, cycles);
	suspects->grown = grown;
	suspects->rounds++;
	return true;
}

/* Whose line is it, and is it one that a cycle without a fault has? */
static bool line_expected(const char *line, size_t len)
{
	static const char *const wrong[] = {
		"error", "unable", "refused", "warn", "leak", "BUG",
	};
	/* What a slow emulator makes the kernel say; the seed of its random. */
	static const char *const others[] = {
		"clocksource: ", "random: ", "hrtimer: ", "perf: ", "sched: ",
		"watch_queue: ", "timekeeping ", "workqueue: ",
	};
	char text[256];

	snprintf(text, sizeof(text), "%.*s", (int)len, line);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!strncmp(text, others[i], strlen(others[i])))
			return true;
	if (strncmp(text, "lkp_example", strlen("lkp_example")))
		return strstr(text, "callbacks suppressed");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (strcasestr(text, wrong[i]))
			return false;
	return true;
}

/* Read the log, judge it, and forget it: it would grow with the cycles. */
static bool check_log(struct guest *g)
{
	const char *text = log_text(g);
	bool ok = true;

	while (*text && ok) {
		size_t len = strcspn(text, "\n");

		if (!line_expected(text, len))
			ok = fail(g, "the log has '%.*s'", (int)len, text);
		text += len + (text[len] == '\n');
	}
	g->log.size = g->log.mark;
	g->log.text[g->log.size] = '\0';
	return ok;
}

static bool use_device(struct guest *g, unsigned int cycle)
{
	struct lkp_example_info info = { .size = sizeof(info) };
	int fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	/* In turn from the smallest cache, a larger one, and vmalloc(). */
	size_t size = cycle % 3 ? cycle % 3 * 700 : 300000;
	char *text = malloc(size + 1);
	bool ok;

	if (fd < 0 || !text)
		return fail(g, DEVICE ": %s", strerror(errno));
	memset(text, 'a' + cycle % 26, size);
	ok = (write(fd, text, size) == (ssize_t)size &&
	      read(fd, text, size + 1) == (ssize_t)size &&
	      text[size - 1] == (char)('a' + cycle % 26)) ||
	     fail(g, "reading what was written: %s", strerror(errno));
	ok = ok && (!ioctl(fd, LKP_EXAMPLE_IOC_INFO, &info) ||
		    fail(g, "LKP_EXAMPLE_IOC_INFO: %s", strerror(errno)));
	ok = ok && expect_number(g, "generation", info.generation, 3);
	/* A pin that is left: the release of the file must give it back. */
	ok = ok && (!ioctl(fd, LKP_EXAMPLE_IOC_PIN) ||
		    fail(g, "LKP_EXAMPLE_IOC_PIN: %s", strerror(errno))) &&
	     expect_errno(g, "delete_module", unload("lkp_example", 0),
			  EAGAIN);
	close(fd);
	free(text);
	return ok;
}

static bool use_sysfs(struct guest *g)
{
	for (size_t i = 0; i < sizeof(sysfs_files) / sizeof(sysfs_files[0]); i++) {
		char path[128], text[4096];

		snprintf(path, sizeof(path), "/sys/class/misc/lkp_example/%s",
			 sysfs_files[i]);
		if (!read_file(path, text, sizeof(text)))
			return fail(g, "%s: %s", path, strerror(errno));
	}
	return true;
}

static bool cycle_load(struct guest *g, struct cycles *c, enum module module,
		       const char *parameters)
{
	c->loads[module]++;
	return expect_errno(g, module_names[module],
			    load_file(c->files[module], parameters), 0);
}

/* A probe holds nobody, but takes a moment to go. */
static bool cycle_unload(struct guest *g, enum module module)
{
	return expect_errno(g, module_names[module],
			    unload(module_names[module], 0), 0);
}

static bool use_client(struct guest *g)
{
	return expect_errno(g, "hold",
			    write_file("/sys/class/misc/lkp_example/hold",
				       "lkp_example_client"), 0) &&
	       expect_errno(g, "delete_module", unload("lkp_example_client", 0),
			    EAGAIN) &&
	       expect_errno(g, "hold",
			    write_file("/sys/class/misc/lkp_example/hold",
				       "\n"), 0);
}

/*
 * Every cycle has lkp_example; in turn a load that fails half-way and the
 * client; and each fifth one the probe. A write with the client gone finds out
 * whether anything still points there.
 */
static bool run_cycle(struct guest *g, struct cycles *c)
{
	static const char *const steps[] = {
		"fail=create", "fail=update", "fail=device",
	};
	unsigned int cycle = c->done;
	bool client = cycle % 2, probe = !(cycle % 5);

	c->failed_loads += !client;
	if (!client &&
	    !expect_errno(g, "a load that is to fail",
			  load_file(c->files[EXAMPLE], steps[cycle / 2 % 3]),
			  ENOMEM))
		return false;
	/* It has said so, which is right in this place only. */
	log_text(g);
	g->log.size = g->log.mark;
	if (!cycle_load(g, c, EXAMPLE, "string_param=salve") ||
	    (client && !cycle_load(g, c, CLIENT, "")) ||
	    (probe && !cycle_load(g, c, PROBE, "symbol=lkp_example_probe_target")))
		return false;
	if (!use_device(g, cycle) || !check_log(g) || !use_sysfs(g) ||
	    (client && !use_client(g)))
		return false;
	return (!probe || cycle_unload(g, PROBE)) &&
	       (!client || cycle_unload(g, CLIENT)) &&
	       expect_write(g, "vale", 4, 0) &&
	       cycle_unload(g, EXAMPLE) && check_log(g);
}

static bool run_cycles(struct guest *g, struct cycles *c, unsigned int count)
{
	static long long shown;

	for (unsigned int i = 0; i < count; i++) {
		if (!run_cycle(g, c))
			return fail(g, "in cycle %u", c->done);
		c->done++;
		if (stress_now_ms() - shown < 5000)
			continue;
		shown = stress_now_ms();
		ktap_diag(&g->ktap, "%u of %u cycles", c->done, c->total);
	}
	return true;
}

static void report_loads(struct guest *g, const struct cycles *c)
{
	ktap_diag(&g->ktap, "done: %u cycles; loads: %u of lkp_example, %u of the client, %u of the probe, %u that have to fail",
		  c->done, c->loads[EXAMPLE], c->loads[CLIENT],
		  c->loads[PROBE], c->failed_loads);
}

/** check_load_unload_cycles() - nothing is lost by a load and an unload */
bool check_load_unload_cycles(struct guest *g)
{
	static struct counters before;
	static struct suspects suspects;
	struct cycles c = { .total = WARM_UP };
	unsigned int count = CYCLES;
	char text[120];

	if (g->stress_s < 60)
		count = g->stress_s * CYCLES / 60;
	for (int i = 0; i < MODULES; i++)
		if (!find_module_file(g, module_names[i], c.files[i],
				      sizeof(c.files[i])))
			return false;
	if (!run_cycles(g, &c, WARM_UP))
		return false;
	for (suspects.rounds = 0; suspects.rounds < ROUNDS;) {
		c.total += count;
		if (!count_before(g, &before) || !run_cycles(g, &c, count) ||
		    !count_after(g, &before, count, &suspects))
			return false;
		if (!suspects.grown.count)
			break;
	}
	report_loads(g, &c);
	if (!suspects.grown.count)
		return true;
	say_growth(text, sizeof(text), &suspects.grown.all[0],
		   suspects.grown.all[0].value);
	return fail(g, "%s after each %u cycles", text, count);
}
