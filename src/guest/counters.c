// SPDX-License-Identifier: GPL-2.0-only
/*
 * counters.c - what the kernel has handed out, counted by itself
 *
 * Objects in use of each slab cache, areas of vmalloc(), and the memory that
 * has no name: neither free nor a file's, a process's or a slab's. What is only
 * kept for later is given back before it is counted.
 */
#include "counters.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tools.h"

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

static struct counter *add(struct counters *counters, const char *name,
			   enum counted counted)
{
	struct counter *c = &counters->all[counters->count++];

	*c = (struct counter){ .counted = counted };
	snprintf(c->name, sizeof(c->name), "%s", name);
	return c;
}

/* The caches in /proc/slabinfo, which is read from its start. */
static bool read_slabinfo(struct guest *g, FILE *f, struct counters *counters)
{
	char line[512];

	rewind(f);
	counters->count = 0;
	while (fgets(line, sizeof(line), f)) {
		char name[40];
		long active;

		if (sscanf(line, "%39s %ld", name, &active) != 2)
			continue;
		if (counters->count == COUNTERS_MAX)
			break;
		add(counters, name, OBJECTS)->value = active;
	}
	return (counters->count > 20 && counters->count < COUNTERS_MAX - 2) ||
	       fail(g, "/proc/slabinfo has %zu caches", counters->count);
}

static int open_shrink(struct guest *g, const struct counter *c)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/sys/kernel/slab/%s/shrink", c->name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		fail(g, "%s: %s", path, strerror(errno));
	return fd;
}

/*
 * Have each cache give back what a processor has set aside. The kernel copies
 * what is written into memory of kmalloc(), and reads its first character: a
 * page of text is not from one of the small caches, which the modules use.
 */
static bool shrink(struct guest *g, const int *fds, size_t count)
{
	char text[4096];

	memset(text, ' ', sizeof(text));
	text[0] = '1';
	for (size_t i = 0; i < count; i++)
		if (pwrite(fds[i], text, sizeof(text), 0) != sizeof(text))
			return fail(g, "shrinking a slab cache: %s",
				    strerror(errno));
	return true;
}

/*
 * The kernel counts what a processor has set aside as if it were in use (one
 * object asked for, and it is a whole slab; since 6.18 a sheaf), so nothing may
 * ask for any between the shrinking and the count. All files are open by then,
 * and have been read. Not so .../objects of sysfs: to read it takes memory of
 * kmalloc(8). Twice: what the opening has set aside, and what is freed after a
 * grace period, is given back by the first time.
 */
static bool count_objects(struct guest *g, struct counters *counters)
{
	FILE *f = fopen("/proc/slabinfo", "re");
	int fds[COUNTERS_MAX];
	size_t opened;
	bool ok;

	if (!f)
		return fail(g, "/proc/slabinfo: %s", strerror(errno));
	ok = read_slabinfo(g, f, counters);
	for (opened = 0; ok && opened < counters->count; opened++) {
		fds[opened] = open_shrink(g, &counters->all[opened]);
		ok = fds[opened] >= 0;
	}
	ok = ok && shrink(g, fds, opened);
	settle();
	ok = ok && shrink(g, fds, opened) && read_slabinfo(g, f, counters);
	while (opened--)
		close(fds[opened]);
	fclose(f);
	return ok;
}

static bool count_areas(struct guest *g, struct counters *counters)
{
	FILE *f = fopen("/proc/vmallocinfo", "re");
	struct counter *c = add(counters, "vmalloc()", AREAS);
	char line[1024];

	if (!f)
		return fail(g, "/proc/vmallocinfo: %s", strerror(errno));
	/* Stacks of tasks are areas, too: they come and go by themselves. */
	while (fgets(line, sizeof(line), f))
		c->value += !strstr(line, "unpurged") &&
			    !strstr(line, "dup_task_struct") &&
			    !strstr(line, "copy_process") &&
			    !strstr(line, "kernel_clone");
	fclose(f);
	return c->value > 0 || fail(g, "/proc/vmallocinfo is empty");
}

/* Pages that a processor has set aside are free: since 6.7 tens of megabytes. */
static bool count_pages_aside(struct guest *g, long *pages)
{
	FILE *f = fopen("/proc/zoneinfo", "re");
	char line[256];
	long aside;

	if (!f)
		return fail(g, "/proc/zoneinfo: %s", strerror(errno));
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, " count: %ld", &aside) == 1)
			*pages += aside;
	fclose(f);
	return true;
}

/*
 * What is left of all memory without what is free and what has a name: it is
 * what somebody has from the page allocator itself, or in areas of vmalloc().
 */
static bool count_rest(struct guest *g, struct counters *counters)
{
	static const char *const named[] = {
		"MemFree", "Buffers", "Cached", "SwapCached", "AnonPages",
		"Slab", "KernelStack", "PageTables", "SecPageTables",
	};
	struct counter *c = add(counters, "the rest", KIBIBYTES);
	char line[256], refreshed[64];
	long pages = 0;
	FILE *f;

	/* A read adds up what each processor has counted for itself. */
	read_file("/proc/sys/vm/stat_refresh", refreshed, sizeof(refreshed));
	if (!count_pages_aside(g, &pages))
		return false;
	f = fopen("/proc/meminfo", "re");
	if (!f)
		return fail(g, "/proc/meminfo: %s", strerror(errno));
	while (fgets(line, sizeof(line), f)) {
		char name[40];
		long kib;

		if (sscanf(line, "%39[^:]: %ld", name, &kib) != 2)
			continue;
		if (!strcmp(name, "MemTotal"))
			c->value += kib;
		for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
			if (!strcmp(name, named[i]))
				c->value -= kib;
	}
	fclose(f);
	c->value -= pages * (sysconf(_SC_PAGESIZE) / 1024);
	return c->value > 0 ||
	       fail(g, "/proc/meminfo leaves %ld KiB without a name", c->value);
}

/**
 * counters_read() - count all there is
 * @g: the run
 * @counters: where to
 *
 * Return: false if the kernel does not tell, and the check has failed.
 */
bool counters_read(struct guest *g, struct counters *counters)
{
	return count_objects(g, counters) && count_areas(g, counters) &&
	       count_rest(g, counters);
}

/**
 * counters_read_again() - count once more, and keep the least of each
 * @g: the run
 * @counters: what was counted before
 *
 * What is more than the least passes by itself.
 *
 * Return: false if the kernel does not tell, and the check has failed.
 */
bool counters_read_again(struct guest *g, struct counters *counters)
{
	static struct counters now;

	if (!counters_read(g, &now))
		return false;
	for (size_t i = 0; i < now.count; i++) {
		const struct counter *c = counters_find(counters,
							now.all[i].name);

		if (c && c->value < now.all[i].value)
			now.all[i].value = c->value;
	}
	*counters = now;
	return true;
}

/** counters_find() - the counter of that name, or NULL */
const struct counter *counters_find(const struct counters *counters,
				    const char *name)
{
	for (size_t i = 0; i < counters->count; i++)
		if (!strcmp(counters->all[i].name, name))
			return &counters->all[i];
	return NULL;
}
