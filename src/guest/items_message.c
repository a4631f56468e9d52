// SPDX-License-Identifier: GPL-2.0-only
/*
 * items_message.c - the message object: made, replaced, read, released, and
 * what the init function does when one of these fails
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "items.h"
#include "tools.h"
#include "uapi/lkp_example.h"

#define MODULE "lkp_example"
#define ATTRIBUTES "/sys/class/misc/lkp_example/"
#define PARAMETERS "/sys/module/lkp_example/parameters/"
/* Longer than the text of any test here but one. */
#define TEXT_SIZE 8192

/* The whole message as a new reader sees it, newlines included. */
static bool read_message(struct guest *g, char *buf, size_t size)
{
	int fd = open(DEVICE, O_RDONLY | O_CLOEXEC);
	size_t have = 0;
	ssize_t n;

	if (fd < 0)
		return fail(g, DEVICE ": %s", strerror(errno));
	/* Pieces of an odd size: a message is whole however it is read. */
	while ((n = read(fd, buf + have,
			 size - have < 1001 ? size - have : 1001)) > 0)
		have += n;
	if (n < 0)
		fail(g, "reading " DEVICE ": %s", strerror(errno));
	close(fd);
	if (!n && have == size)
		return fail(g, DEVICE " holds more than %zu bytes", size - 1);
	buf[have] = '\0';
	return !n;
}

/* Device, message, size and generation, which all have to agree. */
static bool expect_message(struct guest *g, const char *text,
			   unsigned int generation)
{
	char got[TEXT_SIZE], number[24];

	snprintf(number, sizeof(number), "%zu", strlen(text));
	if (!read_message(g, got, sizeof(got)) ||
	    !expect_text(g, DEVICE, got, text) ||
	    !expect_file(g, ATTRIBUTES "size", number))
		return false;
	snprintf(number, sizeof(number), "%u", generation);
	return expect_file(g, ATTRIBUTES "message", text) &&
	       expect_file(g, ATTRIBUTES "generation", number);
}

/* A module that is loaded by hand, and unloaded by hand. */
static bool check_kernel_module(struct guest *g)
{
	static const char *const greetings[] = { "hello", "goodbye", NULL };
	static const char *const farewell[] = { "hello", "goodbye",
						"Module exiting ...", NULL };

	return expect_run(g, 0, "", ARGV("modprobe", "--first-time", MODULE)) &&
	       expect_log(g, "lkp_example: goodbye") &&
	       expect_messages(g, greetings) &&
	       expect_run(g, 0, "", ARGV("rmmod", MODULE)) &&
	       expect_log(g, "lkp_example: Module exiting ...") &&
	       expect_messages(g, farewell) &&
	       expect_no_file(g, "/sys/module/" MODULE) &&
	       expect_no_file(g, DEVICE);
}

/* Created as "hello", updated once, and of the size of its text each time. */
static bool check_create(struct guest *g)
{
	static const size_t sizes[] = { 0, 1, 7, 100, 3000, 4094 };
	char text[TEXT_SIZE];

	if (!expect_message(g, "goodbye", 2))
		return false;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		memset(text, 'a' + i, sizes[i]);
		text[sizes[i]] = '\0';
		if (!expect_write(g, text, sizes[i], 0) ||
		    !expect_message(g, text, 3 + i))
			return false;
	}
	return true;
}

/* More than kmalloc() ever gives, so that it comes from vmalloc(). */
#define HUGE_SIZE (5 << 20)
#define CYCLES 30
#define SMALL_WRITES 40

/*
 * Whether functions of our modules have memory of vmalloc(): a huge text has
 * an area of its own, and, by the kernel, one for the list of its pages.
 */
static bool expect_areas(struct guest *g, bool wanted)
{
	FILE *f = fopen("/proc/vmallocinfo", "re");
	char line[1024];
	bool found = false;

	if (!f)
		return fail(g, "/proc/vmallocinfo: %s", strerror(errno));
	while (!found && fgets(line, sizeof(line), f))
		found = strstr(line, " lkp_");
	fclose(f);
	if (found && !wanted)
		return fail(g, "/proc/vmallocinfo: %s", line);
	if (!found && wanted)
		return fail(g, "/proc/vmallocinfo shows no huge text");
	return true;
}

/*
 * One life of the module. A small text comes from the slab, a large one from
 * whole pages, which count as slab, and a huge one from vmalloc().
 */
static bool live_and_die(struct guest *g, const char *path, const char *text)
{
	if (!expect_errno(g, "finit_module",
			  load_file(path, "max_size=5242880"), 0) ||
	    !expect_write(g, text, HUGE_SIZE, 0) ||
	    !expect_areas(g, true))
		return false;
	for (int i = 0; i < SMALL_WRITES; i++)
		if (!expect_write(g, text, 3000, 0))
			return false;
	return expect_areas(g, false) &&
	       expect_write(g, text, 1 << 20, 0) &&
	       expect_errno(g, "delete_module", unload(MODULE, 0), 0);
}

/* Many lives leave no more behind than one does. */
static bool expect_no_growth(struct guest *g, const char *name, long before,
			     long limit)
{
	long after = memory_kb(name);

	for (int i = 0; i < 50 && after - before > limit; i++) {
		usleep(100000);
		after = memory_kb(name);
	}
	ktap_diag(&g->ktap, "%s %ld KiB, then %ld KiB", name, before, after);
	if (before < 0 || after - before > limit)
		return fail(g, "%s %ld KiB before, %ld KiB after %d cycles",
			    name, before, after, CYCLES);
	return true;
}

static bool live_often(struct guest *g, const char *text)
{
	long areas, slab;
	char path[4096];

	/* The first life fills what the kernel keeps for the next one. */
	if (!find_module_file(g, MODULE, path, sizeof(path)) ||
	    !live_and_die(g, path, text))
		return false;
	areas = memory_kb("VmallocUsed:");
	slab = memory_kb("SUnreclaim:");
	for (int i = 0; i < CYCLES; i++)
		if (!live_and_die(g, path, text))
			return false;
	/* A quarter of what is lost with one text of a kind in each life. */
	return expect_no_growth(g, "VmallocUsed:", areas,
				CYCLES * (HUGE_SIZE >> 10) / 4) &&
	       expect_no_growth(g, "SUnreclaim:", slab,
				CYCLES * SMALL_WRITES + quarantine_kb());
}

/* What was taken is given back: the texts, and the structure around them. */
static bool check_destroy(struct guest *g)
{
	char *text = malloc(HUGE_SIZE);
	bool ok;

	if (!text)
		return fail(g, "no memory");
	memset(text, 'd', HUGE_SIZE);
	ok = live_often(g, text);
	free(text);
	return ok;
}

/* The process's own memory that a system call cannot use at all. */
static void *bad_pages(size_t size)
{
	void *pages = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			   -1, 0);

	return pages == MAP_FAILED ? NULL : pages;
}

/*
 * Every way in which an update can fail: too long, a NUL at the start, in the
 * middle and at the end, no memory behind the pointer, and only half of it.
 */
static bool fail_updates(struct guest *g, char *pages, size_t page)
{
	char *long_text = malloc(LKP_EXAMPLE_MESSAGE_MAX + 1);
	bool ok;

	if (!long_text)
		return fail(g, "no memory");
	memset(long_text, 'x', LKP_EXAMPLE_MESSAGE_MAX + 1);
	memset(pages, 'y', page);
	ok = expect_write(g, long_text, LKP_EXAMPLE_MESSAGE_MAX + 1,
			  EMSGSIZE) &&
	     expect_write(g, "\0ab", 3, EINVAL) &&
	     expect_write(g, "a\0b", 3, EINVAL) &&
	     expect_write(g, "ab\0", 3, EINVAL) &&
	     expect_write(g, pages + page, 5, EFAULT) &&
	     expect_write(g, pages + page - 5, 10, EFAULT) &&
	     expect_errno(g, "max_size=3", write_file(PARAMETERS "max_size",
						      "3"), 0) &&
	     expect_write(g, "four", 4, EMSGSIZE);
	free(long_text);
	return ok;
}

static bool check_update_fails(struct guest *g)
{
	size_t page = sysconf(_SC_PAGESIZE);
	char *pages = bad_pages(2 * page);
	bool ok;

	if (!pages || mprotect(pages, page, PROT_READ | PROT_WRITE))
		return fail(g, "mmap: %s", strerror(errno));
	ok = expect_write(g, "old", 3, 0) && expect_message(g, "old", 3) &&
	     fail_updates(g, pages, page) && expect_message(g, "old", 3) &&
	     expect_write(g, "new", 3, 0) && expect_message(g, "new", 4);
	munmap(pages, 2 * page);
	return ok;
}

/* What is read is what was written last, whoever asks, however long it is. */
static bool check_get(struct guest *g)
{
	static const char *const texts[] = {
		"salve", "", "two\nlines\n", "%s %d %n", "\377\200\001",
	};
	char text[TEXT_SIZE], start[TEXT_SIZE], got[TEXT_SIZE];
	size_t page = sysconf(_SC_PAGESIZE);

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!expect_write(g, texts[i], strlen(texts[i]), 0) ||
		    !expect_message(g, texts[i], 3 + i))
			return false;
	/* A file of sysfs has one page: text, newline, and room for a NUL. */
	memset(text, 'l', sizeof(text) - 2);
	text[sizeof(text) - 2] = '\0';
	snprintf(start, page - 1, "%s", text);
	return expect_write(g, text, sizeof(text) - 2, 0) &&
	       read_message(g, got, sizeof(got)) &&
	       expect_text(g, DEVICE, got, text) &&
	       read_file(ATTRIBUTES "message", got, sizeof(got)) &&
	       expect_text(g, ATTRIBUTES "message", got, start);
}

/* The level, 0 to 7, of the last record of the log with this text, or -1. */
static int level_of(int kmsg, const char *text)
{
	char record[8192];
	int level = -1;

	for (;;) {
		ssize_t n = read(kmsg, record, sizeof(record) - 1);
		char *start;

		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (n <= 0)
			return level;
		record[n] = '\0';
		/* "priority,sequence,time,flags;text", 8 of 16 is the level. */
		start = strchr(record, ';');
		if (!start)
			continue;
		start++;
		start[strcspn(start, "\n")] = '\0';
		if (!strcmp(start, text))
			level = strtol(record, NULL, 10) & 7;
	}
}

/* An init function that fails at this step leaves nothing behind. */
static bool fail_init(struct guest *g, char *parameter, const char *line)
{
	static const char *const left[] = {
		"/sys/module/" MODULE, DEVICE, "/sys/class/misc/lkp_example",
		"/sys/kernel/debug/lkp_example",
	};
	int kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	int level;

	if (kmsg < 0 || lseek(kmsg, 0, SEEK_END) < 0)
		return fail(g, "/dev/kmsg: %s", strerror(errno));
	if (!expect_run(g, 1, "Cannot allocate memory",
			ARGV("modprobe", MODULE, parameter))) {
		close(kmsg);
		return false;
	}
	level = level_of(kmsg, line);
	close(kmsg);
	if (level < 0)
		return fail(g, "the log has no line '%s'", line);
	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++)
		if (!expect_no_file(g, left[i]))
			return false;
	return expect_number(g, "the level of the line", level, 3);
}

static bool check_init_exits(struct guest *g)
{
	return fail_init(g, "fail=create",
			 "lkp_example: unable to allocate memory") &&
	       expect_no_log(g, "lkp_example: hello") &&
	       fail_init(g, "fail=update",
			 "lkp_example: unable to update") &&
	       expect_no_log(g, "lkp_example: goodbye") &&
	       fail_init(g, "fail=device",
			 "lkp_example: unable to register /dev/lkp_example: error -12") &&
	       expect_no_log(g, "lkp_example: Module exiting") &&
	       expect_run(g, 0, "", ARGV("modprobe", MODULE)) &&
	       expect_message(g, "goodbye", 2);
}

/* The -ENOMEM of the init function is the errno of the system call. */
static bool check_init_errno(struct guest *g)
{
	char path[4096];

	return find_module_file(g, MODULE, path, sizeof(path)) &&
	       expect_errno(g, "fail=create", load_file(path, "fail=create"),
			    ENOMEM) &&
	       expect_errno(g, "fail=update", load_file(path, "fail=update"),
			    ENOMEM) &&
	       expect_errno(g, "fail=device", load_file(path, "fail=device"),
			    ENOMEM) &&
	       expect_errno(g, "fail=none", load_file(path, "fail=none"), 0);
}

static const struct item items[] = {
	{ 65, "kernel_module", NULL, check_kernel_module, 0 },
	{ 66, "create", MODULE, check_create, 0 },
	{ 67, "destroy", NULL, check_destroy, 0 },
	{ 68, "update_fails", MODULE, check_update_fails, 0 },
	{ 69, "get", MODULE, check_get, 0 },
	{ 70, "init_exits", NULL, check_init_exits, 0 },
	{ 72, "init_errno", NULL, check_init_errno, 0 },
};

const struct item_list items_message = ITEM_LIST(items);
