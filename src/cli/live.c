// SPDX-License-Identifier: GPL-2.0-only
/*
 * live.c - commands that go on until somebody stops them
 *
 * Signals that end a program come out of a file descriptor, so that there is
 * one place where a command waits, and none where it is torn out of its work.
 */
#include "live.h"

#include <err.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <unistd.h>

/**
 * live_start() - from now on, signals are for live_wait()
 *
 * A closed pipe is no signal any more, but an error of writing, EPIPE.
 *
 * Return: a file descriptor for live_wait(), or -1 after a message.
 */
int live_start(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	sigset_t set;
	int fd;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaddset(&set, signals[i]);
	fd = signalfd(-1, &set, SFD_CLOEXEC);
	if (fd < 0 || sigprocmask(SIG_BLOCK, &set, NULL)) {
		warn("signalfd");
		return -1;
	}
	signal(SIGPIPE, SIG_IGN);
	return fd;
}

/**
 * live_wait() - wait until there is something to do
 * @stop: from live_start()
 * @fd: a file to wait for, or -1
 * @timeout_ms: how long at most, in milliseconds; -1: for ever
 *
 * Return: what has come.
 */
enum live_event live_wait(int stop, int fd, int timeout_ms)
{
	struct pollfd fds[] = {
		{ .fd = stop, .events = POLLIN },
		/* Errors only: that nobody reads the pipe any more. */
		{ .fd = STDOUT_FILENO },
		{ .fd = fd, .events = POLLIN },
	};
	int ready;

	do {
		ready = poll(fds, sizeof(fds) / sizeof(fds[0]), timeout_ms);
	} while (ready < 0 && errno == EINTR);
	if (ready < 0 || fds[0].revents || fds[1].revents)
		return LIVE_STOP;
	return ready ? LIVE_READY : LIVE_TIMEOUT;
}
