// SPDX-License-Identifier: GPL-2.0-only
/*
 * output.c - what a command prints on standard output
 */
#include "output.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failed(int error)
{
	if (error != EPIPE)
		warnx("standard output: %s", strerror(error));
	return -error;
}

/**
 * output_bytes() - print bytes as they are
 * @text: the bytes
 * @size: how many
 *
 * Return: as output_flush(), which is still to be called after a 0.
 */
int output_bytes(const char *text, size_t size)
{
	return fwrite(text, 1, size, stdout) == size ? 0 : failed(errno);
}

/**
 * output_flush() - write out what was printed
 *
 * Return: 0; -EPIPE when nobody reads it any more, which is for the caller to
 * judge; or another -errno, after a message.
 */
int output_flush(void)
{
	if (fflush(stdout))
		return failed(errno);
	/* An earlier write has failed, and its reason is not known any more. */
	return ferror(stdout) ? failed(EIO) : 0;
}

/**
 * output_json() - print an object as one line
 * @object: the object, which is the caller's no more; NULL: no memory for it
 *
 * Return: as output_flush(), or -ENOMEM after a message.
 */
int output_json(json_t *object)
{
	/* Enough for microseconds since the boot, and no digits of noise. */
	char *text = object ? json_dumps(object, JSON_REAL_PRECISION(15)) :
			      NULL;

	json_decref(object);
	if (!text) {
		warnx("there is no memory for the JSON object");
		return -ENOMEM;
	}
	puts(text);
	free(text);
	return output_flush();
}

/**
 * output_escaped() - print a text of others on one line, harmless to a terminal
 * @text: the text
 * @size: its length in bytes
 *
 * As in /dev/kmsg: control characters and the backslash become \xHH.
 */
void output_escaped(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char c = text[i];

		if (c < ' ' || c == 0x7f || c == '\\')
			printf("\\x%02x", c);
		else
			putchar(c);
	}
}
