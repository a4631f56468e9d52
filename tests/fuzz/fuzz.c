// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz.c - what the fuzzers share: see fuzz.h
 */
#include "fuzz.h"

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "root.h"

static void fill(int fd, const uint8_t *data, size_t size)
{
	if (ftruncate(fd, 0) || pwrite(fd, data, size, 0) != (ssize_t)size)
		err(2, "the input");
}

int fuzz_file(const uint8_t *data, size_t size)
{
	int fd = memfd_create("input", MFD_CLOEXEC);

	if (fd < 0)
		err(2, "memfd_create");
	fill(fd, data, size);
	return fd;
}

/* In $TMPDIR, which whoever runs us removes: a fuzzer that has found something stops. */
static char dir[128];

/* "a/b/c" needs a and a/b. */
static void make_parents(const char *path)
{
	char parent[256];

	for (const char *p = path; (p = strchr(p, '/')); p++) {
		snprintf(parent, sizeof(parent), "%s/%.*s", dir,
			 (int)(p - path), path);
		mkdir(parent, 0755);
	}
}

static int make_root(void)
{
	snprintf(dir, sizeof(dir), "%s/root.XXXXXX", getenv("TMPDIR") ?: "/tmp");
	if (!mkdtemp(dir))
		err(2, "%s", dir);
	return root_open(dir);
}

int fuzz_root(const char *path, const uint8_t *data, size_t size)
{
	static int root = -1;
	char whole[256];
	int fd;

	if (root < 0)
		root = make_root();
	make_parents(path);
	snprintf(whole, sizeof(whole), "%s/%s", dir, path);
	fd = open(whole, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (root < 0 || fd < 0)
		err(2, "%s", whole);
	fill(fd, data, size);
	close(fd);
	return root;
}

void fuzz_expect(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}
