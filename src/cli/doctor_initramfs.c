// SPDX-License-Identifier: GPL-2.0-only
/*
 * doctor_initramfs.c - is a module in the initramfs the one that is installed?
 *
 * A module that the boot needs is copied into the initramfs. When the module is
 * built again, the copy there is the old one, until somebody makes it anew.
 *
 * An initramfs is several archives, one behind the other: some that are not
 * compressed (microcode, modules that are already), and one that is. It may be
 * damaged, or made to deceive: how much of it is read has a limit.
 */
#include <archive.h>
#include <archive_entry.h>
#include <err.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doctor.h"
#include "module_file.h"
#include "module_index.h"
#include "module_name.h"
#include "root.h"

/* Of all that is unpacked; and of one module. */
#define LIMIT ((int64_t)4 << 30)
#define MODULE_LIMIT ((int64_t)256 << 20)
#define ARCHIVES_MAX 16

/* The last entry of an archive: its header, and a name, in words of 4 bytes. */
#define TRAILER_SIZE 124

/* An initramfs, and how far it is read. */
struct image {
	struct doctor *d;
	const char *release;
	char path[300];
	char cure[400];
	int fd;
	int64_t offset, left;
	bool damaged;
};

static const char *const paths[] = {
	"/boot/initrd.img-%s",		/* Debian */
	"/boot/initramfs-%s.img",	/* Fedora */
	"/boot/initrd-%s",		/* SUSE */
};

static bool find_image(struct image *i)
{
	struct stat st;
	int tool;

	for (size_t n = 0; i->fd < 0 && n < sizeof(paths) / sizeof(paths[0]);
	     n++) {
		snprintf(i->path, sizeof(i->path), paths[n], i->release);
		i->fd = root_file_open(i->d->root, i->path);
		if (i->fd < 0 && errno == EACCES)
			warn("%s", i->path);
	}
	if (i->fd < 0)
		return false;
	tool = root_file_open(i->d->root, "/usr/sbin/update-initramfs");
	if (tool >= 0) {
		snprintf(i->cure, sizeof(i->cure), "update-initramfs -u -k %s",
			 i->release);
		close(tool);
	} else {
		snprintf(i->cure, sizeof(i->cure), "dracut --force %s %s",
			 i->path, i->release);
	}
	return !fstat(i->fd, &st) && S_ISREG(st.st_mode);
}

/* ".../modules/RELEASE/updates/..." and the like: it did not come with it. */
static bool is_foreign(const char *path, const char *release)
{
	static const char *const places[] = { "updates/", "extra/",
					      "weak-updates/" };
	char start[300];
	const char *at;

	snprintf(start, sizeof(start), "lib/modules/%s/", release);
	at = strstr(path, start);
	for (size_t i = 0; at && i < sizeof(places) / sizeof(places[0]); i++)
		if (!strncmp(at + strlen(start), places[i], strlen(places[i])))
			return module_name_is_file(path);
	return false;
}

/* The file of an archive as a file, for module_file_read(). */
static int take_out(struct archive *a)
{
	int fd = memfd_create("module", MFD_CLOEXEC);

	if (fd < 0)
		return -1;
	if (archive_read_data_into_fd(a, fd) || lseek(fd, 0, SEEK_SET)) {
		close(fd);
		return -1;
	}
	return fd;
}

static bool same_bytes(const void *a, size_t a_size, const void *b,
		       size_t b_size)
{
	return a && b && a_size == b_size && !memcmp(a, b, a_size);
}

/*
 * Some strip a module of what only a debugger reads, when they copy it: then the
 * linker's checksum of its code is the same.
 */
static bool same_module(int a_fd, int b_fd)
{
	struct findings ignored = { 0 };
	struct module_file a, b = { 0 };
	size_t a_size = 0, b_size = 0;
	const char *a_id, *b_id;
	bool answer = false;

	if (module_file_read(&a, a_fd, NULL, &ignored) ||
	    module_file_read(&b, b_fd, NULL, &ignored))
		goto free_modules;
	answer = same_bytes(a.content.data, a.content.size, b.content.data,
			    b.content.size);
	if (answer || !a.elf || !b.elf)
		goto free_modules;
	a_id = module_file_data(&a, MODULE_BUILD_ID, &a_size);
	b_id = module_file_data(&b, MODULE_BUILD_ID, &b_size);
	answer = same_bytes(a_id, a_size, b_id, b_size);
free_modules:
	module_file_free(&b);
	module_file_free(&a);
	return answer;
}

/* What modprobe would take of the system; -1 if there is none. */
static int open_installed(const struct image *i, const char *name)
{
	struct module_index in;
	char path[PATH_MAX];
	int ret;

	if (module_index_open(&in, i->d->root, i->release))
		return -1;
	ret = module_index_find(&in, name, path, sizeof(path));
	module_index_close(&in);
	return ret ? -1 : root_file_open(i->d->root, path);
}

static void look_at_entry(struct image *i, struct archive *a, const char *path)
{
	const char *base = strrchr(path, '/') + 1;
	int copy = take_out(a), installed;
	char name[64];

	if (copy < 0) {
		i->damaged = true;
		return;
	}
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(base, "."), base);
	installed = open_installed(i, name);
	if (installed < 0)
		doctor_say(i->d, "stale_initramfs",
			   "%s is in the initramfs of kernel %s, and is not installed any more\n%s",
			   name, i->release, i->cure);
	else if (!same_module(copy, installed))
		doctor_say(i->d, "stale_initramfs",
			   "the %s in the initramfs of kernel %s is not the one that is installed: the boot will load the old one\n%s",
			   name, i->release, i->cure);
	if (installed >= 0)
		close(installed);
	close(copy);
}

/* All entries of an archive; false if it cannot be read to its end. */
static bool look_at_entries(struct image *i, struct archive *a)
{
	struct archive_entry *entry;
	bool any = false;
	int ret;

	while ((ret = archive_read_next_header(a, &entry)) >= ARCHIVE_WARN) {
		const char *path = archive_entry_pathname(entry);
		int64_t size = archive_entry_size(entry);

		if (ret == ARCHIVE_EOF)
			return true;
		any = true;
		i->left -= size;
		if (i->left < 0)
			return false;
		if (path && archive_entry_filetype(entry) == AE_IFREG &&
		    size && size <= MODULE_LIMIT &&
		    is_foreign(path, i->release))
			look_at_entry(i, a, path);
	}
	/* One that does not even begin is packed in a way that we do not know. */
	i->damaged = i->damaged || any;
	return false;
}

/* Go to the next archive, over the zeros before it; false if there is none. */
static bool find_archive(struct image *i, bool *packed)
{
	char bytes[4096];
	ssize_t n;

	while ((n = pread(i->fd, bytes, sizeof(bytes), i->offset)) > 0) {
		ssize_t zeros = 0;

		while (zeros < n && !bytes[zeros])
			zeros++;
		i->offset += zeros;
		if (zeros)
			continue;
		*packed = n < 6 || memcmp(bytes, "07070", 5);
		return true;
	}
	return false;
}

/* One archive; true if there may be another behind it. */
static bool look_at_archive(struct image *i, bool packed)
{
	struct archive *a = archive_read_new();
	bool whole;

	if (!a)
		return false;
	archive_read_support_format_cpio(a);
	if (packed) {
		archive_read_support_filter_gzip(a);
		archive_read_support_filter_bzip2(a);
		archive_read_support_filter_lzma(a);
		archive_read_support_filter_xz(a);
		archive_read_support_filter_zstd(a);
		archive_read_support_filter_lz4(a);
	}
	whole = lseek(i->fd, i->offset, SEEK_SET) == i->offset &&
		!archive_read_open_fd(a, i->fd, 65536) &&
		look_at_entries(i, a);
	i->offset += archive_read_header_position(a) + TRAILER_SIZE;
	archive_read_free(a);
	/* Where the packed one ends, only the unpacker knows; it is the last. */
	return whole && !packed;
}

/**
 * doctor_look_at_initramfs() - look at the modules in a kernel's initramfs
 * @d: the visit
 * @release: the kernel
 */
void doctor_look_at_initramfs(struct doctor *d, const char *release)
{
	struct image i = { .d = d, .release = release, .fd = -1,
			   .left = LIMIT };
	bool packed;

	if (!find_image(&i))
		goto close_image;
	for (size_t n = 0; n < ARCHIVES_MAX && find_archive(&i, &packed); n++)
		if (!look_at_archive(&i, packed))
			break;
	if (i.damaged)
		doctor_say(d, "initramfs_damaged",
			   "the initramfs of kernel %s, %s, cannot be read to its end\n%s",
			   release, i.path, i.cure);
close_image:
	if (i.fd >= 0)
		close(i.fd);
}
