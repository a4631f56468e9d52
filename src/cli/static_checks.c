// SPDX-License-Identifier: GPL-2.0-only
/*
 * static_checks.c - would a kernel load a module, as far as its file tells?
 *
 * These are the kernel's own checks, in its order (kernel/module/main.c,
 * load_module()), made before there is a kernel to make them. They cannot see
 * what the code does: that it works is for the virtual machine to prove.
 */
#include "static_checks.h"

#include <errno.h>
#include <string.h>

#include "relocations.h"

#define LAYOUT "module_layout"

struct checks {
	const struct module_file *m;
	const struct kernel_facts *k;
	const struct module_file *used;	/* the modules that it depends on */
	size_t used_count;
	const char *name;
	struct findings *f;
};

/* What a kernel that is made to (CONFIG_MODULE_FORCE_LOAD) does nevertheless. */
#define BY_FORCE ": loaded all the same, and the kernel is tainted"

static void check_machine(const struct checks *c)
{
	const GElf_Ehdr *module = &c->m->header, *kernel = &c->k->header;

	if (module->e_machine != kernel->e_machine)
		findings_add(c->f, "machine", ENOEXEC,
			     "it is for another machine: ELF machine %u, the kernel's is %u",
			     module->e_machine, kernel->e_machine);
	else if (module->e_ident[EI_CLASS] != kernel->e_ident[EI_CLASS] ||
		 module->e_ident[EI_DATA] != kernel->e_ident[EI_DATA])
		findings_add(c->f, "machine", ENOEXEC,
			     "it is for another width or byte order of this machine");
}

/* Without any checksum, a kernel that has them loads a module by force only. */
static void check_versions_there(const struct checks *c)
{
	const struct symbol *layout = symbols_find(&c->k->exported, LAYOUT);

	if (c->m->versions.count || !layout || !layout->has_crc)
		return;
	findings_add(c->f, "versions", c->k->force_load ? 0 : ENOEXEC,
		     "it was built without checksums of symbols (CONFIG_MODVERSIONS), which this kernel has%s",
		     c->k->force_load ? BY_FORCE : "");
}

static void check_layout(const struct checks *c)
{
	const struct symbol *kernel = symbols_find(&c->k->exported, LAYOUT);
	const struct symbol *module = symbols_find(&c->m->versions, LAYOUT);

	if (kernel && kernel->has_crc && module && module->crc != kernel->crc)
		findings_add(c->f, "versions", ENOEXEC,
			     "it was built for a kernel whose struct module differs: checksum of %s 0x%08x, the kernel's is 0x%08x",
			     LAYOUT, module->crc, kernel->crc);
}

/* With checksums on both sides the release, its first word, does not count. */
static void check_vermagic(const struct checks *c)
{
	const char *module = module_file_info(c->m, "vermagic", NULL);
	const char *kernel = c->k->vermagic;
	size_t skip_module = 0, skip_kernel = 0;

	if (!module) {
		findings_add(c->f, "vermagic", c->k->force_load ? 0 : ENOEXEC,
			     "it does not say for which kernel it was built, in a vermagic%s",
			     c->k->force_load ? BY_FORCE : "");
		return;
	}
	/* Not all checksums of a kernel can be read, but it says it has them. */
	if (c->m->versions.count && strstr(kernel, " modversions")) {
		skip_module = strcspn(module, " ");
		skip_kernel = strcspn(kernel, " ");
	}
	if (strcmp(module + skip_module, kernel + skip_kernel))
		findings_add(c->f, "vermagic", ENOEXEC,
			     "it was built for another kernel: vermagic '%.100s', the kernel's is '%.100s'",
			     module, kernel);
}

/* include/linux/license.h */
static bool gpl_compatible(const struct module_file *m)
{
	static const char *const licenses[] = {
		"GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL",
		"Dual MIT/GPL", "Dual MPL/GPL",
	};
	const char *license = module_file_info(m, "license", NULL);

	for (size_t i = 0; i < sizeof(licenses) / sizeof(licenses[0]); i++)
		if (license && !strcmp(license, licenses[i]))
			return true;
	return false;
}

static const struct symbol *find_exported(const struct checks *c,
					  const char *name)
{
	const struct symbol *s = symbols_find(&c->k->exported, name);

	for (size_t i = 0; !s && i < c->used_count; i++)
		s = symbols_find(&c->used[i].exported, name);
	return s;
}

/* "module:NAME,PREFIX*": since 6.16, for these modules and nobody else. */
static bool among_modules(const char *list, const char *name)
{
	for (size_t len; *list; list += len + (list[len] == ',')) {
		size_t i = 0;

		len = strcspn(list, ",");
		while (i < len && name[i] &&
		       (list[i] == name[i] ||
			(list[i] == '-' && name[i] == '_')))
			i++;
		if ((i == len && !name[i]) || (i + 1 == len && list[i] == '*'))
			return true;
	}
	return false;
}

static bool imported(const struct checks *c, const char *space)
{
	const char *own = "module:", *found = NULL;

	if (!strncmp(space, own, strlen(own)))
		return among_modules(space + strlen(own), c->name);
	while ((found = module_file_info(c->m, "import_ns", found)))
		if (!strcmp(found, space))
			return true;
	return false;
}

static void check_needed(const struct checks *c, const struct symbol *needed,
			 bool gpl)
{
	const struct symbol *s = find_exported(c, needed->name);
	const struct symbol *version = symbols_find(&c->m->versions,
						    needed->name);

	if (!s && needed->weak)
		return;
	if (!s)
		findings_add(c->f, "symbols", ENOENT,
			     "it needs %s, which neither the kernel nor a module that it depends on exports",
			     needed->name);
	else if (s->gpl_only && !gpl)
		findings_add(c->f, "license", ENOENT,
			     "it needs %s, which is for modules under the GPL only; its license is '%.60s'",
			     needed->name,
			     module_file_info(c->m, "license", NULL) ?: "");
	else if (s->has_crc && version && version->crc != s->crc)
		findings_add(c->f, "versions", EINVAL,
			     "it was built for another %s: checksum 0x%08x, now it is 0x%08x",
			     needed->name, version->crc, s->crc);
	else if (s->space && !imported(c, s->space))
		findings_add(c->f, "namespace", c->k->any_namespace ? 0 : EINVAL,
			     "it needs %s from the namespace %.60s, which it does not import",
			     needed->name, s->space);
}

static void check_symbols(const struct checks *c)
{
	bool gpl = gpl_compatible(c->m);

	if (c->m->common)
		findings_add(c->f, "symbols", ENOEXEC,
			     "its variable %s has no place: it was built without -fno-common",
			     c->m->common);
	for (size_t i = 0; i < c->m->needed.count; i++)
		check_needed(c, &c->m->needed.list[i], gpl);
	if (!gpl && c->m->info)
		findings_add(c->f, "license", 0,
			     "its license '%.60s' is not compatible with the GPL: the kernel is tainted",
			     module_file_info(c->m, "license", NULL) ?: "");
}

/**
 * static_checks() - hold a module against a kernel
 * @m: the module
 * @k: the kernel
 * @used: the modules that it depends on
 * @used_count: how many
 * @name: the module's name, as the kernel knows it
 * @f: what is found is added here, what the kernel comes to first before
 */
void static_checks(const struct module_file *m, const struct kernel_facts *k,
		   const struct module_file *used, size_t used_count,
		   const char *name, struct findings *f)
{
	struct checks c = { m, k, used, used_count, name, f };

	if (!m->elf || findings_refusal(f))
		return;
	check_machine(&c);
	if (findings_refusal(f))
		return;
	check_layout(&c);
	if (k->vermagic)
		check_vermagic(&c);
	check_versions_there(&c);
	if (k->exported.count)
		check_symbols(&c);
	check_relocations(m, f);
}
