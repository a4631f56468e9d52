/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bare_kernel.h - the exported symbols of a kernel that is no ELF file
 */
#ifndef LKP_BARE_KERNEL_H
#define LKP_BARE_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct part - some of the bytes of a kernel
 * @at: where they are here
 * @address: where the kernel has them
 * @size: how many
 */
struct part {
	const char *at;
	uint64_t address;
	size_t size;
};

/**
 * struct tables - the exported symbols of a kernel, as it has them
 * @all: an entry for each symbol, those for the GPL only left out
 * @gpl: an entry for each of these
 * @crcs: the checksums of @all, if there are any
 * @gpl_crcs: and of @gpl
 * @flags: since 7.2: what is for the GPL only stands in @all, and is marked here
 * @strings: what the entries refer to
 * @width: the bytes of one reference; there are three in an entry
 */
struct tables {
	struct part all, gpl, crcs, gpl_crcs, flags, strings;
	size_t width;
};

bool bare_kernel_search(struct tables *t, const char *image, size_t size,
			size_t word, bool big_endian);

#endif
