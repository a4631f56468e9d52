// SPDX-License-Identifier: GPL-2.0-only
/*
 * queue.c - verification that nobody waits for
 *
 * When a package manager has changed something, the script queue-verify puts the
 * kernel into the queue: an empty file of its name. A unit of systemd takes it
 * up from there, and calls "lkp-example verify --queued" for it. What is here is
 * what that has to ask before, and after.
 */
#include "queue.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"
#include "installed.h"
#include "output.h"
#include "root.h"

#define SWITCH "/etc/lkp-example/no-verify"
#define SETS "/etc/lkp-example/verify-modules"
#define QUEUE "/var/lib/lkp-example/queue"

/* What is verified where nobody has written anything else. */
#define OUR_SET "lkp_example lkp_example_client lkp_example_probe\n"
#define SET_SIZE 32

/* An upgrade of a whole system may take that long. */
#define PACKAGES_LIMIT_S 3600
/* QEMU itself, and the images of kernel and system that it is given. */
#define OVERHEAD_MB 256

/* Whether somebody holds a lock on a file; he may have it as either kind. */
static bool is_locked(int root, const char *path)
{
	struct flock range = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = root_file_open(root, path);
	bool locked;

	if (fd < 0)
		return false;
	locked = !fcntl(fd, F_GETLK, &range) && range.l_type != F_UNLCK;
	close(fd);
	return locked;
}

static bool packages_change(int root)
{
	static const char *const locks[] = {
		"/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/lock",
		"/var/lib/rpm/.rpm.lock", "/usr/lib/sysimage/rpm/.rpm.lock",
	};

	for (size_t i = 0; i < sizeof(locks) / sizeof(locks[0]); i++)
		if (is_locked(root, locks[i]))
			return true;
	return false;
}

/* What is half installed is not what will be booted. */
static bool wait_for_packages(int root)
{
	if (!packages_change(root))
		return true;
	puts("waiting until the package manager has finished");
	output_flush();
	for (unsigned int i = 0; i < PACKAGES_LIMIT_S; i++) {
		sleep(1);
		if (!packages_change(root))
			return true;
	}
	printf("postponed: the package manager has not finished in %u minutes\n",
	       PACKAGES_LIMIT_S / 60);
	return false;
}

static unsigned long available_mb(void)
{
	FILE *f = fopen("/proc/meminfo", "re");
	unsigned long kib = 0;
	char line[128];

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "MemAvailable: %lu kB", &kib) == 1)
			break;
	if (f)
		fclose(f);
	return kib / 1024;
}

/**
 * queue_begin() - whether to verify now what is queued
 * @root: from root_open()
 * @memory_mb: memory of the machine
 *
 * Waits for the package manager. A reason not to begin is printed.
 *
 * Return: the answer.
 */
enum queue_answer queue_begin(int root, unsigned int memory_mb)
{
	unsigned long available;

	if (root_has(root, SWITCH)) {
		puts("switched off by " SWITCH);
		return QUEUE_NEVER;
	}
	if (!wait_for_packages(root))
		return QUEUE_LATER;
	available = available_mb();
	if (available < memory_mb + OVERHEAD_MB) {
		printf("postponed: %lu MiB of memory are available, and the machine takes %u\n",
		       available, memory_mb + OVERHEAD_MB);
		return QUEUE_LATER;
	}
	return QUEUE_NOW;
}

/* The lines of the administrator, or ours. */
static int read_sets(struct buffer *sets, int root)
{
	int fd = root_file_open(root, SETS), ret;

	sets->limit = 65536;
	if (fd < 0 && errno == ENOENT)
		return buffer_add(sets, OUR_SET, strlen(OUR_SET));
	if (fd < 0) {
		warn(SETS);
		return -1;
	}
	ret = buffer_read_all(sets, fd);
	if (ret)
		warn(SETS);
	close(fd);
	return ret;
}

/* The names in a line; what a '#' begins is none. Cuts the line up. */
static void split(char *line, char *set[SET_SIZE])
{
	size_t count = 0;
	char *rest;

	line[strcspn(line, "#")] = '\0';
	for (char *name = strtok_r(line, " \t", &rest);
	     name && count < SET_SIZE - 1; name = strtok_r(NULL, " \t", &rest))
		set[count++] = name;
	set[count] = NULL;
}

/* What is not installed for this kernel cannot be verified on it. */
static void drop_missing(int root, const char *release, char *set[SET_SIZE])
{
	size_t kept = 0;

	for (size_t i = 0; set[i]; i++)
		if (installed_is_ready(root, release, set[i]))
			set[kept++] = set[i];
	set[kept] = NULL;
}

/**
 * queue_each_set() - go through what is to be verified on a kernel
 * @root: from root_open()
 * @release: the kernel
 * @verify: called with the names of modules, ending in NULL, that belong into
 *	one machine and are installed for the kernel
 * @arg: for @verify
 *
 * A line of /etc/lkp-example/verify-modules is a set. Without that file, the
 * modules of this project are one.
 *
 * Return: how many sets there were, or -1 after a message.
 */
int queue_each_set(int root, const char *release,
		   void (*verify)(void *arg, char *const modules[]), void *arg)
{
	struct buffer sets = { 0 };
	char *rest, *line;
	int count = 0;

	if (read_sets(&sets, root)) {
		buffer_free(&sets);
		return -1;
	}
	for (line = strtok_r(sets.data, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		char *set[SET_SIZE];

		split(line, set);
		drop_missing(root, release, set);
		if (!set[0])
			continue;
		verify(arg, set);
		count++;
	}
	buffer_free(&sets);
	return count;
}

struct search {
	const char *module;
	bool found;
};

static void search_set(void *arg, char *const modules[])
{
	struct search *search = arg;

	for (; *modules; modules++)
		if (!strcmp(*modules, search->module))
			search->found = true;
}

static void queue_path(char *path, size_t size, const char *release)
{
	snprintf(path, size, QUEUE "/%s", release);
}

/**
 * queue_has() - whether a module waits for its verification
 * @root: from root_open()
 * @release: the kernel
 * @module: its name
 *
 * Return: true if it does.
 */
bool queue_has(int root, const char *release, const char *module)
{
	struct search search = { .module = module };
	char path[512];

	queue_path(path, sizeof(path), release);
	return root_has(root, path) && !root_has(root, SWITCH) &&
	       queue_each_set(root, release, search_set, &search) > 0 &&
	       search.found;
}

/**
 * queue_done() - take a kernel out of the queue
 * @root: from root_open()
 * @release: the kernel
 */
void queue_done(int root, const char *release)
{
	int dir = root_dir_open(root, QUEUE);

	if (dir < 0)
		return;
	if (unlinkat(dir, release, 0) && errno != ENOENT)
		warn("cannot take kernel %s out of the queue: " QUEUE "/%s",
		     release, release);
	close(dir);
}

/**
 * queue_log_level() - what a line for the journal begins with
 * @bad: whether the administrator should see it
 *
 * Return: a level as journald takes it; empty where the output goes elsewhere.
 */
const char *queue_log_level(bool bad)
{
	if (!getenv("JOURNAL_STREAM"))
		return "";
	return bad ? "<4>" : "<6>";
}
