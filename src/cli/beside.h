/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * beside.h - programs that are installed beside this one
 */
#ifndef LKP_BESIDE_H
#define LKP_BESIDE_H

#include <stdbool.h>
#include <stddef.h>

bool beside_us(char *path, size_t size, const char *name);

#endif
