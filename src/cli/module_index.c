// SPDX-License-Identifier: GPL-2.0-only
/*
 * module_index.c - the modules that a system has for a kernel
 */
#include "module_index.h"

#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "root.h"

/*
 * libkmod would wait for the other end of a pipe, and takes what it cannot open
 * for one that says nothing.
 */
static int check_files(int root, const char *dir)
{
	static const char *const names[] = {
		"modules.dep.bin", "modules.alias.bin", "modules.symbols.bin",
		"modules.builtin.bin", "modules.builtin.alias.bin",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char path[300];
		struct stat st;
		bool is_file;
		int fd;

		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		fd = root_file_open(root, path);
		if (fd < 0)
			continue;
		is_file = !fstat(fd, &st) && S_ISREG(st.st_mode);
		close(fd);
		if (is_file)
			continue;
		warnx("%s of the system is no file: remove it, then run depmod",
		      path);
		return -1;
	}
	return 0;
}

/**
 * module_index_open() - open a kernel's directory of modules
 * @in: result, to be released by module_index_close()
 * @root: the system, from root_open()
 * @release: the kernel's release string
 *
 * Return: 0, or -1 after a message.
 */
int module_index_open(struct module_index *in, int root, const char *release)
{
	static const char *const no_config[] = { NULL };
	char dir[256];

	in->root = root;
	in->release = release;
	snprintf(dir, sizeof(dir), "/lib/modules/%s", release);
	in->fd = root_dir_open(root, dir);
	if (in->fd < 0) {
		warn("%s of the system", dir);
		return -1;
	}
	if (check_files(root, dir))
		goto close_dir;
	/* By its descriptor: libkmod knows of no other root directory. */
	snprintf(in->prefix, sizeof(in->prefix), "/proc/self/fd/%d", in->fd);
	in->ctx = kmod_new(in->prefix, no_config);
	if (!in->ctx) {
		warn("libkmod");
		goto close_dir;
	}
	/* What it would say of a file, with a path of ours, we say ourselves. */
	kmod_set_log_priority(in->ctx, LOG_CRIT);
	return 0;
close_dir:
	close(in->fd);
	return -1;
}

/**
 * module_index_path() - where the file of a module is, inside the system
 * @in: from module_index_open()
 * @mod: the module
 * @path: result
 * @size: its size
 *
 * Return: 0; -EEXIST if it is built into the kernel and has no file; -EXDEV if
 * its file is outside of the kernel's directory.
 */
int module_index_path(const struct module_index *in, struct kmod_module *mod,
		      char *path, size_t size)
{
	const char *found = kmod_module_get_path(mod);
	size_t len = strlen(in->prefix);

	if (!found)
		return -EEXIST;
	if (strncmp(found, in->prefix, len))
		return -EXDEV;
	snprintf(path, size, "/lib/modules/%s%s", in->release, found + len);
	return 0;
}

/**
 * module_index_find() - find the file of a module by its name
 * @in: from module_index_open()
 * @name: its name, or an alias
 * @path: result, inside the system
 * @size: its size
 *
 * Return: 0; -ENOENT if this kernel has no such module; or as
 * module_index_path().
 */
int module_index_find(const struct module_index *in, const char *name,
		      char *path, size_t size)
{
	struct kmod_list *found = NULL;
	struct kmod_module *mod;
	int ret;

	if (kmod_module_new_from_lookup(in->ctx, name, &found) || !found)
		return -ENOENT;
	mod = kmod_module_get_module(found);
	ret = module_index_path(in, mod, path, size);
	kmod_module_unref(mod);
	kmod_module_unref_list(found);
	return ret;
}

/**
 * module_index_warn() - say why a module has no file
 * @name: its name
 * @release: the kernel's release string
 * @error: what module_index_find() has returned
 */
void module_index_warn(const char *name, const char *release, int error)
{
	if (error == -EEXIST)
		warnx("%s is built into kernel %s: there is nothing to load",
		      name, release);
	else if (error == -ENOENT)
		warnx("kernel %s has no module %s: it is not installed, or was not built (see dkms status)",
		      release, name);
	else
		warnx("module %s is outside of the directory of kernel %s",
		      name, release);
}

/**
 * module_index_close() - release what module_index_open() has opened
 * @in: the modules
 */
void module_index_close(struct module_index *in)
{
	kmod_unref(in->ctx);
	close(in->fd);
}
