/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * measure.h - count the instructions of something, in a machine that does
 *
 * Under "-icount shift=0" the guest's clocks go on by one nanosecond with each
 * instruction, and so does what rdtsc reads. Of other architectures than x86, nobody
 * has looked for such a counter yet.
 */
#ifndef LKP_BENCH_MEASURE_H
#define LKP_BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <x86intrin.h>

#include "tools.h"

static inline uint64_t counter(void)
{
	return __rdtsc();
}

/*
 * Call fn, which returns whether it went well, repeatedly; the least of several
 * rounds is what it takes if no interrupt comes in between. Per call, and without
 * the loop itself. Negative if a call has failed.
 */
double measure(bool (*fn)(void *arg), void *arg, unsigned int calls,
	       unsigned int rounds);

/* A line for the table: which one, which column, what, and in which unit. */
void figure(const char *group, const char *row, const char *column,
	    const char *unit, double value);

/* What can be measured, each in a machine of its own. */
bool measure_counter(struct guest *g);
bool measure_transfers(struct guest *g);
bool measure_modules(struct guest *g);
bool measure_hits(struct guest *g);
bool measure_readers(struct guest *g);

#endif
