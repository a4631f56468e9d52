/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * commands.h - the subcommands of lkp-example
 */
#ifndef LKP_COMMANDS_H
#define LKP_COMMANDS_H

/* The exit statuses of those that use the loaded module; 0: done. */
enum {
	EXIT_REFUSED = 1,	/* the kernel does not take what it was given */
	EXIT_TROUBLE = 2,	/* usage, or an error */
};

int command_doctor(int argc, char **argv);
int command_get(int argc, char **argv);
int command_inspect(int argc, char **argv);
int command_log(int argc, char **argv);
int command_new(int argc, char **argv);
int command_probe(int argc, char **argv);
int command_selftest(int argc, char **argv);
int command_set(int argc, char **argv);
int command_status(int argc, char **argv);
int command_tour(int argc, char **argv);
int command_verify(int argc, char **argv);
int command_watch(int argc, char **argv);

#endif
