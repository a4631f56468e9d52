// SPDX-License-Identifier: GPL-2.0-only
/*
 * stress_cycles.c - load, use and unload the modules, again and again
 *
 * What a module does not give back is lost until the next boot. One cycle
 * loses so little that nobody sees it; a thousand do not. The counters are the
 * kernel's: objects in use of each slab cache, areas of vmalloc(), free pages.
 *
 * They are read when all that is only kept for later has been given back, and
 * read again for some time as long as they are too high: what is late comes,
 * and what is lost does not. What has grown must grow a second time, by as many
 * cycles again: the kernel itself takes some things once, whenever it likes.
 */
#include "stress.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tools.h"
#include "uapi/lkp_example.h"

/* A thousand in a minute. */
#define CYCLES_PER_MINUTE 1000
/* The first ones fill caches that stay: names, paths, per-CPU lists. */
#define WARM_UP 15
/* Whatever was lost in each tenth cycle is noticed, but not less than this. */
#define SLACK_OBJECTS 12
#define SLACK_OTHERS 100
#define SLACK_AREAS 2
/* By itself it is 1 MB; a page in each of a thousand cycles is noticed. */
#define SLACK_KB 3900
#define SETTLE_TRIES 20
/* What the kernel takes once, for itself, it does not take a second time. */
#define ROUNDS 2

#define CACHES_MAX 512

enum module { EXAMPLE, CLIENT, PROBE, MODULES };

static const char *const module_names[] = {
	[EXAMPLE] = "lkp_example", [CLIENT] = "lkp_example_client",
	[PROBE] = "lkp_example_probe",
};

static const char *const sysfs_files[] = {
	"message", "generation", "size", "open_files", "pins", "clients",
};

struct cache {
	char name[40];
	long objects, per_slab;
	int shrink_fd, objects_fd;	/* while it is counted */
};

struct memory {
	struct cache caches[CACHES_MAX];
	size_t count;
	long areas;		/* of vmalloc(), those of tasks' stacks left out */
	long free_kb;
};

struct cycles {
	char files[MODULES][256];
	unsigned int total, done;
};

/* Give back what is kept for later. */
static void settle(void)
{
	sync();
	write_file("/proc/sys/vm/drop_caches", "3");
	/* Each waits for a grace period of RCU; frees follow after one. */
	for (int i = 0; i < 3; i++) {
		syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
		usleep(50000);
	}
}

static bool list_caches(struct guest *g, struct memory *m)
{
	FILE *f = fopen("/proc/slabinfo", "re");
	char line[512];

	if (!f)
		return fail(g, "/proc/slabinfo: %s", strerror(errno));
	m->count = 0;
	while (m->count < CACHES_MAX && fgets(line, sizeof(line), f)) {
		struct cache *c = &m->caches[m->count];

		m->count += sscanf(line, "%39s %*d %*d %*d %ld", c->name,
				   &c->per_slab) == 2;
	}
	fclose(f);
	return m->count > 20 && m->count < CACHES_MAX ? true :
	       fail(g, "/proc/slabinfo has %zu caches", m->count);
}

static int open_cache_file(struct guest *g, const struct cache *c,
			   const char *file, int flags)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/sys/kernel/slab/%s/%s", c->name, file);
	fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		fail(g, "%s: %s", path, strerror(errno));
	return fd;
}

/*
 * How many objects of a cache are in use. The kernel counts those that a
 * processor has set aside as if they were, so they are given back before, and
 * nothing that allocates comes between: the files are open already, and have
 * been read, for since 6.18 one object asked for sets a whole sheaf aside.
 */
static bool count_objects(struct guest *g, struct cache *c)
{
	char text[64];
	ssize_t len = -1;

	if (pwrite(c->shrink_fd, "1", 1, 0) == 1)
		len = pread(c->objects_fd, text, sizeof(text) - 1, 0);
	if (len <= 0)
		return fail(g, "/sys/kernel/slab/%s: %s", c->name,
			    strerror(errno));
	text[len] = '\0';
	c->objects = strtol(text, NULL, 10);
	return true;
}

static bool count_each(struct guest *g, struct memory *m)
{
	bool ok = true;

	for (size_t i = 0; ok && i < m->count; i++)
		ok = count_objects(g, &m->caches[i]);
	return ok;
}

/*
 * Twice: what the opening of the files has set aside, and what is freed after
 * a grace period, is given back by the first time.
 */
static bool count_slab(struct guest *g, struct memory *m)
{
	bool ok = list_caches(g, m);
	size_t opened;

	for (opened = 0; ok && opened < m->count; opened++) {
		struct cache *c = &m->caches[opened];

		c->shrink_fd = open_cache_file(g, c, "shrink", O_WRONLY);
		c->objects_fd = open_cache_file(g, c, "objects", O_RDONLY);
		ok = c->shrink_fd >= 0 && c->objects_fd >= 0;
	}
	ok = ok && count_each(g, m);
	settle();
	ok = ok && count_each(g, m);
	while (opened--) {
		close(m->caches[opened].shrink_fd);
		close(m->caches[opened].objects_fd);
	}
	return ok;
}

static bool count_areas(struct guest *g, struct memory *m)
{
	FILE *f = fopen("/proc/vmallocinfo", "re");
	char line[1024];

	if (!f)
		return fail(g, "/proc/vmallocinfo: %s", strerror(errno));
	m->areas = 0;
	while (fgets(line, sizeof(line), f))
		m->areas += !strstr(line, "unpurged") &&
			    !strstr(line, "dup_task_struct") &&
			    !strstr(line, "copy_process");
	fclose(f);
	return m->areas > 0 || fail(g, "/proc/vmallocinfo is empty");
}

/*
 * Pages that a processor has set aside are as free, but not in MemFree: since
 * 6.7, tens of megabytes.
 */
static bool count_free(struct guest *g, struct memory *m)
{
	FILE *f = fopen("/proc/zoneinfo", "re");
	long pages = 0, pages_aside;
	char line[256], text[2048];
	const char *at;

	if (!f)
		return fail(g, "/proc/zoneinfo: %s", strerror(errno));
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, " count: %ld", &pages_aside) == 1)
			pages += pages_aside;
	fclose(f);
	if (!read_file("/proc/meminfo", text, sizeof(text)))
		return fail(g, "/proc/meminfo: %s", strerror(errno));
	at = strstr(text, "MemFree:");
	m->free_kb = at ? strtol(at + strlen("MemFree:"), NULL, 10) : 0;
	m->free_kb += pages * (sysconf(_SC_PAGESIZE) / 1024);
	return at || fail(g, "/proc/meminfo has no MemFree");
}

static long objects_of(const struct memory *m, const char *name)
{
	for (size_t i = 0; i < m->count; i++)
		if (!strcmp(m->caches[i].name, name))
			return m->caches[i].objects;
	return -1;
}

static bool measure(struct guest *g, struct memory *m)
{
	return count_slab(g, m) && count_areas(g, m) && count_free(g, m);
}

/* Measure once more, and keep the least of each: what is more passes. */
static bool measure_again(struct guest *g, struct memory *m)
{
	static struct memory now;

	if (!measure(g, &now))
		return false;
	for (size_t i = 0; i < now.count; i++) {
		long least = objects_of(m, now.caches[i].name);

		if (least >= 0 && least < now.caches[i].objects)
			now.caches[i].objects = least;
	}
	if (m->areas < now.areas)
		now.areas = m->areas;
	if (m->free_kb > now.free_kb)
		now.free_kb = m->free_kb;
	*m = now;
	return true;
}

static bool measure_first(struct guest *g, struct memory *m)
{
	bool ok = measure(g, m);

	for (int i = 0; ok && i < 4; i++) {
		usleep(200000);
		ok = measure_again(g, m);
	}
	return ok;
}

static long growth_of(const struct memory *before, const struct cache *after)
{
	long objects = objects_of(before, after->name);

	return after->objects - (objects < 0 ? 0 : objects);
}

/*
 * The modules' own memory is from kmalloc(), and held against the lower bound.
 * Of inodes and the like, the kernel keeps some that it needed once (on 5.10, 85
 * inodes after 50 cycles and after 200), and a processor may have set a slab
 * aside again, of a cache that we use to count with.
 */
static long bound(const struct cache *c, unsigned int cycles)
{
	long bound = cycles / 10 > SLACK_OBJECTS ? cycles / 10 : SLACK_OBJECTS;

	if (strncmp(c->name, "kmalloc-", strlen("kmalloc-")))
		bound += SLACK_OTHERS + 2 * c->per_slab;
	return bound;
}

/* What grew by more than its bound; say so, in words, or return false. */
static bool find_growth(const struct memory *before, const struct memory *after,
			unsigned int cycles, char *text, size_t size)
{
	long areas = after->areas - before->areas;
	long lost = before->free_kb - after->free_kb;

	for (size_t i = 0; i < after->count; i++) {
		const struct cache *c = &after->caches[i];
		long growth = growth_of(before, c);

		if (growth < bound(c, cycles))
			continue;
		snprintf(text, size, "%s has %ld objects more after %u cycles",
			 c->name, growth, cycles);
		return true;
	}
	if (areas > SLACK_AREAS) {
		snprintf(text, size, "vmalloc has %ld areas more after %u cycles",
			 areas, cycles);
		return true;
	}
	if (lost > SLACK_KB) {
		snprintf(text, size, "%ld KiB are lost after %u cycles", lost,
			 cycles);
		return true;
	}
	return false;
}

/* The measurement itself, as numbers: what the bounds are to be held against. */
static void report_growth(struct guest *g, const struct memory *before,
			  const struct memory *after, unsigned int cycles)
{
	const struct cache *most = &after->caches[0];
	long greatest = 0;

	for (size_t i = 0; i < after->count; i++) {
		long growth = growth_of(before, &after->caches[i]);

		if (growth <= greatest)
			continue;
		greatest = growth;
		most = &after->caches[i];
	}
	ktap_diag(&g->ktap, "after %u cycles: at most %ld objects more (%s), %ld areas, %ld KiB lost",
		  cycles, greatest, greatest ? most->name : "in any cache",
		  after->areas - before->areas,
		  before->free_kb - after->free_kb);
}

/* What has been lost goes into text, in words; "" is nothing. */
static bool judge_growth(struct guest *g, const struct memory *before,
			 unsigned int cycles, char *text, size_t size)
{
	static struct memory after;

	for (int i = 0; i < SETTLE_TRIES; i++) {
		if (i ? !measure_again(g, &after) : !measure(g, &after))
			return false;
		text[0] = '\0';
		if (!find_growth(before, &after, cycles, text, size))
			break;
		usleep(200000);
	}
	report_growth(g, before, &after, cycles);
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

/** check_load_unload_cycles() - nothing is lost by a load and an unload */
bool check_load_unload_cycles(struct guest *g)
{
	static struct memory before;
	unsigned int count = g->stress_s * CYCLES_PER_MINUTE / 60;
	struct cycles c = { .total = WARM_UP };
	char lost[160] = "";

	for (int i = 0; i < MODULES; i++)
		if (!find_module_file(g, module_names[i], c.files[i],
				      sizeof(c.files[i])))
			return false;
	if (!run_cycles(g, &c, WARM_UP))
		return false;
	for (int i = 0; i < ROUNDS; i++) {
		c.total += count;
		if (!measure_first(g, &before) || !run_cycles(g, &c, count) ||
		    !judge_growth(g, &before, count, lost, sizeof(lost)))
			return false;
		if (!lost[0])
			return true;
		ktap_diag(&g->ktap, "%s", lost);
	}
	return fail(g, "%s, and so it was before", lost);
}
