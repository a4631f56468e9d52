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

	msg->size = strlen(text);
	msg->text = kstrdup(text, GFP_KERNEL);
	if (!msg->text)
		goto out_free_msg;

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
 * Strings that lkp_message_get() returned are gone with it.
 *
 * Context: Any context, as for kfree().
 */
void lkp_message_destroy(struct lkp_message *msg)
{
	if (!msg)
		return;

	kfree(msg->text);
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
	size_t size = strlen(text);
	char *copy;

	copy = kstrdup(text, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;

	kfree(msg->text);
	msg->text = copy;
	msg->size = size;

	return 0;
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
	return msg->text;
}
