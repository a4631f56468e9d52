// SPDX-License-Identifier: GPL-2.0-only
/*
 * relocations.c - can a kernel put a module's addresses in?
 *
 * What arch/x86/kernel/module.c refuses, and what it does not look at: a place
 * or a symbol that is not there, with which it would write or read elsewhere.
 */
#include "relocations.h"

#include <errno.h>
#include <string.h>

/* How many bytes a relocation writes; 0 is nothing, -1 a type it refuses. */
static int bytes_of(GElf_Half machine, unsigned long type)
{
	if (machine != EM_X86_64)
		return 0;
	switch (type) {
	case R_X86_64_NONE:
		return 0;
	case R_X86_64_64:
	case R_X86_64_PC64:
		return 8;
	case R_X86_64_32:
	case R_X86_64_32S:
	case R_X86_64_PC32:
	case R_X86_64_PLT32:
		return 4;
	default:
		return -1;
	}
}

struct relocated {
	const struct module_file *m;
	const char *name;	/* of the section */
	Elf_Data *target;
	size_t symbols;
	struct findings *f;
};

static bool check_one(const struct relocated *r, const GElf_Rela *rela)
{
	static const char zero[8];
	unsigned long type = GELF_R_TYPE(rela->r_info);
	unsigned long symbol = GELF_R_SYM(rela->r_info);
	int bytes = bytes_of(r->m->header.e_machine, type);
	size_t size = r->target->d_size;

	if (symbol >= r->symbols) {
		findings_add(r->f, "relocations", ENOEXEC,
			     "it is damaged: a relocation of %s is to symbol %lu of %zu",
			     r->name, symbol, r->symbols);
		return false;
	}
	if (bytes < 0) {
		findings_add(r->f, "relocations", ENOEXEC,
			     "%s has a relocation of type %lu, which the kernel does not know",
			     r->name, type);
		return false;
	}
	if (rela->r_offset > size || (size_t)bytes > size - rela->r_offset) {
		findings_add(r->f, "relocations", ENOEXEC,
			     "it is damaged: a relocation of %s is behind its end",
			     r->name);
		return false;
	}
	if (r->target->d_buf &&
	    memcmp((char *)r->target->d_buf + rela->r_offset, zero, bytes)) {
		findings_add(r->f, "relocations", ENOEXEC,
			     "it is damaged: where a relocation of %s is to be written there is something already",
			     r->name);
		return false;
	}
	return true;
}

static bool check_section(const struct module_file *m, Elf_Scn *section,
			  const GElf_Shdr *shdr, struct findings *f)
{
	struct relocated r = { .m = m, .f = f };
	Elf_Scn *target = elf_getscn(m->elf, shdr->sh_info);
	Elf_Scn *symtab = elf_getscn(m->elf, shdr->sh_link);
	GElf_Shdr target_shdr, symtab_shdr;
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Rela rela;
	bool ok = true;

	/* Debugging information is not loaded. */
	if (!target || !gelf_getshdr(target, &target_shdr) ||
	    !(target_shdr.sh_flags & SHF_ALLOC))
		return true;
	r.target = elf_rawdata(target, NULL);
	r.name = elf_strptr(m->elf, m->header.e_shstrndx, target_shdr.sh_name);
	if (!r.target || !r.name || !symtab ||
	    !gelf_getshdr(symtab, &symtab_shdr) || !symtab_shdr.sh_entsize) {
		findings_add(f, "relocations", ENOEXEC,
			     "it is damaged: relocations without a section or symbols");
		return false;
	}
	r.symbols = symtab_shdr.sh_size / symtab_shdr.sh_entsize;
	for (int i = 0; ok && data && gelf_getrela(data, i, &rela); i++)
		ok = check_one(&r, &rela);
	return ok;
}

/**
 * check_relocations() - check all that will be written into the module
 * @m: the module
 * @f: the first one that cannot be is added here
 */
void check_relocations(const struct module_file *m, struct findings *f)
{
	Elf_Scn *section = NULL;
	bool ok = true;
	GElf_Shdr shdr;

	while (ok && (section = elf_nextscn(m->elf, section)))
		if (gelf_getshdr(section, &shdr) && shdr.sh_type == SHT_RELA)
			ok = check_section(m, section, &shdr, f);
}
