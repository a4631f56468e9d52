/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * smoke_record.h - what the smoke test of a kernel has found
 */
#ifndef LKP_SMOKE_RECORD_H
#define LKP_SMOKE_RECORD_H

#include <stdbool.h>

/* The module that the smoke test is about. */
#define SMOKE_MODULE "lkp_example"

/**
 * struct smoke_record - what the smoke test of a kernel has found
 * @verdict: a word: PASS, FAIL, WARN, SKIP; STARTED if it has not ended
 * @reason: a sentence
 * @time: when, in UTC
 */
struct smoke_record {
	char verdict[16];
	char reason[512];
	char time[32];
};

bool smoke_record_read(struct smoke_record *r, int root, const char *release,
		       const char *module_path);

#endif
