// SPDX-License-Identifier: GPL-2.0-only
/*
 * selftest.c - lkp-example selftest: check the modules on the kernel that runs
 *
 * The checks are those of the guest program, "lkp-guest selftest". They load
 * modules into a kernel that somebody works on, so that one is asked first.
 */
#include <argp.h>
#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "guest.h"

struct options {
	const char *items;	/* NULL: all */
	bool yes;
};

static const struct argp_option argp_options[] = {
	{ "yes", 'y', NULL, 0, "Do not ask", 0 },
	{ 0 }
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'y':
		o->yes = true;
		break;
	case ARGP_KEY_ARG:
		if (o->items)
			argp_error(state, "put commas between the numbers, and no blank before '%s'",
				   arg);
		/* Which items there are, the guest program knows. */
		if (!*arg || arg[strspn(arg, "0123456789,")])
			argp_error(state, "'%s' is no list of numbers with commas between them",
				   arg);
		o->items = arg;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	argp_options, parse_option, "[NUMBER,...]",
	"Check the items of lkp-example-guide(7), or those with these numbers, "
	"on the kernel that runs: the ones that disturb nobody. Modules of "
	"this package are loaded and unloaded.\v"
	"Exit status: 0 all is well, 1 a check has failed, 2 usage or an "
	"error, or the answer was no.",
	NULL, NULL, NULL
};

static bool confirmed(void)
{
	char answer[16];

	if (!isatty(STDIN_FILENO)) {
		warnx("selftest loads and unloads modules on this running kernel, and there is no terminal to ask on: --yes is the answer");
		return false;
	}
	fputs("lkp-guest selftest loads and unloads modules on this running kernel. Go on? [y/N] ",
	      stderr);
	if (fgets(answer, sizeof(answer), stdin) &&
	    (answer[0] == 'y' || answer[0] == 'Y'))
		return true;
	warnx("nothing was done");
	return false;
}

/**
 * command_selftest() - lkp-example selftest
 * @argc: number of arguments, the subcommand's name included
 * @argv: the arguments
 *
 * Return: the exit status; when all goes well, that of the guest program.
 */
int command_selftest(int argc, char **argv)
{
	struct options o = { 0 };
	char guest[4096];

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	if (guest_program(guest, sizeof(guest)))
		return EXIT_TROUBLE;
	if (access(guest, X_OK))
		err(EXIT_TROUBLE, "the guest program %s", guest);
	if (!o.yes && !confirmed())
		return EXIT_TROUBLE;
	execl(guest, guest, "selftest", o.items, NULL);
	err(EXIT_TROUBLE, "the guest program %s", guest);
}
