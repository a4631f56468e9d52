// SPDX-License-Identifier: GPL-2.0-only
/*
 * stress.c - the group stress: what its checks have in common, and their list
 *
 * Each goes on for the seconds of --stress-seconds and says now and then how
 * far it is: a machine that says nothing for long is taken for dead.
 */
#include "stress.h"

#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>

#include "items.h"
#include "tools.h"

/** stress_now_ms() - milliseconds of a clock that only goes forward */
long long stress_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

/**
 * stress_random() - a number that looks random, and is the same in each run
 * @state: of the generator; any seed but 0
 * @below: the end of the range
 *
 * Return: 0 to @below - 1.
 */
unsigned int stress_random(unsigned int *state, unsigned int below)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state % below;
}

/**
 * complain() - say what is wrong, from whichever process
 * @complaint: in shared memory; the first one counts
 * @fmt: printf() format of the reason
 *
 * Return: false.
 */
bool complain(struct complaint *complaint, const char *fmt, ...)
{
	int none = 0;
	va_list ap;

	if (!atomic_compare_exchange_strong(&complaint->state, &none, 1))
		return false;
	va_start(ap, fmt);
	vsnprintf(complaint->text, sizeof(complaint->text), fmt, ap);
	va_end(ap);
	atomic_store(&complaint->state, 2);
	return false;
}

/** check_complaint() - the check fails if anybody has complained */
bool check_complaint(struct guest *g, const struct complaint *complaint)
{
	switch (atomic_load(&complaint->state)) {
	case 0:
		return true;
	case 1:
		return fail(g, "a process ended while it said what is wrong");
	default:
		return fail(g, "%s", complaint->text);
	}
}

/**
 * shared_alloc() - memory that this process shares with its children
 * @size: in bytes
 *
 * Return: the memory, all zero, for munmap(); NULL when there is none.
 */
void *shared_alloc(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

static const struct item items[] = {
	{ 0, "readers_writers", "lkp_example", check_readers_writers, 0 },
	{ 0, "wakeups", "lkp_example", check_wakeups, 0 },
	{ 0, "load_unload_cycles", NULL, check_load_unload_cycles, VM_ONLY },
};

const struct item_list checks_stress = ITEM_LIST(items);
