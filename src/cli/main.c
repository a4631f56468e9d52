// SPDX-License-Identifier: GPL-2.0-only
/*
 * main.c - lkp-example: one command, a subcommand for each task
 */
#include <argp.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "output.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;
} commands[] = {
	{ "verify", command_verify,
	  "prove modules on a kernel before it is booted" },
	{ "inspect", command_inspect,
	  "show what is in a module, and whether a kernel would load it" },
	{ "status", command_status,
	  "show what the modules are on each kernel" },
	{ "doctor", command_doctor,
	  "say what stands in the way of modules, and what to do" },
	{ "get", command_get, "print the message of /dev/lkp_example" },
	{ "set", command_set, "replace the message" },
	{ "watch", command_watch, "print each message as it comes" },
	{ "probe", command_probe,
	  "how often a kernel function is called, and how long it takes" },
	{ "log", command_log, "what the modules say in the kernel's log" },
	{ "selftest", command_selftest,
	  "check the modules on the kernel that runs" },
	{ "tour", command_tour,
	  "the guide, lesson by lesson, in a throw-away virtual machine" },
	{ "new", command_new, "make a project for a module of one's own" },
};

#define COUNT (sizeof(commands) / sizeof(commands[0]))

static void usage(FILE *out)
{
	fputs("Usage: lkp-example COMMAND [ARGUMENT...]\n\nCommands:\n", out);
	for (size_t i = 0; i < COUNT; i++)
		fprintf(out, "  %-10s %s\n", commands[i].name,
			commands[i].summary);
	fputs("\n'lkp-example COMMAND --help' says more.\n", out);
}

/* Its usage and its errors begin with both names. */
static int run(size_t command, int argc, char **argv)
{
	char name[64];

	snprintf(name, sizeof(name), "lkp-example %s", commands[command].name);
	argv[0] = name;
	return commands[command].run(argc, argv);
}

/*
 * Who starts us with a standard file closed shall not have another one in its
 * place: what opens here can be neither read nor written as that one would.
 */
static void keep_standard_files(void)
{
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", fd ? O_RDONLY : O_WRONLY);
}

int main(int argc, char **argv)
{
	keep_standard_files();
	/* A limit of the shell is an error of writing, with a message. */
	signal(SIGXFSZ, SIG_IGN);
	output_begin();
	argp_err_exit_status = EXIT_TROUBLE;
	if (argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		usage(stdout);
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "--version")) {
		puts("lkp-example " LKP_EXAMPLE_VERSION);
		return 0;
	}
	for (size_t i = 0; argc > 1 && i < COUNT; i++)
		if (!strcmp(argv[1], commands[i].name))
			return run(i, argc - 1, argv + 1);
	if (argc > 1)
		fprintf(stderr, "lkp-example: no command '%s'\n", argv[1]);
	usage(stderr);
	return 2;
}
