// SPDX-License-Identifier: GPL-2.0-only
/*
 * stall.c - let the kernel stand still in the middle of a copy: see stall.h
 */
#include "stall.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tools.h"

#define AWAIT_MS 10000

/**
 * stall_make() - make a buffer that is not there
 * @g: the guest
 * @s: result, for stall_free()
 *
 * Return: whether it could be made; if not, the report says why.
 */
bool stall_make(struct guest *g, struct stall *s)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = { .mode = UFFDIO_REGISTER_MODE_MISSING };

	s->size = sysconf(_SC_PAGESIZE);
	s->buf = mmap(NULL, s->size, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	/* Without O_NONBLOCK it cannot be polled. */
	s->fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	range.range.start = (uintptr_t)s->buf;
	range.range.len = s->size;
	if (s->buf != MAP_FAILED && s->fd >= 0 &&
	    !ioctl(s->fd, UFFDIO_API, &api) &&
	    !ioctl(s->fd, UFFDIO_REGISTER, &range))
		return true;
	return fail(g, "userfaultfd: %s", strerror(errno));
}

/** stall_await() - until somebody stands still, or for ten seconds */
bool stall_await(struct guest *g, struct stall *s)
{
	struct pollfd pfd = { .fd = s->fd, .events = POLLIN };

	if (poll(&pfd, 1, AWAIT_MS) == 1 && pfd.revents == POLLIN)
		return true;
	return fail(g, "nobody has come to the page that is not there");
}

/**
 * stall_end() - now the buffer is there, and who stands still goes on
 * @s: from stall_make()
 * @fill: what the buffer holds
 */
void stall_end(struct stall *s, char fill)
{
	char *page = aligned_alloc(s->size, s->size);
	struct uffdio_copy copy = { .dst = (uintptr_t)s->buf,
				    .src = (uintptr_t)page, .len = s->size };

	if (!page)
		abort();
	memset(page, fill, s->size);
	ioctl(s->fd, UFFDIO_COPY, &copy);
	free(page);
}

/** stall_free() - release the buffer; nobody may stand still any more */
void stall_free(struct stall *s)
{
	close(s->fd);
	munmap(s->buf, s->size);
}
