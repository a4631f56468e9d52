// SPDX-License-Identifier: GPL-2.0-only
/*
 * root.c - files of a system that lives in a directory
 *
 * Every path is resolved as that system would resolve it: an absolute symbolic
 * link leads to a file below the directory, never to one of the host.
 */
#include "root.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

static int open_in_root(int root, const char *path, unsigned long long flags)
{
	struct open_how how = {
		.flags = flags | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT,
	};

	return syscall(__NR_openat2, root, path, &how, sizeof(how));
}

/**
 * root_open() - open a system's root directory
 * @dir: the directory
 *
 * Return: a file descriptor for the other functions, or -1 with errno set.
 */
int root_open(const char *dir)
{
	return open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/**
 * root_file_open() - open a file of the system for reading
 * @root: from root_open()
 * @path: as seen inside the system
 *
 * A device or a pipe is opened without waiting for the other end; the caller
 * looks at its type.
 *
 * Return: a file descriptor, or -1 with errno set.
 */
int root_file_open(int root, const char *path)
{
	return open_in_root(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
}

/**
 * root_dir_open() - open a directory of the system
 * @root: from root_open()
 * @path: as seen inside the system
 *
 * Return: a file descriptor, or -1 with errno set.
 */
int root_dir_open(int root, const char *path)
{
	return open_in_root(root, path, O_RDONLY | O_DIRECTORY);
}

/**
 * root_dir_list() - list a directory of the system
 * @root: from root_open()
 * @path: as seen inside the system
 *
 * Return: a stream for readdir(3), to be closed by closedir(3), or NULL.
 */
DIR *root_dir_list(int root, const char *path)
{
	int fd = root_dir_open(root, path);
	DIR *list;

	if (fd < 0)
		return NULL;
	list = fdopendir(fd);
	if (!list) {
		int err = errno;

		close(fd);
		errno = err;
	}
	return list;
}
