// SPDX-License-Identifier: GPL-2.0-only
/*
 * lkp-example-user: in a user program, what the module does with a message
 * when it is loaded.
 *
 *	$ lkp-example-user
 *	hello
 *	goodbye
 *
 * Both are built from the same message.c; compare main() with the module's
 * init function.  The exit status is 0, or 1 with one line on standard error
 * that says what failed and why.
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "message.h"

int main(void)
{
	const char *failure;
	struct lkp_message *msg;
	int saved_errno;

	failure = "unable to allocate memory";
	msg = lkp_message_create("hello");
	if (!msg) {
		/* The only reason there is; errno may be lost in a clean-up. */
		errno = ENOMEM;
		goto out;
	}

	failure = "unable to write";
	if (puts(lkp_message_get(msg)) == EOF)
		goto out_destroy_message;

	failure = "unable to update";
	if (lkp_message_update(msg, "goodbye"))
		goto out_destroy_message;

	/* A full disk may not show until the buffer is written out. */
	failure = "unable to write";
	if (puts(lkp_message_get(msg)) == EOF || fclose(stdout) == EOF)
		goto out_destroy_message;

	failure = NULL;

out_destroy_message:
	/* free() may change errno, and err() is to report the failure's. */
	saved_errno = errno;
	lkp_message_destroy(msg);
	errno = saved_errno;
out:
	if (failure)
		err(EXIT_FAILURE, "%s", failure);

	return EXIT_SUCCESS;
}
