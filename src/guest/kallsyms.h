/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kallsyms.h - what the kernel says about symbols, in /proc/kallsyms
 */
#ifndef LKP_GUEST_KALLSYMS_H
#define LKP_GUEST_KALLSYMS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct symbol - a symbol to look for, and what was found
 * @name: of the symbol
 * @module: that has it; "" is the kernel
 * @count: how many there are of that name and module; 0 is none
 * @type: letter of the first, as nm(1) prints it
 * @address: of the first; 0 for a reader who may not know
 */
struct symbol {
	const char *name;
	const char *module;
	unsigned int count;
	char type;
	unsigned long address;
};

#define SYMBOL(of, in) { .name = (of), .module = (in) }

int kallsyms_find(struct symbol *symbols, size_t count);
int kallsyms_walk(bool (*visit)(void *arg, const struct symbol *symbol),
		  void *arg);

#endif
