/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The message object: a string that somebody owns.
 *
 *	msg = lkp_message_create("hello");
 *	if (!msg)
 *		return -ENOMEM;
 *	ret = lkp_message_update(msg, "goodbye");
 *	...
 *	lkp_message_destroy(msg);
 *
 * The object knows of no device, no parameter and no file.  The same source
 * is compiled into the module and into a user program.  It does no locking:
 * whoever shares a message between contexts serialises the calls.  One
 * question is free of that: lkp_message_is_newest().
 */
#ifndef _LKP_MESSAGE_H
#define _LKP_MESSAGE_H

#include "message_env.h"
#include "snapshot.h"

/**
 * struct lkp_message - a string that changes
 * @newest: its present text, of which the message holds a reference; never
 *	    NULL
 *
 * Each read of the device looks at @newest, and few of them find it changed.
 * It has a cache line of its own, so that nothing else slows those down.
 */
struct lkp_message {
	struct lkp_snapshot *newest;
} ____cacheline_aligned_in_smp;

struct lkp_message *lkp_message_create(const char *text);
void lkp_message_destroy(struct lkp_message *msg);
int lkp_message_update(struct lkp_message *msg, const char *text);
struct lkp_snapshot *lkp_message_exchange(struct lkp_message *msg,
					  struct lkp_snapshot *snapshot);
const char *lkp_message_get(const struct lkp_message *msg);

/**
 * lkp_message_is_newest - is this snapshot still the present text?
 * @msg: the message
 * @snapshot: a snapshot of it, or NULL, which never is
 *
 * Compares addresses: as long as somebody holds @snapshot, no other one can
 * have its address.  So there is no lock to take and nothing to write.
 *
 * Context: Any context; the caller need not serialise this with others.
 * Return: whether it is.
 */
static inline bool lkp_message_is_newest(const struct lkp_message *msg,
					 const struct lkp_snapshot *snapshot)
{
	return READ_ONCE(msg->newest) == snapshot;
}

#endif /* _LKP_MESSAGE_H */
