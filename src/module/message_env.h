/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The surroundings of message.c: the few names that it takes from the kernel,
 * and what they are in a user program.
 *
 * In user space the allocators are the C library's, called by their own
 * names.  So a test needs no hook here to make an allocation fail: it links
 * message.o with the linker's --wrap=malloc, and the object code under test
 * is the one that is shipped.
 */
#ifndef _LKP_MESSAGE_ENV_H
#define _LKP_MESSAGE_ENV_H

#ifdef __KERNEL__

#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>

#else /* user space */

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* How a caller may wait for memory: a user program always may. */
#define GFP_KERNEL	0u

static inline void *kmalloc(size_t size, unsigned int flags)
{
	(void)flags;
	return malloc(size);
}

static inline char *kstrdup(const char *text, unsigned int flags)
{
	(void)flags;
	return strdup(text);
}

static inline void kfree(void *memory)
{
	free(memory);
}

#endif /* __KERNEL__ */
#endif /* _LKP_MESSAGE_ENV_H */
