// SPDX-License-Identifier: GPL-2.0-only
/*
 * initramfs.c - write an initramfs into a file in memory
 */
#include "initramfs.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory_file.h"

/* It is unpacked in the machine's memory, and is in ours until then. */
#define SIZE_LIMIT (1LL << 30)
/* Read and written at once. */
#define BLOCK 65536

static int compare_paths(const void *a, const void *b)
{
	return strcmp(a, b);
}

/**
 * initramfs_start() - begin an empty initramfs
 * @ir: the initramfs
 *
 * Return: 0, or -1 after a message.
 */
int initramfs_start(struct initramfs *ir)
{
	*ir = (struct initramfs){ .fd = -1 };
	ir->fd = memory_file_create("initramfs");
	if (ir->fd < 0) {
		warn("a file in memory, for the initramfs");
		return -1;
	}
	ir->archive = archive_write_new();
	if (!ir->archive || archive_write_set_format_cpio_newc(ir->archive) ||
	    archive_write_add_filter_none(ir->archive) ||
	    archive_write_set_bytes_per_block(ir->archive, BLOCK) ||
	    archive_write_open_fd(ir->archive, ir->fd)) {
		warnx("cannot start the initramfs: %s",
		      ir->archive ? archive_error_string(ir->archive) :
				    strerror(ENOMEM));
		archive_write_free(ir->archive);
		close(ir->fd);
		return -1;
	}
	return 0;
}

/**
 * initramfs_has() - whether a path has been added
 * @ir: the initramfs
 * @path: absolute path
 *
 * Return: true if it has.
 */
bool initramfs_has(const struct initramfs *ir, const char *path)
{
	return tfind(path, &ir->paths, compare_paths);
}

/* Remember a path; -1 if memory is short. */
static int remember(struct initramfs *ir, const char *path)
{
	char *copy = strdup(path);

	if (!copy || !tsearch(copy, &ir->paths, compare_paths)) {
		free(copy);
		warnx("out of memory");
		return -1;
	}
	return 0;
}

/* After the first time, the rest goes wrong for the same reason. */
static void say_failed(struct initramfs *ir, const char *path)
{
	int error = archive_errno(ir->archive);

	if (!ir->failed)
		warnx("cannot write %s into the initramfs: %s: %s", path,
		      archive_error_string(ir->archive) ?: "no reason is given",
		      error > 0 ? strerror(error) : "no error of the system");
	ir->failed = true;
}

static int add_entry(struct initramfs *ir, const char *path, mode_t mode,
		     const char *target, off_t size)
{
	struct archive_entry *entry = archive_entry_new();
	int ret = -1;

	if (!entry) {
		warnx("out of memory");
		return -1;
	}
	archive_entry_set_pathname(entry, path + 1);
	archive_entry_set_mode(entry, mode);
	archive_entry_set_nlink(entry, 1);
	archive_entry_set_mtime(entry, 0, 0);
	archive_entry_set_size(entry, size);
	if (target)
		archive_entry_set_symlink(entry, target);
	if (archive_write_header(ir->archive, entry))
		say_failed(ir, path);
	else
		ret = remember(ir, path);
	archive_entry_free(entry);
	return ret;
}

static int add_parents(struct initramfs *ir, const char *path)
{
	char parent[512];
	const char *slash = strrchr(path, '/');

	if (slash == path)
		return 0;
	if (!slash || (size_t)(slash - path) >= sizeof(parent)) {
		warnx("path too long for the initramfs: %s", path);
		return -1;
	}
	memcpy(parent, path, slash - path);
	parent[slash - path] = '\0';
	return initramfs_add_dir(ir, parent);
}

/**
 * initramfs_add_dir() - add a directory and those above it
 * @ir: the initramfs
 * @path: absolute path; what is there already is left alone
 *
 * Return: 0, or -1 after a message.
 */
int initramfs_add_dir(struct initramfs *ir, const char *path)
{
	if (initramfs_has(ir, path))
		return 0;
	if (add_parents(ir, path))
		return -1;
	return add_entry(ir, path, S_IFDIR | 0755, NULL, 0);
}

/**
 * initramfs_add_link() - add a symbolic link
 * @ir: the initramfs
 * @path: absolute path
 * @target: what the link holds
 *
 * Return: 0, or -1 after a message.
 */
int initramfs_add_link(struct initramfs *ir, const char *path,
		       const char *target)
{
	if (add_parents(ir, path))
		return -1;
	return add_entry(ir, path, S_IFLNK | 0777, target, 0);
}

/* What a file holds, of which the header has been written. */
static int add_content(struct initramfs *ir, const char *path, int fd,
		       off_t size)
{
	char chunk[BLOCK];
	off_t done = 0;

	while (done < size) {
		ssize_t n = pread(fd, chunk, sizeof(chunk), done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			warn("%s", path);
			return -1;
		}
		if (!n) {
			warnx("%s became shorter while it was read: once more may help",
			      path);
			return -1;
		}
		if (n > size - done)
			n = size - done;
		if (archive_write_data(ir->archive, chunk, n) < 0) {
			say_failed(ir, path);
			return -1;
		}
		done += n;
	}
	return 0;
}

/**
 * initramfs_add_file() - add a copy of a file
 * @ir: the initramfs
 * @path: absolute path; a file that is there already is left alone
 * @mode: permissions
 * @from_fd: what to copy; anything but a regular file (a configuration that is
 *	masked by /dev/null) gives an empty one
 *
 * Return: 0, or -1 after a message, also if it does not fit in any more.
 */
int initramfs_add_file(struct initramfs *ir, const char *path, mode_t mode,
		       int from_fd)
{
	struct stat st;
	off_t size;

	if (initramfs_has(ir, path))
		return 0;
	if (add_parents(ir, path))
		return -1;
	if (fstat(from_fd, &st)) {
		warn("%s", path);
		return -1;
	}
	size = S_ISREG(st.st_mode) ? st.st_size : 0;
	if (size > SIZE_LIMIT - ir->size) {
		warnx("%s, with %lld bytes, does not fit into the initramfs: it can have %lld in all",
		      path, (long long)size, SIZE_LIMIT);
		return -1;
	}
	ir->size += size;
	if (add_entry(ir, path, S_IFREG | mode, NULL, size))
		return -1;
	return add_content(ir, path, from_fd, size);
}

static bool left_out(const char *path, const char *const leave_out[])
{
	for (; *leave_out; leave_out++)
		if (!fnmatch(*leave_out, path, FNM_PATHNAME))
			return true;
	return false;
}

/* One entry of a directory: a link as a link, a directory with what it holds. */
static int add_tree_entry(struct initramfs *ir, int dir_fd, const char *name,
			  const char *path, const char *const leave_out[])
{
	char target[PATH_MAX];
	struct stat st;
	ssize_t len;
	int fd, ret;

	if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW)) {
		warn("%s", path);
		return -1;
	}
	if (S_ISLNK(st.st_mode)) {
		len = readlinkat(dir_fd, name, target, sizeof(target) - 1);
		if (len < 0) {
			warn("%s", path);
			return -1;
		}
		target[len] = '\0';
		return initramfs_has(ir, path) ? 0 :
		       initramfs_add_link(ir, path, target);
	}
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return 0;
	fd = openat(dir_fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno == EACCES)
		return 0;	/* a secret, of which no module knows */
	if (fd < 0) {
		warn("%s", path);
		return -1;
	}
	if (S_ISDIR(st.st_mode))
		ret = initramfs_add_tree(ir, fd, path, leave_out);
	else
		ret = initramfs_add_file(ir, path, st.st_mode & 0777, fd);
	close(fd);
	return ret;
}

/**
 * initramfs_add_tree() - add a directory with everything below it
 * @ir: the initramfs; what it has already is left alone
 * @dir_fd: the directory
 * @path: its absolute path in the initramfs, "" for the root
 * @leave_out: patterns of fnmatch(3) for absolute paths, ending in NULL
 *
 * Devices, pipes and what may not be read are left out.
 *
 * Return: 0, or -1 after a message.
 */
int initramfs_add_tree(struct initramfs *ir, int dir_fd, const char *path,
		       const char *const leave_out[])
{
	int list_fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = list_fd < 0 ? NULL : fdopendir(list_fd);
	struct dirent *entry;
	int ret = 0;

	if (!list) {
		warn("%s", *path ? path : "/");
		if (list_fd >= 0)
			close(list_fd);
		return -1;
	}
	if (*path)
		ret = initramfs_add_dir(ir, path);
	while (!ret && (entry = readdir(list))) {
		char inside[PATH_MAX];
		size_t len;

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		len = snprintf(inside, sizeof(inside), "%s/%s", path,
			       entry->d_name);
		if (len < sizeof(inside) && !left_out(inside, leave_out))
			ret = add_tree_entry(ir, dir_fd, entry->d_name, inside,
					     leave_out);
	}
	closedir(list);
	return ret;
}

/**
 * initramfs_finish() - end the initramfs
 * @ir: the initramfs; not usable any more
 *
 * Return: a file descriptor that holds it and cannot be written any more, or -1
 * after a message.
 */
int initramfs_finish(struct initramfs *ir)
{
	int fd = ir->fd;

	if (archive_write_close(ir->archive)) {
		say_failed(ir, "the end");
		goto close_file;
	}
	if (memory_file_seal(fd)) {
		warn("the initramfs cannot be sealed");
		goto close_file;
	}
	goto free_archive;

close_file:
	close(fd);
	fd = -1;
free_archive:
	archive_write_free(ir->archive);
	tdestroy(ir->paths, free);
	return fd;
}
