// SPDX-License-Identifier: GPL-2.0-only
/*
 * session.c - do what comes over a serial line, for "lkp-example tour"
 *
 * There is a shell, which runs one text after the other, so that each finds what
 * those before have left; and on demand a terminal with a shell of its own. What
 * they print goes over the line as it comes. See frame.h for the words.
 */
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "frame.h"

#define BASH "/usr/bin/bash"
/* Where the shell says how a command has ended; lessons use those below. */
#define STATUS_FD "200"

struct session {
	int line;
	char in[FRAME_HEADER + FRAME_LIMIT];
	size_t in_size;
	pid_t shell;
	int commands, output, status;	/* its ends of ours; -1: none */
	pid_t terminal_shell;
	int terminal;
};

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void write_all(int fd, const char *data, size_t size)
{
	while (size) {
		ssize_t n = write(fd, data, size);

		if (n < 0 && errno != EINTR)
			return;
		if (n > 0) {
			data += n;
			size -= n;
		}
	}
}

static void answer(struct session *s, enum frame_answer kind,
		   const char *data, size_t size)
{
	char header[FRAME_HEADER];
	int len = snprintf(header, sizeof(header), "%c %zu\n", kind, size);

	write_all(s->line, header, len);
	write_all(s->line, data, size);
}

/* A shell that ignores ^C, as one for people does; what it runs does not. */
static void exec_shell(int commands, int output, int status)
{
	static char *argv[] = { "bash", "--norc", "--noprofile", NULL };

	setsid();
	dup2(commands, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	dup2(status, atoi(STATUS_FD));
	execv(BASH, argv);
	dprintf(STDERR_FILENO, BASH ": %s\n", strerror(errno));
	_exit(127);
}

static void end_shell(struct session *s)
{
	close_end(&s->commands);
	close_end(&s->output);
	close_end(&s->status);
	if (s->shell > 0)
		kill(-s->shell, SIGKILL);
	s->shell = 0;
}

static void start_shell(struct session *s)
{
	static const char trap[] = "trap : INT\n";
	int in[2], out[2], status[2];

	end_shell(s);
	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) ||
	    pipe2(status, O_CLOEXEC))
		return;
	s->shell = fork();
	if (!s->shell)
		exec_shell(in[0], out[1], status[1]);
	close(in[0]);
	close(out[1]);
	close(status[1]);
	s->commands = in[1];
	s->output = out[0];
	s->status = status[0];
	fcntl(s->output, F_SETFL, O_NONBLOCK);
	write_all(s->commands, trap, strlen(trap));
}

/* Whatever is wrong with the text, the shell has one command that is right. */
static void run(struct session *s, const char *text, size_t size)
{
	static const char begin[] = "eval '", quote[] = "'\\''";
	static const char end[] = "' </dev/null " STATUS_FD ">&-\n"
		"{ s=$?; echo $s >&" STATUS_FD "; (exit $s); }\n";

	if (s->commands < 0)
		start_shell(s);
	write_all(s->commands, begin, strlen(begin));
	for (size_t i = 0; i < size; i++) {
		if (text[i] == '\'')
			write_all(s->commands, quote, strlen(quote));
		else
			write_all(s->commands, text + i, 1);
	}
	write_all(s->commands, end, strlen(end));
}

static void send_output(struct session *s)
{
	char chunk[4096];
	ssize_t n;

	while ((n = read(s->output, chunk, sizeof(chunk))) > 0)
		answer(s, FRAME_OUTPUT, chunk, n);
	if (!n || errno != EAGAIN)
		close_end(&s->output);
}

/* What it has printed comes first. One that has ended says so for its command. */
static void send_status(struct session *s)
{
	char text[16];
	ssize_t n = read(s->status, text, sizeof(text));

	if (s->output >= 0)
		send_output(s);
	if (n > 0) {
		answer(s, FRAME_ENDED, text, text[n - 1] == '\n' ? n - 1 : n);
		return;
	}
	end_shell(s);
	answer(s, FRAME_ENDED, "end", 3);
}

static void set_window(int fd, const char *size)
{
	struct winsize window = { 0 };

	if (sscanf(size, "%hu %hu", &window.ws_row, &window.ws_col) == 2)
		ioctl(fd, TIOCSWINSZ, &window);
}

static void exec_terminal(int master, const char *window)
{
	static char *argv[] = { "bash", "--noprofile", "-i", NULL };
	char term[64];
	int fd;

	setsid();
	fd = open(ptsname(master), O_RDWR);
	if (fd < 0)
		_exit(127);
	ioctl(fd, TIOCSCTTY, 0);
	set_window(fd, window);
	if (sscanf(window, "%*u %*u %63s", term) == 1)
		setenv("TERM", term, 1);
	setenv("PS1", "\\w # ", 1);
	for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++)
		dup2(fd, i);
	close(fd);
	if (chdir("/tmp/guide"))
		fprintf(stderr, "/tmp/guide: %s\n", strerror(errno));
	execv(BASH, argv);
	fprintf(stderr, BASH ": %s\n", strerror(errno));
	_exit(127);
}

static void start_terminal(struct session *s, const char *window)
{
	s->terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (s->terminal < 0 || grantpt(s->terminal) || unlockpt(s->terminal)) {
		close_end(&s->terminal);
		answer(s, FRAME_CLOSED, NULL, 0);
		return;
	}
	s->terminal_shell = fork();
	if (!s->terminal_shell)
		exec_terminal(s->terminal, window);
}

static void send_screen(struct session *s)
{
	char chunk[4096];
	ssize_t n = read(s->terminal, chunk, sizeof(chunk));

	if (n > 0) {
		answer(s, FRAME_SCREEN, chunk, n);
		return;
	}
	close_end(&s->terminal);
	kill(-s->terminal_shell, SIGHUP);
	answer(s, FRAME_CLOSED, NULL, 0);
}

static void do_request(struct session *s, enum frame_request kind,
		       const char *data, size_t size)
{
	char window[128];

	snprintf(window, sizeof(window), "%.*s", (int)size, data);
	switch (kind) {
	case FRAME_SHELL:
		start_shell(s);
		break;
	case FRAME_RUN:
		run(s, data, size);
		break;
	case FRAME_INTERRUPT:
		if (s->shell > 0)
			kill(-s->shell, SIGINT);
		break;
	case FRAME_KILL:
		end_shell(s);
		answer(s, FRAME_ENDED, "end", 3);
		break;
	case FRAME_TERMINAL:
		start_terminal(s, window);
		break;
	case FRAME_KEYS:
		if (s->terminal >= 0)
			write_all(s->terminal, data, size);
		break;
	case FRAME_WINDOW:
		if (s->terminal >= 0)
			set_window(s->terminal, window);
		break;
	}
}

/* Do what has come as a whole; the rest waits for more. */
static bool do_requests(struct session *s)
{
	while (s->in_size) {
		char *end = memchr(s->in, '\n', s->in_size);
		size_t size, whole;
		char kind;

		if (!end)
			return s->in_size < FRAME_HEADER;
		*end++ = '\0';
		if (sscanf(s->in, "%c %zu", &kind, &size) != 2 ||
		    size > FRAME_LIMIT)
			return false;
		whole = end - s->in + size;
		if (s->in_size < whole) {
			end[-1] = '\n';
			return true;
		}
		do_request(s, kind, end, size);
		s->in_size -= whole;
		memmove(s->in, s->in + whole, s->in_size);
	}
	return true;
}

static bool take_requests(struct session *s)
{
	ssize_t n = read(s->line, s->in + s->in_size,
			 sizeof(s->in) - s->in_size);

	if (n <= 0)
		return n < 0 && (errno == EINTR || errno == EAGAIN);
	s->in_size += n;
	return do_requests(s);
}

static void reap(void)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

/**
 * session_serve() - do what comes over a line, until that makes no sense
 * @line: the line, of which nothing changes a byte
 */
void session_serve(int line)
{
	static struct session s = { .commands = -1, .output = -1,
				    .status = -1, .terminal = -1 };
	struct utsname uts;
	bool on = true;

	s.line = line;
	signal(SIGPIPE, SIG_IGN);
	/* Without it there is no terminal, and the rest works. */
	mkdir("/dev/pts", 0755);
	mount("devpts", "/dev/pts", "devpts", 0, NULL);
	uname(&uts);
	answer(&s, FRAME_HELLO, uts.release, strlen(uts.release));
	while (on) {
		struct pollfd fds[] = {
			{ .fd = line, .events = POLLIN },
			{ .fd = s.output, .events = POLLIN },
			{ .fd = s.status, .events = POLLIN },
			{ .fd = s.terminal, .events = POLLIN },
		};

		poll(fds, sizeof(fds) / sizeof(fds[0]), 1000);
		if (fds[1].revents)
			send_output(&s);
		if (fds[2].revents)
			send_status(&s);
		if (fds[3].revents)
			send_screen(&s);
		if (fds[0].revents)
			on = take_requests(&s);
		reap();
	}
	end_shell(&s);
}
