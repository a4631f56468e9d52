// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel_facts.c - what a kernel holds a module against
 *
 * Its version, the symbols that it exports and their checksums are read from
 * the kernel itself: no other file can be trusted to be of the same build.
 */
#include "kernel_facts.h"

#include <errno.h>
#include <libelf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "binary_number.h"
#include "buffer.h"
#include "kernel_config.h"
#include "root.h"

/* More than anybody reserves for a certificate to be put in later. */
#define EXTRA_MAX 16384

/* Of what may be a certificate a kernel has some ten. */
#define CANDIDATES_MAX 4096

/* A section, as bytes of the mapped file. */
struct part {
	const char *at;
	uint64_t address;
	size_t size;
};

static struct part find_part(const struct kernel_facts *k, Elf *elf,
			     const char *name)
{
	Elf_Scn *section = NULL;
	GElf_Shdr shdr;

	while ((section = elf_nextscn(elf, section))) {
		const char *found;

		if (!gelf_getshdr(section, &shdr) ||
		    shdr.sh_type == SHT_NOBITS || shdr.sh_offset > k->size ||
		    shdr.sh_size > k->size - shdr.sh_offset)
			continue;
		found = elf_strptr(elf, k->header.e_shstrndx, shdr.sh_name);
		if (found && !strcmp(found, name))
			return (struct part){ k->image + shdr.sh_offset,
					      shdr.sh_addr, shdr.sh_size };
	}
	return (struct part){ 0 };
}

static uint64_t read_number(const struct kernel_facts *k, const char *at,
			    size_t size)
{
	return binary_number(at, size,
			     k->header.e_ident[EI_DATA] == ELFDATA2MSB);
}

/* The string at an address; NULL if none begins there. */
static const char *string_at(const struct part *strings, uint64_t address)
{
	uint64_t offset = address - strings->address;

	if (address < strings->address || offset >= strings->size ||
	    !memchr(strings->at + offset, '\0', strings->size - offset))
		return NULL;
	return strings->at + offset;
}

/*
 * An entry refers to the symbol, its name and its namespace: each by how far it
 * is from the reference itself (CONFIG_HAVE_ARCH_PREL32_RELOCATIONS), or by its
 * address.
 */
static const char *referred(const struct kernel_facts *k,
			    const struct part *table,
			    const struct part *strings, size_t offset,
			    size_t width)
{
	uint64_t value = read_number(k, table->at + offset, width);
	uint64_t near = table->address + offset + (int64_t)(int32_t)value;
	const char *text = NULL;

	if (k->header.e_ident[EI_CLASS] == ELFCLASS32)
		near = (uint32_t)near;
	if (width == 4)
		text = string_at(strings, near);
	return text ?: string_at(strings, value);
}

static size_t reference_width(const struct kernel_facts *k,
			      const struct part *table,
			      const struct part *strings)
{
	return table->size >= 12 && referred(k, table, strings, 4, 4) ? 4 : 8;
}

/* One table of exported symbols, with its checksums and flags, if it has any. */
static int read_table(struct kernel_facts *k, const struct part *table,
		      const struct part *crcs, const struct part *flags,
		      const struct part *strings, bool gpl)
{
	size_t width = reference_width(k, table, strings);

	for (size_t i = 0; (i + 1) * 3 * width <= table->size; i++) {
		size_t offset = i * 3 * width;
		const char *name = referred(k, table, strings, offset + width,
					    width);
		const char *space = referred(k, table, strings,
					     offset + 2 * width, width);
		struct symbol *s;

		if (!name)
			return -EINVAL;
		s = symbols_add(&k->exported, name);
		if (!s)
			return -ENOMEM;
		s->space = space && *space ? space : NULL;
		s->gpl_only = i < flags->size ? flags->at[i] & 1 : gpl;
		if ((i + 1) * 4 > crcs->size)
			continue;
		s->crc = read_number(k, crcs->at + i * 4, 4);
		s->has_crc = true;
	}
	return 0;
}

static int read_exported(struct kernel_facts *k, Elf *elf)
{
	struct part strings = find_part(k, elf, "__ksymtab_strings");
	struct part all = find_part(k, elf, "__ksymtab");
	struct part gpl = find_part(k, elf, "__ksymtab_gpl");
	struct part crcs = find_part(k, elf, "__kcrctab");
	struct part gpl_crcs = find_part(k, elf, "__kcrctab_gpl");
	struct part flags = find_part(k, elf, "__kflagstab");
	struct part none = { 0 };
	int ret;

	if (!strings.size || !all.size)
		return -ENOENT;
	ret = read_table(k, &all, &crcs, &flags, &strings, false);
	if (!ret)
		ret = read_table(k, &gpl, &gpl_crcs, &none, &strings, true);
	symbols_sort(&k->exported);
	return ret;
}

/*
 * The string that the kernel compares: it begins with the release and a blank.
 * So does a part of its banner, where something other than NUL stands before.
 */
static const char *find_vermagic(const struct kernel_facts *k,
				 const char *release)
{
	const char *at = k->image, *end = k->image + k->size;
	char wanted[256];
	int len = snprintf(wanted, sizeof(wanted), "%c%s ", '\0', release);

	if (len >= (int)sizeof(wanted))
		return NULL;
	while ((at = memmem(at, end - at, wanted, len))) {
		at++;
		if (memchr(at, '\0', end - at) && !strpbrk(at, "(\n"))
			return at;
	}
	return NULL;
}

/* How many bytes a certificate has by its own account; 0 if it is none. */
static size_t certificate_size(const char *at, const char *end)
{
	const unsigned char *p = (const unsigned char *)at;
	size_t size;

	if (end - at < 4 || p[0] != 0x30 || p[1] != 0x82)
		return 0;
	size = 4 + (p[2] << 8 | p[3]);
	return size <= (size_t)(end - at) ? size : 0;
}

/*
 * Certificates, one behind the other; and behind them, and what room is left for
 * another (CONFIG_SYSTEM_EXTRA_CERTIFICATE_SIZE), how many bytes they are.
 */
static size_t certificate_list_size(const struct kernel_facts *k,
				    const char *list)
{
	const char *end = k->image + k->size, *at;
	size_t total = 0, size;
	size_t width = k->header.e_ident[EI_CLASS] == ELFCLASS64 ? 8 : 4;

	for (size_t i = 0; i < CERTIFICATES_MAX; i++) {
		size = certificate_size(list + total, end);
		if (!size)
			break;
		total += size;
	}
	at = k->image + ((list + total - k->image + width - 1) & -width);
	for (size = 0; size < EXTRA_MAX && at + width <= end; size += width) {
		if (read_number(k, at, width) == total)
			return total;
		at += width;
	}
	return 0;
}

/*
 * certs/system_certificates.S: the image has no name for the list. But each
 * certificate of X.509, version 3, has these bytes behind two sizes.
 */
static void find_certificates(struct kernel_facts *k)
{
	static const char version_3[] = "\xa0\x03\x02\x01\x02";
	const size_t sizes = 8;
	const char *at = k->image + sizes, *end = k->image + k->size;

	for (size_t i = 0; i < CANDIDATES_MAX; i++) {
		const char *list;
		size_t left, size;

		at = memmem(at, end - at, version_3, strlen(version_3));
		if (!at)
			break;
		list = at - sizes;
		left = certificate_list_size(k, list);
		at += left ?: 1;
		for (; left; left -= size, list += size) {
			size = certificate_size(list, end);
			certificates_add(&k->trusted, list, size, "the kernel");
		}
	}
}

/* How it was configured, where that makes a difference to a module. */
static void read_config(struct kernel_facts *k, int root, const char *release)
{
	static const char any[] = "MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS";
	struct buffer config;

	if (!kernel_config_read(&config, root, release)) {
		k->force_load = kernel_config_has(&config, "MODULE_FORCE_LOAD");
		k->unpacks_xz = kernel_config_has(&config, "MODULE_DECOMPRESS") &&
				kernel_config_has(&config, "MODULE_COMPRESS_XZ");
		k->any_namespace = kernel_config_has(&config, any);
	}
	buffer_free(&config);
}

/**
 * kernel_facts_read() - read what a kernel holds a module against
 * @k: result, to be released by kernel_facts_free() in any case
 * @image: the kernel, from kernel_image_unpack()
 * @root: its system, from root_open()
 * @release: its release string
 *
 * Return: 0, or -errno: -ENOENT if the image does not show it, as one does
 * that is packed in a way of its own; -EINVAL if it is damaged.
 */
int kernel_facts_read(struct kernel_facts *k, const struct kernel_image *image,
		      int root, const char *release)
{
	struct stat st;
	int ret = -ENOENT;
	Elf *elf;

	*k = (struct kernel_facts){ 0 };
	if (image->elf_fd < 0)
		return -ENOENT;
	if (fstat(image->elf_fd, &st))
		return -errno;
	k->image = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE,
			image->elf_fd, 0);
	if (k->image == MAP_FAILED) {
		k->image = NULL;
		return -errno;
	}
	k->size = st.st_size;
	elf_version(EV_CURRENT);
	elf = elf_memory(k->image, k->size);
	if (elf && gelf_getehdr(elf, &k->header))
		ret = read_exported(k, elf);
	elf_end(elf);
	k->vermagic = find_vermagic(k, release);
	if (!ret)
		find_certificates(k);
	if (root_is_running(root))
		certificates_add_enrolled(&k->trusted);
	read_config(k, root, release);
	return ret ?: k->vermagic ? 0 : -ENOENT;
}

/**
 * kernel_facts_free() - release what kernel_facts_read() has read
 * @k: the facts
 */
void kernel_facts_free(struct kernel_facts *k)
{
	symbols_free(&k->exported);
	certificates_free(&k->trusted);
	if (k->image)
		munmap(k->image, k->size);
	*k = (struct kernel_facts){ 0 };
}
