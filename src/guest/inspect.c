// SPDX-License-Identifier: GPL-2.0-only
/*
 * inspect.c - look at a module's file and at a module that is loaded
 */
#include "inspect.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "tools.h"

/**
 * module_file() - the file of an installed module, not compressed
 * @g: the guest
 * @module: its name
 * @path: result, as of find_module_file()
 *
 * Return: whether there is one; if not, the report says why.
 */
bool module_file(struct guest *g, const char *module, char path[256])
{
	return find_module_file(g, module, path, 256);
}

/**
 * binutils() - run a program of binutils on a file
 * @g: the guest
 * @cmd: result
 * @tool: its name and options; the system may have it as
 *	  "x86_64-linux-gnu-NAME" only
 * @file: the file
 * @filter: extended regular expression of the lines to keep; none of the three
 *	    texts holds an apostrophe
 *
 * Return: whether it was run and printed such a line; if not, the report says
 *	   why.
 */
bool binutils(struct guest *g, struct command *cmd, const char *tool,
	      const char *file, const char *filter)
{
	char command[1024];
	int len = strcspn(tool, " ");

	snprintf(command, sizeof(command),
		 "t=$(command -v %.*s || command -v $(uname -m)-linux-gnu-%.*s) || exit 2; $t%s '%s' | grep -E '%s'",
		 len, tool, len, tool, tool + len, file, filter);
	if (!run(g, cmd, ARGV("sh", "-c", command)))
		return false;
	ktap_text(&g->ktap, "output", cmd->output);
	if (WEXITSTATUS(cmd->status) == 2)
		return fail(g, "the system has no %.*s (binutils)", len, tool);
	if (!command_succeeded(cmd))
		return fail(g, "%s %s prints no line with '%s'", tool, file,
			    filter);
	return true;
}

/**
 * find_symbol() - look up the only symbol of a name in a module's file
 * @g: the guest
 * @file: the file
 * @name: of the symbol
 * @symbol: result
 *
 * Return: whether there is one; if not, the report says so.
 */
bool find_symbol(struct guest *g, const char *file, const char *name,
		 struct file_symbol *symbol)
{
	char filter[128];
	struct command cmd;

	snprintf(filter, sizeof(filter), "[[:space:]]%s$", name);
	if (!binutils(g, &cmd, "objdump -t", file, filter))
		return false;
	if (sscanf(cmd.output, "%llx %7c %63s %llx", &symbol->value,
		   symbol->flags, symbol->section, &symbol->size) != 4)
		return fail(g, "objdump -t prints '%s'", cmd.output);
	symbol->flags[7] = '\0';
	return true;
}

/** expect_section() - the file has this section, and it is not empty */
bool expect_section(struct guest *g, const char *file, const char *name)
{
	char filter[128];
	unsigned long long size;
	struct command cmd;

	/* "  5 .init.text  0000015d  ..." */
	snprintf(filter, sizeof(filter), "^ *[0-9]+ %s ", name);
	if (!binutils(g, &cmd, "objdump -h -w", file, filter))
		return false;
	if (sscanf(cmd.output, "%*d %*s %llx", &size) != 1 || !size)
		return fail(g, "section %s is empty: %s", name, cmd.output);
	return true;
}

/**
 * find_module_line() - what /proc/modules says of a module
 * @module: its name
 * @line: result
 *
 * Return: whether it is listed, with all fields.
 */
bool find_module_line(const char *module, struct module_line *line)
{
	FILE *f = fopen("/proc/modules", "re");
	char text[512];
	bool found = false;

	while (f && !found && fgets(text, sizeof(text), f)) {
		line->taint[0] = '\0';
		found = sscanf(text, "%63s %lu %d %127s %15s %llx %15s",
			       line->name, &line->size, &line->count,
			       line->users, line->state, &line->address,
			       line->taint) >= 6 &&
			!strcmp(line->name, module);
	}
	if (f)
		fclose(f);
	return found;
}

/** expect_not_listed() - the kernel does not list the module at all */
bool expect_not_listed(struct guest *g, const char *module)
{
	struct module_line line;
	char path[128];

	if (find_module_line(module, &line))
		return fail(g, "/proc/modules lists %s as %s", module,
			    line.state);
	snprintf(path, sizeof(path), "/sys/module/%s", module);
	return expect_no_file(g, path);
}

/**
 * read_number() - the number in a small file
 * @path: the file
 * @base: as for strtoull()
 * @number: result
 *
 * Return: whether it holds one number and nothing else.
 */
bool read_number(const char *path, int base, unsigned long long *number)
{
	char text[64], *end;

	if (!read_file(path, text, sizeof(text)))
		return false;
	*number = strtoull(text, &end, base);
	return end != text && !*end;
}

/**
 * has_test_module() - whether a module of tests/modules is installed
 * @g: the guest
 * @name: of the module
 *
 * Return: true if modprobe would find it.
 */
bool has_test_module(struct guest *g, const char *name)
{
	struct command cmd;

	return run(g, &cmd, ARGV("modinfo", "-n", (char *)name)) &&
	       command_succeeded(&cmd);
}

/**
 * no_test_module() - the end of a check whose test module is missing
 * @g: the guest
 * @name: of the module
 *
 * A user does not have them, and cannot miss them. Our own tests do.
 *
 * Return: whether the check holds: skipped on a host, failed in our machine.
 */
bool no_test_module(struct guest *g, const char *name)
{
	if (g->host)
		return skip(g, "the test modules are not installed");
	return fail(g, "the test module %s is not installed", name);
}
