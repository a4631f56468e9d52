// SPDX-License-Identifier: GPL-2.0-only
/*
 * module_name.c - what the files of modules are called
 */
#include "module_name.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "root.h"

static const char *const ends[] = { ".ko", ".ko.xz", ".ko.zst", ".ko.gz" };

#define ENDS (sizeof(ends) / sizeof(ends[0]))

/**
 * module_name_is_file() - whether a file is called as one of a module is
 * @name: its name, or its path
 *
 * Return: true if it is.
 */
bool module_name_is_file(const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < ENDS; i++)
		if (len > strlen(ends[i]) &&
		    !strcmp(name + len - strlen(ends[i]), ends[i]))
			return true;
	return false;
}

/**
 * module_name_find() - the file of a module, packed or not
 * @path: result: where it is; an empty string if there is none
 * @size: of @path
 * @root: the system, from root_open()
 * @dir: the directory to look in
 * @module: its name
 *
 * Return: true if there is one that can be opened.
 */
bool module_name_find(char *path, size_t size, int root, const char *dir,
		      const char *module)
{
	for (size_t i = 0; i < ENDS; i++) {
		int fd;

		if (snprintf(path, size, "%s/%s%s", dir, module, ends[i]) >=
		    (int)size)
			continue;
		fd = root_file_open(root, path);
		if (fd >= 0) {
			close(fd);
			return true;
		}
	}
	*path = '\0';
	return false;
}
