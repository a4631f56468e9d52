// SPDX-License-Identifier: GPL-2.0-only
/*
 * installed.c - a module as it is installed for a kernel, and as it is loaded
 *
 * Whether the loaded code is that of the file: the linker's checksum of the code
 * says so (the ELF note "build ID"), else the build's checksum of the sources
 * (srcversion). The kernel shows both in /sys/module.
 */
#include "installed.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "module_file.h"
#include "module_index.h"
#include "module_name.h"
#include "packing.h"
#include "root.h"

/* The kernel writes '_' where a file's name may have '-'. */
static void kernel_name(char *to, size_t size, const char *name)
{
	snprintf(to, size, "%s", name);
	for (char *dash = to; (dash = strchr(dash, '-')); dash++)
		*dash = '_';
}

/* What modprobe would take. */
static void look_up(struct installed *m, const struct module_index *in,
		    const char *name)
{
	int ret = module_index_find(in, name, m->path, sizeof(m->path));

	m->indexed = ret != -ENOENT;
	m->built_in = ret == -EEXIST;
	if (ret)
		m->path[0] = '\0';
}

/* Where DKMS and others put modules, for one that is in no index (yet). */
static void look_around(struct installed *m, int root, const char *release,
			const char *name)
{
	static const char *const dirs[] = { "updates/dkms", "updates", "extra" };

	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		char dir[512];

		snprintf(dir, sizeof(dir), "/lib/modules/%s/%s", release,
			 dirs[i]);
		if (module_name_find(m->path, sizeof(m->path), root, dir, name))
			return;
	}
}

static void note_info(char *to, size_t size, const struct module_file *file,
		      const char *key)
{
	snprintf(to, size, "%s", module_file_info(file, key, NULL) ?: "");
}

static void read_file(struct installed *m, int fd)
{
	struct findings ignored = { 0 };
	struct module_file file;
	const char *note;
	size_t size;

	if (!module_file_read(&file, fd, NULL, &ignored) && file.elf) {
		m->present = file.info;
		m->is_signed = file.is_signed;
		note_info(m->vermagic, sizeof(m->vermagic), &file, "vermagic");
		note_info(m->srcversion, sizeof(m->srcversion), &file,
			  "srcversion");
		note = module_file_data(&file, MODULE_BUILD_ID, &size);
		if (note)
			buffer_add(&m->build_id, note, size);
	}
	module_file_free(&file);
}

/*
 * Whose the signature is: libkmod reads that. By its descriptor, for the path is
 * one of the system, not one of the host.
 */
static void read_signer(struct installed *m, const struct module_index *in,
			int fd)
{
	struct kmod_list *list = NULL, *item;
	struct kmod_module *mod;
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (kmod_module_new_from_path(in->ctx, path, &mod))
		return;
	kmod_module_get_info(mod, &list);
	kmod_list_foreach(item, list)
		if (!strcmp(kmod_module_info_get_key(item), "signer"))
			snprintf(m->signer, sizeof(m->signer), "%s",
				 kmod_module_info_get_value(item));
	kmod_module_info_free_list(list);
	kmod_module_unref(mod);
}

/**
 * installed_find() - find a module of a kernel
 * @m: result, for installed_free()
 * @root: from root_open()
 * @release: the kernel
 * @name: the module
 *
 * Return: 0, also if there is none; -1 after a message.
 */
int installed_find(struct installed *m, int root, const char *release,
		   const char *name)
{
	struct module_index in;
	int fd;

	*m = (struct installed){ 0 };
	if (module_index_open(&in, root, release))
		return -1;
	look_up(m, &in, name);
	if (!m->indexed)
		look_around(m, root, release, name);
	if (!m->indexed && *m->path)
		m->unread = packing_hint(root, m->path);
	fd = *m->path ? root_file_open(root, m->path) : -1;
	if (fd >= 0) {
		read_file(m, fd);
		if (m->is_signed)
			read_signer(m, &in, fd);
		close(fd);
	}
	module_index_close(&in);
	return 0;
}

/**
 * installed_free() - release what installed_find() has found
 * @m: the module
 */
void installed_free(struct installed *m)
{
	buffer_free(&m->build_id);
}

/**
 * installed_is_ready() - whether modprobe would find a module, and load it
 * @root: from root_open()
 * @release: the kernel
 * @name: the module
 *
 * Return: true if it is in the index, and its file is there.
 */
bool installed_is_ready(int root, const char *release, const char *name)
{
	struct installed m;
	bool ready;

	if (installed_find(&m, root, release, name))
		return false;
	ready = m.indexed && m.present;
	installed_free(&m);
	return ready;
}

/**
 * installed_warn_missing() - say why a module is not in the index
 * @root: from root_open()
 * @release: the kernel
 * @name: the module
 */
void installed_warn_missing(int root, const char *release, const char *name)
{
	struct installed m;

	if (installed_find(&m, root, release, name))
		return;
	if (m.unread)
		warnx("kernel %s has no module %s: %s is there, and packed by %s, which this system's depmod and modprobe do not read; unpack it, or pack it otherwise, then run 'depmod %s'",
		      release, name, m.path, m.unread, release);
	else if (*m.path && !m.indexed)
		warnx("kernel %s has no module %s in its index: %s is there, and 'depmod %s' is to be run",
		      release, name, m.path, release);
	else
		module_index_warn(name, release, -ENOENT);
	installed_free(&m);
}

/* A file of /sys/module/NAME; empty if there is none. */
static void read_sys(struct buffer *content, const char *name, const char *file)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "/sys/module/%s/%s", name, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	buffer_read_all(content, fd);
	close(fd);
}

static enum loaded compare(const void *loaded, size_t loaded_size,
			   const void *file, size_t file_size)
{
	if (!loaded_size || !file_size)
		return LOADED_UNKNOWN;
	return loaded_size == file_size && !memcmp(loaded, file, file_size) ?
	       LOADED_SAME : LOADED_OTHER;
}

/**
 * installed_is_loaded() - whether the running kernel has a module
 * @m: as it is installed for that kernel
 * @name: the module
 *
 * Return: whether there is one, and whether it is the one of the file.
 */
enum loaded installed_is_loaded(const struct installed *m, const char *name)
{
	struct buffer loaded = { 0 };
	char plain[256], path[512];
	enum loaded answer;

	kernel_name(plain, sizeof(plain), name);
	snprintf(path, sizeof(path), "/sys/module/%s", plain);
	if (access(path, F_OK))
		return LOADED_NOT;
	read_sys(&loaded, plain, "notes/" MODULE_BUILD_ID);
	answer = compare(buffer_text(&loaded), loaded.size,
			 buffer_text(&m->build_id), m->build_id.size);
	buffer_free(&loaded);
	if (answer != LOADED_UNKNOWN)
		return answer;
	read_sys(&loaded, plain, "srcversion");
	answer = compare(buffer_text(&loaded),
			 strcspn(buffer_text(&loaded), "\n"),
			 m->srcversion, strlen(m->srcversion));
	buffer_free(&loaded);
	return answer;
}
