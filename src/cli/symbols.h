/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * symbols.h - names that a kernel or a module exports, or that one needs
 */
#ifndef LKP_SYMBOLS_H
#define LKP_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct symbol - one name; the strings belong to the file it was read from
 * @name: the name
 * @space: the namespace that it is exported to, or NULL
 * @crc: the checksum of its type, if @has_crc
 * @has_crc: with CONFIG_MODVERSIONS, each has one
 * @gpl_only: exported to modules with a GPL-compatible license only
 * @weak: needed, but the module loads without it
 */
struct symbol {
	const char *name, *space;
	uint32_t crc;
	bool has_crc, gpl_only, weak;
};

struct symbols {
	struct symbol *list;
	size_t count, size;
};

struct symbol *symbols_add(struct symbols *s, const char *name);
void symbols_sort(struct symbols *s);
const struct symbol *symbols_find(const struct symbols *s, const char *name);
void symbols_free(struct symbols *s);

#endif
