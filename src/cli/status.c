// SPDX-License-Identifier: GPL-2.0-only
/*
 * status.c - lkp-example status: what the modules are on each kernel
 *
 * Built, installed, signed, verified, loaded: a line for each module on each
 * kernel, the newest kernel first. Nothing is changed, and nothing is booted.
 */
#include <argp.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "commands.h"
#include "guest.h"
#include "installed.h"
#include "kernel.h"
#include "key.h"
#include "output.h"
#include "result.h"
#include "root.h"
#include "store.h"

enum {
	STATUS_GOOD = 0,
	STATUS_BAD = 1,
	STATUS_ERROR = 2,
};

struct options {
	const char *root;
	bool json;
	char **modules;
};

/* A module on a kernel. */
struct row {
	const char *release;
	const char *module;
	bool running;
	struct installed file;
	enum loaded loaded;
	json_t *verified;	/* the newest result that still holds; or NULL */
};

struct table {
	struct row *rows;
	size_t count;
};

enum {
	OPT_JSON = 0x100,
};

static const struct argp_option argp_options[] = {
	{ "root", 'r', "DIR", 0,
	  "Look at the system in DIR (default: /)", 0 },
	{ "json", OPT_JSON, NULL, 0, "Print one JSON document", 0 },
	{ 0 }
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'r':
		o->root = arg;
		break;
	case OPT_JSON:
		o->json = true;
		break;
	case ARGP_KEY_ARGS:
		o->modules = state->argv + state->next;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	argp_options, parse_option, "[MODULE...]",
	"Show on which kernels modules are built, installed, signed, verified "
	"and loaded; those of lkp-example, if none is named.\v"
	"A result of 'lkp-example verify' counts while kernel, modules, their "
	"options, modprobe and checks are what they were. LOADED is about the "
	"running kernel, and also says whether the loaded code is that of the "
	"installed file.\n\n"
	"Exit status: 0 all are there, 1 one is missing or broken on a kernel, "
	"2 usage or an error of our own.",
	NULL, NULL, NULL
};

/* Whether modules are of that kernel, and can be booted with it. */
static bool all_there(int root, const char *release, char *const modules[])
{
	for (; *modules; modules++) {
		struct installed m;
		bool there;

		if (installed_find(&m, root, release, *modules))
			return false;
		there = m.indexed && m.present;
		installed_free(&m);
		if (!there)
			return false;
	}
	return true;
}

/* The key that a run would have now. */
static int key_of_now(char key[KEY_SIZE], int root, const char *release,
		      char *const modules[], const char *guest_args)
{
	struct kernel_image image;
	char guest[4096];
	int fd, ret = -1;

	if (!kernel_has_image(root, release) ||
	    !all_there(root, release, modules) ||
	    guest_program(guest, sizeof(guest)) ||
	    kernel_image_find(&image, root, release))
		return -1;
	fd = guest_initramfs(root, release, modules, guest, NULL, false);
	if (fd >= 0) {
		ret = key_of_run(key, image.fd, fd, guest_args);
		close(fd);
	}
	kernel_image_close(&image);
	return ret;
}

/* Whether a result is of what is installed now. */
static bool holds(int root, json_t *result)
{
	const char *release, *key, *guest_args;
	char now[KEY_SIZE], **modules;
	json_t *names, *name;
	bool same = false;
	size_t i;

	if (json_unpack(result, "{s:s, s:s, s:s, s:o}", "kernel", &release,
			"key", &key, "arguments", &guest_args, "modules",
			&names) || !json_is_array(names))
		return false;
	modules = calloc(json_array_size(names) + 1, sizeof(*modules));
	if (!modules)
		return false;
	json_array_foreach(names, i, name) {
		modules[i] = (char *)json_string_value(name);
		if (!modules[i])
			goto free_modules;
	}
	same = !key_of_now(now, root, release, modules, guest_args) &&
	       !strcmp(now, key);
free_modules:
	free(modules);
	return same;
}

/* Drop the results of what was changed since, or is not there any more. */
static json_t *results_that_hold(int root)
{
	json_t *all = store_load_all(root);

	for (size_t i = json_array_size(all); i-- > 0;)
		if (!holds(root, json_array_get(all, i)))
			json_array_remove(all, i);
	return all;
}

static const char *text_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name)) ?: "";
}

static bool is_about(const json_t *result, const struct row *row)
{
	json_t *names = json_object_get(result, "modules"), *name;
	size_t i;

	if (strcmp(text_of(result, "kernel"), row->release))
		return false;
	json_array_foreach(names, i, name)
		if (!strcmp(json_string_value(name), row->module))
			return true;
	return false;
}

static json_t *newest_result(json_t *results, const struct row *row)
{
	json_t *result, *newest = NULL;
	size_t i;

	json_array_foreach(results, i, result)
		if (is_about(result, row) &&
		    (!newest || strcmp(text_of(result, "date"),
				       text_of(newest, "date")) > 0))
			newest = result;
	return newest;
}

/* The release of the running kernel, if the system is the running one. */
static const char *running_release(int root, struct utsname *name)
{
	struct stat ours, its;

	if (fstat(root, &its) || stat("/", &ours) || uname(name) ||
	    its.st_dev != ours.st_dev || its.st_ino != ours.st_ino)
		return "";
	return name->release;
}

static bool fits(const struct row *row)
{
	size_t len = strlen(row->release);

	return !strncmp(row->file.vermagic, row->release, len) &&
	       (row->file.vermagic[len] == ' ' || !row->file.vermagic[len]);
}

static bool is_broken(const struct row *row)
{
	return row->verified && !strcmp(text_of(row->verified, "verdict"), "broken");
}

static bool is_good(const struct row *row)
{
	return row->file.built_in ||
	       (row->file.indexed && row->file.present && fits(row) &&
		!is_broken(row));
}

/* "updates/dkms/x.ko", without the directory that all have in common */
static const char *file_of(const struct row *row)
{
	const char *path = row->file.path;

	if (row->file.built_in)
		return "(in the kernel)";
	if (!*path || !row->file.present)
		return "-";
	return path + strlen("/lib/modules/") + strlen(row->release) + 1;
}

#define COLUMNS 7

static const char *loaded_of(const struct row *row)
{
	static const char *const words[] = {
		[LOADED_NOT] = "no",
		[LOADED_SAME] = "yes",
		[LOADED_OTHER] = "yes, other code",
		[LOADED_UNKNOWN] = "yes, code unknown",
	};

	return row->running ? words[row->loaded] : "-";
}

/* The cells of a line; with @buffers for two that are put together. */
static void cells_of(const char *cells[COLUMNS], const struct row *row,
		     char buffers[2][300])
{
	snprintf(buffers[0], 300, "%s%s", row->release,
		 row->running ? " (running)" : "");
	snprintf(buffers[1], 300, "%s %.10s", is_broken(row) ? "BROKEN" :
		 text_of(row->verified, "verdict"),
		 text_of(row->verified, "date"));
	cells[0] = buffers[0];
	cells[1] = row->module;
	cells[2] = file_of(row);
	cells[3] = row->file.indexed ? "yes" : "no";
	cells[4] = row->file.is_signed ? "yes" : row->file.present ? "no" : "-";
	cells[5] = row->verified ? buffers[1] : "-";
	cells[6] = loaded_of(row);
}

static void print_cells(const char *const cells[COLUMNS],
			const int widths[COLUMNS])
{
	for (size_t i = 0; i < COLUMNS - 1; i++)
		printf("%-*s  ", widths[i], cells[i]);
	puts(cells[COLUMNS - 1]);
}

static void widen(int widths[COLUMNS], const char *const cells[COLUMNS])
{
	for (size_t i = 0; i < COLUMNS; i++)
		if ((int)strlen(cells[i]) > widths[i])
			widths[i] = strlen(cells[i]);
}

static void print_rows(const struct table *t)
{
	static const char *const head[COLUMNS] = {
		"KERNEL", "MODULE", "FILE", "INSTALLED", "SIGNED", "VERIFIED",
		"LOADED",
	};
	const char *cells[COLUMNS];
	int widths[COLUMNS] = { 0 };
	char buffers[2][300];

	widen(widths, head);
	for (size_t i = 0; i < t->count; i++) {
		cells_of(cells, &t->rows[i], buffers);
		widen(widths, cells);
	}
	print_cells(head, widths);
	for (size_t i = 0; i < t->count; i++) {
		cells_of(cells, &t->rows[i], buffers);
		print_cells(cells, widths);
	}
}

static void print_broken(const struct row *row, const char *how,
			 const char *why)
{
	printf("%s is broken on kernel %s: %s", row->module, row->release, how);
	output_escaped(why, strlen(why));
	putchar('\n');
}

/* What is wrong, in words, and what to do. */
static void print_remark(const struct row *row)
{
	const struct installed *m = &row->file;

	if (m->built_in)
		return;
	if (!*m->path)
		printf("%s is missing on kernel %s: it was not built for it, or not installed (see dkms status)\n",
		       row->module, row->release);
	else if (!m->present)
		printf("%s is missing on kernel %s: %s is gone, or is no module\n",
		       row->module, row->release, m->path);
	else if (!m->indexed)
		printf("%s is not installed on kernel %s: modprobe does not find %s until 'depmod %s' is run\n",
		       row->module, row->release, m->path, row->release);
	else if (!fits(row))
		print_broken(row, "it is built for another one, ", m->vermagic);
	else if (is_broken(row))
		print_broken(row, "", text_of(row->verified, "reason"));
	if (row->loaded == LOADED_OTHER)
		printf("%s is loaded with other code than is installed: 'modprobe -r %s' and 'modprobe %s' load that\n",
		       row->module, row->module, row->module);
}

static void print_table(const struct table *t)
{
	print_rows(t);
	for (size_t i = 0; i < t->count; i++)
		print_remark(&t->rows[i]);
}

/* Yes, no, or not known. */
static json_t *json_answer(bool known, bool yes)
{
	return known ? json_boolean(yes) : json_null();
}

static json_t *row_to_json(const struct row *row)
{
	const struct installed *m = &row->file;
	bool loaded = row->running && row->loaded != LOADED_NOT;

	return json_pack("{s:s, s:s, s:b, s:s?, s:b, s:b, s:b, s:o, s:s?, s:O?, s:o, s:o, s:b}",
			 "kernel", row->release, "module", row->module,
			 "running", row->running,
			 "file", m->present ? m->path : NULL,
			 "built_in", m->built_in, "built", m->present,
			 "installed", m->indexed,
			 "signed", json_answer(m->present, m->is_signed),
			 "signer", *m->signer ? m->signer : NULL,
			 "verified", row->verified,
			 "loaded", json_answer(row->running, loaded),
			 "loaded_is_installed",
			 json_answer(loaded && row->loaded != LOADED_UNKNOWN,
				     row->loaded == LOADED_SAME),
			 "good", is_good(row));
}

static void print_json(const struct table *t)
{
	json_t *list = json_array(), *all;

	for (size_t i = 0; i < t->count; i++)
		json_array_append_new(list, row_to_json(&t->rows[i]));
	all = json_pack("{s:s, s:o}", "lkp-example", LKP_EXAMPLE_VERSION,
			"status", list);
	json_dumpf(all, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6) |
		   JSON_ENSURE_ASCII);
	putchar('\n');
	json_decref(all);
}

static int fill_table(struct table *t, int root, char **kernels,
		      char *const modules[], json_t *results)
{
	struct utsname name;
	const char *running = running_release(root, &name);
	size_t kernel_count = 0, module_count = 0;

	while (kernels[kernel_count])
		kernel_count++;
	while (modules[module_count])
		module_count++;
	t->rows = calloc(kernel_count * module_count, sizeof(*t->rows));
	if (!t->rows) {
		warn("the table");
		return -1;
	}
	for (size_t i = 0; i < kernel_count * module_count; i++) {
		struct row *row = &t->rows[t->count];

		row->release = kernels[i / module_count];
		row->module = modules[i % module_count];
		row->running = !strcmp(row->release, running);
		if (installed_find(&row->file, root, row->release, row->module))
			return -1;
		t->count++;
		row->verified = newest_result(results, row);
		if (row->running)
			row->loaded = installed_is_loaded(&row->file,
							  row->module);
	}
	return 0;
}

static int show(const struct options *o, int root, char **kernels)
{
	json_t *results = results_that_hold(root);
	struct table t = { 0 };
	int status = STATUS_ERROR;

	if (!fill_table(&t, root, kernels, o->modules, results)) {
		status = STATUS_GOOD;
		for (size_t i = 0; i < t.count; i++)
			if (!is_good(&t.rows[i]))
				status = STATUS_BAD;
		if (o->json)
			print_json(&t);
		else
			print_table(&t);
	}
	for (size_t i = 0; i < t.count; i++)
		installed_free(&t.rows[i].file);
	free(t.rows);
	json_decref(results);
	return status;
}

/**
 * command_status() - lkp-example status
 * @argc: number of arguments, the subcommand's name included
 * @argv: the arguments
 *
 * Return: the exit status.
 */
int command_status(int argc, char **argv)
{
	static char *ours[] = { "lkp_example", "lkp_example_client",
				"lkp_example_probe", NULL };
	struct options o = { .root = "/", .modules = ours };
	int root, status = STATUS_ERROR;
	char **kernels;

	argp_err_exit_status = STATUS_ERROR;
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	root = root_open(o.root);
	if (root < 0)
		err(STATUS_ERROR, "%s", o.root);
	kernels = kernel_list(root);
	if (kernels)
		status = show(&o, root, kernels);
	kernel_list_free(kernels);
	close(root);
	if (fflush(stdout) || ferror(stdout)) {
		warn("standard output");
		return STATUS_ERROR;
	}
	return status;
}
