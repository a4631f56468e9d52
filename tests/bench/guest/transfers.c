// SPDX-License-Identifier: GPL-2.0-only
/*
 * transfers.c - what it takes to read and to write a message
 *
 * All by the same system calls: pread() and pwrite() at position 0. A message has
 * just as many bytes as are asked for.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "measure.h"

#define LARGEST (1 << 20)
#define HOSTNAME_MOST 64
#define SYSFS_MOST 4095

/* How often, so that most rounds end between two ticks of the timer. */
static const struct {
	size_t size;
	const char *name;
	unsigned int calls, rounds;
} sizes[] = {
	{ 1, "1 byte", 400, 20 },
	{ 64, "64 bytes", 400, 20 },
	{ 4096, "4096 bytes", 100, 20 },
	{ LARGEST, "1 MiB", 1, 20 },
};

enum fill {
	FILL_NONE,	/* reads without having been written to */
	FILL_TEXT,	/* has what was written last */
	FILL_LINE,	/* adds a newline to it */
};

static const struct peer {
	const char *name, *path;
	enum fill fill;
	size_t most;
} peers[] = {
	{ "/dev/lkp_example", "/dev/lkp_example", FILL_TEXT, LARGEST },
	{ "/dev/zero", "/dev/zero", FILL_NONE, LARGEST },
	/* What it reads is the end of the file: the call, and nothing more. */
	{ "/dev/null", "/dev/null", FILL_NONE, LARGEST },
	{ "a device with one mutex", "/dev/lkp_bench_mutex", FILL_TEXT, LARGEST },
	{ "an attribute in sysfs", "/sys/class/misc/lkp_bench_mutex/text",
	  FILL_TEXT, SYSFS_MOST },
	{ "/proc/sys/kernel/hostname", "/proc/sys/kernel/hostname", FILL_LINE,
	  HOSTNAME_MOST },
};

struct transfer {
	int fd;
	char *buf;
	size_t size;	/* to ask for */
	ssize_t result;	/* that is right */
};

static bool read_once(void *arg)
{
	struct transfer *t = arg;

	return pread(t->fd, t->buf, t->size, 0) == t->result;
}

static bool write_once(void *arg)
{
	struct transfer *t = arg;

	return pwrite(t->fd, t->buf, t->size, 0) == t->result;
}

/* An attribute has a byte less than a page, and is taken for one. */
static bool has_size(const struct peer *p, size_t size)
{
	return size <= p->most + 1;
}

static bool prepare(struct guest *g, const struct peer *p, struct transfer *t,
		    size_t size)
{
	t->fd = open(p->path, O_RDWR | O_CLOEXEC);
	if (t->fd < 0)
		return fail(g, "%s: %s", p->path, strerror(errno));
	t->size = size < p->most ? size : p->most;
	t->result = t->size;
	memset(t->buf, 'x', LARGEST);
	if (p->fill != FILL_NONE &&
	    pwrite(t->fd, t->buf, p->fill == FILL_LINE ? p->most - 1 : t->size,
		   0) < 0)
		return fail(g, "%s: write: %s", p->path, strerror(errno));
	return true;
}

static bool measure_one(struct guest *g, const struct peer *p, size_t i,
			bool write, char *buf)
{
	struct transfer t = { .buf = buf };
	double took;

	if (!prepare(g, p, &t, sizes[i].size))
		return false;
	if (!write && !strcmp(p->path, "/dev/null"))
		t.result = 0;
	took = measure(write ? write_once : read_once, &t, sizes[i].calls,
		       sizes[i].rounds);
	close(t.fd);
	if (took < 0)
		return fail(g, "%s: %s of %s: %s", p->path,
			    write ? "write" : "read", sizes[i].name,
			    strerror(errno));
	figure(write ? "write" : "read", p->name, sizes[i].name, "instructions",
	       took);
	return true;
}

bool measure_transfers(struct guest *g)
{
	char *buf = malloc(LARGEST);
	bool ok = buf && expect_run(g, 0, "", ARGV("modprobe", "-a",
						   "lkp_example",
						   "lkp_bench_mutex"));

	for (int write = 0; write < 2; write++)
		for (size_t p = 0; p < sizeof(peers) / sizeof(peers[0]); p++)
			for (size_t i = 0; ok && i < sizeof(sizes) /
							 sizeof(sizes[0]); i++)
				if (has_size(&peers[p], sizes[i].size))
					ok = measure_one(g, &peers[p], i, write,
							 buf);
	free(buf);
	return ok;
}
