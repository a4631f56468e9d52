/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * commands.h - the subcommands of lkp-example
 */
#ifndef LKP_COMMANDS_H
#define LKP_COMMANDS_H

int command_inspect(int argc, char **argv);
int command_status(int argc, char **argv);
int command_verify(int argc, char **argv);

#endif
