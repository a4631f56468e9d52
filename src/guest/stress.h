/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stress.h - what the checks of the group stress share
 */
#ifndef LKP_GUEST_STRESS_H
#define LKP_GUEST_STRESS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "checks.h"

long long stress_now_ms(void);
unsigned int stress_random(unsigned int *state, unsigned int below);

/* The body of check_readers_writers(), for other things to go on beside it. */
bool stress_traffic(struct guest *g);

/* The checks (stress_traffic.c, stress_wakeups.c, stress_cycles.c). */
bool check_readers_writers(struct guest *g);
bool check_wakeups(struct guest *g);
bool check_load_unload_cycles(struct guest *g);

/**
 * struct complaint - the first fault that any of many processes has found
 * @state: 0 none, 1 being written, 2 there
 * @text: what it is
 *
 * It lies in memory that the processes share.
 */
struct complaint {
	atomic_int state;
	char text[240];
};

bool complain(struct complaint *complaint, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool check_complaint(struct guest *g, const struct complaint *complaint);
void *shared_alloc(size_t size);

#endif
