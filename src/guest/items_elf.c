// SPDX-License-Identifier: GPL-2.0-only
/*
 * items_elf.c - a module as a file, and as a struct module in the kernel
 *
 * Item 142 is about further reading, and is no check.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "inspect.h"
#include "items.h"
#include "tools.h"

#define MODULE "lkp_example"
#define CLIENT "lkp_example_client"
#define VICTIM "lkp_test_victim"
#define LONGEST "lkp_test_the_longest_name_which_a_module_can_have_here0"
#define SYS "/sys/module/" MODULE "/"

/* How objdump calls a module's format, on machines that we know. */
static const char *elf_format(void)
{
	static const struct {
		const char *machine, *format;
	} formats[] = {
		{ "x86_64", "elf64-x86-64" },
		{ "aarch64", "elf64-littleaarch64" },
		{ "riscv64", "elf64-littleriscv" },
		{ "ppc64le", "elf64-powerpcle" },
		{ "s390x", "elf64-s390" },
		{ "i686", "elf32-i386" },
	};
	struct utsname uts;

	uname(&uts);
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(uts.machine, formats[i].machine))
			return formats[i].format;
	return "elf";
}

/*
 * A file that can be linked once more, as a .o: loading does that.  From 5.10 to
 * 7.2 it has these sections; __versions only with CONFIG_MODVERSIONS, which
 * Debian no longer sets in 7.2.
 */
static bool check_objdump(struct guest *g)
{
	static const char *const sections[] = {
		".text", ".data", ".rodata", ".bss", ".init.text",
		".exit.text", ".gnu.linkonce.this_module", ".modinfo",
	};
	struct command cmd;
	char path[256];

	if (!module_file(g, MODULE, path) ||
	    !binutils(g, &cmd, "objdump -f", path, "file format|HAS_RELOC") ||
	    !expect_contains(g, "objdump -f", cmd.output, elf_format()) ||
	    !expect_contains(g, "objdump -f", cmd.output, "HAS_RELOC") ||
	    !binutils(g, &cmd, "readelf -h", path, "Type: +REL "))
		return false;
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		if (!expect_section(g, path, sections[i]))
			return false;
	return kernel_option("CONFIG_MODVERSIONS") != 'y' ||
	       expect_section(g, path, "__versions");
}

/* In the file it is a section, in which the linker sets init and exit. */
static bool expect_this_module(struct guest *g)
{
	struct file_symbol symbol;
	struct command cmd;
	char path[256];

	return module_file(g, MODULE, path) &&
	       find_symbol(g, path, "__this_module", &symbol) &&
	       expect_text(g, "__this_module", symbol.section,
			   ".gnu.linkonce.this_module") &&
	       binutils(g, &cmd, "objdump -r -j .gnu.linkonce.this_module",
			path, "[[:space:]](init|cleanup)_module$") &&
	       expect_contains(g, "its init", cmd.output, " init_module\n") &&
	       expect_contains(g, "its exit", cmd.output,
			       " cleanup_module\n") &&
	       binutils(g, &cmd, "readelf -p .gnu.linkonce.this_module", path,
			"[]] +" MODULE "$");
}

/* The module prints two of its fields, and others are files. */
static bool check_struct_module(struct guest *g)
{
	return expect_this_module(g) &&
	       expect_log(g, MODULE ": Module " MODULE ": state 1") &&
	       expect_no_log(g, "state 2") &&
	       expect_file(g, SYS "initstate", "live") &&
	       expect_file(g, SYS "refcnt", "0") &&
	       expect_run(g, 0, "", ARGV("rmmod", MODULE)) &&
	       expect_log(g, MODULE ": Module " MODULE ": state 2") &&
	       expect_not_listed(g, MODULE);
}

static void sleep_ms(unsigned int ms)
{
	const struct timespec time = { .tv_sec = ms / 1000,
				       .tv_nsec = ms % 1000 * 1000000L };

	nanosleep(&time, NULL);
}

/* Wait for a state of the victim, while a program of ours changes it. */
static bool wait_for_state(struct guest *g, const char *state,
			   const char *listed)
{
	struct module_line line;
	char text[32] = "";

	for (unsigned int i = 0; i < 500; i++) {
		if (read_file("/sys/module/" VICTIM "/initstate", text,
			      sizeof(text)) && !strcmp(text, state)) {
			if (!find_module_line(VICTIM, &line))
				return fail(g, "/proc/modules has no " VICTIM);
			return expect_text(g, "/proc/modules", line.state,
					   listed);
		}
		sleep_ms(10);
	}
	return fail(g, VICTIM " was never %s, but '%s'", state, text);
}

/* A state that lasts as long as a program runs, seen from outside. */
static bool expect_state_during(struct guest *g, char *const argv[],
				const char *state, const char *listed)
{
	pid_t pid = fork();
	int status;
	bool ok;

	if (!pid) {
		execvp(argv[0], argv);
		_exit(127);
	}
	if (pid < 0)
		return fail(g, "fork: %s", strerror(errno));
	ok = wait_for_state(g, state, listed);
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
	    WEXITSTATUS(status))
		return fail(g, "%s does not succeed", argv[0]);
	return ok;
}

static bool check_slow_states(struct guest *g)
{
	bool ok;

	if (!has_test_module(g, VICTIM))
		return no_test_module(g, VICTIM);
	ok = expect_state_during(g, ARGV("modprobe", VICTIM, "delay_ms=500"),
				 "coming", "Loading") &&
	     expect_file(g, "/sys/module/" VICTIM "/initstate", "live");
	return expect_state_during(g, ARGV("rmmod", VICTIM), "going",
				   "Unloading") &&
	       expect_not_listed(g, VICTIM) && ok;
}

/* Each state of the client in turn, as the module notifier has it. */
static bool check_states(struct guest *g)
{
	static const char *const lines[] = {
		"module " CLIENT " is coming",
		"module " CLIENT " is live",
		"module " CLIENT " is going",
		NULL
	};

	if (!expect_run(g, 0, "", ARGV("modprobe", CLIENT)) ||
	    !expect_file(g, "/sys/module/" CLIENT "/initstate", "live") ||
	    !expect_log(g, MODULE ": module " CLIENT " is live") ||
	    !expect_no_log(g, "is going") ||
	    !expect_run(g, 0, "", ARGV("rmmod", CLIENT)))
		return false;
	log_text(g);
	return expect_messages(g, lines) && check_slow_states(g);
}

static int open_section(void *arg)
{
	return access(arg, R_OK) ? errno : 0;
}

/*
 * Where it lies is nobody's business but root's: the files are root's, and the
 * module does not print it.
 */
static bool check_sections(struct guest *g)
{
	static const char *const sections[] = { ".text", ".data", ".bss" };
	char path[128], address[64];

	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		unsigned long long number;

		snprintf(path, sizeof(path), SYS "sections/%s", sections[i]);
		if (!expect_mode(g, path, S_IFREG | 0400) ||
		    !expect_errno(g, "access as nobody",
				  as_user(NOBODY, NOBODY, open_section, path),
				  EACCES))
			return false;
		if (!read_number(path, 16, &number) || !number)
			return fail(g, "%s holds no address", path);
		snprintf(address, sizeof(address), "%llx", number);
		/* The first half of the digits is enough to find it. */
		address[strlen(address) / 2] = '\0';
		if (!expect_no_log(g, address))
			return false;
	}
	return true;
}

static int find_address(void *arg)
{
	struct module_line line;

	(void)arg;
	if (!find_module_line(MODULE, &line))
		return 1;
	return line.address ? 2 : 0;
}

static bool check_addresses(struct guest *g)
{
	return check_sections(g) &&
	       expect_number(g, "nobody sees an address in /proc/modules (1: no line, 2: yes), which",
			     as_user(NOBODY, NOBODY, find_address, NULL), 0);
}

/* MODULE_NAME_LEN is 64 less the size of a long, and a NUL ends the name. */
static bool check_name_length(struct guest *g)
{
	size_t room = 64 - sizeof(long);
	char line[160];

	if (!has_test_module(g, LONGEST))
		return no_test_module(g, LONGEST);
	if (!expect_run(g, 0, "", ARGV("modprobe", LONGEST)) ||
	    !expect_file(g, "/sys/module/" LONGEST "/initstate", "live"))
		return false;
	snprintf(line, sizeof(line),
		 "lkp_test_longest_name: a name of %zu characters, room for %zu",
		 strlen(LONGEST), room);
	return expect_log(g, line) &&
	       expect_run(g, 0, "", ARGV("rmmod", LONGEST)) &&
	       expect_not_listed(g, LONGEST);
}

static int count_file_lines(const char *path)
{
	FILE *f = fopen(path, "re");
	int count = 0, c;

	while (f && (c = getc(f)) != EOF)
		count += c == '\n';
	if (f)
		fclose(f);
	return count;
}

/* Of those that are built in, there is no state. */
static int count_states(void)
{
	DIR *dir = opendir("/sys/module");
	const struct dirent *entry;
	int count = 0;

	while (dir && (entry = readdir(dir)))
		count += is_loaded(entry->d_name);
	if (dir)
		closedir(dir);
	return count;
}

static int count_lsmod(struct guest *g)
{
	struct command cmd;

	if (!run(g, &cmd, ARGV("sh", "-c", "lsmod | sed 1d | wc -l")))
		return -1;
	return atoi(cmd.output);
}

/* One list, which others may change on a host: so they get a second chance. */
static bool check_list(struct guest *g)
{
	int listed = 0, states = 0, tool = 0;

	if (!expect_run(g, 0, "", ARGV("modprobe", CLIENT)))
		return false;
	for (unsigned int i = 0; i < 3; i++) {
		listed = count_file_lines("/proc/modules");
		tool = count_lsmod(g);
		states = count_states();
		if (listed == tool && listed == states)
			break;
	}
	if (listed < 2)
		return fail(g, "/proc/modules has %d lines", listed);
	return expect_number(g, "lines of lsmod", tool, listed) &&
	       expect_number(g, "states in /sys/module", states, listed) &&
	       expect_run(g, 0, "",
			  ARGV("sh", "-c", "lsmod | grep '^" MODULE " ' && "
			       "lsmod | grep '^" CLIENT " '"));
}

static const struct item items[] = {
	{ 136, "objdump", NULL, check_objdump, 0 },
	{ 137, "struct_module", MODULE, check_struct_module, 0 },
	{ 138, "states", MODULE, check_states, 0 },
	{ 139, "addresses", MODULE, check_addresses, 0 },
	{ 140, "name_length", NULL, check_name_length, 0 },
	{ 141, "list", MODULE, check_list, 0 },
};

const struct item_list items_elf = ITEM_LIST(items);
