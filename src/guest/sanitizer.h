/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sanitizer.h - what the checks of the group sanitizer share
 *
 * They are for a debug kernel (tests/sanitizer/config): it says in its log what a
 * usual one does not notice, and lists memory that nobody points to any more.
 */
#ifndef LKP_GUEST_SANITIZER_H
#define LKP_GUEST_SANITIZER_H

#include <stdbool.h>

#include "checks.h"

bool sanitizer_begin(struct guest *g, bool stop_at_reports);
bool sanitizer_quiet(struct guest *g);
bool sanitizer_is_report(const char *line);
bool sanitizer_no_leak(struct guest *g, const char *when);

/* The checks: sanitizer_NAME.c. */
bool check_everything(struct guest *g);
bool check_parameter_sweep(struct guest *g);
bool check_memory_device(struct guest *g);
bool check_memory_probe(struct guest *g);
bool check_memory_load(struct guest *g);
bool check_calls(struct guest *g);
bool check_probe_input(struct guest *g);
bool check_probe_shared(struct guest *g);
bool check_attacker_denied(struct guest *g);
bool check_attacker_member(struct guest *g);
bool check_attacker_holds(struct guest *g);

#endif
