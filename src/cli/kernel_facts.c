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
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "architecture.h"
#include "bare_kernel.h"
#include "binary_number.h"
#include "buffer.h"
#include "kernel_config.h"
#include "module_file.h"
#include "root.h"

/* More than anybody reserves for a certificate to be put in later. */
#define EXTRA_MAX 16384

/* Of what may be a certificate a kernel has some ten. */
#define CANDIDATES_MAX 4096

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
			      const struct tables *t)
{
	return t->all.size >= 12 &&
	       referred(k, &t->all, &t->strings, 4, 4) ? 4 : 8;
}

/* One table of exported symbols, with its checksums and flags, if it has any. */
static int read_table(struct kernel_facts *k, const struct tables *t,
		      const struct part *table, const struct part *crcs,
		      const struct part *flags)
{
	const bool gpl = table == &t->gpl;
	const size_t width = t->width;

	for (size_t i = 0; (i + 1) * 3 * width <= table->size; i++) {
		size_t offset = i * 3 * width;
		const char *name = referred(k, table, &t->strings,
					    offset + width, width);
		const char *space = referred(k, table, &t->strings,
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

/* Put an address into a table, as the kernel does it when it starts. */
static void relocate(const struct part *table, const GElf_Rela *rela,
		     bool big_endian)
{
	uint64_t offset = rela->r_offset - table->address;
	unsigned char *at = (unsigned char *)table->at + offset;

	if (rela->r_offset < table->address || offset >= table->size ||
	    table->size - offset < 8)
		return;
	for (size_t i = 0; i < 8; i++)
		at[i] = rela->r_addend >> 8 * (big_endian ? 7 - i : i);
}

/* On powerpc the image has no address in it, but notes where they belong. */
static void relocate_tables(const struct kernel_facts *k, Elf *elf,
			    const struct tables *t)
{
	bool big_endian = k->header.e_ident[EI_DATA] == ELFDATA2MSB;
	Elf_Scn *section = NULL;
	GElf_Shdr shdr;
	GElf_Rela rela;

	while (k->header.e_machine == EM_PPC64 &&
	       (section = elf_nextscn(elf, section))) {
		Elf_Data *data = gelf_getshdr(section, &shdr) &&
				 shdr.sh_type == SHT_RELA ?
				 elf_getdata(section, NULL) : NULL;

		for (int i = 0; data && gelf_getrela(data, i, &rela); i++) {
			if (GELF_R_TYPE(rela.r_info) != R_PPC64_RELATIVE)
				continue;
			relocate(&t->all, &rela, big_endian);
			relocate(&t->gpl, &rela, big_endian);
		}
	}
}

static void find_tables(const struct kernel_facts *k, Elf *elf,
			struct tables *t)
{
	*t = (struct tables){
		.strings = find_part(k, elf, "__ksymtab_strings"),
		.all = find_part(k, elf, "__ksymtab"),
		.gpl = find_part(k, elf, "__ksymtab_gpl"),
		.crcs = find_part(k, elf, "__kcrctab"),
		.gpl_crcs = find_part(k, elf, "__kcrctab_gpl"),
		.flags = find_part(k, elf, "__kflagstab"),
	};
	relocate_tables(k, elf, t);
	t->width = reference_width(k, t);
}

static int read_exported(struct kernel_facts *k, const struct tables *t)
{
	const struct part none = { 0 };
	int ret;

	if (!t->strings.size || !t->all.size)
		return -ENOENT;
	ret = read_table(k, t, &t->all, &t->crcs, &t->flags);
	if (!ret)
		ret = read_table(k, t, &t->gpl, &t->gpl_crcs, &none);
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

/* Its checksums of what a module needs are those of the kernel. */
static bool agrees(const struct kernel_facts *k, const struct module_file *m)
{
	size_t same = 0;

	for (size_t i = 0; i < m->needed.count; i++) {
		const char *name = m->needed.list[i].name;
		const struct symbol *own = symbols_find(&k->exported, name);
		const struct symbol *its = symbols_find(&m->versions, name);

		if (!own || !own->has_crc || !its)
			continue;
		if (own->crc != its->crc)
			return false;
		same++;
	}
	return same;
}

/*
 * What was found without a table of sections may be something else. A module
 * that came with the kernel was built with it: where they differ, none of the
 * checksums is believed.
 */
static void believe_checksums(struct kernel_facts *k, int root,
			      const char *release)
{
	struct findings ignored = { 0 };
	struct module_file m = { 0 };
	char path[PATH_MAX];
	bool good = false;
	int fd = -1;

	if (kernel_own_module(root, release, path, sizeof(path)))
		fd = root_file_open(root, path);
	if (fd >= 0) {
		good = !module_file_read(&m, fd, NULL, &ignored) && m.elf &&
		       agrees(k, &m);
		module_file_free(&m);
		close(fd);
	}
	for (size_t i = 0; !good && i < k->exported.count; i++)
		k->exported.list[i].has_crc = false;
}

/* A kernel that is no ELF file is of the architecture of its modules. */
static int read_bare(struct kernel_facts *k, int root, const char *release)
{
	bool big_endian = k->header.e_ident[EI_DATA] == ELFDATA2MSB;
	size_t word = k->header.e_ident[EI_CLASS] == ELFCLASS64 ? 8 : 4;
	struct tables t;
	int ret;

	if (!k->header.e_machine ||
	    !bare_kernel_search(&t, k->image, k->size, word, big_endian))
		return -ENOENT;
	ret = read_exported(k, &t);
	if (!ret)
		believe_checksums(k, root, release);
	return ret;
}

static void note_architecture(struct kernel_facts *k, int root,
			      const char *release)
{
	const struct architecture *arch = architecture_of_kernel(root, release);

	if (!arch)
		return;
	k->header.e_machine = arch->machine;
	k->header.e_ident[EI_CLASS] = arch->class;
	k->header.e_ident[EI_DATA] = arch->data;
}

static int read_symbols(struct kernel_facts *k, int root, const char *release)
{
	struct tables t;
	Elf *elf = NULL;
	int ret = -ENOENT;

	if (k->size < SELFMAG || memcmp(k->image, ELFMAG, SELFMAG)) {
		note_architecture(k, root, release);
		return read_bare(k, root, release);
	}
	elf_version(EV_CURRENT);
	elf = elf_memory(k->image, k->size);
	if (elf && gelf_getehdr(elf, &k->header)) {
		find_tables(k, elf, &t);
		ret = read_exported(k, &t);
	}
	elf_end(elf);
	return ret;
}

/**
 * kernel_facts_read() - read what a kernel holds a module against
 * @k: result, to be released by kernel_facts_free() in any case
 * @image: the kernel, from kernel_image_unpack()
 * @root: its system, from root_open()
 * @release: its release string
 *
 * Return: 0, or -errno: -ENOENT if the image does not show it, as one does
 * that is packed in a way of its own (and then its architecture, and the
 * vermagic if that is found, are there all the same); -EINVAL if it is damaged.
 */
int kernel_facts_read(struct kernel_facts *k, const struct kernel_image *image,
		      int root, const char *release)
{
	struct stat st;
	int ret;

	*k = (struct kernel_facts){ 0 };
	if (image->proper_fd < 0) {
		note_architecture(k, root, release);
		return -ENOENT;
	}
	if (fstat(image->proper_fd, &st))
		return -errno;
	k->image = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE,
			image->proper_fd, 0);
	if (k->image == MAP_FAILED) {
		k->image = NULL;
		return -errno;
	}
	k->size = st.st_size;
	ret = read_symbols(k, root, release);
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
