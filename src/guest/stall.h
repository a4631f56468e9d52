/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stall.h - let the kernel stand still in the middle of a copy
 *
 * The buffer is a page that is not there until we say so: whoever copies from
 * it or to it waits for that, with whatever locks it holds.
 */
#ifndef LKP_GUEST_STALL_H
#define LKP_GUEST_STALL_H

#include <stddef.h>

#include "checks.h"

struct stall {
	int fd;
	char *buf;
	size_t size;
};

bool stall_make(struct guest *g, struct stall *s);
bool stall_await(struct guest *g, struct stall *s);
void stall_end(struct stall *s, char fill);
void stall_free(struct stall *s);

#endif
