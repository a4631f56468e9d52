// SPDX-License-Identifier: GPL-2.0-only
/*
 * command.c - run a program of the guest for a limited time
 *
 * A program that loads a broken module may never return, and may not even be
 * killed. So the caller waits for a time and then goes on without it.
 */
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

/* Read what there is; what does not fit is dropped. False at the end. */
static bool drain(int fd, struct command *cmd, size_t *len)
{
	char chunk[1024];
	size_t room = sizeof(cmd->output) - 1 - *len;
	ssize_t n = read(fd, chunk, sizeof(chunk));

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if ((size_t)n > room)
		memcpy(cmd->output + *len, chunk, room), *len += room;
	else
		memcpy(cmd->output + *len, chunk, n), *len += n;
	cmd->output[*len] = '\0';
	return n > 0;
}

/**
 * command_run() - run a program and wait for it, but not for ever
 * @cmd: result; its status, or that it timed out, and its output
 * @limit_s: how long to wait, in seconds
 * @argv: program (looked for in PATH) and arguments, ending in NULL
 *
 * When the time is over the program gets SIGKILL, but nobody waits for it.
 *
 * Return: 0 when it was started, or -errno of pipe() or fork().
 */
int command_run(struct command *cmd, unsigned int limit_s, char *const argv[])
{
	long long deadline = now_ms() + limit_s * 1000LL;
	bool open = true;
	size_t len = 0;
	int fds[2], end;

	memset(cmd, 0, sizeof(*cmd));
	if (pipe2(fds, O_CLOEXEC | O_NONBLOCK))
		return -errno;
	cmd->pid = fork();
	if (cmd->pid < 0) {
		int err = errno;

		close(fds[0]);
		close(fds[1]);
		return -err;
	}
	if (!cmd->pid) {
		fcntl(fds[1], F_SETFL, 0);
		dup2(fds[1], STDOUT_FILENO);
		dup2(fds[1], STDERR_FILENO);
		execvp(argv[0], argv);
		dprintf(STDERR_FILENO, "%s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	close(fds[1]);
	/* Its end wakes us; where it cannot, we look for it every 20 ms. */
	end = syscall(SYS_pidfd_open, cmd->pid, 0);

	for (;;) {
		struct pollfd pfds[] = {
			{ .fd = open ? fds[0] : -1, .events = POLLIN },
			{ .fd = end, .events = POLLIN },
		};

		poll(pfds, 2, end < 0 ? 20 : 500);
		if (pfds[0].revents)
			open = drain(fds[0], cmd, &len);
		if (waitpid(cmd->pid, &cmd->status, WNOHANG) == cmd->pid)
			break;
		if (now_ms() >= deadline) {
			cmd->timed_out = true;
			kill(cmd->pid, SIGKILL);
			break;
		}
	}
	/* What it wrote last; a child of its own may keep the pipe open. */
	for (size_t before = len + 1; open && before != len;) {
		before = len;
		open = drain(fds[0], cmd, &len);
	}
	close(fds[0]);
	if (end >= 0)
		close(end);
	return 0;
}

/**
 * command_succeeded() - whether a program ended with status 0, in time
 * @cmd: result of command_run()
 *
 * Return: true if it did.
 */
bool command_succeeded(const struct command *cmd)
{
	return !cmd->timed_out && WIFEXITED(cmd->status) &&
	       !WEXITSTATUS(cmd->status);
}

/**
 * command_describe() - how a program ended, in words
 * @cmd: result of command_run()
 * @buf: for the text
 * @size: of @buf, in bytes
 *
 * Return: @buf.
 */
const char *command_describe(const struct command *cmd, char *buf, size_t size)
{
	if (cmd->timed_out)
		snprintf(buf, size, "did not return");
	else if (WIFSIGNALED(cmd->status))
		snprintf(buf, size, "was killed by signal %d (%s)",
			 WTERMSIG(cmd->status),
			 strsignal(WTERMSIG(cmd->status)));
	else
		snprintf(buf, size, "ended with status %d",
			 WEXITSTATUS(cmd->status));
	return buf;
}
