// SPDX-License-Identifier: GPL-2.0-only
/*
 * The message object: see message.h for what it is and how it is used.
 *
 * Two layers of memory are taken, the structure and its text, and each is
 * released on every path.  In a program that ends soon a leak is bad style;
 * in the kernel it stays until the next boot.
 */
#include "message.h"

/**
 * lkp_message_create - make a message that holds a copy of a string
 * @text: the string; the caller keeps it
 *
 * Context: Process context. May sleep.
 * Return: the message, which the caller gives to lkp_message_destroy() in the
 *	   end, or NULL when there is no memory.
 */
struct lkp_message *lkp_message_create(const char *text)
{
	struct lkp_message *msg;

	msg = kmalloc(sizeof(*msg), GFP_KERNEL);
	if (!msg)
		goto out;

	msg->newest = lkp_snapshot_create(text, strlen(text), GFP_KERNEL);
	if (!msg->newest)
		goto out_free_msg;

	msg->newest->generation = 1;
	return msg;

out_free_msg:
	kfree(msg);
out:
	return NULL;
}

/**
 * lkp_message_destroy - release a message and its text
 * @msg: the message, or NULL, which is left alone as kfree() does
 *
 * Strings that lkp_message_get() returned are gone with it; snapshots that
 * somebody else holds are not.
 *
 * Context: Process context. May sleep.
 */
void lkp_message_destroy(struct lkp_message *msg)
{
	if (!msg)
		return;

	lkp_snapshot_put(msg->newest);
	kfree(msg);
}

/**
 * lkp_message_update - replace the text of a message
 * @msg: the message
 * @text: the new text, copied; it may be @msg's own
 *
 * The copy is made before the old text is released, so that a failure leaves
 * the message as it was.
 *
 * Context: Process context. May sleep.
 * Return: 0, or -ENOMEM when there is no memory for the copy.
 */
int lkp_message_update(struct lkp_message *msg, const char *text)
{
	struct lkp_snapshot *copy;

	copy = lkp_snapshot_create(text, strlen(text), GFP_KERNEL);
	if (!copy)
		return -ENOMEM;

	lkp_snapshot_put(lkp_message_exchange(msg, copy));

	return 0;
}

/**
 * lkp_message_exchange - replace the text of a message by one that is prepared
 * @msg: the message
 * @snapshot: the new text, filled in; the message takes the caller's reference
 *
 * Cannot fail, and neither allocates nor frees: what may sleep comes before
 * and after.
 *
 * Context: Any context, serialised with other calls for @msg.
 * Return: the old text, with the message's reference, which is now the
 *	   caller's.
 */
struct lkp_snapshot *lkp_message_exchange(struct lkp_message *msg,
					  struct lkp_snapshot *snapshot)
{
	struct lkp_snapshot *old = msg->newest;

	snapshot->generation = old->generation + 1;
	WRITE_ONCE(msg->newest, snapshot);

	return old;
}

/**
 * lkp_message_get - look at the text of a message
 * @msg: the message
 *
 * Context: Any context.
 * Return: the text, valid until the next lkp_message_update() or
 *	   lkp_message_destroy(). The message still owns it.
 */
const char *lkp_message_get(const struct lkp_message *msg)
{
	return msg->newest->text;
}
