// SPDX-License-Identifier: GPL-2.0-only
/*
 * coverage.c - the group coverage: what has been executed of the modules
 *
 * Modules that are built with GCOV_PROFILE=y count how often each part of them is
 * executed, and the kernel keeps the counts when they are unloaded. Here they are
 * put into the report, a file a line:
 *
 *	# gcov: PATH BASE64
 *
 * It is the last group, so that all that the others have done is in it.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "items.h"
#include "tools.h"

#define COUNTERS "/sys/kernel/debug/gcov"
/* Of the largest source there are some kilobytes. */
#define SIZE_MOST (256 << 10)

static struct {
	struct guest *guest;
	unsigned int files;
	char data[SIZE_MOST];
	char text[SIZE_MOST / 3 * 4 + 8];
} coverage;

static void encode(char *text, const unsigned char *data, size_t size)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (; size; data += 3) {
		unsigned int n = data[0] << 16;

		if (size > 1)
			n |= data[1] << 8;
		if (size > 2)
			n |= data[2];
		*text++ = digits[n >> 18];
		*text++ = digits[n >> 12 & 63];
		*text++ = size > 1 ? digits[n >> 6 & 63] : '=';
		*text++ = size > 2 ? digits[n & 63] : '=';
		size -= size > 2 ? 3 : size;
	}
	*text = '\0';
}

/* All of a file, whose size is not known before. */
static ssize_t read_all(const char *path, char *data, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t done = 0;
	ssize_t n = -1;

	if (fd < 0)
		return -1;
	while (done < size && (n = read(fd, data + done, size - done)) > 0)
		done += n;
	close(fd);
	return n ? -1 : (ssize_t)done;
}

static int visit(const char *path, const struct stat *st, int type,
		 struct FTW *where)
{
	size_t len = strlen(path);
	ssize_t size;

	(void)st;
	(void)where;
	if (type != FTW_F || len < 5 || strcmp(path + len - 5, ".gcda"))
		return 0;
	size = read_all(path, coverage.data, sizeof(coverage.data));
	if (size <= 0) {
		fail(coverage.guest, "%s cannot be read: %s", path,
		     strerror(errno));
		return 1;
	}
	encode(coverage.text, (const unsigned char *)coverage.data, size);
	ktap_diag(&coverage.guest->ktap, "gcov: %s %s",
		  path + strlen(COUNTERS), coverage.text);
	coverage.files++;
	return 0;
}

static bool check_gcov(struct guest *g)
{
	coverage.guest = g;
	coverage.files = 0;
	if (nftw(COUNTERS, visit, 8, FTW_PHYS))
		return fail(g, COUNTERS ": %s", strerror(errno));
	return coverage.files ||
	       fail(g, "nothing has been counted: no module has GCOV_PROFILE=y");
}

static const struct item items[] = {
	{ 0, "gcov", NULL, check_gcov, VM_ONLY | TAINTS },
};

const struct item_list checks_coverage = ITEM_LIST(items);
