/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * memory_file.h - files in memory, which nobody can change any more
 */
#ifndef LKP_MEMORY_FILE_H
#define LKP_MEMORY_FILE_H

int memory_file_create(const char *name);
int memory_file_seal(int fd);

#endif
