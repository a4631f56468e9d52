/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * binary_number.h - numbers as a file has them
 */
#ifndef LKP_BINARY_NUMBER_H
#define LKP_BINARY_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

uint64_t binary_number(const void *at, size_t size, bool big_endian);

#endif
