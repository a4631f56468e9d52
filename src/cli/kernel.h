/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernel.h - a system's kernel image, as a virtual machine boots it
 */
#ifndef LKP_KERNEL_H
#define LKP_KERNEL_H

#include <stdbool.h>
#include <stddef.h>

struct unpacking;

struct kernel_image {
	int fd;			/* what QEMU gets as -kernel */
	bool pvh;		/* an ELF file that is entered directly */
	bool kasan;		/* must not be, and is slow */
	int proper_fd;		/* the kernel proper; -1: not found in the image */
	struct unpacking *unpacking;	/* if that has begun, and not ended */
	char path[256];		/* inside the system */
};

bool kernel_word_valid(const char *word);
char **kernel_list(int root);
void kernel_list_free(char **list);
char *kernel_default(int root);
bool kernel_own_module(int root, const char *release, char *path, size_t size);
bool kernel_has_image(int root, const char *release);
int kernel_image_find(struct kernel_image *image, int root,
		      const char *release);
void kernel_image_unpack_begin(struct kernel_image *image);
int kernel_image_unpack(struct kernel_image *image);
void kernel_image_close(struct kernel_image *image);

#endif
