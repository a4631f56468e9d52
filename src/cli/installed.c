// SPDX-License-Identifier: GPL-2.0-only
/*
 * installed.c - a module as it is installed for a kernel, and as it is loaded
 *
 * Whether the loaded code is that of the file: the linker's checksum of the code
 * says so (the ELF note "build ID"), else the build's checksum of the sources
 * (srcversion). The kernel shows both in /sys/module.
 */
#include "installed.h"

#include <archive.h>
#include <archive_entry.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <libkmod.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "root.h"

#define BUILD_ID ".note.gnu.build-id"
/* More than any module has, unpacked. */
#define SIZE_LIMIT (256 << 20)

/* The kernel writes '_' where a file's name may have '-'. */
static void kernel_name(char *to, size_t size, const char *name)
{
	snprintf(to, size, "%s", name);
	for (char *dash = to; (dash = strchr(dash, '-')); dash++)
		*dash = '_';
}

/* What modprobe would take. @prefix: how libkmod names the kernel's directory */
static void look_up(struct installed *m, struct kmod_ctx *ctx,
		    const char *release, const char *name, const char *prefix)
{
	struct kmod_list *found = NULL;
	struct kmod_module *mod;
	const char *path;

	if (kmod_module_new_from_lookup(ctx, name, &found) || !found)
		return;
	mod = kmod_module_get_module(found);
	path = kmod_module_get_path(mod);
	m->indexed = true;
	m->built_in = !path;
	if (path)
		snprintf(m->path, sizeof(m->path), "/lib/modules/%s%s", release,
			 path + (strncmp(path, prefix, strlen(prefix)) ?
				 0 : strlen(prefix)));
	kmod_module_unref(mod);
	kmod_module_unref_list(found);
}

/* Where DKMS and others put modules, for one that is in no index (yet). */
static void look_around(struct installed *m, int root, const char *release,
			const char *name)
{
	static const char *const dirs[] = { "updates/dkms", "updates", "extra" };
	static const char *const ends[] = { ".ko", ".ko.xz", ".ko.zst",
					    ".ko.gz" };

	for (size_t i = 0; i < 3 * 4; i++) {
		int fd;

		snprintf(m->path, sizeof(m->path), "/lib/modules/%s/%s/%s%s",
			 release, dirs[i / 4], name, ends[i % 4]);
		fd = root_file_open(root, m->path);
		if (fd >= 0) {
			close(fd);
			return;
		}
	}
	m->path[0] = '\0';
}

static void note_info(struct installed *m, const char *key, const char *value)
{
	if (!strcmp(key, "vermagic"))
		snprintf(m->vermagic, sizeof(m->vermagic), "%s", value);
	else if (!strcmp(key, "srcversion"))
		snprintf(m->srcversion, sizeof(m->srcversion), "%s", value);
	else if (!strcmp(key, "signer"))
		snprintf(m->signer, sizeof(m->signer), "%s", value);
	else if (!strcmp(key, "sig_id"))
		m->is_signed = true;
}

/* By its descriptor: the path is one of the system, not one of the host. */
static void read_info(struct installed *m, struct kmod_ctx *ctx, int fd)
{
	struct kmod_list *list = NULL, *item;
	struct kmod_module *mod;
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (kmod_module_new_from_path(ctx, path, &mod))
		return;
	if (kmod_module_get_info(mod, &list) >= 0)
		m->present = true;
	kmod_list_foreach(item, list)
		note_info(m, kmod_module_info_get_key(item),
			  kmod_module_info_get_value(item));
	kmod_module_info_free_list(list);
	kmod_module_unref(mod);
}

static int unpack(struct buffer *to, int fd)
{
	struct archive *a = archive_read_new();
	struct archive_entry *entry;
	char chunk[65536];
	la_ssize_t n = -1;

	to->limit = SIZE_LIMIT;
	if (a && !archive_read_support_filter_all(a) &&
	    !archive_read_support_format_raw(a) &&
	    !archive_read_open_fd(a, fd, sizeof(chunk)) &&
	    !archive_read_next_header(a, &entry))
		while ((n = archive_read_data(a, chunk, sizeof(chunk))) > 0)
			if (buffer_add(to, chunk, n))
				break;
	archive_read_free(a);
	return n ? -1 : 0;
}

static void read_build_id(struct installed *m, int fd)
{
	struct buffer file = { 0 };
	Elf_Scn *section = NULL;
	size_t names;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = unpack(&file, fd) ? NULL : elf_memory(file.data, file.size);
	if (!elf || elf_getshdrstrndx(elf, &names))
		goto free_file;
	while ((section = elf_nextscn(elf, section))) {
		Elf_Data *data = elf_rawdata(section, NULL);
		const char *name;
		GElf_Shdr shdr;

		if (!data || !gelf_getshdr(section, &shdr))
			continue;
		name = elf_strptr(elf, names, shdr.sh_name);
		if (name && !strcmp(name, BUILD_ID))
			buffer_add(&m->build_id, data->d_buf, data->d_size);
	}
free_file:
	elf_end(elf);
	buffer_free(&file);
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
	static const char *const no_config[] = { NULL };
	struct kmod_ctx *ctx;
	char dir[512], prefix[64];
	int dir_fd, fd;

	*m = (struct installed){ 0 };
	snprintf(dir, sizeof(dir), "/lib/modules/%s", release);
	dir_fd = root_dir_open(root, dir);
	if (dir_fd < 0) {
		warn("%s of the system", dir);
		return -1;
	}
	snprintf(prefix, sizeof(prefix), "/proc/self/fd/%d", dir_fd);
	ctx = kmod_new(prefix, no_config);
	if (!ctx) {
		warn("libkmod");
		close(dir_fd);
		return -1;
	}
	look_up(m, ctx, release, name, prefix);
	if (!m->indexed)
		look_around(m, root, release, name);
	fd = *m->path ? root_file_open(root, m->path) : -1;
	if (fd >= 0) {
		read_info(m, ctx, fd);
		read_build_id(m, fd);
		close(fd);
	}
	kmod_unref(ctx);
	close(dir_fd);
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
	read_sys(&loaded, plain, "notes/" BUILD_ID);
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
