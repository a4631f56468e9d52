// SPDX-License-Identifier: GPL-2.0-only
/*
 * The allocator that fails on demand: see fail_alloc.h for its use.
 *
 * free() spoils errno here, as the C standard allows: a program that reports
 * the reason of a failure after it has cleaned up must have saved it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "fail_alloc.h"

static unsigned long countdown;	/* to the failure; 0: none is wanted */
static bool injected;
static long live;

/**
 * fail_alloc_at - let a later allocation fail
 * @n: 1 for the next one, 2 for the one after it; 0 for none
 *
 * Context: Not thread-safe.
 */
void fail_alloc_at(unsigned long n)
{
	countdown = n;
	injected = false;
}

/**
 * fail_alloc_stop - let allocations succeed again
 *
 * Context: Not thread-safe.
 * Return: true when an allocation was made to fail since fail_alloc_at().
 */
bool fail_alloc_stop(void)
{
	countdown = 0;
	return injected;
}

/**
 * fail_alloc_live - count the memory that is in use
 *
 * Context: Not thread-safe.
 * Return: the number of allocations which have not been freed.
 */
long fail_alloc_live(void)
{
	return live;
}

static bool fails_now(void)
{
	if (!countdown || --countdown)
		return false;

	injected = true;
	errno = ENOMEM;
	return true;
}

static void *counted(void *memory)
{
	if (memory)
		live++;
	return memory;
}

/**
 * __wrap_malloc - stand in for malloc()
 * @size: as for malloc()
 *
 * Context: Not thread-safe.
 * Return: memory, or NULL with errno set to ENOMEM.
 */
void *__wrap_malloc(size_t size)
{
	return fails_now() ? NULL : counted(__real_malloc(size));
}

/**
 * __wrap_strdup - stand in for strdup()
 * @text: as for strdup()
 *
 * Context: Not thread-safe.
 * Return: the copy, or NULL with errno set to ENOMEM.
 */
char *__wrap_strdup(const char *text)
{
	return fails_now() ? NULL : counted(__real_strdup(text));
}

/**
 * __wrap_free - stand in for free()
 * @memory: as for free()
 *
 * Context: Not thread-safe.
 */
void __wrap_free(void *memory)
{
	if (memory)
		live--;
	__real_free(memory);
	errno = 0;
}

__attribute__((constructor))
static void read_environment(void)
{
	const char *n = getenv("LKP_FAIL_ALLOC_AT");

	if (n)
		fail_alloc_at(strtoul(n, NULL, 10));
}

/* A leak that a stale pointer on the stack hides from other checkers shows. */
__attribute__((destructor))
static void report_leaks(void)
{
	if (live)
		fprintf(stderr, "%ld allocations were not freed\n", live);
}
