// SPDX-License-Identifier: GPL-2.0-only
/*
 * beside.c - programs that come with this one
 *
 * In a build tree they are beside it. A package puts those that nobody calls by
 * hand elsewhere.
 */
#include "beside.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PACKAGED "../libexec/lkp-example/"

/**
 * beside_us() - the path of a program that came with this executable
 * @path: the path, whether there is such a file or not
 * @size: the room there
 * @name: the name of the program
 *
 * Return: true, or false with errno set.
 */
bool beside_us(char *path, size_t size, const char *name)
{
	size_t room = sizeof(PACKAGED) + strlen(name);
	ssize_t n = readlink("/proc/self/exe", path, size - room);
	char *file;
	size_t left;

	if (n < 0)
		return false;
	if ((size_t)n == size - room) {
		errno = ENAMETOOLONG;
		return false;
	}
	path[n] = '\0';
	file = strrchr(path, '/') + 1;
	left = size - (file - path);
	snprintf(file, left, "%s", name);
	if (access(path, F_OK))
		snprintf(file, left, PACKAGED "%s", name);
	return true;
}
