// SPDX-License-Identifier: GPL-2.0-only
/*
 * session.c - a throw-away virtual machine that one talks with
 *
 * A process of its own runs the machine, as verify does it (vm.h), and hands on
 * what both sides say. So the one who talks can wait for a person as well, and the
 * machine dies with either.
 */
#include "session.h"

#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands.h"
#include "output.h"

#define MEMORY_MB 1024
#define CONSOLE_MB 64
#define START_LIMIT_S 180
/* Of what its kernel has said in the end: so many bytes. */
#define LAST_WORDS 2000

/* The end of the console, line by line; a panic says there what it was. */
static void print_last_words(const struct buffer *console)
{
	const char *text = buffer_text(console);
	size_t size = strlen(text);

	if (size > LAST_WORDS) {
		text += size - LAST_WORDS;
		text += strcspn(text, "\n");
	}
	warnx("the virtual machine has stopped; the last messages of its kernel:");
	while (*(text += strspn(text, "\r\n"))) {
		char line[512], shown[600];

		size = strcspn(text, "\r\n");
		snprintf(line, sizeof(line), "%.*s", (int)size, text);
		escape(shown, sizeof(shown), line);
		fprintf(stderr, "    %s\n", shown);
		text += size;
	}
}

/* Its terminal's ^C is not for this one. */
static void run_machine(const struct session *s, int fd, pid_t parent)
{
	struct vm vm = {
		.arch = s->arch,
		.accel = s->accel,
		.guest_args = "-e",
		.kernel_fd = s->kernel_fd,
		.initramfs_fd = s->initramfs_fd,
		.memory_mb = MEMORY_MB,
		.console_limit_mb = CONSOLE_MB,
		.start_limit_s = START_LIMIT_S,
		.session_fd = fd,
	};
	sigset_t none;
	char byte;

	setpgid(0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || vm_run(&vm))
		_exit(EXIT_TROUBLE);
	if (!vm.report.size)
		warnx("the virtual machine has not started in time");
	/* Nobody is told who has ended it. */
	else if (recv(fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK))
		print_last_words(&vm.console);
	_exit(0);
}

/**
 * session_start() - start the machine
 * @s: the session; one that was ended can be started again
 *
 * It is there when its first frame, FRAME_HELLO, has come.
 *
 * Return: 0, or -1 after a message.
 */
int session_start(struct session *s)
{
	pid_t parent = getpid();
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair)) {
		warn("socketpair");
		return -1;
	}
	output_flush();
	s->child = fork();
	if (!s->child) {
		close(pair[0]);
		run_machine(s, pair[1], parent);
	}
	close(pair[1]);
	s->fd = pair[0];
	if (s->child > 0)
		return 0;
	warn("fork");
	close(s->fd);
	s->child = 0;
	return -1;
}

/**
 * session_send() - send a frame to the guest
 * @s: the session
 * @kind: what it is
 * @data: what it has
 * @size: of @data, in bytes; FRAME_LIMIT at most
 *
 * Return: false if there is nobody to take it.
 */
bool session_send(struct session *s, enum frame_request kind, const char *data,
		  size_t size)
{
	char header[FRAME_HEADER];
	int len = snprintf(header, sizeof(header), "%c %zu\n", kind, size);

	return send(s->fd, header, len, MSG_NOSIGNAL) == len &&
	       (!size ||
		send(s->fd, data, size, MSG_NOSIGNAL) == (ssize_t)size);
}

/**
 * session_read() - read what the guest has said by now
 * @s: the session
 *
 * Return: false if it has gone.
 */
bool session_read(struct session *s)
{
	/* What was taken makes room. */
	if (s->done)
		memmove(s->in.data, s->in.data + s->done,
			s->in.size - s->done);
	s->in.size -= s->done;
	s->done = 0;
	return buffer_read(&s->in, s->fd) > 0;
}

/* What has come is no frame, nor will it become one: nobody there, as it seems. */
static bool hang_up(struct session *s)
{
	s->done = s->in.size;
	shutdown(s->fd, SHUT_RDWR);
	return false;
}

/**
 * session_next() - the next frame of what was read
 * @s: the session
 * @f: the frame
 *
 * Return: false if there is none that is whole.
 */
bool session_next(struct session *s, struct frame *f)
{
	const char *text = buffer_text(&s->in) + s->done;
	size_t left = s->in.size - s->done, header;
	const char *end = memchr(text, '\n', left < FRAME_HEADER ? left :
						FRAME_HEADER);
	char kind;

	if (!end)
		return left < FRAME_HEADER ? false : hang_up(s);
	if (sscanf(text, "%c %zu", &kind, &f->size) != 2 ||
	    f->size > FRAME_LIMIT)
		return hang_up(s);
	header = end + 1 - text;
	if (left - header < f->size)
		return false;
	f->kind = kind;
	s->greeted = true;
	f->data = end + 1;
	s->done += header + f->size;
	return true;
}

/**
 * session_end() - end the machine, in whatever state it is
 * @s: the session
 */
void session_end(struct session *s)
{
	if (!s->child)
		return;
	/* It sees this, but not while it waits for the kernel to boot. */
	close(s->fd);
	if (!s->greeted)
		kill(s->child, SIGKILL);
	s->greeted = false;
	while (waitpid(s->child, NULL, 0) < 0 && errno == EINTR)
		;
	s->child = 0;
	buffer_free(&s->in);
	s->done = 0;
}
