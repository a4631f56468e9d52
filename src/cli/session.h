/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * session.h - a throw-away virtual machine that one talks with
 */
#ifndef LKP_SESSION_H
#define LKP_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "../guest/frame.h"
#include "buffer.h"
#include "vm.h"

/* What it runs stays, so that it can be started again. */
struct session {
	const struct architecture *arch;
	int kernel_fd;
	int initramfs_fd;
	enum vm_accel accel;

	pid_t child;	/* runs the machine; 0: there is none */
	bool greeted;	/* by the guest: it listens */
	int fd;		/* what it says; to be polled */
	struct buffer in;
	size_t done;	/* of it, by session_next() */
};

/* Its text ends where the next one is read. */
struct frame {
	enum frame_answer kind;
	const char *data;
	size_t size;
};

int session_start(struct session *s);
bool session_send(struct session *s, enum frame_request kind, const char *data,
		  size_t size);
bool session_read(struct session *s);
bool session_next(struct session *s, struct frame *f);
void session_end(struct session *s);

#endif
