// SPDX-License-Identifier: GPL-2.0-only
/*
 * root.c - files of a system that lives in a directory
 *
 * Every path is resolved as that system would resolve it: an absolute symbolic
 * link leads to a file below the directory, never to one of the host.
 */
#include "root.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "commands.h"

/* While somebody renames a directory, the kernel cannot be sure of "..". */
#define TRIES 10000

static int open_in_root(int root, const char *path, unsigned long long flags)
{
	struct open_how how = {
		.flags = flags | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT,
	};
	int fd = -1;

	for (unsigned int i = 0; i < TRIES; i++) {
		fd = syscall(__NR_openat2, root, path, &how, sizeof(how));
		if (fd >= 0 || errno != EAGAIN)
			break;
	}
	/* Else it would be taken for one that is not there. */
	if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == EAGAIN))
		err(EXIT_TROUBLE, "%s of the system", path);
	return fd;
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
 * root_is_running() - whether a system is the one that we run in
 * @root: from root_open()
 *
 * Return: true if it is.
 */
bool root_is_running(int root)
{
	struct stat ours, its;

	return !fstat(root, &its) && !stat("/", &ours) &&
	       its.st_dev == ours.st_dev && its.st_ino == ours.st_ino;
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
 * root_has() - whether a file of the system is there
 * @root: from root_open()
 * @path: as seen inside the system
 *
 * Return: true if it is; also if that cannot be told.
 */
bool root_has(int root, const char *path)
{
	int fd = root_file_open(root, path);

	if (fd < 0)
		return errno != ENOENT && errno != ENOTDIR;
	close(fd);
	return true;
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

/* Open a directory of @parent; it is made if it is not there. */
static int make_in_root(int root, int parent, const char *name,
			const char *path)
{
	int fd;

	if (mkdirat(parent, name, 0755))
		return errno == EEXIST ? root_dir_open(root, path) : -1;
	fd = openat(parent, name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	/* For all to read, whatever the umask is. */
	if (fd >= 0 && fchmod(fd, 0755)) {
		int err = errno;

		close(fd);
		errno = err;
		return -1;
	}
	return fd;
}

/**
 * root_dir_make() - make a directory of the system, and open it
 * @root: from root_open()
 * @dir: a directory that is there, as seen inside the system
 * @below: path of the one to make, from there; those above it are made as well
 *
 * Return: a file descriptor, or -1 with errno set.
 */
int root_dir_make(int root, const char *dir, const char *below)
{
	int fd = root_dir_open(root, dir);
	char path[PATH_MAX];
	size_t len = snprintf(path, sizeof(path), "%s/", dir);

	while (fd >= 0 && *below && len < sizeof(path)) {
		char name[NAME_MAX + 1];
		size_t size = strcspn(below, "/");
		int parent = fd, err;

		snprintf(name, sizeof(name), "%.*s", (int)size, below);
		below += size + (below[size] == '/');
		len += snprintf(path + len, sizeof(path) - len, "%s/", name);
		fd = make_in_root(root, parent, name, path);
		err = errno;
		close(parent);
		errno = err;
	}
	return fd;
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

/**
 * root_dir_sorted() - list a directory of the system, in the order of the names
 * @root: from root_open()
 * @path: as seen inside the system
 * @list: result: as many entries, each to be freed, and the list as well
 *
 * Return: how many there are, or -1 with errno set.
 */
int root_dir_sorted(int root, const char *path, struct dirent ***list)
{
	int fd = root_dir_open(root, path), count, err;

	if (fd < 0)
		return -1;
	count = scandirat(fd, ".", list, NULL, alphasort);
	err = errno;
	close(fd);
	errno = err;
	return count;
}
