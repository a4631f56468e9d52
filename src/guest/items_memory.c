// SPDX-License-Identifier: GPL-2.0-only
/*
 * items_memory.c - memory in the kernel: where it comes from, how much of it
 * there is, and that it is given back
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inspect.h"
#include "items.h"
#include "tools.h"

#define MODULE "lkp_example"
#define DEBUGFS "/sys/kernel/debug/" MODULE "/"
/* More than kmalloc() gives, and so from vmalloc(). */
#define MESSAGE_SIZE (5 << 20)
#define HUGE_PAGE (2 << 20)

/* A file of debugfs, as text; skipped where the kernel has no debugfs. */
static bool read_demo(struct guest *g, const char *name, char *text,
		      size_t size)
{
	char path[128];

	if (kernel_option("CONFIG_DEBUG_FS") == 'n')
		return skip(g, "CONFIG_DEBUG_FS is not set");
	snprintf(path, sizeof(path), DEBUGFS "%s", name);
	if (!read_file(path, text, size))
		return fail(g, "%s: %s", path, strerror(errno));
	ktap_text(&g->ktap, name, text);
	return true;
}

/* The number that stands in a line "KEY NUMBER..." or "KEY: NUMBER...". */
static bool find_number(struct guest *g, const char *text, const char *key,
			long long *number)
{
	const char *found = strstr(text, key);

	if (!found)
		return fail(g, "there is no line '%s': %.200s", key, text);
	*number = strtoll(found + strlen(key), NULL, 10);
	return true;
}

static bool available_kb(struct guest *g, long long *kb)
{
	char text[4096];

	return (read_file("/proc/meminfo", text, sizeof(text)) ||
		fail(g, "/proc/meminfo: %s", strerror(errno))) &&
	       find_number(g, text, "MemAvailable:", kb);
}

/* Each read takes 8 MiB; were they not given back, 160 MiB would be gone. */
static bool check_kmalloc(struct guest *g)
{
	long long before, after;
	char text[1024];

	if (!read_demo(g, "memory", text, sizeof(text)))
		return false;
	if (g->skip[0])
		return true;
	if (!expect_contains(g, "memory", text, "kmalloc 4194304: ok\n") ||
	    !available_kb(g, &before))
		return false;
	for (int i = 0; i < 20; i++)
		if (!read_file(DEBUGFS "memory", text, sizeof(text)))
			return fail(g, DEBUGFS "memory: %s", strerror(errno));
	if (!available_kb(g, &after))
		return false;
	ktap_diag(&g->ktap, "available: %lld kB, then %lld kB", before, after);
	if (after < before - 40 * 1024)
		return fail(g, "%lld kB are not given back", before - after);
	return true;
}

/* 4 MiB where pages have 4 KiB; one byte more is refused, without a warning. */
static bool check_kmalloc_limit(struct guest *g)
{
	char text[1024];

	return read_demo(g, "memory", text, sizeof(text)) &&
	       (g->skip[0] ||
		(expect_contains(g, "memory", text, "kmalloc 4194304: ok\n") &&
		 expect_contains(g, "memory", text, "kmalloc 4194305: NULL\n")));
}

static bool check_atomic(struct guest *g)
{
	char text[1024];

	if (!read_demo(g, "timer", text, sizeof(text)) || g->skip[0])
		return g->skip[0];
	return expect_text(g, "timer", text,
			   "in_task 0\nGFP_ATOMIC allocation ok") &&
	       expect_contains(g, "the log", log_text(g),
			       MODULE ": timer: in_task 0, interrupted ") &&
	       expect_contains(g, "the log", log_text(g),
			       ", GFP_ATOMIC allocation ok\n");
}

static bool check_zeroed(struct guest *g)
{
	char text[1024];

	return read_demo(g, "memory", text, sizeof(text)) &&
	       (g->skip[0] || expect_contains(g, "memory", text,
					      "kzalloc 1000: all zero\n"));
}

/* What kmalloc() refuses; from pages that need not be neighbours. */
static bool check_vmalloc(struct guest *g)
{
	static const char line[] = "vmalloc 4194305: ok, 1025 pages with ";
	long long gaps;
	char text[1024];

	if (!read_demo(g, "memory", text, sizeof(text)) || g->skip[0])
		return g->skip[0];
	if (!find_number(g, text, line, &gaps))
		return false;
	return (gaps >= 1 && gaps <= 1024) ||
	       fail(g, "%lld gaps between 1025 pages", gaps);
}

static bool check_page(struct guest *g)
{
	char line[64], text[1024];

	snprintf(line, sizeof(line), "__get_free_page %ld: ok\n",
		 sysconf(_SC_PAGESIZE));
	return read_demo(g, "memory", text, sizeof(text)) &&
	       (g->skip[0] || expect_contains(g, "memory", text, line));
}

/* String functions are the kernel's, and their names the C library's. */
static bool check_string(struct guest *g)
{
	struct command cmd;
	char path[256];

	return expect_file(g, "/sys/class/misc/" MODULE "/size", "7") &&
	       find_module_file(g, MODULE, path, sizeof(path)) &&
	       binutils(g, &cmd, "nm -u", path, " U (strlen|strnlen|(__asan_)?memcpy)$") &&
	       /* That is an instruction of s390x. */
	       (on_machine("s390x") ||
		expect_contains(g, "nm", cmd.output, " U strlen\n")) &&
	       expect_contains(g, "nm", cmd.output, " U strnlen\n") &&
	       expect_contains(g, "nm", cmd.output, "memcpy\n") &&
	       expect_write(g, "salve", 5, 0) &&
	       expect_file(g, "/sys/class/misc/" MODULE "/size", "5");
}

/*
 * How many areas of this size there are, by the kernel's list of lines such as
 * "0x...-0x...  5251072 lkp_snapshot_alloc+0x1f/0x50 [...] ...". The name of who
 * has taken it is only as good as the module is loaded: size must do. It is
 * rounded up to huge pages where the kernel maps by those. "unpurged" is free.
 */
static int count_areas(void)
{
	FILE *f = fopen("/proc/vmallocinfo", "re");
	char line[512];
	int count = 0;

	while (f && fgets(line, sizeof(line), f)) {
		unsigned long size;

		count += sscanf(line, "%*s %lu", &size) == 1 &&
			 size > MESSAGE_SIZE &&
			 size < MESSAGE_SIZE + HUGE_PAGE &&
			 !strstr(line, "unpurged");
	}
	if (f)
		fclose(f);
	return f ? count : -1;
}

/*
 * What is not given back is lost until the next boot. A large message shows in
 * the kernel's list of areas, once: the old one goes with its last reader.
 */
static bool check_leaks(struct guest *g)
{
	char *text = malloc(MESSAGE_SIZE);
	bool ok;

	if (!text)
		return fail(g, "out of memory");
	memset(text, 'x', MESSAGE_SIZE);
	ok = expect_errno(g, "max_size",
			  write_file("/sys/module/" MODULE
				     "/parameters/max_size", "8388608"), 0) &&
	     expect_number(g, "areas at first", count_areas(), 0) &&
	     expect_write(g, text, MESSAGE_SIZE, 0) &&
	     expect_number(g, "areas with a large message", count_areas(), 1);
	for (int i = 0; ok && i < 5; i++)
		ok = expect_write(g, text, MESSAGE_SIZE, 0);
	ok = ok && expect_number(g, "areas after five more", count_areas(), 1) &&
	     expect_errno(g, "rmmod", unload(MODULE, 0), 0) &&
	     expect_number(g, "areas after unloading", count_areas(), 0);
	free(text);
	return ok;
}

static const struct item items[] = {
	{ 55, "kmalloc_kfree", MODULE, check_kmalloc, 0 },
	{ 56, "kmalloc_limit", MODULE, check_kmalloc_limit, 0 },
	{ 57, "gfp_atomic", MODULE, check_atomic, 0 },
	{ 58, "zeroed_memory", MODULE, check_zeroed, 0 },
	{ 59, "vmalloc", MODULE, check_vmalloc, 0 },
	{ 60, "get_free_page", MODULE, check_page, 0 },
	{ 61, "string_functions", MODULE, check_string, 0 },
	{ 62, "leaks", MODULE, check_leaks, 0 },
};

const struct item_list items_memory = ITEM_LIST(items);
