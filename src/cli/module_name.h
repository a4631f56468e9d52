/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * module_name.h - what the files of modules are called
 */
#ifndef LKP_MODULE_NAME_H
#define LKP_MODULE_NAME_H

#include <stdbool.h>
#include <stddef.h>

bool module_name_is_file(const char *name);
bool module_name_find(char *path, size_t size, int root, const char *dir,
		      const char *module);

#endif
