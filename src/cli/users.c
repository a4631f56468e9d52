// SPDX-License-Identifier: GPL-2.0-only
/*
 * users.c - the processes that keep lkp_example loaded
 *
 * A module stays while somebody has its device open. Who that is, /proc shows: as a
 * file that a process has open; or not at all, if the file is in a message that
 * nobody has taken yet from a Unix socket. Of such a socket the kernel tells only
 * how many files are on their way in it, so that its owner is one who may be it.
 */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "users.h"

#define DEVICE_NUMBER "/sys/class/misc/lkp_example/dev"

/* A file of one line or a few, cut to @size; empty if there is none. */
static void read_short(int dir_fd, const char *path, char *text, size_t size)
{
	int fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, size - 1);

	text[n > 0 ? n : 0] = '\0';
	if (fd >= 0)
		close(fd);
}

static bool find_device(dev_t *device)
{
	unsigned int major, minor;
	char text[32];

	read_short(AT_FDCWD, DEVICE_NUMBER, text, sizeof(text));
	if (sscanf(text, "%u:%u", &major, &minor) != 2)
		return false;
	*device = makedev(major, minor);
	return true;
}

/* "scm_fds: N": that many files are on their way. */
static bool has_files_in_flight(int process_fd, const char *fd_name)
{
	char path[300], text[512];
	const char *found;

	snprintf(path, sizeof(path), "fdinfo/%s", fd_name);
	read_short(process_fd, path, text, sizeof(text));
	found = strstr(text, "scm_fds:");
	return found && strtoul(found + strlen("scm_fds:"), NULL, 10) > 0;
}

/* How a process has the device, or NULL; to look is not to open. */
static const char *how_used(int process_fd, dev_t device)
{
	const char *how = NULL;
	struct dirent *entry;
	struct stat st;
	int list_fd;
	DIR *list;

	list_fd = openat(process_fd, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (list_fd < 0)
		return NULL;
	list = fdopendir(list_fd);
	if (!list) {
		close(list_fd);
		return NULL;
	}
	while ((entry = readdir(list))) {
		if (!isdigit((unsigned char)*entry->d_name) ||
		    fstatat(list_fd, entry->d_name, &st, 0))
			continue;
		if (S_ISCHR(st.st_mode) && st.st_rdev == device) {
			how = USER_HAS_IT_OPEN;
			break;
		}
		if (S_ISSOCK(st.st_mode) &&
		    has_files_in_flight(process_fd, entry->d_name))
			how = USER_MAY_HAVE_SENT_IT;
	}
	closedir(list);
	return how;
}

static void add_process(json_t *users, int proc_fd, const char *name,
			dev_t device)
{
	int fd = openat(proc_fd, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	char command[64];
	const char *how;
	json_t *user;

	if (fd < 0)
		return;
	how = how_used(fd, device);
	if (how) {
		read_short(fd, "comm", command, sizeof(command));
		command[strcspn(command, "\n")] = '\0';
		user = json_pack("{s:i, s:o, s:s}", "process", atoi(name),
				 "command",
				 json_string(command) ?: json_string("?"),
				 "how", how);
		json_array_append_new(users, user);
	}
	close(fd);
}

/**
 * users_of_device() - the processes that keep lkp_example loaded
 *
 * Those of others are seen by root only.
 *
 * Return: an array of objects, which the caller frees: "process", its number,
 * "command", its name, and "how": "open" if it has the device open, and "maybe sent"
 * if files are on their way in one of its sockets. Empty if nobody is to be seen.
 */
json_t *users_of_device(void)
{
	json_t *users = json_array();
	struct dirent *entry;
	dev_t device;
	DIR *proc;

	if (!find_device(&device))
		return users;
	proc = opendir("/proc");
	if (!proc)
		return users;
	while ((entry = readdir(proc)))
		if (isdigit((unsigned char)*entry->d_name))
			add_process(users, dirfd(proc), entry->d_name, device);
	closedir(proc);
	return users;
}
