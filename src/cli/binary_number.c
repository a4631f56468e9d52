// SPDX-License-Identifier: GPL-2.0-only
/*
 * binary_number.c - numbers as a file has them
 */
#include "binary_number.h"

/**
 * binary_number() - read a number, which may stand anywhere
 * @at: its bytes
 * @size: how many, at most 8
 * @big_endian: whether the first one is the one that counts most
 *
 * Return: the number.
 */
uint64_t binary_number(const void *at, size_t size, bool big_endian)
{
	const unsigned char *bytes = at;
	uint64_t value = 0;

	for (size_t i = 0; i < size; i++)
		value = value << 8 | bytes[big_endian ? i : size - 1 - i];
	return value;
}
