// SPDX-License-Identifier: GPL-2.0-only
/*
 * inspect.c - lkp-example inspect: what is in a module, and would it load?
 */
#include <argp.h>
#include <err.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "inspection.h"
#include "kernel.h"
#include "module_name.h"
#include "output.h"
#include "root.h"

enum {
	STATUS_LOADS = 0,
	STATUS_REFUSED = 1,
	STATUS_ERROR = 2,
};

struct options {
	const char *root, *kernel;
	bool json, quiet;
	char **modules;
};

enum {
	OPT_JSON = 0x100,
};

static const struct argp_option argp_options[] = {
	{ "kernel", 'k', "VERSION", 0,
	  "Kernel to hold it against (default: the only one installed)", 0 },
	{ "root", 'r', "DIR", 0,
	  "Take kernel and modules from the system in DIR (default: /)", 0 },
	{ "json", OPT_JSON, NULL, 0, "Print a JSON object for each", 0 },
	{ "quiet", 'q', NULL, 0, "Print a line for each", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'k':
		o->kernel = arg;
		return 0;
	case 'r':
		o->root = arg;
		return 0;
	case OPT_JSON:
		o->json = true;
		return 0;
	case 'q':
		o->quiet = true;
		return 0;
	case ARGP_KEY_ARGS:
		o->modules = state->argv + state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which module, or which file?");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = argp_options,
	.parser = parse,
	.args_doc = "FILE|MODULE...",
	.doc = "Show what is in modules, and whether a kernel would load them."
	       "\vFILE is a path (it has a slash, or ends in .ko, .ko.gz, "
	       ".ko.xz or .ko.zst), MODULE the name of an installed module. "
	       "What needs the code to run is for 'lkp-example verify' to "
	       "find.\n\nExit status: 0 the kernel would load each, 1 it would "
	       "refuse one, 2 one cannot be read.",
};

static bool is_file(const char *name)
{
	return module_name_is_file(name) || strchr(name, '/');
}

/* Where a needed symbol is from, in a word. */
static const char *source_of(const struct inspection *i,
			     const struct kernel_facts *k,
			     const struct symbol *needed)
{
	if (symbols_find(&k->exported, needed->name))
		return "kernel";
	for (size_t n = 0; n < i->used_count; n++)
		if (symbols_find(&i->used[n].exported, needed->name))
			return module_file_info(&i->used[n], "name", NULL) ?:
			       "module";
	return needed->weak ? "not needed" : "missing";
}

/* The texts are the module's, which may be anybody's. */
static void print_line(const char *text)
{
	output_escaped(text, strlen(text));
	putchar('\n');
}

static void print_info(const struct module_file *m)
{
	const char *value = NULL;

	puts("information");
	while ((value = module_file_info(m, NULL, value))) {
		int len = strcspn(value, "=");
		char key[64];

		snprintf(key, sizeof(key), "%.*s", len, value);
		fputs("  ", stdout);
		output_escaped(key, strlen(key));
		printf("%*s", len < 14 ? 14 - len : 1, "");
		print_line(value[len] ? value + len + 1 : "");
	}
}

static void print_sections(const struct module_file *m)
{
	Elf_Scn *section = NULL;
	GElf_Shdr shdr;

	puts("sections that are loaded");
	while ((section = elf_nextscn(m->elf, section))) {
		if (!gelf_getshdr(section, &shdr) ||
		    !(shdr.sh_flags & SHF_ALLOC))
			continue;
		printf("  %8llu  %c%c  ", (unsigned long long)shdr.sh_size,
		       shdr.sh_flags & SHF_WRITE ? 'w' : '-',
		       shdr.sh_flags & SHF_EXECINSTR ? 'x' : '-');
		print_line(elf_strptr(m->elf, m->header.e_shstrndx,
				      shdr.sh_name) ?: "?");
	}
}

static void print_symbol(const struct symbol *s, const char *rest)
{
	if (s->has_crc)
		printf("  0x%08x  ", s->crc);
	else
		printf("  %-10s  ", "-");
	output_escaped(s->name, strlen(s->name));
	print_line(rest);
}

static void print_exported(const struct module_file *m)
{
	puts("exports");
	for (size_t n = 0; n < m->exported.count; n++) {
		const struct symbol *s = &m->exported.list[n];
		char rest[128];

		snprintf(rest, sizeof(rest), "%s%s%s",
			 s->gpl_only ? " (GPL)" : "",
			 s->space ? ", namespace " : "", s->space ?: "");
		print_symbol(s, rest);
	}
}

/* The checksum that it was built with, and whether it is the right one. */
static void print_needed(const struct inspection *i,
			 const struct kernel_facts *k)
{
	puts("needs");
	for (size_t n = 0; n < i->module.needed.count; n++) {
		struct symbol s = i->module.needed.list[n];
		const struct symbol *version = symbols_find(&i->module.versions,
							    s.name);
		char rest[96];

		if (version) {
			s.crc = version->crc;
			s.has_crc = true;
		}
		snprintf(rest, sizeof(rest), " (%s)", source_of(i, k, &s));
		print_symbol(&s, rest);
	}
}

static void print_findings(const struct inspection *i, const char *release)
{
	const struct finding *refusal = findings_refusal(&i->findings);

	for (size_t n = 0; n < i->findings.count; n++) {
		const struct finding *f = &i->findings.list[n];

		printf("%s: ", f->check);
		output_escaped(f->text, strlen(f->text));
		printf(f->error ? " (%s)\n" : "\n", findings_errno(f));
	}
	if (i->findings.more)
		printf("and %zu more\n", i->findings.more);
	printf("kernel %s %s ", release, refusal ?
	       "would refuse" : "would load");
	print_line(i->name);
}

static void print_signer(const struct signature *s)
{
	fputs("signed by ", stdout);
	output_escaped(s->signer, strlen(s->signer));
	printf(", a key of %s\n", s->keeper);
}

static void print_text(const struct inspection *i, const struct kernel_facts *k,
		       const char *release)
{
	printf("%s: %zu bytes%s%s, %ssigned\n", i->path, i->module.size,
	       i->module.packed ? ", packed by " : "", i->module.packed ?: "",
	       i->module.is_signed ? "" : "not ");
	if (i->module.signature.state == SIGNATURE_GOOD)
		print_signer(&i->module.signature);
	print_info(&i->module);
	if (i->module.elf)
		print_sections(&i->module);
	print_exported(&i->module);
	print_needed(i, k);
	print_findings(i, release);
}

/* JSON is UTF-8; a file may have anything. */
static json_t *json_text(const char *text)
{
	json_t *string = json_string(text);
	char *plain = string ? NULL : strdup(text);

	if (!plain)
		return string;
	for (char *c = plain; *c; c++)
		if (*c & 0x80)
			*c = '?';
	string = json_string(plain);
	free(plain);
	return string;
}

static json_t *json_symbol(const struct symbol *s)
{
	json_t *object = json_pack("{s:o}", "name", json_text(s->name));

	if (s->has_crc)
		json_object_set_new(object, "crc", json_integer(s->crc));
	if (s->gpl_only)
		json_object_set_new(object, "gpl_only", json_true());
	if (s->weak)
		json_object_set_new(object, "weak", json_true());
	if (s->space)
		json_object_set_new(object, "namespace", json_text(s->space));
	return object;
}

/* A key may come more than once: "parm", "alias". So each has a list. */
static json_t *json_info(const struct module_file *m)
{
	json_t *object = json_object();
	const char *value = NULL;

	while ((value = module_file_info(m, NULL, value))) {
		char key[64];
		json_t *list;

		snprintf(key, sizeof(key), "%.*s", (int)strcspn(value, "="),
			 value);
		list = json_object_get(object, key);
		if (!list) {
			list = json_array();
			if (json_object_set_new(object, key, list))
				continue;
		}
		value += strcspn(value, "=");
		value += *value == '=';
		json_array_append_new(list, json_text(value));
	}
	return object;
}

static json_t *json_findings(const struct findings *f)
{
	json_t *list = json_array();

	for (size_t n = 0; n < f->count; n++) {
		const struct finding *one = &f->list[n];

		json_array_append_new(list, json_pack("{s:s, s:s?, s:o}",
						      "check", one->check,
						      "error", findings_errno(one),
						      "text", json_text(one->text)));
	}
	return list;
}

static json_t *json_needed(const struct inspection *i,
			   const struct kernel_facts *k)
{
	json_t *list = json_array();

	for (size_t n = 0; n < i->module.needed.count; n++) {
		const struct symbol *s = &i->module.needed.list[n];
		const struct symbol *version = symbols_find(&i->module.versions,
							    s->name);
		json_t *object = json_symbol(s);

		if (version)
			json_object_set_new(object, "crc",
					    json_integer(version->crc));
		json_object_set_new(object, "from",
				    json_text(source_of(i, k, s)));
		json_array_append_new(list, object);
	}
	return list;
}

static void print_json(const struct inspection *i, const struct kernel_facts *k,
		       const char *release)
{
	json_t *exported = json_array(), *object;

	for (size_t n = 0; n < i->module.exported.count; n++)
		json_array_append_new(exported,
				      json_symbol(&i->module.exported.list[n]));
	object = json_pack("{s:o, s:o, s:s, s:I, s:s?, s:b, s:s, s:o, s:s?, s:b, s:o, s:o, s:o, s:o}",
			   "module", json_text(i->name),
			   "file", json_text(i->path),
			   "kernel", release,
			   "size", (json_int_t)i->module.size,
			   "packed", i->module.packed,
			   "signed", i->module.is_signed,
			   "signature", signature_word(&i->module.signature),
			   "signer", json_text(i->module.signature.signer),
			   "signer_known_to", i->module.signature.keeper,
			   "loads", !findings_refusal(&i->findings),
			   "information", json_info(&i->module),
			   "exports", exported, "needs", json_needed(i, k),
			   "findings", json_findings(&i->findings));
	json_dumpf(object, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	putchar('\n');
	json_decref(object);
}

static void print_brief(const struct inspection *i)
{
	const struct finding *refusal = findings_refusal(&i->findings);

	printf("%s: ", i->path);
	if (!refusal) {
		puts("loads");
		return;
	}
	printf("refused, %s, %s: ", findings_errno(refusal), refusal->check);
	print_line(refusal->text);
}

static int inspect(const struct options *o, const char *module, int root,
		   const char *release, const struct kernel_facts *k)
{
	static struct inspection i;
	int ret = STATUS_ERROR;

	if (is_file(module) ?
	    inspection_of_file(&i, root, release, module, k) :
	    inspection_of_installed(&i, root, release, module, k))
		goto free_inspection;
	if (o->json)
		print_json(&i, k, release);
	else if (o->quiet)
		print_brief(&i);
	else
		print_text(&i, k, release);
	ret = findings_refusal(&i.findings) ? STATUS_REFUSED : STATUS_LOADS;
	if (output_flush())
		ret = STATUS_ERROR;
free_inspection:
	inspection_free(&i);
	return ret;
}

/* The worst status of all: the greatest. */
static int inspect_all(const struct options *o, int root, const char *release,
		       const struct kernel_facts *k)
{
	int worst = STATUS_LOADS;

	for (size_t i = 0; o->modules[i]; i++) {
		int status = inspect(o, o->modules[i], root, release, k);

		if (status > worst)
			worst = status;
	}
	return worst;
}

/**
 * command_inspect() - lkp-example inspect
 * @argc: number of arguments, the subcommand's name included
 * @argv: the arguments
 *
 * Return: the exit status.
 */
int command_inspect(int argc, char **argv)
{
	struct options o = { .root = "/" };
	struct kernel_image image;
	struct kernel_facts facts;
	int root, failed, ret = STATUS_ERROR;
	char *release;

	argp_err_exit_status = STATUS_ERROR;
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	root = root_open(o.root);
	if (root < 0)
		err(STATUS_ERROR, "%s", o.root);
	release = o.kernel ? strdup(o.kernel) : kernel_default(root);
	if (!release || kernel_image_find(&image, root, release))
		goto close_root;
	if (kernel_image_unpack(&image))
		goto close_image;
	failed = kernel_facts_read(&facts, &image, root, release);
	if (failed)
		warnx("%s: %s", image.path, failed == -ENOENT ?
		      "its symbols cannot be read" : strerror(-failed));
	else
		ret = inspect_all(&o, root, release, &facts);
	kernel_facts_free(&facts);
close_image:
	kernel_image_close(&image);
close_root:
	free(release);
	close(root);
	return ret;
}
