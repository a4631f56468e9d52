/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The surroundings of message.c and snapshot.c: the few names that they take
 * from the kernel, and what they are in a user program.
 *
 * In user space the allocators are the C library's, called by their own
 * names.  So a test needs no hook here to make an allocation fail: it links
 * the objects with the linker's --wrap=malloc, and the object code under test
 * is the one that is shipped.
 */
#ifndef _LKP_MESSAGE_ENV_H
#define _LKP_MESSAGE_ENV_H

#ifdef __KERNEL__

#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kref.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>

#else /* user space */

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define u64			unsigned long long
#define gfp_t			unsigned int

/* How a caller may wait for memory: a user program always may. */
#define GFP_KERNEL	0u

/* No other processor polls the pointer that this keeps apart. */
#define ____cacheline_aligned_in_smp

#define READ_ONCE(x)		__atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, value)	__atomic_store_n(&(x), value, __ATOMIC_RELAXED)

#define container_of(member_pointer, type, member) \
	((type *)((char *)(member_pointer) - offsetof(type, member)))

static inline void *kmalloc(size_t size, gfp_t flags)
{
	(void)flags;
	return malloc(size);
}

static inline void kfree(void *memory)
{
	free(memory);
}

/* What is too large for the slab is no case of its own here. */
static inline void *kvmalloc(size_t size, gfp_t flags)
{
	return kmalloc(size, flags);
}

static inline void kvfree(void *memory)
{
	free(memory);
}

/* The kernel's also warns when the count is spoilt, and never wraps. */
struct kref {
	unsigned int count;
};

static inline void kref_init(struct kref *ref)
{
	ref->count = 1;
}

static inline void kref_get(struct kref *ref)
{
	__atomic_add_fetch(&ref->count, 1, __ATOMIC_RELAXED);
}

static inline int kref_put(struct kref *ref, void (*release)(struct kref *ref))
{
	if (__atomic_sub_fetch(&ref->count, 1, __ATOMIC_ACQ_REL))
		return 0;

	release(ref);
	return 1;
}

#endif /* __KERNEL__ */
#endif /* _LKP_MESSAGE_ENV_H */
