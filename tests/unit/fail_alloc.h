/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An allocator whose n-th allocation fails, for tests of how a program copes.
 *
 * It is put in place by the linker, around objects that know nothing of it:
 *	-Wl,--wrap=malloc,--wrap=strdup,--wrap=free
 *
 *	for (n = 1; ; n++) {
 *		fail_alloc_at(n);
 *		... the operation under test ...
 *		if (!fail_alloc_stop())
 *			break;
 *		... it failed: are the traces right? ...
 *	}
 *
 * A whole program is told by the environment: LKP_FAIL_ALLOC_AT=n.  When it
 * ends and has not freed everything, it says so on standard error.
 *
 * Allocations inside the C library are not concerned.  An allocator that is
 * not in the list above goes unseen at first, but its free() then makes
 * fail_alloc_live() wrong, which the tests notice.
 */
#ifndef _LKP_FAIL_ALLOC_H
#define _LKP_FAIL_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

void fail_alloc_at(unsigned long n);
bool fail_alloc_stop(void);
long fail_alloc_live(void);

/* The linker's names for the C library's functions, and for what replaces them. */
void *__real_malloc(size_t size);
char *__real_strdup(const char *text);
void __real_free(void *memory);

void *__wrap_malloc(size_t size);
char *__wrap_strdup(const char *text);
void __wrap_free(void *memory);

#endif /* _LKP_FAIL_ALLOC_H */
