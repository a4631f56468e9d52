/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * buffer.h - bytes that grow, always followed by a NUL
 */
#ifndef LKP_BUFFER_H
#define LKP_BUFFER_H

#include <stddef.h>
#include <sys/types.h>

struct buffer {
	char *data;	/* NULL while empty and never used */
	size_t size;
	size_t limit;	/* what comes beyond is dropped; 0: no limit */
};

int buffer_add(struct buffer *b, const void *data, size_t size);
ssize_t buffer_read(struct buffer *b, int fd);
int buffer_read_all(struct buffer *b, int fd);
int buffer_read_file(struct buffer *b, int fd, off_t limit);
const char *buffer_text(const struct buffer *b);
void buffer_free(struct buffer *b);

#endif
