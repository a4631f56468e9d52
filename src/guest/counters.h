/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * counters.h - what the kernel has handed out, counted by itself
 */
#ifndef LKP_GUEST_COUNTERS_H
#define LKP_GUEST_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>

#include "checks.h"

#define COUNTERS_MAX 512

enum counted { OBJECTS, AREAS, KIBIBYTES };

/**
 * struct counter - one of the kernel's counters
 * @name: a slab cache, "vmalloc()" or "the rest"
 * @counted: what @value is a number of
 * @value: how many of them are in use
 */
struct counter {
	char name[40];
	enum counted counted;
	long value;
};

struct counters {
	struct counter all[COUNTERS_MAX];
	size_t count;
};

bool counters_read(struct guest *g, struct counters *counters);
bool counters_read_again(struct guest *g, struct counters *counters);
const struct counter *counters_find(const struct counters *counters,
				    const char *name);

#endif
