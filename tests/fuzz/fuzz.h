/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuzz.h - what the fuzzers share: input as a file, and as a system's file
 */
#ifndef LKP_FUZZ_H
#define LKP_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A file in memory that holds the input. */
int fuzz_file(const uint8_t *data, size_t size);
/* A system, for root_open(), with one file; it stays for the next input. */
int fuzz_root(const char *path, const uint8_t *data, size_t size);

/* What does not hold ends the fuzzer, which then keeps the input. */
void fuzz_expect(bool holds, const char *what);

#endif
