/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * items.h - what the guide teaches, item by item, as checks on a live kernel
 *
 * Each item has a number, which is that of its section in
 * lkp-example-guide(7), and at most one check, reported as one line:
 *
 *	ok 12 item.091_unload_in_use
 *
 * A check begins with none of the project's modules loaded but the one that it
 * names, with that one's defaults, and may leave any of them loaded: they are
 * unloaded for it, and the check fails if that is not possible. It leaves
 * everything else as it was.
 */
#ifndef LKP_GUEST_ITEMS_H
#define LKP_GUEST_ITEMS_H

#include <stdbool.h>
#include <stddef.h>

#include "checks.h"

enum item_flags {
	/* Not on a host: it disturbs others, or leaves traces. */
	VM_ONLY = 1,
	/* It sets a taint flag that is a fault elsewhere. */
	TAINTS = 2,
};

/**
 * struct item - the check of one item
 * @number: of the item
 * @name: word in the report, with underscores
 * @module: loaded before, by modprobe; NULL for none
 * @run: returns whether it holds; else the report says why not (see tools.h)
 * @flags: of enum item_flags
 */
struct item {
	unsigned int number;
	const char *name;
	const char *module;
	bool (*run)(struct guest *g);
	unsigned int flags;
};

/* The items of one section of the guide: one file each, items_SECTION.c. */
struct item_list {
	const struct item *items;
	size_t count;
};

#define ITEM_LIST(array) \
	{ .items = (array), .count = sizeof(array) / sizeof((array)[0]) }

extern const struct item_list items_lifecycle;
extern const struct item_list items_tools;
extern const struct item_list items_parameters;
extern const struct item_list items_memory;
extern const struct item_list items_message;
extern const struct item_list items_userspace;
extern const struct item_list items_usage;
extern const struct item_list items_symbols;
extern const struct item_list items_probe;
extern const struct item_list items_log;
extern const struct item_list items_elf;

/*
 * Which items: all of them, or those of a list such as "91,92,111". NULL is
 * none.
 */
bool items_valid(const char *selection);
size_t items_count(const char *selection);
void items_run(struct guest *g, const char *selection);
void items_list(void);

#define ALL_ITEMS "all"

/* One check under a name of one's own; for other lists of such checks. */
void item_run(struct guest *g, const char *group, const char *name,
	      const struct item *item);

#endif
