/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * key.h - what a result belongs to
 */
#ifndef LKP_KEY_H
#define LKP_KEY_H

#include "architecture.h"

/* SHA-256, as hexadecimal digits and a NUL. */
#define KEY_SIZE 65

int key_of_run(char key[KEY_SIZE], const struct architecture *arch,
	       int kernel_fd, int initramfs_fd, const char *guest_args);
int key_of_file(char key[KEY_SIZE], int fd, const char *what);
int key_of_modules(char key[KEY_SIZE], char *const modules[]);

#endif
