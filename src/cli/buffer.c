// SPDX-License-Identifier: GPL-2.0-only
/*
 * buffer.c - bytes that grow, always followed by a NUL
 */
#include "buffer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/**
 * buffer_add() - append bytes
 * @b: the buffer
 * @data: the bytes
 * @size: how many
 *
 * Return: 0, or -ENOMEM with the buffer as it was.
 */
int buffer_add(struct buffer *b, const void *data, size_t size)
{
	char *grown;

	if (b->limit && size > b->limit - b->size)
		size = b->limit - b->size;
	grown = realloc(b->data, b->size + size + 1);
	if (!grown)
		return -ENOMEM;
	memcpy(grown + b->size, data, size);
	b->data = grown;
	b->size += size;
	b->data[b->size] = '\0';
	return 0;
}

/**
 * buffer_read() - append what one read() gives
 * @b: the buffer
 * @fd: where from
 *
 * Return: the number of bytes read, 0 at the end, or -errno.
 */
ssize_t buffer_read(struct buffer *b, int fd)
{
	char chunk[65536];
	ssize_t n = read(fd, chunk, sizeof(chunk));
	int err;

	if (n < 0)
		return -errno;
	err = buffer_add(b, chunk, n);
	return err ? err : n;
}

/**
 * buffer_read_all() - append everything up to the end of a file
 * @b: the buffer
 * @fd: where from
 *
 * Return: 0, or -errno.
 */
int buffer_read_all(struct buffer *b, int fd)
{
	ssize_t n;

	do {
		n = buffer_read(b, fd);
	} while (n > 0 || n == -EINTR);
	return n;
}

/**
 * buffer_read_file() - append a whole file, which is one and not too large
 * @b: the buffer
 * @fd: where from
 * @limit: how many bytes it may have
 *
 * A device may have no end, and a file with holes may be larger than memory.
 *
 * Return: 0, or -errno: -EISDIR for a directory, -EINVAL for what else is no
 * file, -EFBIG if it is larger.
 */
int buffer_read_file(struct buffer *b, int fd, off_t limit)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
	return st.st_size > limit ? -EFBIG : buffer_read_all(b, fd);
}

/**
 * buffer_text() - the content as a string
 * @b: the buffer
 *
 * Return: a string that is valid until the buffer changes; never NULL.
 */
const char *buffer_text(const struct buffer *b)
{
	return b->data ? b->data : "";
}

/**
 * buffer_free() - release the content; the buffer is empty afterwards
 * @b: the buffer
 */
void buffer_free(struct buffer *b)
{
	free(b->data);
	b->data = NULL;
	b->size = 0;
}
