// SPDX-License-Identifier: GPL-2.0-only
/*
 * set.c - lkp-example set: replace the message of /dev/lkp_example
 *
 * One write() is one message, so all of it is read before any is written: the
 * new message is there as a whole, or the old one stays.
 */
#include <argp.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "device.h"

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	const char **text = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (*text)
			argp_error(state, "there is one TEXT, and '%s' is a second one: put quotation marks around all of it",
				   arg);
		*text = arg;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	NULL, parse_option, "[TEXT]",
	"Replace the message of " DEVICE " by TEXT, or by what standard input "
	"has. No newline is added and none is taken away; no byte may be NUL; "
	"no text at all makes the message empty.\v"
	"Exit status: 0 replaced; 1 refused, and the old message is still "
	"there; 2 usage or an error, with the old message as well.",
	NULL, NULL, NULL
};

/* What is over the limit is refused, so no more than its beginning is read. */
static int read_input(struct buffer *text, size_t limit)
{
	ssize_t n;

	do {
		n = buffer_read(text, STDIN_FILENO);
	} while (n == -EINTR || (n > 0 && text->size <= limit));
	if (n >= 0)
		return 0;
	warnx("standard input: %s", strerror(-n));
	return -1;
}

static int explain_write(int error, const struct buffer *text,
			 unsigned long long limit)
{
	switch (error) {
	case EMSGSIZE:
		warnx("the message has more than %llu bytes: shorten it, or raise the limit, the parameter max_size of lkp_example",
		      limit);
		return EXIT_REFUSED;
	case EINVAL:
		warnx("the message has a NUL behind %zu bytes: it must have none",
		      strlen(buffer_text(text)));
		return EXIT_REFUSED;
	case ENOMEM:
		warnx("the kernel has no memory for a message of %zu bytes: try a shorter one",
		      text->size);
		return EXIT_TROUBLE;
	default:
		warnx("writing " DEVICE ": %s", strerror(error));
		return EXIT_TROUBLE;
	}
}

static int set_message(int fd, const char *argument, struct buffer *text)
{
	struct lkp_example_info info;
	int ret;

	if (device_info(fd, &info))
		return EXIT_TROUBLE;
	ret = argument ? buffer_add(text, argument, strlen(argument)) :
			 read_input(text, info.message_max);
	if (ret)
		return EXIT_TROUBLE;
	if (write(fd, buffer_text(text), text->size) < 0)
		return explain_write(errno, text, info.message_max);
	return 0;
}

/**
 * command_set() - lkp-example set
 * @argc: number of arguments, the subcommand's name included
 * @argv: the arguments
 *
 * Return: the exit status.
 */
int command_set(int argc, char **argv)
{
	struct buffer text = { 0 };
	const char *argument = NULL;
	int fd, ret;

	argp_parse(&argp, argc, argv, 0, NULL, &argument);
	fd = device_open(O_WRONLY);
	if (fd < 0)
		return EXIT_TROUBLE;
	ret = set_message(fd, argument, &text);
	buffer_free(&text);
	close(fd);
	return ret;
}
