// SPDX-License-Identifier: GPL-2.0-only
/*
 * get.c - lkp-example get: print the message of /dev/lkp_example
 */
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "commands.h"
#include "device.h"
#include "output.h"

enum {
	OPT_JSON = 0x100,
};

static const struct argp_option argp_options[] = {
	{ "json", OPT_JSON, NULL, 0,
	  "Print an object: message, or message_bytes, an array of numbers, if "
	  "it is no UTF-8; generation, which text it is, counted from 1; size, "
	  "in bytes; max_size, the longest that is taken; open_files, how many "
	  "times the device is open, by this command, too; and pins, which "
	  "keep the module from being unloaded", 0 },
	{ 0 }
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	bool *json = state->input;

	switch (key) {
	case OPT_JSON:
		*json = true;
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
	"Print the message of " DEVICE ", byte by byte. On a terminal, a line "
	"that it does not end is ended.\v"
	"Exit status: 0 printed, 2 usage or an error.",
	NULL, NULL, NULL
};

static int print_text(int fd, struct buffer *text)
{
	if (device_read(fd, text))
		return EXIT_TROUBLE;
	if (output_bytes(buffer_text(text), text->size))
		return EXIT_TROUBLE;
	if (text->size && text->data[text->size - 1] != '\n' &&
	    isatty(STDOUT_FILENO))
		putchar('\n');
	return output_flush() ? EXIT_TROUBLE : 0;
}

static int print_json(int fd, struct buffer *text)
{
	struct lkp_example_info info;
	json_t *object, *more;

	if (device_state(fd, text, &info))
		return EXIT_TROUBLE;
	object = device_json(text, &info);
	more = json_pack("{s:I, s:I, s:I}",
			 "max_size", (json_int_t)info.message_max,
			 "open_files", (json_int_t)info.open_files,
			 "pins", (json_int_t)info.pins);
	if (json_object_update(object, more)) {
		json_decref(object);
		object = NULL;
	}
	json_decref(more);
	return output_json(object) ? EXIT_TROUBLE : 0;
}

/**
 * command_get() - lkp-example get
 * @argc: number of arguments, the subcommand's name included
 * @argv: the arguments
 *
 * Return: the exit status.
 */
int command_get(int argc, char **argv)
{
	struct buffer text = { 0 };
	bool json = false;
	int fd, ret;

	argp_parse(&argp, argc, argv, 0, NULL, &json);
	fd = device_open(O_RDONLY);
	if (fd < 0)
		return EXIT_TROUBLE;
	ret = json ? print_json(fd, &text) : print_text(fd, &text);
	buffer_free(&text);
	close(fd);
	return ret;
}
