// SPDX-License-Identifier: GPL-2.0-only
/*
 * kmsg.c - the kernel's log, from a point in time on
 *
 * /dev/kmsg gives one record a read(): "level,sequence,time,flags;text\n",
 * then lines of details that begin with a space
 * (Documentation/ABI/testing/dev-kmsg).
 */
#include "kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/**
 * kmsg_open() - begin to follow the log; what it holds by now counts as old
 * @log: the log
 *
 * Return: 0, or -errno of open() on /dev/kmsg.
 */
int kmsg_open(struct kmsg *log)
{
	*log = (struct kmsg){ .fd = -1 };
	log->text = calloc(1, 1);
	if (!log->text)
		return -ENOMEM;
	log->fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (log->fd < 0)
		return -errno;
	kmsg_update(log);
	kmsg_mark(log);
	return 0;
}

static void append_line(struct kmsg *log, const char *text, size_t len)
{
	char *grown = realloc(log->text, log->size + len + 2);

	if (!grown)
		return;	/* a lost line makes a check fail, never pass */
	memcpy(grown + log->size, text, len);
	log->text = grown;
	log->size += len;
	log->text[log->size++] = '\n';
	log->text[log->size] = '\0';
}

/**
 * kmsg_update() - read what has been logged since the last call
 * @log: the log
 */
void kmsg_update(struct kmsg *log)
{
	char record[8192];
	ssize_t n;

	for (;;) {
		const char *text;

		n = read(log->fd, record, sizeof(record) - 1);
		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue;	/* EPIPE: overwritten, go on behind */
		if (n <= 0)
			return;
		record[n] = '\0';
		text = strchr(record, ';');
		if (text)
			append_line(log, text + 1, strcspn(text + 1, "\n"));
	}
}

/**
 * kmsg_mark() - set the point in time
 * @log: the log, up to date
 */
void kmsg_mark(struct kmsg *log)
{
	log->mark = log->size;
}

/**
 * kmsg_since_mark() - the messages since kmsg_mark()
 * @log: the log
 *
 * Return: lines that end in a newline; valid until the next kmsg_update().
 */
const char *kmsg_since_mark(const struct kmsg *log)
{
	return log->text + log->mark;
}
