// SPDX-License-Identifier: GPL-2.0-only
/*
 * inspection.c - a module, what it depends on, and the kernel, held together
 */
#include "inspection.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "installed.h"
#include "module_index.h"
#include "packing.h"
#include "root.h"
#include "static_checks.h"

/* One module of "depends=": its exported symbols count as the kernel's. */
static int read_used(struct inspection *i, const struct module_index *in,
		     const struct kernel_facts *k, const char *name)
{
	struct findings ignored = { 0 };
	char path[PATH_MAX];
	int fd, ret = module_index_find(in, name, path, sizeof(path));

	if (ret == -EEXIST)
		return 0;	/* its symbols are the kernel's */
	if (ret) {
		findings_add(&i->findings, "depends", ENOENT,
			     "it depends on %s, which this kernel does not have",
			     name);
		return 0;
	}
	if (i->used_count == USED_MAX)
		return 0;
	fd = root_file_open(in->root, path);
	if (fd < 0)
		return -errno;
	ret = module_file_read(&i->used[i->used_count++], fd,
			       k ? &k->trusted : NULL, &ignored);
	close(fd);
	return ret;
}

static int read_all_used(struct inspection *i, int root, const char *release,
			 const struct kernel_facts *k)
{
	const char *list = module_file_info(&i->module, "depends", NULL);
	struct module_index in;
	int ret = 0;

	if (!list || !*list)
		return 0;
	if (module_index_open(&in, root, release))
		return -ENOENT;
	for (size_t len; !ret && *list; list += len + (list[len] == ',')) {
		char name[64];

		len = strcspn(list, ",");
		snprintf(name, sizeof(name), "%.*s", (int)len, list);
		ret = read_used(i, &in, k, name);
	}
	module_index_close(&in);
	return ret;
}

/* The name is the module's own; a file may be called as one likes. */
static void note_name(struct inspection *i)
{
	const char *name = module_file_info(&i->module, "name", NULL);
	const char *base = strrchr(i->path, '/');

	if (!name)
		name = base ? base + 1 : i->path;
	snprintf(i->name, sizeof(i->name), "%.*s", (int)strcspn(name, "."),
		 name);
	for (char *c = i->name; *c; c++)
		if (*c == '-')
			*c = '_';
}

static int inspect_fd(struct inspection *i, int fd, int root,
		      const char *release, const struct kernel_facts *k)
{
	int ret = module_file_read(&i->module, fd,
				   k ? &k->trusted : NULL,
				   &i->findings);

	if (ret == -EINVAL) {
		warnx("%s is no file", i->path);
		return -1;
	}
	if (ret) {
		errno = -ret;
		warn("%s", i->path);
		return -1;
	}
	note_name(i);
	if (k)
		packing_check(&i->module, k, root, &i->findings);
	ret = k ? read_all_used(i, root, release, k) : 0;
	if (ret) {
		errno = -ret;
		warn("a module that %s depends on", i->name);
		return -1;
	}
	if (k)
		static_checks(&i->module, k, i->used, i->used_count, i->name,
			      &i->findings);
	return 0;
}

/**
 * inspection_of_installed() - inspect a module that a system has for a kernel
 * @i: result, to be released by inspection_free() in any case
 * @root: the system, from root_open()
 * @release: the kernel's release string
 * @name: the module's name
 * @k: the kernel, or NULL to read the module only
 *
 * Return: 0 whatever is found; -1 after a message if the module is not there,
 * or cannot be read.
 */
int inspection_of_installed(struct inspection *i, int root,
			    const char *release, const char *name,
			    const struct kernel_facts *k)
{
	struct module_index in;
	int fd, ret;

	*i = (struct inspection){ 0 };
	if (module_index_open(&in, root, release))
		return -1;
	ret = module_index_find(&in, name, i->path, sizeof(i->path));
	module_index_close(&in);
	if (ret == -ENOENT)
		installed_warn_missing(root, release, name);
	else if (ret)
		module_index_warn(name, release, ret);
	if (ret)
		return -1;
	fd = root_file_open(root, i->path);
	if (fd < 0) {
		warn("%s", i->path);
		return -1;
	}
	ret = inspect_fd(i, fd, root, release, k);
	close(fd);
	return ret;
}

/**
 * inspection_of_file() - inspect a module in a file
 * @i: result, to be released by inspection_free() in any case
 * @root: the system that has the modules it depends on, from root_open()
 * @release: the kernel's release string, or NULL
 * @file: the file's path, outside of the system
 * @k: the kernel, or NULL to read the module only
 *
 * Return: as inspection_of_installed().
 */
int inspection_of_file(struct inspection *i, int root, const char *release,
		       const char *file, const struct kernel_facts *k)
{
	int fd = open(file, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	int ret;

	*i = (struct inspection){ 0 };
	snprintf(i->path, sizeof(i->path), "%s", file);
	if (fd < 0) {
		warn("%s", file);
		return -1;
	}
	ret = inspect_fd(i, fd, root, release, k);
	close(fd);
	return ret;
}

/**
 * inspection_free() - release what an inspection has read
 * @i: the inspection
 */
void inspection_free(struct inspection *i)
{
	for (size_t n = 0; n < i->used_count; n++)
		module_file_free(&i->used[n]);
	module_file_free(&i->module);
}
