/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * result.h - what a verification came to
 */
#ifndef LKP_RESULT_H
#define LKP_RESULT_H

#include <jansson.h>
#include <stdbool.h>

#include "key.h"
#include "verdict.h"

/**
 * struct result - what a verification came to
 * @release: the kernel
 * @arch: its architecture; NULL if that is none that is known
 * @modules: names of the modules, ending in NULL
 * @checks: which ones were wanted
 * @guest_args: the arguments of process 1
 * @key: what the machine was given
 * @verdict: what is proven
 * @accel: how the machine was run
 * @seconds: how long it ran
 * @date: when it ended, in UTC; empty if no machine was run
 * @kept: it is an earlier one, from the store
 */
struct result {
	const char *release;
	const struct architecture *arch;
	char *const *modules;
	const char *checks;
	const char *guest_args;
	char key[KEY_SIZE];
	struct verdict verdict;
	enum vm_accel accel;
	double seconds;
	char date[sizeof("2026-01-01T00:00:00Z")];
	bool kept;
};

void result_set_date(struct result *r);
const char *result_verdict_name(const struct result *r);
json_t *result_to_json(const struct result *r);
bool result_from_json(struct result *r, json_t *json, const char **why);
void result_print(const struct result *r, const char *proven);

#endif
