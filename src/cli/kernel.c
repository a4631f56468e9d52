// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel.c - a system's kernel image, as a virtual machine boots it
 *
 * On x86 the distributions' bzImage is a small program that unpacks an ELF
 * file, the kernel proper. Under emulation the unpacking takes longer than the
 * boot; so it is unpacked here and, where the kernel has the entry point for
 * it (PVH, "Xen" note 18), started directly.
 */
#include "kernel.h"

#include <archive.h>
#include <archive_entry.h>
#include <endian.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buffer.h"
#include "root.h"

#define MODULES "/lib/modules"
/* xen/interface/elfnote.h: XEN_ELFNOTE_PHYS32_ENTRY */
#define PVH_ENTRY_NOTE 18

/*
 * Documentation/arch/x86/boot.rst: fields of the setup header, by their offset
 * in the file.
 */
enum {
	BZ_SETUP_SECTS = 0x1f1,
	BZ_MAGIC = 0x202,
	BZ_VERSION = 0x206,
	BZ_PAYLOAD_OFFSET = 0x248,
	BZ_PAYLOAD_LENGTH = 0x24c,
	BZ_HEADER_END = 0x250,
};

static const char *const image_paths[] = {
	"/boot/vmlinuz-%s",
	"/usr/lib/modules/%s/vmlinuz",
	"/lib/modules/%s/vmlinuz",
	"/boot/vmlinux-%s",
};

static uint32_t le32(const char *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return le32toh(value);
}

/**
 * kernel_default() - the kernel to take when none is named
 * @root: from root_open()
 *
 * Return: its release string, to be freed, if the system has exactly one
 * kernel; NULL after a message if it has none or several.
 */
char *kernel_default(int root)
{
	DIR *list = root_dir_list(root, MODULES);
	struct buffer names = { 0 };
	char *found = NULL;
	struct dirent *entry;
	unsigned int count = 0;

	if (!list) {
		warn("cannot list " MODULES " of the system");
		return NULL;
	}
	while ((entry = readdir(list))) {
		char path[512];
		int fd;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), MODULES "/%s/modules.dep",
			 entry->d_name);
		fd = root_file_open(root, path);
		if (fd < 0)
			continue;
		close(fd);
		buffer_add(&names, " ", 1);
		buffer_add(&names, entry->d_name, strlen(entry->d_name));
		free(found);
		found = strdup(entry->d_name);
		count++;
	}
	closedir(list);
	if (count != 1) {
		if (count)
			warnx("the system has %u kernels; name one with --kernel:%s",
			      count, buffer_text(&names));
		else
			warnx("the system has no kernel: no modules.dep below "
			      MODULES);
		free(found);
		found = NULL;
	}
	buffer_free(&names);
	return found;
}

/* Find the compressed kernel in a bzImage; NULL if it is none. */
static const char *find_payload(const struct buffer *image, size_t *size)
{
	size_t setup, offset, length;

	if (image->size < BZ_HEADER_END ||
	    memcmp(image->data + BZ_MAGIC, "HdrS", 4) ||
	    (unsigned char)image->data[BZ_VERSION + 1] < 2 ||
	    (image->data[BZ_VERSION + 1] == 2 && image->data[BZ_VERSION] < 8))
		return NULL;
	setup = (unsigned char)image->data[BZ_SETUP_SECTS];
	setup = ((setup ? setup : 4) + 1) * 512;
	offset = setup + le32(image->data + BZ_PAYLOAD_OFFSET);
	length = le32(image->data + BZ_PAYLOAD_LENGTH);
	if (offset > image->size || length > image->size - offset ||
	    length < 8)
		return NULL;
	*size = length;
	return image->data + offset;
}

/*
 * Unpack into a memory file. The kernel's build appends the unpacked size, four
 * bytes that are no part of the compressed stream (for gzip they are).
 */
static int unpack_payload(const char *payload, size_t size)
{
	uint32_t wanted = le32(payload + size - 4);
	bool gzip = !memcmp(payload, "\x1f\x8b", 2);
	struct archive *a = archive_read_new();
	struct archive_entry *entry;
	char chunk[65536];
	uint32_t total = 0;
	int fd = -1;

	if (!a)
		return -1;
	archive_read_support_filter_all(a);
	archive_read_support_format_raw(a);
	if (archive_read_open_memory(a, payload, size - (gzip ? 0 : 4)) ||
	    archive_read_next_header(a, &entry))
		goto free_archive;
	fd = memfd_create("vmlinux", MFD_CLOEXEC);
	if (fd < 0)
		goto free_archive;
	while (total < wanted) {
		la_ssize_t n = archive_read_data(a, chunk, sizeof(chunk));

		if (n <= 0 || write(fd, chunk, n) != n)
			break;
		total += n;
	}
	if (total != wanted) {
		close(fd);
		fd = -1;
	}
free_archive:
	archive_read_free(a);
	return fd;
}

static bool notes_have_pvh(Elf_Data *data)
{
	size_t offset = 0, name, desc;
	GElf_Nhdr note;

	while ((offset = gelf_getnote(data, offset, &note, &name, &desc))) {
		if (note.n_type == PVH_ENTRY_NOTE && note.n_namesz == 4 &&
		    !memcmp((char *)data->d_buf + name, "Xen", 4))
			return true;
	}
	return false;
}

static bool elf_has_pvh(int fd)
{
	bool found = false;
	size_t count;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!elf)
		return false;
	if (elf_getphdrnum(elf, &count))
		count = 0;
	for (size_t i = 0; i < count && !found; i++) {
		GElf_Phdr phdr;
		Elf_Data *data;

		if (!gelf_getphdr(elf, i, &phdr) || phdr.p_type != PT_NOTE)
			continue;
		data = elf_getdata_rawchunk(elf, phdr.p_offset, phdr.p_filesz,
					    ELF_T_NHDR);
		found = data && notes_have_pvh(data);
	}
	elf_end(elf);
	return found;
}

/**
 * kernel_image_open() - find a kernel's image and make it ready to boot
 * @image: result
 * @root: from root_open()
 * @release: the kernel's release string
 *
 * Return: 0, or -1 after a message.
 */
int kernel_image_open(struct kernel_image *image, int root,
		      const char *release)
{
	struct buffer content = { 0 };
	const char *payload;
	size_t size;
	int fd = -1;

	for (size_t i = 0; fd < 0 && i < sizeof(image_paths) /
						 sizeof(image_paths[0]); i++) {
		snprintf(image->path, sizeof(image->path), image_paths[i],
			 release);
		fd = root_file_open(root, image->path);
		if (fd < 0 && errno == EACCES) {
			warn("%s", image->path);
			return -1;
		}
	}
	if (fd < 0) {
		warnx("no image of kernel %s: neither /boot/vmlinuz-%s nor /usr/lib/modules/%s/vmlinuz is there",
		      release, release, release);
		return -1;
	}
	if (buffer_read_all(&content, fd)) {
		warn("%s", image->path);
		close(fd);
		buffer_free(&content);
		return -1;
	}
	image->fd = fd;
	image->pvh = false;
	payload = find_payload(&content, &size);
	image->elf_fd = payload ? unpack_payload(payload, size) : -1;
	if (image->elf_fd >= 0 && elf_has_pvh(image->elf_fd)) {
		close(fd);
		image->fd = image->elf_fd;
		image->pvh = true;
	}
	buffer_free(&content);
	return 0;
}

/**
 * kernel_image_close() - release an image
 * @image: from kernel_image_open()
 */
void kernel_image_close(struct kernel_image *image)
{
	if (image->elf_fd >= 0 && image->elf_fd != image->fd)
		close(image->elf_fd);
	close(image->fd);
	image->fd = -1;
	image->elf_fd = -1;
}
