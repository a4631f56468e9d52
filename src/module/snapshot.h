/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A snapshot: one text, which never changes once others can see it.
 *
 * Whoever holds a reference may read the text for as long as it wants, without
 * a lock, and sees one whole message: an update makes a new snapshot and never
 * touches an old one.
 *
 *	snapshot = lkp_snapshot_create("hello", 5, GFP_KERNEL);
 *	if (!snapshot)
 *		return -ENOMEM;
 *	...
 *	lkp_snapshot_put(snapshot);
 */
#ifndef _LKP_SNAPSHOT_H
#define _LKP_SNAPSHOT_H

#include "message_env.h"

/**
 * struct lkp_snapshot - an immutable text
 * @ref: counts who holds it; the last one to put it frees it
 * @generation: which text of its message this is: 1 for the first one
 * @size: length of @text without the terminating NUL
 * @text: the text, NUL-terminated
 */
struct lkp_snapshot {
	struct kref ref;
	u64 generation;
	size_t size;
	char text[];
};

struct lkp_snapshot *lkp_snapshot_alloc(size_t size, gfp_t flags);
struct lkp_snapshot *lkp_snapshot_create(const char *text, size_t size,
					 gfp_t flags);
struct lkp_snapshot *lkp_snapshot_get(struct lkp_snapshot *snapshot);
void lkp_snapshot_put(struct lkp_snapshot *snapshot);

#endif /* _LKP_SNAPSHOT_H */
