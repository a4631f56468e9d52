/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuzz.h - what the parts of the group fuzz share
 *
 *	fuzz.c		the checks: which calls are tried, and which are kept
 *	fuzz_calls.c	a call: of which kinds there are, and how it is made
 *	fuzz_trace.c	what of the modules a call has executed, by KCOV
 */
#ifndef LKP_GUEST_FUZZ_H
#define LKP_GUEST_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "checks.h"

#define FUZZ_CALLS 12
#define FUZZ_ARGUMENTS 3
/* Of a sequence as a text. */
#define FUZZ_TEXT (FUZZ_CALLS * 40)

/**
 * struct fuzz_call - a call, as the numbers of what is on lists
 * @kind: which call
 * @arguments: what it is given: see fuzz_calls.c
 */
struct fuzz_call {
	uint8_t kind;
	uint8_t arguments[FUZZ_ARGUMENTS];
};

/**
 * struct fuzz_sequence - calls, one after the other
 * @count: how many
 * @calls: these
 */
struct fuzz_sequence {
	unsigned int count;
	struct fuzz_call calls[FUZZ_CALLS];
};

/* fuzz_calls.c */
bool fuzz_calls_begin(struct guest *g);
void fuzz_call_random(struct fuzz_call *call, unsigned int *random);
void fuzz_call_change(struct fuzz_call *call, unsigned int *random);
bool fuzz_call_moves(const struct fuzz_call *call);
unsigned int fuzz_call_cost(const struct fuzz_call *call);
void fuzz_call_make(const struct fuzz_call *call);
bool fuzz_put_back(void);
void fuzz_print(char text[FUZZ_TEXT], const struct fuzz_sequence *sequence);
bool fuzz_parse(struct fuzz_sequence *sequence, const char *text);
void fuzz_describe(struct guest *g, const struct fuzz_sequence *sequence);

/* fuzz_trace.c */

/* How many places a call may come by; of one that comes by more, the rest is lost. */
#define FUZZ_TRACE (64 << 10)
/* Places have numbers below that; the modules have about six hundred. */
#define FUZZ_PLACES (1 << 12)

/**
 * struct fuzz_seen - which places have been executed until now
 * @count: how many
 * @places: of each number which place it is; 0: none
 */
struct fuzz_seen {
	unsigned int count;
	uint32_t places[FUZZ_PLACES];
};

/**
 * struct fuzz_places - where a call has been
 * @count: how many places
 * @places: their numbers, each once
 */
struct fuzz_places {
	unsigned int count;
	uint16_t places[FUZZ_PLACES];
};

bool fuzz_trace_begin(struct guest *g);
void fuzz_trace_find_modules(void);
void fuzz_trace_clear(void);
void fuzz_trace_take(struct fuzz_seen *seen, unsigned int kind, bool moved,
		     struct fuzz_places *places);

#endif
