/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kmsg.h - the kernel's log, from a point in time on
 */
#ifndef LKP_GUEST_KMSG_H
#define LKP_GUEST_KMSG_H

#include <stddef.h>

struct kmsg {
	int fd;		/* /dev/kmsg, non-blocking; -1 if it cannot be read */
	char *text;	/* the messages, one a line, without prefix */
	size_t size;
	size_t mark;	/* offset of what came since kmsg_mark() */
};

int kmsg_open(struct kmsg *log);
void kmsg_update(struct kmsg *log);
void kmsg_mark(struct kmsg *log);
const char *kmsg_since_mark(const struct kmsg *log);

#endif
