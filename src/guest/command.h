/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * command.h - run a program of the guest for a limited time
 */
#ifndef LKP_GUEST_COMMAND_H
#define LKP_GUEST_COMMAND_H

#include <stdbool.h>
#include <sys/types.h>

struct command {
	pid_t pid;
	int status;		/* as of waitpid(2), unless timed_out */
	bool timed_out;		/* it still runs: the kernel may not let go */
	char output[131072];	/* standard output and error, cut to fit */
};

int command_run(struct command *cmd, unsigned int limit_s, char *const argv[]);
bool command_succeeded(const struct command *cmd);
const char *command_describe(const struct command *cmd, char *buf, size_t size);

#endif
