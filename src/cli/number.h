/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * number.h - numbers that a user writes
 */
#ifndef LKP_NUMBER_H
#define LKP_NUMBER_H

#include <stdbool.h>

bool number_parse(unsigned long *value, const char *text, unsigned long least,
		  unsigned long most);

#endif
