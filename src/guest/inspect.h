/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * inspect.h - what checks look at: a module's file, by the system's binutils,
 * and what the kernel shows of a module that is loaded
 */
#ifndef LKP_GUEST_INSPECT_H
#define LKP_GUEST_INSPECT_H

#include <stdbool.h>
#include <stddef.h>

#include "checks.h"
#include "command.h"

/* A line of objdump -t. */
struct file_symbol {
	unsigned long long value, size;
	char flags[8];		/* 'l' or 'g' first, 'F' or 'O' last */
	char section[64];
};

/* A line of /proc/modules. */
struct module_line {
	char name[64];
	unsigned long size;
	int count;
	char users[128];	/* "-", or names with a comma behind each */
	char state[16];
	unsigned long long address;
	char taint[16];		/* "(OE)", or "" */
};

bool module_file(struct guest *g, const char *module, char path[256]);
bool binutils(struct guest *g, struct command *cmd, const char *tool,
	      const char *file, const char *filter);
bool find_symbol(struct guest *g, const char *file, const char *name,
		 struct file_symbol *symbol);
bool expect_section(struct guest *g, const char *file, const char *name);

bool find_module_line(const char *module, struct module_line *line);
bool expect_not_listed(struct guest *g, const char *module);
bool read_number(const char *path, int base, unsigned long long *number);

/* Modules of tests/modules, which a user's system does not have. */
bool has_test_module(struct guest *g, const char *name);
bool no_test_module(struct guest *g, const char *name);

#endif
