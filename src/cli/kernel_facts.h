/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernel_facts.h - what a kernel holds a module against
 */
#ifndef LKP_KERNEL_FACTS_H
#define LKP_KERNEL_FACTS_H

#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>

#include "certificates.h"
#include "kernel.h"
#include "symbols.h"

/**
 * struct kernel_facts - what a kernel holds a module against
 * @header: the ELF header: machine, width and byte order
 * @vermagic: what must be in the module, letter by letter
 * @exported: its symbols, sorted
 * @force_load: a module without vermagic or checksums is loaded
 * @unpacks_xz: it unpacks modules itself, those packed by xz
 * @any_namespace: a namespace need not be imported
 * @trusted: by these certificates signatures are believed: those in the kernel,
 * and on the running system those of this machine's firmware
 * @image: the kernel proper, mapped; the strings above lie in it
 * @size: its size
 */
struct kernel_facts {
	GElf_Ehdr header;
	const char *vermagic;
	struct symbols exported;
	bool force_load, unpacks_xz, any_namespace;
	struct certificates trusted;
	char *image;
	size_t size;
};

int kernel_facts_read(struct kernel_facts *k, const struct kernel_image *image,
		      int root, const char *release);
void kernel_facts_free(struct kernel_facts *k);

#endif
