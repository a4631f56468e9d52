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
 * whoever shares a message between contexts serialises the calls.
 */
#ifndef _LKP_MESSAGE_H
#define _LKP_MESSAGE_H

#include "message_env.h"

/**
 * struct lkp_message - a string and its length
 * @text: the string, NUL-terminated, owned by the message; never NULL
 * @size: length of @text without the terminating NUL
 */
struct lkp_message {
	char *text;
	size_t size;
};

struct lkp_message *lkp_message_create(const char *text);
void lkp_message_destroy(struct lkp_message *msg);
int lkp_message_update(struct lkp_message *msg, const char *text);
const char *lkp_message_get(const struct lkp_message *msg);

#endif /* _LKP_MESSAGE_H */
