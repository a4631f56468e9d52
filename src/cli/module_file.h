/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * module_file.h - the file of a module, as the kernel reads it
 */
#ifndef LKP_MODULE_FILE_H
#define LKP_MODULE_FILE_H

#include <gelf.h>
#include <stdbool.h>

#include "buffer.h"
#include "findings.h"
#include "signature.h"
#include "symbols.h"

/* The section that identifies the code, whatever else is cut away. */
#define MODULE_BUILD_ID ".note.gnu.build-id"

/**
 * struct module_file - the file of a module
 * @content: unpacked, with the signature
 * @packed: how it was packed: "gzip", "xz", "zstd", or NULL
 * @foreign_check: packed by xz, with a check that is neither none nor CRC32
 * @is_signed: it ends in a signature
 * @signature: what that is worth
 * @size: of the module itself, without the signature
 * @elf: the module, NULL if it is no ELF file
 * @header: its header
 * @info: .modinfo, "key=value" strings; NULL if there is none
 * @info_size: its size
 * @common: a variable that no section has been given to, or NULL
 * @entry_size: the bytes of an entry for an exported symbol
 * @needed: undefined symbols, sorted
 * @versions: the checksums that it was built with, sorted
 * @exported: exported symbols, sorted
 */
struct module_file {
	struct buffer content;
	const char *packed;
	bool foreign_check;
	bool is_signed;
	struct signature signature;
	size_t size;
	Elf *elf;
	GElf_Ehdr header;
	const char *info;
	size_t info_size;
	const char *common;
	size_t entry_size;
	struct symbols needed, versions, exported;
};

int module_file_unpack(struct buffer *content, const char **packed,
		       struct findings *f);
int module_file_read(struct module_file *m, int fd,
		     const struct certificates *known, struct findings *f);
const char *module_file_info(const struct module_file *m, const char *key,
			     const char *last);
const char *module_file_data(const struct module_file *m, const char *name,
			     size_t *size);
Elf_Scn *module_file_section(const struct module_file *m, const char *name,
			     GElf_Shdr *shdr);
void module_file_free(struct module_file *m);

#endif
