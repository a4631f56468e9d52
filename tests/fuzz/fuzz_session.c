// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz_session.c - what a machine says in a session, for "lkp-example tour"
 *
 * A frame is whole, and what can become none is not waited for.
 */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "session.h"

static void look_at(const struct frame *f)
{
	static char seen[FRAME_LIMIT];

	fuzz_expect(f->size <= FRAME_LIMIT, "as much as a frame may have");
	memcpy(seen, f->data, f->size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct session s = { 0 };
	struct frame f;
	size_t left;
	char byte;
	int pair[2];

	fuzz_expect(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) &&
		    send(pair[1], data, size, 0) == (ssize_t)size,
		    "somebody who says it");
	s.fd = pair[0];
	while (session_read(&s))
		while (session_next(&s, &f))
			look_at(&f);
	left = s.in.size - s.done;
	fuzz_expect(left < FRAME_HEADER ||
		    memchr(s.in.data + s.done, '\n', FRAME_HEADER) ||
		    !recv(pair[1], &byte, 1, 0), "nobody waits for a frame");
	close(pair[0]);
	close(pair[1]);
	buffer_free(&s.in);
	return 0;
}
