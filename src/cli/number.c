// SPDX-License-Identifier: GPL-2.0-only
/*
 * number.c - numbers that a user writes
 *
 * Digits and nothing else: strtoul() also takes blanks, signs and no digit.
 */
#include "number.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/**
 * number_parse() - understand a number
 * @value: the number; as it was if there is none
 * @text: what the user wrote
 * @least: the least that is accepted
 * @most: the greatest that is accepted
 *
 * Return: true if it is a number in that range.
 */
bool number_parse(unsigned long *value, const char *text, unsigned long least,
		  unsigned long most)
{
	unsigned long number;

	if (!*text || text[strspn(text, "0123456789")])
		return false;
	errno = 0;
	number = strtoul(text, NULL, 10);
	if (errno || number < least || number > most)
		return false;
	*value = number;
	return true;
}
