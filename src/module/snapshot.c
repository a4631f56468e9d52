// SPDX-License-Identifier: GPL-2.0-only
/*
 * Snapshots: see snapshot.h for what they are and how they are used.
 */
#include "snapshot.h"

/**
 * lkp_snapshot_alloc - make a snapshot whose text is still to be filled in
 * @size: length of the text
 * @flags: as for kvmalloc(); GFP_KERNEL_ACCOUNT for a text that a user sends
 *
 * A small snapshot comes from the slab, a large one from vmalloc().
 *
 * Context: Process context. May sleep.
 * Return: the snapshot with one reference, which is the caller's. The text is
 *	   terminated, and otherwise not initialised. NULL when there is no
 *	   memory.
 */
struct lkp_snapshot *lkp_snapshot_alloc(size_t size, gfp_t flags)
{
	struct lkp_snapshot *snapshot;

	if (size > SIZE_MAX - sizeof(*snapshot) - 1)
		return NULL;

	snapshot = kvmalloc(sizeof(*snapshot) + size + 1, flags);
	if (!snapshot)
		return NULL;

	kref_init(&snapshot->ref);
	snapshot->generation = 0;
	snapshot->size = size;
	snapshot->text[size] = '\0';

	return snapshot;
}

/**
 * lkp_snapshot_create - make a snapshot of a text
 * @text: the text; the caller keeps it
 * @size: its length
 * @flags: as for kvmalloc()
 *
 * Context: Process context. May sleep.
 * Return: the snapshot with one reference, which is the caller's, or NULL when
 *	   there is no memory.
 */
struct lkp_snapshot *lkp_snapshot_create(const char *text, size_t size,
					 gfp_t flags)
{
	struct lkp_snapshot *snapshot;

	snapshot = lkp_snapshot_alloc(size, flags);
	if (snapshot)
		memcpy(snapshot->text, text, size);

	return snapshot;
}

/**
 * lkp_snapshot_get - take one more reference
 * @snapshot: a snapshot of which the caller, or a lock it holds, keeps one
 *
 * Context: Any context.
 * Return: @snapshot.
 */
struct lkp_snapshot *lkp_snapshot_get(struct lkp_snapshot *snapshot)
{
	kref_get(&snapshot->ref);

	return snapshot;
}

static void lkp_snapshot_release(struct kref *ref)
{
	kvfree(container_of(ref, struct lkp_snapshot, ref));
}

/**
 * lkp_snapshot_put - give a reference back
 * @snapshot: the snapshot, or NULL, which is left alone as kfree() does
 *
 * Context: Process context, not under a spinlock: vfree() may sleep.
 */
void lkp_snapshot_put(struct lkp_snapshot *snapshot)
{
	if (snapshot)
		kref_put(&snapshot->ref, lkp_snapshot_release);
}
