// SPDX-License-Identifier: GPL-2.0-only
/*
 * mutate.c - write changed copies of a module, one for each kind of change
 *
 * Usage: mutate MODULE.ko DIR
 *
 * Each file in DIR is the module with one thing changed, and is called after
 * it. Its signature is cut off, but where the name begins with "signed". What a
 * module does not have is not changed. None of the changes is to code that would
 * then run: the kernel refuses the file, or loads it and is none the worse.
 */
#include <err.h>
#include <gelf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIGNATURE_MARK "~Module signature appended~\n"

/* A copy to change, and what is known of where things are in it. */
struct copy {
	char *data;
	size_t size;
	Elf *elf;
	Elf64_Ehdr *header;
	const char *signature;	/* with all that is behind it, or NULL */
	size_t signature_size;
};

/* What stands between the signature and the mark. */
#define DESCRIPTION_SIZE 12

static Elf64_Shdr *section_at(const struct copy *c, size_t index)
{
	return (Elf64_Shdr *)(c->data + c->header->e_shoff) + index;
}

static Elf64_Shdr *find_section(const struct copy *c, const char *name)
{
	for (size_t i = 1; i < c->header->e_shnum; i++) {
		Elf64_Shdr *s = section_at(c, i);
		const char *found = elf_strptr(c->elf, c->header->e_shstrndx,
					       s->sh_name);

		if (found && !strcmp(found, name))
			return s;
	}
	return NULL;
}

static Elf64_Shdr *find_type(const struct copy *c, unsigned int type)
{
	for (size_t i = 1; i < c->header->e_shnum; i++)
		if (section_at(c, i)->sh_type == type)
			return section_at(c, i);
	return NULL;
}

/* Change the first "key=..." of .modinfo: write text over its beginning. */
static bool change_info(const struct copy *c, const char *key, size_t skip,
			const char *text)
{
	Elf64_Shdr *info = find_section(c, ".modinfo");
	char *at = info ? c->data + info->sh_offset : NULL;
	char *end = at ? at + info->sh_size : NULL;

	for (; at && at < end; at += strlen(at) + 1) {
		if (strncmp(at, key, strlen(key)))
			continue;
		if (strlen(at) < skip + strlen(text))
			return false;
		memcpy(at + skip, text, strlen(text));
		return true;
	}
	return false;
}

static bool rename_section(const struct copy *c, const char *name)
{
	Elf64_Shdr *s = find_section(c, name);
	Elf64_Shdr *names = section_at(c, c->header->e_shstrndx);

	if (s)
		c->data[names->sh_offset + s->sh_name + 2] = 'X';
	return s;
}

/* Another checksum for a needed symbol, or for all. */
static bool change_crc(const struct copy *c, bool layout)
{
	Elf64_Shdr *s = find_section(c, "__versions");
	size_t count = s ? s->sh_size / 64 : 0;

	for (size_t i = 0; i < count; i++) {
		char *at = c->data + s->sh_offset + i * 64;

		if (!strcmp(at + 8, "module_layout") != layout)
			continue;
		at[1] ^= 0x55;
		return true;
	}
	return false;
}

/* Change the name of an undefined symbol, if no other shares its letters. */
static bool change_undefined(const struct copy *c)
{
	Elf64_Shdr *table = find_type(c, SHT_SYMTAB);
	Elf64_Sym *symbols = (Elf64_Sym *)(c->data + table->sh_offset);
	Elf64_Shdr *strings = section_at(c, table->sh_link);

	for (size_t i = 1; i < table->sh_size / sizeof(*symbols); i++) {
		char *name = c->data + strings->sh_offset + symbols[i].st_name;

		if (symbols[i].st_shndx != SHN_UNDEF || !*name ||
		    ELF64_ST_BIND(symbols[i].st_info) == STB_WEAK)
			continue;
		name[0] = '9';
		return true;
	}
	return false;
}

static Elf64_Rela *first_relocation(const struct copy *c, Elf64_Shdr **target)
{
	for (size_t i = 1; i < c->header->e_shnum; i++) {
		Elf64_Shdr *s = section_at(c, i);

		if (s->sh_type != SHT_RELA || !s->sh_size)
			continue;
		*target = section_at(c, s->sh_info);
		if ((*target)->sh_flags & SHF_ALLOC)
			return (Elf64_Rela *)(c->data + s->sh_offset);
	}
	return NULL;
}

static bool as_it_is(struct copy *c)
{
	return c->size;
}

static bool empty(struct copy *c)
{
	c->size = 0;
	return true;
}

static bool half(struct copy *c)
{
	c->size /= 2;
	return true;
}

static bool without_its_end(struct copy *c)
{
	c->size -= 100;
	return true;
}

static bool random_bytes(struct copy *c)
{
	srand(1);
	for (size_t i = 0; i < c->size; i++)
		c->data[i] = rand() >> 7;
	return true;
}

static bool more_behind(struct copy *c)
{
	c->data[c->size++] = 'x';
	return true;
}

static bool signature_of_nothing(struct copy *c)
{
	memset(c->data + c->size, 0xff, 12);
	memcpy(c->data + c->size + 12, SIGNATURE_MARK, strlen(SIGNATURE_MARK));
	c->size += 12 + strlen(SIGNATURE_MARK);
	return true;
}

static bool other_magic(struct copy *c)
{
	c->header->e_ident[EI_MAG3] = 'G';
	return true;
}

static bool executable(struct copy *c)
{
	c->header->e_type = ET_EXEC;
	return true;
}

static bool other_machine(struct copy *c)
{
	c->header->e_machine = EM_AARCH64;
	return true;
}

static bool sections_elsewhere(struct copy *c)
{
	c->header->e_shoff = c->size + 64;
	return true;
}

static bool sections_of_other_size(struct copy *c)
{
	c->header->e_shentsize = sizeof(Elf32_Shdr);
	return true;
}

static bool no_section_names(struct copy *c)
{
	c->header->e_shstrndx = c->header->e_shnum + 7;
	return true;
}

static bool section_too_long(struct copy *c)
{
	Elf64_Shdr *s = find_section(c, ".modinfo");

	if (s)
		s->sh_size += c->size;
	return s;
}

static bool no_symbols(struct copy *c)
{
	Elf64_Shdr *s = find_type(c, SHT_SYMTAB);

	if (s)
		s->sh_type = SHT_PROGBITS;
	return s;
}

static bool no_module(struct copy *c)
{
	return rename_section(c, ".gnu.linkonce.this_module");
}

static bool other_release(struct copy *c)
{
	return change_info(c, "vermagic=", 9, "1.2.3");
}

static bool other_configuration(struct copy *c)
{
	Elf64_Shdr *info = find_section(c, ".modinfo");
	char *at = memmem(c->data + info->sh_offset, info->sh_size, " SMP ", 5);

	if (at)
		memcpy(at, " UP  ", 5);
	return at;
}

static bool no_vermagic(struct copy *c)
{
	return change_info(c, "vermagic=", 0, "X");
}

static bool other_license(struct copy *c)
{
	return change_info(c, "license=", 8, "nix");
}

static bool no_license(struct copy *c)
{
	return change_info(c, "license=", 0, "X");
}

static bool no_namespace(struct copy *c)
{
	return change_info(c, "import_ns=", 0, "X");
}

static bool other_description(struct copy *c)
{
	return change_info(c, "description=", 12, "?");
}

static bool other_checksum(struct copy *c)
{
	return change_crc(c, false);
}

static bool other_layout(struct copy *c)
{
	return change_crc(c, true);
}

static bool no_checksums(struct copy *c)
{
	return rename_section(c, "__versions");
}

static bool symbol_of_nobody(struct copy *c)
{
	return change_undefined(c);
}

static bool relocation_unknown(struct copy *c)
{
	Elf64_Shdr *target;
	Elf64_Rela *r = first_relocation(c, &target);

	if (r)
		r->r_info = ELF64_R_INFO(ELF64_R_SYM(r->r_info), 200);
	return r;
}

static bool relocation_taken(struct copy *c)
{
	Elf64_Shdr *target;
	Elf64_Rela *r = first_relocation(c, &target);

	if (r)
		c->data[target->sh_offset + r->r_offset] = 0x11;
	return r;
}

/* Put the signature back; its first byte, or NULL if there was none. */
static char *put_signature(struct copy *c)
{
	char *at = c->data + c->size;

	if (!c->signature)
		return NULL;
	memcpy(at, c->signature, c->signature_size);
	c->size += c->signature_size;
	return at;
}

static unsigned char *put_description(struct copy *c)
{
	char *signature = put_signature(c);

	if (!signature)
		return NULL;
	return (unsigned char *)c->data + c->size - strlen(SIGNATURE_MARK) -
	       DESCRIPTION_SIZE;
}

static bool signed_as_it_is(struct copy *c)
{
	return put_signature(c);
}

static bool signed_other_content(struct copy *c)
{
	return change_info(c, "description=", 12, "?") && put_signature(c);
}

/* Whose signature is read before the file is: that is what the kernel tells. */
static bool signed_no_elf(struct copy *c)
{
	return other_magic(c) && put_signature(c);
}

static bool signed_other_signature(struct copy *c)
{
	unsigned char *description = put_description(c);

	if (description)
		description[-8] ^= 0x55;
	return description;
}

static bool signed_other_message(struct copy *c)
{
	char *signature = put_signature(c);

	if (signature)
		signature[0]++;
	return signature;
}

static bool signed_longer(struct copy *c)
{
	unsigned char *description = put_description(c);

	if (description)
		description[11]++;
	return description;
}

static bool signed_shorter(struct copy *c)
{
	unsigned char *description = put_description(c);

	if (description)
		description[11]--;
	return description;
}

static bool signed_other_kind(struct copy *c)
{
	unsigned char *description = put_description(c);

	if (description)
		description[2] = 1;
	return description;
}

static bool signed_odd_description(struct copy *c)
{
	unsigned char *description = put_description(c);

	if (description)
		description[0] = 1;
	return description;
}

/* Another letter in the name of who has made the signer's certificate. */
static bool signed_other_name(struct copy *c)
{
	static const char common_name[] = "\x06\x03\x55\x04\x03";
	char *signature = put_signature(c), *at;

	at = signature ? memmem(signature, c->signature_size, common_name,
				strlen(common_name)) : NULL;
	if (at)
		at[strlen(common_name) + 2] ^= 1;
	return at;
}

/* A hash that nobody knows. */
static bool signed_other_hash(struct copy *c)
{
	static const char hash[] = "\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02";
	char *signature = put_signature(c), *end = c->data + c->size;
	char *at = signature;
	bool found = false;

	while (at && (at = memmem(at, end - at, hash, strlen(hash)))) {
		at[strlen(hash)] = 0x7f;
		at++;
		found = true;
	}
	return found;
}

static const struct {
	const char *name;
	bool (*change)(struct copy *c);
} mutations[] = {
	{ "as_it_is", as_it_is },
	{ "empty", empty },
	{ "half", half },
	{ "without_its_end", without_its_end },
	{ "random_bytes", random_bytes },
	{ "more_behind", more_behind },
	{ "signature_of_nothing", signature_of_nothing },
	{ "other_magic", other_magic },
	{ "executable", executable },
	{ "other_machine", other_machine },
	{ "sections_elsewhere", sections_elsewhere },
	{ "sections_of_other_size", sections_of_other_size },
	{ "no_section_names", no_section_names },
	{ "section_too_long", section_too_long },
	{ "no_symbols", no_symbols },
	{ "no_module", no_module },
	{ "other_release", other_release },
	{ "other_configuration", other_configuration },
	{ "no_vermagic", no_vermagic },
	{ "other_license", other_license },
	{ "no_license", no_license },
	{ "no_namespace", no_namespace },
	{ "other_description", other_description },
	{ "other_checksum", other_checksum },
	{ "other_layout", other_layout },
	{ "no_checksums", no_checksums },
	{ "symbol_of_nobody", symbol_of_nobody },
	{ "relocation_unknown", relocation_unknown },
	{ "relocation_taken", relocation_taken },
	{ "signed_as_it_is", signed_as_it_is },
	{ "signed_other_content", signed_other_content },
	{ "signed_no_elf", signed_no_elf },
	{ "signed_other_signature", signed_other_signature },
	{ "signed_other_message", signed_other_message },
	{ "signed_longer", signed_longer },
	{ "signed_shorter", signed_shorter },
	{ "signed_other_kind", signed_other_kind },
	{ "signed_odd_description", signed_odd_description },
	{ "signed_other_name", signed_other_name },
	{ "signed_other_hash", signed_other_hash },
};

/* The size is that without the signature, which stands behind it. */
static char *read_module(const char *path, size_t *size, size_t *whole)
{
	const size_t mark = strlen(SIGNATURE_MARK);
	FILE *f = fopen(path, "re");
	char *data = malloc(16 << 20);
	const unsigned char *end;

	if (!f || !data)
		err(2, "%s", path);
	*size = fread(data, 1, 16 << 20, f);
	if (ferror(f) || !feof(f))
		errx(2, "%s: it cannot be read, or is longer than 16 MiB", path);
	fclose(f);
	*whole = *size;
	if (*size > mark + 12 &&
	    !memcmp(data + *size - mark, SIGNATURE_MARK, mark)) {
		*size -= mark + 12;
		end = (unsigned char *)data + *size + 8;
		*size -= end[0] << 24 | end[1] << 16 | end[2] << 8 | end[3];
	}
	return data;
}

static void write_copy(const struct copy *c, const char *dir, const char *name)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s.ko", dir, name);
	f = fopen(path, "we");
	if (!f || fwrite(c->data, 1, c->size, f) != c->size || fclose(f))
		err(2, "%s", path);
}

int main(int argc, char **argv)
{
	size_t size, whole;
	char *data;

	if (argc != 3)
		errx(2, "Usage: mutate MODULE.ko DIR");
	elf_version(EV_CURRENT);
	data = read_module(argv[1], &size, &whole);
	for (size_t i = 0; i < sizeof(mutations) / sizeof(mutations[0]); i++) {
		struct copy c = {
			.data = malloc(whole + 64),
			.size = size,
			.signature = whole > size ? data + size : NULL,
			.signature_size = whole - size,
		};

		if (!c.data)
			err(2, "malloc");
		memcpy(c.data, data, size);
		c.header = (Elf64_Ehdr *)c.data;
		/* What libelf knows is of what is not changed. */
		c.elf = elf_memory(data, size);
		if (!c.elf || c.header->e_ident[EI_CLASS] != ELFCLASS64)
			errx(2, "%s: no module of a 64-bit machine", argv[1]);
		if (mutations[i].change(&c))
			write_copy(&c, argv[2], mutations[i].name);
		elf_end(c.elf);
		free(c.data);
	}
	free(data);
	return 0;
}
