// SPDX-License-Identifier: GPL-2.0-only
/*
 * items_symbols.c - symbols and versions: what one module takes from another
 * and from the kernel, who sees it, and what keeps the wrong one out
 */
#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "items.h"
#include "kallsyms.h"
#include "tools.h"

#define KPTR_RESTRICT "/proc/sys/kernel/kptr_restrict"

/* What lkp_example_client calls of lkp_example; each is in api.h. */
static const char *const imports[] = {
	"lkp_example_register_client", "lkp_example_unregister_client",
	"lkp_example_register_notifier", "lkp_example_unregister_notifier",
	"lkp_example_snapshot_get", "lkp_example_snapshot_put",
};

#define IMPORTS (sizeof(imports) / sizeof(imports[0]))

/*
 * What objdump says about a module's file, by lines that hold a text. The
 * binutils of some suites have it under the name of the architecture alone.
 */
static bool objdump(struct guest *g, const char *module, const char *option,
		    const char *text, struct command *cmd)
{
	char path[256], command[768];

	if (!find_module_file(g, module, path, sizeof(path)))
		return false;
	snprintf(command, sizeof(command),
		 "tool=$(command -v objdump || command -v \"$(uname -m)-linux-gnu-objdump\") || exit 3; \"$tool\" %s %s >/run/objdump || exit; grep -e '%s' /run/objdump; :",
		 option, path, text);
	if (!run(g, cmd, ARGV("sh", "-c", command)))
		return false;
	ktap_text(&g->ktap, "objdump", cmd->output);
	if (WEXITSTATUS(cmd->status) == 3)
		return fail(g, "the system has no objdump (package binutils)");
	return expect_number(g, "the status of objdump",
			     WEXITSTATUS(cmd->status), 0);
}

/* Whether a line of the text ends with this word. */
static bool ends_line(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = text; (at = strstr(at, word)); at += len)
		if (at > text && (at[-1] == ' ' || at[-1] == '\t') &&
		    (at[len] == '\n' || !at[len]))
			return true;
	return false;
}

/* @types: letters, one of which it has */
static bool expect_symbol(struct guest *g, const struct symbol *symbol,
			  const char *types)
{
	if (!symbol->count)
		return fail(g, "/proc/kallsyms has no %s [%s]", symbol->name,
			    symbol->module);
	if (!strchr(types, symbol->type))
		return fail(g, "/proc/kallsyms has %s as '%c', not '%s'",
			    symbol->name, symbol->type, types);
	return true;
}

/*
 * The letter of an exported function of a module. It is a capital one; but as
 * long as symbols for modules under the GPL were in a table of their own,
 * /proc/kallsyms did not look there.
 */
static bool exported_letter(struct guest *g, const char **letter)
{
	struct command cmd;

	if (!objdump(g, "lkp_example", "-h", "__ksymtab", &cmd))
		return false;
	*letter = strstr(cmd.output, " __ksymtab_gpl ") ? "t" : "T";
	return true;
}

/* What a client does by itself, and when the message changes. */
static bool client_calls(struct guest *g)
{
	return expect_log(g, "lkp_example_client: lkp_example_generation: found, says 2") &&
	       expect_write(g, "salve", 5, 0) &&
	       expect_log(g, "lkp_example_client: generation 3: 5 bytes") &&
	       expect_file(g, "/sys/module/lkp_example_client/parameters/generation",
			   "3");
}

/* The file asks for the other module; loaded, the one holds the other. */
static bool check_exported(struct guest *g)
{
	struct symbol symbol = SYMBOL("lkp_example_update", "lkp_example");
	struct command cmd;
	const char *letter;
	int err;

	if (!run(g, &cmd, ARGV("modinfo", "-F", "depends",
			       "lkp_example_client")) ||
	    !expect_text(g, "modinfo -F depends", cmd.output, "lkp_example\n"))
		return false;
	if (access("/sys/module/lkp_example/holders/lkp_example_client", F_OK))
		return fail(g, "lkp_example_client does not hold lkp_example");
	if (!client_calls(g) ||
	    !objdump(g, "lkp_example", "-t", " __ksymtab_lkp_", &cmd))
		return false;
	if (!ends_line(cmd.output, "__ksymtab_lkp_example_update"))
		return fail(g, "lkp_example_update is not exported");
	if (!exported_letter(g, &letter))
		return false;
	err = kallsyms_find(&symbol, 1);
	return expect_errno(g, "/proc/kallsyms", err, 0) &&
	       expect_symbol(g, &symbol, letter);
}

/* Alone, the client cannot be loaded; with the other module, it can. */
static bool check_unknown(struct guest *g)
{
	char path[256];

	if (!find_module_file(g, "lkp_example_client", path, sizeof(path)) ||
	    !expect_errno(g, "finit_module", load_file(path, ""), ENOENT))
		return false;
	for (size_t i = 0; i < IMPORTS; i++) {
		char line[128];

		snprintf(line, sizeof(line),
			 "lkp_example_client: Unknown symbol %s (err -2)",
			 imports[i]);
		if (!expect_log(g, line))
			return false;
	}
	if (!expect_run(g, 1, "Unknown symbol in module",
			ARGV("insmod", path)))
		return false;
	if (is_loaded("lkp_example_client"))
		return fail(g, "lkp_example_client is loaded all the same");
	g->module = "lkp_example";
	return load_module(g, NULL) &&
	       expect_errno(g, "finit_module with lkp_example loaded",
			    load_file(path, ""), 0);
}

/* Of the symbols that are shown: how many, and how many with an address. */
struct shown {
	unsigned long own, own_addresses;
	unsigned long addresses;
};

static bool count_shown(void *arg, const struct symbol *symbol)
{
	struct shown *shown = arg;
	bool own = !strcmp(symbol->module, "lkp_example");

	shown->own += own;
	shown->own_addresses += own && symbol->address;
	shown->addresses += symbol->address != 0;
	return true;
}

/* As another user: our symbols are listed, and no symbol has an address. */
static int count_as_other(void *unused)
{
	struct shown shown = { 0 };
	int err = kallsyms_walk(count_shown, &shown);

	(void)unused;
	if (err)
		return err;
	return !shown.own ? ENODATA : shown.addresses ? ENOTEMPTY : 0;
}

static bool addresses_hidden(struct guest *g)
{
	struct shown all = { 0 }, none = { 0 };
	int err;

	if (!expect_errno(g, "kptr_restrict", write_file(KPTR_RESTRICT, "1"), 0))
		return false;
	err = kallsyms_walk(count_shown, &all);
	if (!expect_errno(g, "/proc/kallsyms", err, 0))
		return false;
	ktap_diag(&g->ktap, "/proc/kallsyms: %lu symbols of lkp_example, %lu with an address",
		  all.own, all.own_addresses);
	if (!all.own || all.own_addresses != all.own)
		return fail(g, "root sees %lu of the %lu addresses of lkp_example",
			    all.own_addresses, all.own);
	err = as_user(NOBODY, NOBODY, count_as_other, NULL);
	if (err == ENOTEMPTY)
		return fail(g, "nobody sees addresses in /proc/kallsyms");
	if (!expect_errno(g, "/proc/kallsyms as nobody", err, 0) ||
	    !expect_errno(g, "kptr_restrict", write_file(KPTR_RESTRICT, "2"), 0))
		return false;
	err = kallsyms_walk(count_shown, &none);
	return expect_errno(g, "/proc/kallsyms", err, 0) &&
	       expect_number(g, "the number of addresses that root sees with kptr_restrict=2",
			     none.addresses, 0);
}

/* Which letter, whose, where; and who may know where. */
static bool check_kallsyms(struct guest *g)
{
	struct symbol symbols[] = {
		SYMBOL("lkp_example_update", "lkp_example"),
		SYMBOL("lkp_example_open", "lkp_example"),
		SYMBOL("lkp_example_init", "lkp_example"),
	};
	char text[32], saved[32];
	const char *letter;
	unsigned long start;
	bool ok;
	int err;

	if (!exported_letter(g, &letter) || !expect_no_file(g, "/proc/ksyms"))
		return false;
	if (!read_file(KPTR_RESTRICT, saved, sizeof(saved)))
		return fail(g, KPTR_RESTRICT ": %s", strerror(errno));
	if (!expect_errno(g, "kptr_restrict", write_file(KPTR_RESTRICT, "1"), 0))
		return false;
	err = kallsyms_find(symbols, 3);
	ok = expect_errno(g, "/proc/kallsyms", err, 0) &&
	     expect_symbol(g, &symbols[0], letter) &&
	     expect_symbol(g, &symbols[1], "t") &&
	     expect_number(g, "the number of lkp_example_init, which has run,",
			   symbols[2].count, 0) &&
	     addresses_hidden(g);
	err = write_file(KPTR_RESTRICT, saved);
	if (!ok || !expect_errno(g, "kptr_restrict restored", err, 0))
		return false;
	if (!read_file("/sys/module/lkp_example/sections/.text", text,
		       sizeof(text)))
		return fail(g, "sections/.text: %s", strerror(errno));
	start = strtoul(text, NULL, 16);
	if (symbols[0].address < start ||
	    symbols[0].address - start > 1 << 20)
		return fail(g, "lkp_example_update is at %lx, and .text at %lx",
			    symbols[0].address, start);
	return true;
}

/* A static variable is of interest to a debugger alone. */
static bool check_variables(struct guest *g)
{
	struct symbol symbols[] = {
		SYMBOL("array_param_count", "lkp_example"),
		SYMBOL("lkp_example_update_lock", "lkp_example"),
		SYMBOL("lkp_example_update", "lkp_example"),
	};
	int err = kallsyms_find(symbols, 3);

	if (!expect_errno(g, "/proc/kallsyms", err, 0) ||
	    !expect_symbol(g, &symbols[2], "tT"))
		return false;
	switch (kernel_option("CONFIG_KALLSYMS_ALL")) {
	case 'y':
		return expect_symbol(g, &symbols[0], "d") &&
		       expect_symbol(g, &symbols[1], "bd");
	case 'n':
		if (symbols[0].count || symbols[1].count)
			return fail(g, "a variable is listed without CONFIG_KALLSYMS_ALL");
		return skip(g, "CONFIG_KALLSYMS_ALL is not set");
	default:
		return skip(g, "whether CONFIG_KALLSYMS_ALL is set is not known");
	}
}

/*
 * LINUX_VERSION_CODE of the kernel that runs. It stands in a note of the
 * vDSO, for C libraries that want to know; 0 if there is none.
 */
static unsigned int running_version_code(void)
{
	const char *image = (const char *)getauxval(AT_SYSINFO_EHDR);
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)image;
	const Elf64_Phdr *segment;

	if (!image || header->e_ident[EI_CLASS] != ELFCLASS64)
		return 0;
	segment = (const Elf64_Phdr *)(image + header->e_phoff);
	for (int i = 0; i < header->e_phnum; i++) {
		const char *at = image + segment[i].p_offset;
		const char *end = at + segment[i].p_filesz;

		while (segment[i].p_type == PT_NOTE && at < end) {
			const Elf64_Nhdr *note = (const Elf64_Nhdr *)at;
			const char *name = at + sizeof(*note);
			const char *desc = name + ((note->n_namesz + 3) & ~3u);

			if (!note->n_type && note->n_descsz == 4 &&
			    note->n_namesz == 6 && !memcmp(name, "Linux", 6))
				return *(const unsigned int *)desc;
			at = desc + ((note->n_descsz + 3) & ~3u);
		}
	}
	return 0;
}

/*
 * "X.Y.Z" of the running kernel: of its release; or, where the distribution
 * counts by itself there, of the version that Debian's uname -v ends with.
 */
static bool version_of(const struct utsname *uts, unsigned int v[3])
{
	const char *debian = strstr(uts->version, "Debian ");

	v[2] = 0;
	if (debian && sscanf(debian, "Debian %u.%u.%u", &v[0], &v[1],
			     &v[2]) == 3)
		return true;
	return sscanf(uts->release, "%u.%u.%u", &v[0], &v[1], &v[2]) >= 2;
}

/* 5.15 has renamed printk(). */
static const char *printk_name(bool other)
{
	unsigned int code = running_version_code(), v[3];
	struct utsname uts;

	uname(&uts);
	if (!code && version_of(&uts, v))
		code = v[0] << 16 | v[1] << 8;
	return (code >= 0x050f00) != other ? "_printk" : "printk";
}

/* Not resolved in the file, and resolved in the kernel. */
static bool check_undefined(struct guest *g)
{
	struct symbol symbol = SYMBOL(printk_name(false), "");
	const char *other = printk_name(true);
	struct command cmd;
	int err;

	if (!objdump(g, "lkp_example", "-t", "[*]UND[*].*[ \t]_\\{0,1\\}printk$",
		     &cmd))
		return false;
	if (!ends_line(cmd.output, symbol.name))
		return fail(g, "no *UND* %s", symbol.name);
	if (ends_line(cmd.output, other))
		return fail(g, "*UND* %s", other);
	err = kallsyms_find(&symbol, 1);
	return expect_errno(g, "/proc/kallsyms", err, 0) &&
	       expect_symbol(g, &symbol, "T");
}

/* The CRC that "0xcrc<TAB>name" says, in a text of such lines. */
static bool find_crc(const char *text, const char *name, unsigned long *crc)
{
	size_t len = strlen(name);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		char *end;

		line += *line == '\n';
		*crc = strtoul(line, &end, 16);
		if (end != line && *end == '\t' &&
		    !strncmp(end + 1, name, len) &&
		    (end[len + 1] == '\n' || end[len + 1] == '\t'))
			return true;
	}
	return false;
}

/* The same in a file: that of the headers, or the copy that came along. */
static bool find_kernel_crc(const char *name, unsigned long *crc)
{
	static const char *const paths[] = {
		"/boot/symvers-%s", "/usr/lib/modules/%s/build/Module.symvers",
	};
	struct utsname uts;
	char line[1024];
	bool found = false;
	FILE *f = NULL;

	uname(&uts);
	for (size_t i = 0; !f && i < 2; i++) {
		snprintf(line, sizeof(line), paths[i], uts.release);
		f = fopen(line, "re");
	}
	while (f && !found && fgets(line, sizeof(line), f))
		found = find_crc(line, name, crc);
	if (f)
		fclose(f);
	return found;
}

static bool same_crc(struct guest *g, const char *name, unsigned long imported,
		     unsigned long exported)
{
	ktap_diag(&g->ktap, "crc of %s: %#010lx, %#010lx", name, imported,
		  exported);
	if (!imported || imported != exported)
		return fail(g, "the CRC of %s is %#lx where it is used, and %#lx where it is exported",
			    name, imported, exported);
	return true;
}

/* What the client wants of lkp_example is what that one has. */
static bool crcs_of_modules(struct guest *g, const char *wanted,
			    const char *exports)
{
	for (size_t i = 0; i < IMPORTS; i++) {
		unsigned long imported, exported;

		if (!find_crc(wanted, imports[i], &imported))
			return fail(g, "--dump-modversions has no %s",
				    imports[i]);
		if (!find_crc(exports, imports[i], &exported))
			return fail(g, "--show-exports has no %s", imports[i]);
		if (!same_crc(g, imports[i], imported, exported))
			return false;
	}
	return true;
}

/* And what it wants of the kernel is what the kernel has. */
static bool crc_of_kernel(struct guest *g, const char *wanted)
{
	const char *name = printk_name(false);
	unsigned long imported, exported;

	if (!find_crc(wanted, name, &imported))
		return fail(g, "--dump-modversions has no %s", name);
	if (!find_kernel_crc(name, &exported)) {
		ktap_diag(&g->ktap, "there is no Module.symvers of this kernel");
		return g->host || fail(g, "and it should have come along");
	}
	return same_crc(g, name, imported, exported);
}

static bool check_modversions(struct guest *g)
{
	char user[256], owner[256];
	struct command wanted, exports;

	if (!find_module_file(g, "lkp_example_client", user, sizeof(user)) ||
	    !find_module_file(g, "lkp_example", owner, sizeof(owner)) ||
	    !run(g, &wanted, ARGV("modprobe", "--dump-modversions", user)))
		return false;
	switch (kernel_option("CONFIG_MODVERSIONS")) {
	case 'y':
		break;
	case 'n':
		if (command_succeeded(&wanted))
			return fail(g, "versions without CONFIG_MODVERSIONS: %s",
				    wanted.output);
		return skip(g, "CONFIG_MODVERSIONS is not set");
	default:
		return skip(g, "whether CONFIG_MODVERSIONS is set is not known");
	}
	ktap_text(&g->ktap, "modversions", wanted.output);
	return run(g, &exports, ARGV("modprobe", "--show-exports", owner)) &&
	       crcs_of_modules(g, wanted.output, exports.output) &&
	       crc_of_kernel(g, wanted.output);
}

/* The way of Linux 2.4: printk_R1b7d4074 */
static bool look_for_suffix(void *arg, const struct symbol *symbol)
{
	char *found = arg;
	size_t len = strlen(symbol->name);
	const char *tail = symbol->name + len - 10;

	if (len <= 10 || strncmp(tail, "_R", 2) ||
	    strspn(tail + 2, "0123456789abcdef") != 8)
		return true;
	snprintf(found, 256, "%.255s", symbol->name);
	return false;
}

/* Versions are in a section of their own, and no longer in the names. */
static bool check_versions_section(struct guest *g)
{
	char option = kernel_option("CONFIG_MODVERSIONS");
	char found[256] = "";
	struct command cmd;
	bool has;
	int err = kallsyms_walk(look_for_suffix, found);

	if (!expect_errno(g, "/proc/kallsyms", err, 0))
		return false;
	if (found[0])
		return fail(g, "/proc/kallsyms has %s", found);
	if (!objdump(g, "lkp_example", "-h", "__version", &cmd))
		return false;
	has = strstr(cmd.output, " __versions ") ||
	      (strstr(cmd.output, " __version_ext_crcs ") &&
	       strstr(cmd.output, " __version_ext_names "));
	if (option == 'y' && !has)
		return fail(g, "CONFIG_MODVERSIONS is set, and lkp_example has no section of versions");
	if (option == 'n' && has)
		return fail(g, "CONFIG_MODVERSIONS is not set, and lkp_example has a section of versions");
	if (!option)
		return skip(g, "whether CONFIG_MODVERSIONS is set is not known");
	return true;
}

/* Three numbers in one: the last had to stop at 255. */
static bool check_version_code(struct guest *g)
{
	const char *log = log_text(g);
	unsigned int code, v[3], running = running_version_code();
	struct utsname uts;
	const char *line = strstr(log, "lkp_example: Built for Linux 0x");
	char release[128];

	uname(&uts);
	if (!line || sscanf(line, "lkp_example: Built for Linux %x, running on %127[^\n]",
			    &code, release) != 2)
		return fail(g, "the log has no line 'lkp_example: Built for Linux 0x..., running on ...'");
	if (!version_of(&uts, v))
		return fail(g, "'%s' is no version", uts.release);
	ktap_diag(&g->ktap, "uname: %s %s; version code: %#x", uts.release,
		  uts.version, code);
	if (running && !expect_number(g, "the version code of the build, by the one in the vDSO,",
				      code, running))
		return false;
	return expect_text(g, "running on", release, uts.release) &&
	       expect_number(g, "the version", code >> 16, v[0]) &&
	       expect_number(g, "the patch level", code >> 8 & 255, v[1]) &&
	       expect_number(g, "the sublevel", code & 255,
			     v[2] > 255 ? 255 : v[2]);
}

static const struct item items[] = {
	{ 101, "exported_symbol", "lkp_example_client", check_exported, 0 },
	{ 102, "unknown_symbol", NULL, check_unknown, 0 },
	{ 104, "kallsyms", "lkp_example", check_kallsyms, 0 },
	{ 105, "kallsyms_variables", "lkp_example", check_variables, 0 },
	{ 106, "undefined_symbol", NULL, check_undefined, 0 },
	{ 108, "symbol_versions", NULL, check_modversions, 0 },
	{ 109, "versions_section", "lkp_example", check_versions_section, 0 },
	{ 110, "version_code", "lkp_example", check_version_code, 0 },
};

const struct item_list items_symbols = ITEM_LIST(items);
