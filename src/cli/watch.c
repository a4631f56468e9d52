// SPDX-License-Identifier: GPL-2.0-only
/*
 * watch.c - lkp-example watch: print each message as it comes
 */
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "commands.h"
#include "device.h"
#include "live.h"
#include "number.h"
#include "output.h"

#define COUNT_MAX 1000000000

struct options {
	unsigned long count;	/* 0: no end */
	bool json;
};

enum {
	OPT_JSON = 0x100,
};

static const struct argp_option argp_options[] = {
	{ "count", 'n', "N", 0, "End after N messages (default: Ctrl-C ends it)",
	  0 },
	{ "json", OPT_JSON, NULL, 0,
	  "Print an object a line: message, or message_bytes, an array of "
	  "numbers, if it is no UTF-8; generation; and size, in bytes", 0 },
	{ 0 }
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'n':
		if (!number_parse(&o->count, arg, 1, COUNT_MAX))
			argp_error(state, "--count takes 1 to %d, not '%s'",
				   COUNT_MAX, arg);
		break;
	case OPT_JSON:
		o->json = true;
		break;
	case ARGP_KEY_ARG:
		argp_error(state, "this takes no argument, and '%s' is one",
			   arg);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	argp_options, parse_option, NULL,
	"Print each message that " DEVICE " is given from now on, a line each: "
	"the generation, a tab, and the message, with \\xHH for control "
	"characters and the backslash. A message that is replaced at once may "
	"not be seen; the generation then leaves a number out.\v"
	"Exit status: 0 ended by Ctrl-C, --count or a closed pipe, 2 usage or "
	"an error.",
	NULL, NULL, NULL
};

static int print_message(const struct options *o, const struct buffer *text,
			 const struct lkp_example_info *info)
{
	if (o->json)
		return output_json(device_json(text, info));
	printf("%llu\t", (unsigned long long)info->generation);
	output_escaped(buffer_text(text), text->size);
	putchar('\n');
	return output_flush();
}

static int watch(const struct options *o, int fd, int stop, struct buffer *text)
{
	struct lkp_example_info info;
	unsigned long printed = 0;
	__u64 last;

	/* The file then has the present message, and waits for a newer one. */
	if (device_state(fd, text, &info))
		return EXIT_TROUBLE;
	last = info.generation;
	while (live_wait(stop, fd, -1) == LIVE_READY) {
		int ret;

		if (device_state(fd, text, &info))
			return EXIT_TROUBLE;
		if (info.generation == last)
			continue;
		last = info.generation;
		ret = print_message(o, text, &info);
		if (ret)
			return ret == -EPIPE ? 0 : EXIT_TROUBLE;
		if (++printed == o->count)
			break;
	}
	return 0;
}

/**
 * command_watch() - lkp-example watch
 * @argc: number of arguments, the subcommand's name included
 * @argv: the arguments
 *
 * Return: the exit status.
 */
int command_watch(int argc, char **argv)
{
	struct buffer text = { 0 };
	struct options o = { 0 };
	int fd, stop, ret = EXIT_TROUBLE;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	fd = device_open(O_RDONLY);
	if (fd < 0)
		return EXIT_TROUBLE;
	stop = live_start();
	if (stop < 0)
		goto close_device;
	ret = watch(&o, fd, stop, &text);
	buffer_free(&text);
	close(stop);
close_device:
	close(fd);
	return ret;
}
