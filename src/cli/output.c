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
#include <unistd.h>

#include "commands.h"

/* The errno of the first write that failed; nobody hears of another one. */
static int failure;

static int failed(int error)
{
	if (failure)
		return -failure;
	failure = error;
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
 * judge; or another -errno, after a message, which only the first one has.
 */
int output_flush(void)
{
	if (fflush(stdout))
		return failed(errno);
	/* A write before has failed that was not ours: nobody kept its reason. */
	return ferror(stdout) ? failed(EIO) : 0;
}

/* What no command has written out before, as its --help. */
static void write_out(void)
{
	int ret = failure ? 0 : output_flush();

	if (ret && ret != -EPIPE)
		_exit(EXIT_TROUBLE);
}

/**
 * output_begin() - prepare standard output, before anything is printed
 *
 * What is printed and never flushed is written at the end of the program, which
 * has EXIT_TROUBLE and a message when that fails. Only a buffer that has room for
 * all of it tells then why: what a write in between met is forgotten.
 */
void output_begin(void)
{
	static char buffer[64 * 1024];

	if (!isatty(STDOUT_FILENO))
		setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	atexit(write_out);
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

/*
 * How many bytes stand here for a character of UTF-8 that is no control
 * character: 0x80 to 0x9f are some, too. 0: what stands here is none.
 */
static size_t plain_length(const char *text, size_t size)
{
	const unsigned char *c = (const unsigned char *)text;
	size_t len = c[0] < 0x80 ? 1 : c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : 4;

	if (len == 1)
		return c[0] >= ' ' && c[0] != 0x7f && c[0] != '\\';
	if (c[0] < 0xc2 || c[0] > 0xf4 || len > size)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	return c[0] == 0xc2 && c[1] < 0xa0 ? 0 : len;
}

/**
 * escape() - make a text of others one line, harmless to a terminal
 * @to: result
 * @size: of @to; what has no room is left out
 * @text: the text; what ends it is no part of it, be it newlines
 *
 * As output_escaped() prints it.
 */
void escape(char *to, size_t size, const char *text)
{
	size_t left = strlen(text), len;

	while (left && text[left - 1] == '\n')
		left--;
	for (; left; text += len, left -= len) {
		size_t plain = plain_length(text, left);
		size_t room = plain ?: 4;

		len = plain ?: 1;
		if (room >= size)
			break;
		if (plain)
			memcpy(to, text, plain);
		else
			snprintf(to, size, "\\x%02x", (unsigned char)*text);
		to += room;
		size -= room;
	}
	*to = '\0';
}

/**
 * output_escaped() - print a text of others on one line, harmless to a terminal
 * @text: the text
 * @size: its length in bytes
 *
 * As in /dev/kmsg: control characters and the backslash become \xHH, and so
 * does what is no UTF-8.
 */
void output_escaped(const char *text, size_t size)
{
	for (size_t len; size; text += len, size -= len) {
		len = plain_length(text, size);
		if (len) {
			fwrite(text, 1, len, stdout);
		} else {
			printf("\\x%02x", (unsigned char)*text);
			len = 1;
		}
	}
}
