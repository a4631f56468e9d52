// SPDX-License-Identifier: GPL-2.0-only
/*
 * timed.c - how long a command takes, with all that it starts
 *
 * Usage: timed FILE COMMAND [ARGUMENT...]
 *
 * FILE gets two numbers, in seconds: how long the command took, and the
 * processor time of all its processes, those included that it leaves behind,
 * whose end is waited for. Its exit status is ours.
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "seconds.h"

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

int main(int argc, char *argv[])
{
	double start = now(), seconds = 0;
	int status = 0, result = 2;
	pid_t child, pid;
	FILE *f;

	if (argc < 3)
		errx(2, "usage: %s FILE COMMAND [ARGUMENT...]", argv[0]);
	/* What the command leaves behind becomes a child of ours. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	child = fork();
	if (child < 0)
		err(2, "fork");
	if (!child) {
		execvp(argv[2], argv + 2);
		err(127, "%s", argv[2]);
	}
	while ((pid = wait(&status)) > 0 || errno == EINTR) {
		if (pid != child)
			continue;
		seconds = now() - start;
		result = WIFEXITED(status) ? WEXITSTATUS(status) : 2;
	}
	f = fopen(argv[1], "we");
	if (!f)
		err(2, "%s", argv[1]);
	fprintf(f, "%.3f %.3f\n", seconds, processor_seconds());
	if (fclose(f))
		err(2, "%s", argv[1]);
	return result;
}
