// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel.c - a system's kernel image, as a virtual machine boots it
 *
 * On x86 the distributions' bzImage is a small program that unpacks an ELF
 * file, the kernel proper. Under emulation the unpacking takes longer than the
 * boot; so it is unpacked here and, where the kernel has the entry point for
 * it (PVH, "Xen" note 18), started directly. But not with KASAN: behind that entry
 * point there is no shadow memory yet, which the code there looks at all the same.
 *
 * On other architectures the image is the kernel as an ELF file, or as it lies in
 * memory, or a program that unpacks that; and either may be packed once more, by
 * gzip or for EFI, which only newer versions of QEMU unpack.
 */
#include "kernel.h"

#include <archive.h>
#include <archive_entry.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "binary_number.h"
#include "buffer.h"
#include "kernel_config.h"
#include "memory_file.h"
#include "root.h"

#define MODULES "/lib/modules"
/* Where in there the modules are that came with it; and a part of their list. */
#define OWN "kernel/"
#define INDEX_SIZE 65536
/* More than any kernel, packed or not. */
#define IMAGE_LIMIT (1UL << 30)
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

/* drivers/firmware/efi/libstub/zboot-header.S */
enum {
	ZBOOT_MAGIC = 0x4,
	ZBOOT_PAYLOAD_OFFSET = 0x8,
	ZBOOT_PAYLOAD_SIZE = 0xc,
	ZBOOT_HEADER_END = 0x40,
};

#define ZSTD_MAGIC "\x28\xb5\x2f\xfd"
/* What a packed kernel begins with; and what no program unpacks to. */
static const struct {
	size_t size;
	const char *magic;
} packings[] = {
	{ 6, "\xfd\x37zXZ" }, { 4, ZSTD_MAGIC }, { 3, "\x1f\x8b\x08" },
};

#define PROPER_MIN (4 << 20)
/* By chance some bytes look like the beginning of one. */
#define PROPER_TRIALS 32

static const char *const image_paths[] = {
	"/boot/vmlinuz-%s",
	"/usr/lib/modules/%s/vmlinuz",
	"/lib/modules/%s/vmlinuz",
	"/boot/vmlinux-%s",
};

static uint32_t le32(const char *at)
{
	return binary_number(at, 4, false);
}

/* The one with the higher version first. */
static int compare_releases(const void *a, const void *b)
{
	return strverscmp(*(char *const *)b, *(char *const *)a);
}

static bool has_modules(int root, const char *release)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), MODULES "/%s/modules.dep", release);
	fd = root_file_open(root, path);
	if (fd < 0)
		return false;
	close(fd);
	return true;
}

/* One more release at the end of a list; the old list if memory is short. */
static char **add_release(char **list, size_t count, const char *release)
{
	char **longer = reallocarray(list, count + 2, sizeof(*list));

	if (!longer)
		return list;
	longer[count] = strdup(release);
	longer[count + 1] = NULL;
	return longer;
}

/**
 * kernel_word_valid() - whether a word can name a kernel, or a module
 * @word: the word
 *
 * Names end up on a kernel command line, releases in paths.
 *
 * Return: true if it has nothing in it that means something else there.
 */
bool kernel_word_valid(const char *word)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+~-";

	return *word && *word != '-' && *word != '.' &&
	       !word[strspn(word, allowed)];
}

/**
 * kernel_list() - the kernels of a system
 * @root: from root_open()
 *
 * These have modules and their index; that they have an image is not certain.
 *
 * Return: their release strings, the newest first, ending in NULL, for
 * kernel_list_free(); NULL after a message if there is none.
 */
char **kernel_list(int root)
{
	DIR *dir = root_dir_list(root, MODULES);
	struct dirent *entry;
	char **list = NULL;
	size_t count = 0;

	if (!dir) {
		warn("cannot list " MODULES " of the system");
		return NULL;
	}
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || !has_modules(root, entry->d_name))
			continue;
		list = add_release(list, count, entry->d_name);
		count += list && list[count];
	}
	closedir(dir);
	if (list)
		qsort(list, count, sizeof(*list), compare_releases);
	else
		warnx("the system has no kernel: no modules.dep below "
		      MODULES);
	return list;
}

/**
 * kernel_list_free() - release a list
 * @list: from kernel_list()
 */
void kernel_list_free(char **list)
{
	for (size_t i = 0; list && list[i]; i++)
		free(list[i]);
	free(list);
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
	char **list = kernel_list(root);
	struct buffer names = { 0 };
	char *found = NULL;
	size_t count = 0;

	for (; list && list[count]; count++) {
		buffer_add(&names, " ", 1);
		buffer_add(&names, list[count], strlen(list[count]));
	}
	if (count == 1)
		found = strdup(list[0]);
	else if (count)
		warnx("the system has %zu kernels; name one with --kernel, or take --all:%s",
		      count, buffer_text(&names));
	buffer_free(&names);
	kernel_list_free(list);
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

static bool write_all(int fd, const char *data, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t n = write(fd, data + done, size - done);

		if (n < 0)
			return false;
		done += n;
	}
	return true;
}

/* Unpack into a memory file, all that there is. */
static int unpack_stream(const char *packed, size_t size, size_t *total)
{
	struct archive *a = archive_read_new();
	struct archive_entry *entry;
	int fd = -1;

	*total = 0;
	if (!a)
		return -1;
	archive_read_support_filter_all(a);
	archive_read_support_format_raw(a);
	if (archive_read_open_memory(a, packed, size) ||
	    archive_read_next_header(a, &entry))
		goto free_archive;
	fd = memory_file_create("vmlinux");
	if (fd < 0)
		goto free_archive;
	while (*total <= IMAGE_LIMIT) {
		const void *block;
		la_int64_t offset;
		size_t n;

		if (archive_read_data_block(a, &block, &n, &offset) ||
		    !write_all(fd, block, n))
			break;
		*total += n;
	}
	if (*total > IMAGE_LIMIT || memory_file_seal(fd)) {
		close(fd);
		fd = -1;
	}
free_archive:
	archive_read_free(a);
	return fd;
}

/* A block of zstd's has four bytes at least, and unpacks to 128 KiB at most. */
static bool zstd_may_have(const char *packed, size_t size, size_t wanted)
{
	unsigned long long said = ZSTD_getFrameContentSize(packed, size);

	return wanted / (128 << 10) <= size / 4 &&
	       (said == wanted || said == ZSTD_CONTENTSIZE_UNKNOWN);
}

/* The memory is there before it is written to: later, not to have it is a signal. */
static int reserve(int fd, size_t size)
{
	int ret;

	do {
		ret = fallocate(fd, 0, 0, size);
	} while (ret && errno == EINTR);
	return ret;
}

/*
 * As unpack_stream, for what zstd has packed and whose size is known: right into the
 * memory file. In a stream, zstd keeps all that may be referred to once more, which
 * for a kernel is a second copy of it; that took as long as the unpacking.
 */
static int unpack_zstd(const char *packed, size_t size, size_t wanted)
{
	void *unpacked;
	bool whole;
	int fd;

	if (!zstd_may_have(packed, size, wanted))
		return -1;
	fd = memory_file_create("vmlinux");
	if (fd < 0)
		return -1;
	if (reserve(fd, wanted))
		goto close_fd;
	unpacked = mmap(NULL, wanted, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (unpacked == MAP_FAILED)
		goto close_fd;
	whole = ZSTD_decompress(unpacked, wanted, packed, size) == wanted;
	munmap(unpacked, wanted);
	if (whole && !memory_file_seal(fd))
		return fd;
close_fd:
	close(fd);
	return -1;
}

static bool is_zstd(const char *payload)
{
	return !memcmp(payload, ZSTD_MAGIC, strlen(ZSTD_MAGIC));
}

/*
 * The kernel's build appends the unpacked size, four bytes that are no part of
 * the compressed stream (for gzip they are).
 */
static int unpack_payload(const char *payload, size_t size)
{
	uint32_t wanted = le32(payload + size - 4);
	bool gzip = !memcmp(payload, "\x1f\x8b", 2);
	size_t total;
	int fd;

	if (wanted > IMAGE_LIMIT)
		return -1;
	if (is_zstd(payload))
		return unpack_zstd(payload, size - 4, wanted);
	fd = unpack_stream(payload, size - (gzip ? 0 : 4), &total);
	if (fd >= 0 && total != wanted) {
		close(fd);
		return -1;
	}
	return fd;
}

/* What is behind it is no part of the stream, so its end does not matter. */
static int unpack_if_kernel(const char *packed, size_t size)
{
	size_t total;
	int fd = unpack_stream(packed, size, &total);

	if (fd >= 0 && total < PROPER_MIN) {
		close(fd);
		return -1;
	}
	return fd;
}

/* As zImage and the image of s390 have it, somewhere behind the program. */
static int search_proper(const struct buffer *image)
{
	const char *end = image->data + image->size;
	unsigned int trials = 0;
	int fd = -1;

	for (size_t i = 0; i < sizeof(packings) / sizeof(packings[0]); i++) {
		const char *at = image->data;

		while (fd < 0 && trials++ < PROPER_TRIALS) {
			at = memmem(at, end - at, packings[i].magic,
				    packings[i].size);
			if (!at)
				break;
			fd = unpack_if_kernel(at, end - at);
			at++;
		}
	}
	return fd;
}

/* An image that is packed, gzip or for EFI; -1 if it is none. */
static int unpack_whole(const struct buffer *image)
{
	const char *data = image->data;
	size_t offset, size;

	if (image->size < ZBOOT_HEADER_END)
		return -1;
	if (!memcmp(data, "\x1f\x8b", 2))
		return unpack_if_kernel(data, image->size);
	if (memcmp(data, "MZ", 2) || memcmp(data + ZBOOT_MAGIC, "zimg", 4))
		return -1;
	offset = le32(data + ZBOOT_PAYLOAD_OFFSET);
	size = le32(data + ZBOOT_PAYLOAD_SIZE);
	if (offset > image->size || size > image->size - offset)
		return -1;
	return unpack_if_kernel(data + offset, size);
}

/* Whether the image is the kernel as it lies in memory, or an ELF file. */
static bool is_proper(const struct buffer *image)
{
	return image->size >= ZBOOT_HEADER_END &&
	       (!memcmp(image->data, ELFMAG, SELFMAG) ||
		!memcmp(image->data + 0x38, "ARM\x64", 4) ||
		!memcmp(image->data + 0x38, "RSC\x05", 4));
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

/* A copy, for who may not read the file; and it stays what it is now. */
static int copy_image(const struct buffer *content)
{
	int fd = memory_file_create("vmlinuz");

	if (fd >= 0 && write_all(fd, content->data, content->size) &&
	    !memory_file_seal(fd))
		return fd;
	warn("the copy of the kernel's image");
	if (fd >= 0)
		close(fd);
	return -1;
}

static int find_image(struct kernel_image *image, int root,
		      const char *release)
{
	const size_t count = sizeof(image_paths) / sizeof(image_paths[0]);

	*image = (struct kernel_image){ .fd = -1, .proper_fd = -1 };
	for (size_t i = 0; i < count; i++) {
		snprintf(image->path, sizeof(image->path), image_paths[i],
			 release);
		image->fd = root_file_open(root, image->path);
		if (image->fd >= 0 || errno == EACCES)
			break;
	}
	return image->fd < 0 ? -1 : 0;
}

/**
 * kernel_has_image() - whether a kernel's image is there
 * @root: from root_open()
 * @release: the kernel's release string
 *
 * Return: true if it is; also if it may not be read.
 */
bool kernel_has_image(int root, const char *release)
{
	struct kernel_image image;

	if (find_image(&image, root, release))
		return errno == EACCES;
	kernel_image_close(&image);
	return true;
}

/**
 * kernel_own_module() - find a module that came with a kernel
 * @root: from root_open()
 * @release: the kernel's release string
 * @path: result: its path, inside the system
 * @size: of @path
 *
 * Return: true if there is one.
 */
bool kernel_own_module(int root, const char *release, char *path, size_t size)
{
	struct buffer index = { .limit = INDEX_SIZE };
	bool found = false;
	const char *line;
	int fd;

	snprintf(path, size, MODULES "/%s/modules.dep", release);
	fd = root_file_open(root, path);
	if (fd < 0)
		return false;
	buffer_read_file(&index, fd, IMAGE_LIMIT);
	close(fd);
	for (line = buffer_text(&index); *line && !found;
	     line += strcspn(line, "\n"), line += *line == '\n') {
		found = !strncmp(line, OWN, strlen(OWN));
		if (found)
			snprintf(path, size, MODULES "/%s/%.*s", release,
				 (int)strcspn(line, ":\n"), line);
	}
	buffer_free(&index);
	return found;
}

/* A directory or a device is no kernel, and a huge file is none either. */
static int check_image(const struct kernel_image *image)
{
	struct stat st;

	if (fstat(image->fd, &st))
		warn("%s", image->path);
	else if (!S_ISREG(st.st_mode))
		warnx("%s is no file, and so no kernel", image->path);
	else if (!st.st_size || st.st_size > (off_t)IMAGE_LIMIT)
		warnx("%s is no kernel: it has %lld bytes", image->path,
		      (long long)st.st_size);
	else
		return 0;
	return -1;
}

static bool has_kasan(int root, const char *release)
{
	struct buffer config;
	bool has;

	kernel_config_read(&config, root, release);
	has = kernel_config_has(&config, "KASAN");
	buffer_free(&config);
	return has;
}

/**
 * kernel_image_find() - find a kernel's image
 * @image: result: the file as it is
 * @root: from root_open()
 * @release: the kernel's release string
 *
 * Return: 0, or -1 after a message.
 */
int kernel_image_find(struct kernel_image *image, int root,
		      const char *release)
{
	if (!find_image(image, root, release)) {
		image->kasan = has_kasan(root, release);
		if (!check_image(image))
			return 0;
		kernel_image_close(image);
		return -1;
	}
	if (errno == EACCES)
		warn("%s", image->path);
	else
		warnx("no image of kernel %s: neither /boot/vmlinuz-%s nor /usr/lib/modules/%s/vmlinuz is there",
		      release, release, release);
	return -1;
}

/* Whatever else it is, it is booted as it is. */
static int unpack_other(struct kernel_image *image,
			const struct buffer *content)
{
	int fd = unpack_whole(content);
	bool unpacked = fd >= 0;

	if (!unpacked)
		fd = copy_image(content);
	image->proper_fd = unpacked || is_proper(content) ?
			   fd : search_proper(content);
	return fd;
}

/*
 * What zstd has packed is unpacked while its owner does something else, without a
 * word: where that fails, kernel_image_unpack() does it once more.
 */
struct unpacking {
	pthread_t thread;
	int image_fd;
	int proper_fd;		/* the result, or -1 */
};

/* Not by read(), which has one place in the file for all. */
static void *unpack_in_thread(void *arg)
{
	struct unpacking *u = arg;
	struct buffer content = { 0 };
	const char *payload;
	struct stat st;
	size_t size;

	if (fstat(u->image_fd, &st))
		return NULL;
	content.data = malloc(st.st_size);
	if (!content.data)
		return NULL;
	content.size = st.st_size;
	if (pread(u->image_fd, content.data, content.size, 0) == st.st_size) {
		payload = find_payload(&content, &size);
		if (payload && is_zstd(payload))
			u->proper_fd = unpack_payload(payload, size);
	}
	buffer_free(&content);
	return NULL;
}

/**
 * kernel_image_unpack_begin() - begin to make an image ready to boot
 * @image: from kernel_image_find()
 *
 * That goes on beside what is done next. kernel_image_unpack() waits for its end,
 * and so does kernel_image_close(); it takes a moment. Where there can be no thread,
 * or where the image is packed otherwise, all is left to kernel_image_unpack().
 */
void kernel_image_unpack_begin(struct kernel_image *image)
{
	struct unpacking *u = malloc(sizeof(*u));

	if (!u)
		return;
	u->image_fd = image->fd;
	u->proper_fd = -1;
	if (pthread_create(&u->thread, NULL, unpack_in_thread, u))
		free(u);
	else
		image->unpacking = u;
}

static void end_unpacking(struct kernel_image *image)
{
	struct unpacking *u = image->unpacking;

	if (!u)
		return;
	pthread_join(u->thread, NULL);
	image->proper_fd = u->proper_fd;
	image->unpacking = NULL;
	free(u);
}

static bool enters_pvh(const struct kernel_image *image)
{
	return !image->kasan && image->proper_fd >= 0 &&
	       elf_has_pvh(image->proper_fd);
}

/* What the file of @image becomes, or -1. */
static int unpack(struct kernel_image *image)
{
	struct buffer content = { 0 };
	const char *payload;
	int fd = -1;
	size_t size;

	if (buffer_read_all(&content, image->fd)) {
		warn("%s", image->path);
		goto free_content;
	}
	payload = find_payload(&content, &size);
	if (payload) {
		if (image->proper_fd < 0)
			image->proper_fd = unpack_payload(payload, size);
		image->pvh = enters_pvh(image);
		fd = image->pvh ? image->proper_fd : copy_image(&content);
	} else {
		fd = unpack_other(image, &content);
	}
free_content:
	buffer_free(&content);
	return fd;
}

/**
 * kernel_image_unpack() - make an image ready to boot
 * @image: from kernel_image_find(); then in memory, and nobody can change it
 *
 * Return: 0, or -1 after a message.
 */
int kernel_image_unpack(struct kernel_image *image)
{
	int fd;

	end_unpacking(image);
	image->pvh = enters_pvh(image);
	fd = image->pvh ? image->proper_fd : unpack(image);
	if (fd < 0)
		return -1;
	close(image->fd);
	image->fd = fd;
	return 0;
}

/**
 * kernel_image_close() - release an image
 * @image: from kernel_image_find()
 */
void kernel_image_close(struct kernel_image *image)
{
	end_unpacking(image);
	if (image->proper_fd >= 0 && image->proper_fd != image->fd)
		close(image->proper_fd);
	close(image->fd);
	image->fd = -1;
	image->proper_fd = -1;
}
