// SPDX-License-Identifier: GPL-2.0-only
/*
 * items_lifecycle.c - the life of a module: load, run, unload
 *
 * Items 2, 8, 14, 15 and 19 are about building, and are no checks of a kernel
 * that runs.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "inspect.h"
#include "kallsyms.h"
#include "items.h"
#include "tools.h"

#define MODULE "lkp_example"
#define SYS "/sys/module/" MODULE "/"

/* The messages of the module since the check began, in this order. */
static bool expect_lines(struct guest *g, const char *const lines[])
{
	log_text(g);
	return expect_messages(g, lines);
}

/* The machine does not start again, and the kernel stays what it was. */
struct boot {
	char id[64], version[512];
	double up;
};

static bool read_boot(struct guest *g, struct boot *boot)
{
	char text[64];

	if (!read_file("/proc/sys/kernel/random/boot_id", boot->id,
		       sizeof(boot->id)) ||
	    !read_file("/proc/version", boot->version, sizeof(boot->version)) ||
	    !read_file("/proc/uptime", text, sizeof(text)) ||
	    sscanf(text, "%lf", &boot->up) != 1)
		return fail(g, "/proc: %s", strerror(errno));
	return true;
}

static bool check_running_kernel(struct guest *g)
{
	struct boot before, after;
	char path[256];

	if (!module_file(g, MODULE, path) || !read_boot(g, &before) ||
	    !expect_no_file(g, DEVICE) ||
	    !expect_run(g, 0, "", ARGV("insmod", path)) ||
	    !expect_file(g, SYS "initstate", "live") ||
	    !expect_write(g, "x", 1, 0) ||
	    !expect_run(g, 0, "", ARGV("rmmod", MODULE)) ||
	    !expect_not_listed(g, MODULE) || !expect_no_file(g, DEVICE) ||
	    !read_boot(g, &after))
		return false;
	if (after.up < before.up)
		return fail(g, "/proc/uptime went from %.2f to %.2f",
			    before.up, after.up);
	return expect_text(g, "boot_id", after.id, before.id) &&
	       expect_text(g, "/proc/version", after.version, before.version);
}

/* Loading runs the init function, unloading the exit function, each once. */
static bool check_minimal_module(struct guest *g)
{
	static const char *const loaded[] = { "Module loaded ...", NULL };
	static const char *const both[] = { "Module loaded ...",
					    "Module exiting ...", NULL };
	struct file_symbol symbol;
	char path[256];

	return module_file(g, MODULE, path) &&
	       find_symbol(g, path, "init_module", &symbol) &&
	       find_symbol(g, path, "cleanup_module", &symbol) &&
	       expect_run(g, 0, "GPL\n",
			  ARGV("modinfo", "-F", "license", MODULE)) &&
	       expect_run(g, 0, "", ARGV("insmod", path)) &&
	       expect_lines(g, loaded) &&
	       expect_no_log(g, "Module exiting") &&
	       expect_run(g, 0, "", ARGV("rmmod", MODULE)) &&
	       expect_lines(g, both);
}

static bool check_three_lines(struct guest *g)
{
	static const char *const lines[] = {
		"Module loaded ...",
		"The answer is 42 ...",
		"Module exiting ...",
		NULL
	};

	return expect_run(g, 0, "", ARGV("rmmod", MODULE)) &&
	       expect_lines(g, lines);
}

static bool expect_in_kallsyms(struct guest *g, const char *name, bool wanted)
{
	struct symbol symbol = SYMBOL(name, MODULE);
	int err = kallsyms_find(&symbol, 1);

	if (!expect_errno(g, "/proc/kallsyms", err, 0))
		return false;
	return !symbol.count == !wanted ||
	       fail(g, "/proc/kallsyms has %s%s of " MODULE,
		    wanted ? "no " : "", name);
}

/* In the file it is there; after the load its memory is given back. */
static bool check_initdata(struct guest *g)
{
	struct file_symbol answer;
	char path[256];

	if (!module_file(g, MODULE, path) ||
	    !find_symbol(g, path, "answer", &answer) ||
	    !expect_text(g, "the section of answer", answer.section,
			 ".init.data") ||
	    !expect_number(g, "the size of answer", answer.size, 4))
		return false;
	if (kernel_option("CONFIG_KALLSYMS") == 'n')
		return skip(g, "CONFIG_KALLSYMS is not set");
	/* Variables are listed with CONFIG_KALLSYMS_ALL only: seen by another. */
	if (kernel_option("CONFIG_KALLSYMS_ALL") == 'y' &&
	    !expect_in_kallsyms(g, "int_param", true))
		return false;
	return expect_in_kallsyms(g, "lkp_example_exit", true) &&
	       expect_in_kallsyms(g, "lkp_example_init", false) &&
	       expect_in_kallsyms(g, "init_module", false) &&
	       expect_in_kallsyms(g, "answer", false) &&
	       expect_file(g, SYS "initsize", "0");
}

static bool expect_in_section(struct guest *g, const char *path,
			      const char *name, const char *section)
{
	struct file_symbol symbol;

	return expect_section(g, path, section) &&
	       find_symbol(g, path, name, &symbol) &&
	       expect_text(g, name, symbol.section, section);
}

static bool check_init_exit_sections(struct guest *g)
{
	char path[256];

	return module_file(g, MODULE, path) &&
	       expect_in_section(g, path, "lkp_example_init", ".init.text") &&
	       expect_in_section(g, path, "lkp_example_exit", ".exit.text");
}

/* The errno of init is that of the system call, and in the tools' words. */
static bool check_init_fails(struct guest *g)
{
	static const char *const lines[] = { "Module loaded ...",
					     "unable to allocate memory",
					     NULL };
	char path[256], message[512];

	if (!module_file(g, MODULE, path) ||
	    !expect_errno(g, "finit_module", load_file(path, "fail=create"),
			  ENOMEM) ||
	    !expect_lines(g, lines) || !expect_not_listed(g, MODULE))
		return false;
	snprintf(message, sizeof(message),
		 "insmod: ERROR: could not insert module %s: Cannot allocate memory",
		 path);
	return expect_run(g, 1, message,
			  ARGV("insmod", path, "fail=create")) &&
	       expect_not_listed(g, MODULE) &&
	       expect_run(g, 1, "modprobe: ERROR: could not insert '" MODULE
			  "': Cannot allocate memory",
			  ARGV("modprobe", MODULE, "fail=create")) &&
	       expect_not_listed(g, MODULE) && expect_no_file(g, DEVICE) &&
	       expect_no_log(g, "Module exiting");
}

/*
 * The tool and the system call say EBUSY here, and EAGAIN for one in use.  The
 * file says "[permanent]", lsmod of kmod shows nothing of it.
 */
static bool check_permanent(struct guest *g)
{
	static char name[] = "lkp_test_permanent";
	struct module_line line;

	if (!has_test_module(g, name))
		return no_test_module(g, name);
	if (!expect_run(g, 0, "", ARGV("modprobe", name)) ||
	    !expect_run(g, 1, "lkp_test_permanent: Device or resource busy",
			ARGV("rmmod", name)) ||
	    !expect_errno(g, "delete_module", unload(name, 0), EBUSY))
		return false;
	if (!find_module_line(name, &line))
		return fail(g, "/proc/modules has no %s", name);
	return expect_text(g, "its users", line.users, "[permanent],") &&
	       expect_text(g, "its state", line.state, "Live") &&
	       expect_run(g, 0, name, ARGV("lsmod")) &&
	       expect_run(g, 1, "", ARGV("sh", "-c", "lsmod | grep -F '[permanent]'"));
}

static bool check_empty_exit(struct guest *g)
{
	static char name[] = "lkp_test_empty_exit";
	struct module_line line;

	if (!has_test_module(g, name))
		return no_test_module(g, name);
	if (!expect_run(g, 0, "", ARGV("modprobe", name)))
		return false;
	if (!find_module_line(name, &line))
		return fail(g, "/proc/modules has no %s", name);
	return expect_text(g, "its users", line.users, "-") &&
	       expect_log(g, "lkp_test_empty_exit: Module loaded ...") &&
	       expect_run(g, 0, "", ARGV("rmmod", name)) &&
	       expect_not_listed(g, name);
}

static bool check_raw_names(struct guest *g)
{
	static char name[] = "lkp_test_raw_names";
	struct file_symbol symbol;
	char path[256];

	if (!has_test_module(g, name))
		return no_test_module(g, name);
	return module_file(g, name, path) &&
	       find_symbol(g, path, "init_module", &symbol) &&
	       expect_text(g, "init_module", symbol.section, ".init.text") &&
	       find_symbol(g, path, "cleanup_module", &symbol) &&
	       expect_text(g, "cleanup_module", symbol.section, ".exit.text") &&
	       expect_run(g, 0, "", ARGV("modprobe", name)) &&
	       expect_log(g, "lkp_test_raw_names: this is init_module()") &&
	       expect_no_log(g, "cleanup_module") &&
	       expect_run(g, 0, "", ARGV("rmmod", name)) &&
	       expect_log(g, "lkp_test_raw_names: this is cleanup_module()") &&
	       expect_not_listed(g, name);
}

static bool expect_alias(struct guest *g, const char *path, const char *alias,
			 const char *name)
{
	struct file_symbol a, b;

	if (!find_symbol(g, path, alias, &a) || !find_symbol(g, path, name, &b))
		return false;
	if (a.flags[0] != 'g' || b.flags[0] != 'l')
		return fail(g, "%s is '%s' and %s is '%s', not global and local",
			    alias, a.flags, name, b.flags);
	return expect_text(g, alias, a.section, b.section) &&
	       expect_number(g, alias, a.value, b.value) &&
	       expect_number(g, alias, a.size, b.size);
}

/* Not at 0 everywhere: kernels since 6.2 may keep 16 bytes before a function. */
static bool check_entry_aliases(struct guest *g)
{
	char path[256];

	return module_file(g, MODULE, path) &&
	       expect_alias(g, path, "init_module", "lkp_example_init") &&
	       expect_alias(g, path, "cleanup_module", "lkp_example_exit");
}

static bool expect_read(struct guest *g, const char *wanted)
{
	int fd = open(DEVICE, O_RDONLY | O_CLOEXEC);
	char text[64];
	ssize_t n;

	if (fd < 0)
		return fail(g, DEVICE ": %s", strerror(errno));
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n < 0)
		return fail(g, DEVICE ": %s", strerror(errno));
	text[n] = '\0';
	return expect_text(g, DEVICE, text, wanted);
}

/* Long after init has returned: open, write, read, and a parameter's set(). */
static bool check_entry_points(struct guest *g)
{
	static const char path[] = SYS "parameters/max_size";

	return expect_file(g, SYS "initstate", "live") &&
	       expect_read(g, "goodbye") && expect_write(g, "salve", 5, 0) &&
	       expect_read(g, "salve") &&
	       expect_errno(g, "max_size=4", write_file(path, "4"), 0) &&
	       expect_file(g, path, "4") &&
	       expect_errno(g, "max_size=0", write_file(path, "0"), EINVAL) &&
	       expect_log(g, MODULE ": max_size=0 refused: it is 1 to 67108864") &&
	       expect_write(g, "salve", 5, EMSGSIZE) &&
	       expect_read(g, "salve") &&
	       expect_file(g, SYS "initstate", "live");
}

/* Strings with a NUL behind each; there may be NULs before the first. */
static bool has_string(const char *text, size_t size, const char *wanted,
		       bool whole)
{
	size_t len = strlen(wanted) + whole;

	for (size_t at = 0; at + len <= size; at += strlen(text + at) + 1)
		if (!memcmp(text + at, wanted, len))
			return true;
	return false;
}

static bool check_modinfo_section(struct guest *g)
{
	static const struct {
		const char *text;
		bool whole;
	} wanted[] = {
		{ "license=GPL", true },
		{ "author=The lkp-example maintainers", true },
		{ "description=", false },
		{ "vermagic=", false },
		{ "parm=int_param:A sample integer, printed at load time",
		  true },
		{ "parmtype=int_param:int", true },
	};
	static const char copy[] = "/run/lkp-example.modinfo";
	char path[256], text[8192], command[512];
	ssize_t n;
	int fd;

	if (!module_file(g, MODULE, path))
		return false;
	snprintf(command, sizeof(command),
		 "t=$(command -v objcopy || command -v $(uname -m)-linux-gnu-objcopy) && $t -O binary -j .modinfo %s %s",
		 path, copy);
	if (!expect_run(g, 0, "", ARGV("sh", "-c", command)))
		return false;
	fd = open(copy, O_RDONLY | O_CLOEXEC);
	unlink(copy);
	if (fd < 0)
		return fail(g, "%s: %s", copy, strerror(errno));
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return fail(g, ".modinfo is empty");
	text[n] = '\0';
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (!has_string(text, n, wanted[i].text, wanted[i].whole))
			return fail(g, ".modinfo has no '%s'", wanted[i].text);
	return true;
}

/*
 * Symbols that are not ours: the entry points, and what the kernel's build adds
 * (the last two since 6.12).  It also puts words of its own before names of
 * ours: __crc_, since 6.2 __pfx_, and those of a tracepoint.
 */
static bool is_namespaced(const char *name)
{
	static const char *const others[] = {
		"init_module", "cleanup_module", "__this_module",
		"__start_alloc_tags", "__stop_alloc_tags",
	};

	if (!strncmp(name, "__pfx_", 6))
		name += 6;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!strcmp(name, others[i]))
			return true;
	if (!strncmp(name, "lkp_", 4))
		return true;
	return !strncmp(name, "__", 2) && strstr(name, "_lkp_");
}

static bool expect_namespace(struct guest *g, const char *module)
{
	struct command cmd;
	char path[256], *line, *rest = cmd.output;
	unsigned int ours = 0;

	if (!module_file(g, module, path) ||
	    !binutils(g, &cmd, "nm -g --defined-only", path, "."))
		return false;
	if (strlen(cmd.output) == sizeof(cmd.output) - 1)
		return fail(g, "nm prints too much to look at all of it");
	while ((line = strsep(&rest, "\n")) && *line) {
		const char *name = strrchr(line, ' ');

		if (!name || !is_namespaced(name + 1))
			return fail(g, "%s defines '%s'", module, line);
		ours++;
	}
	/* init_module, cleanup_module and __this_module at the least. */
	return ours >= 3 || fail(g, "nm prints %u symbols", ours);
}

static bool check_namespace(struct guest *g)
{
	return expect_namespace(g, MODULE) &&
	       expect_namespace(g, "lkp_example_client") &&
	       expect_namespace(g, "lkp_example_probe");
}

/*
 * Memory for code and data, an address, and all symbols resolved.  Since 6.4
 * code and data of a module are apart: .data may have a lower address.
 */
static bool check_insertion(struct guest *g)
{
	struct symbol function = SYMBOL("lkp_example_fails", MODULE);
	unsigned long long size, text, data;
	struct module_line line;
	struct command cmd;
	char path[256];

	if (!module_file(g, MODULE, path) ||
	    !binutils(g, &cmd, "nm -u", path, "U _?printk$"))
		return false;
	if (!find_module_line(MODULE, &line))
		return fail(g, "/proc/modules has no " MODULE);
	if (!read_number(SYS "coresize", 10, &size) ||
	    !read_number(SYS "sections/.text", 16, &text) ||
	    !read_number(SYS "sections/.data", 16, &data))
		return fail(g, SYS ": %s", strerror(errno));
	if (!size || !expect_number(g, "size in /proc/modules", line.size, size))
		return fail(g, "coresize is %llu", size);
	if (!line.address || text < line.address || text >= line.address + size)
		return fail(g, ".text is at %#llx, not in the %llu bytes from %#llx of /proc/modules",
			    text, size, line.address);
	if (!data || data == text)
		return fail(g, ".data is at %#llx", data);
	if (kernel_option("CONFIG_KALLSYMS") == 'n')
		return skip(g, "CONFIG_KALLSYMS is not set");
	if (kallsyms_find(&function, 1) || !function.count ||
	    function.address < text || function.address >= line.address + size)
		return fail(g, "lkp_example_fails is not in .text");
	return true;
}

static const struct item items[] = {
	{ 1, "running_kernel", NULL, check_running_kernel, 0 },
	{ 3, "minimal_module", NULL, check_minimal_module, 0 },
	{ 4, "three_lines", MODULE, check_three_lines, 0 },
	{ 5, "initdata", MODULE, check_initdata, 0 },
	{ 6, "init_exit_sections", NULL, check_init_exit_sections, 0 },
	{ 7, "init_fails", NULL, check_init_fails, 0 },
	{ 9, "permanent", NULL, check_permanent, VM_ONLY },
	{ 10, "empty_exit", NULL, check_empty_exit, 0 },
	{ 11, "raw_names", NULL, check_raw_names, 0 },
	{ 12, "entry_aliases", NULL, check_entry_aliases, 0 },
	{ 13, "entry_points", MODULE, check_entry_points, 0 },
	{ 16, "modinfo_section", NULL, check_modinfo_section, 0 },
	{ 17, "namespace", NULL, check_namespace, 0 },
	{ 18, "insertion", MODULE, check_insertion, 0 },
};

const struct item_list items_lifecycle = ITEM_LIST(items);
