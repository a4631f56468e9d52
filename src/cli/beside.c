// SPDX-License-Identifier: GPL-2.0-only
/*
 * beside.c - programs that are installed beside this one
 */
#include "beside.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/**
 * beside_us() - the path of a program in the directory of this executable
 * @path: the path, whether there is such a file or not
 * @size: the room there
 * @name: the name of the program
 *
 * Return: true, or false with errno set.
 */
bool beside_us(char *path, size_t size, const char *name)
{
	size_t room = strlen(name) + 1;
	ssize_t n = readlink("/proc/self/exe", path, size - room);

	if (n < 0)
		return false;
	if ((size_t)n == size - room) {
		errno = ENAMETOOLONG;
		return false;
	}
	path[n] = '\0';
	memcpy(strrchr(path, '/') + 1, name, room);
	return true;
}
