/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * root.h - files of a system that lives in a directory
 */
#ifndef LKP_ROOT_H
#define LKP_ROOT_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>

int root_open(const char *dir);
bool root_is_running(int root);
int root_file_open(int root, const char *path);
bool root_has(int root, const char *path);
int root_dir_open(int root, const char *path);
int root_dir_make(int root, const char *dir, const char *below);
DIR *root_dir_list(int root, const char *path);
int root_dir_sorted(int root, const char *path, struct dirent ***list);

#endif
