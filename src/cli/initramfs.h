/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * initramfs.h - write an initramfs into a memory file
 */
#ifndef LKP_INITRAMFS_H
#define LKP_INITRAMFS_H

#include <stdbool.h>
#include <sys/types.h>

struct archive;

struct initramfs {
	struct archive *archive;
	int fd;
	off_t size;	/* of the files that it holds */
	bool failed;	/* it cannot be written, which was said */
	void *paths;	/* what it holds: a tree of strings, see tsearch(3) */
};

int initramfs_start(struct initramfs *ir);
bool initramfs_has(const struct initramfs *ir, const char *path);
int initramfs_add_dir(struct initramfs *ir, const char *path);
int initramfs_add_link(struct initramfs *ir, const char *path,
		       const char *target);
int initramfs_add_file(struct initramfs *ir, const char *path, mode_t mode,
		       int from_fd);
int initramfs_add_tree(struct initramfs *ir, int dir_fd, const char *path,
		       const char *const leave_out[]);
int initramfs_finish(struct initramfs *ir);

#endif
