// SPDX-License-Identifier: GPL-2.0-only
/*
 * kallsyms.c - what the kernel says about symbols: see kallsyms.h
 *
 * A line of /proc/kallsyms is "ffffffff8f6d5e30 T vfs_read", and that of a
 * module's symbol has the module's name behind it, in brackets.
 */
#include "kallsyms.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Cut a line up; false if it is none. */
static bool parse(char *line, struct symbol *symbol)
{
	char *name, *module;

	line[strcspn(line, "\n")] = '\0';
	symbol->address = strtoul(line, &name, 16);
	if (name == line || name[0] != ' ' || !name[1] || name[2] != ' ')
		return false;
	symbol->count = 1;
	symbol->type = name[1];
	name += 3;
	module = strchr(name, '\t');
	symbol->name = name;
	symbol->module = "";
	if (module) {
		*module++ = '\0';
		module += *module == '[';
		module[strcspn(module, "]")] = '\0';
		symbol->module = module;
	}
	return true;
}

/**
 * kallsyms_walk() - look at all symbols
 * @visit: gets one after the other, until it returns false
 * @arg: its first argument
 *
 * Return: 0, or the errno of opening the file; EIO for a line that is none.
 */
int kallsyms_walk(bool (*visit)(void *arg, const struct symbol *symbol),
		  void *arg)
{
	FILE *f = fopen("/proc/kallsyms", "re");
	struct symbol symbol;
	char line[1024];
	int err = 0;

	if (!f)
		return errno;
	while (!err && fgets(line, sizeof(line), f)) {
		if (!parse(line, &symbol))
			err = EIO;
		else if (!visit(arg, &symbol))
			break;
	}
	fclose(f);
	return err;
}

struct search {
	struct symbol *symbols;
	size_t count;
};

static bool note(void *arg, const struct symbol *found)
{
	const struct search *search = arg;

	for (size_t i = 0; i < search->count; i++) {
		struct symbol *symbol = &search->symbols[i];

		if (strcmp(symbol->name, found->name) ||
		    strcmp(symbol->module, found->module))
			continue;
		if (!symbol->count++) {
			symbol->type = found->type;
			symbol->address = found->address;
		}
	}
	return true;
}

/**
 * kallsyms_find() - look symbols up
 * @symbols: name and module of each are given, the rest is filled in
 * @count: how many
 *
 * Return: 0, or an errno as of kallsyms_walk().
 */
int kallsyms_find(struct symbol *symbols, size_t count)
{
	struct search search = { symbols, count };

	for (size_t i = 0; i < count; i++)
		symbols[i].count = 0;
	return kallsyms_walk(note, &search);
}
