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
#include <sys/utsname.h>
#include <unistd.h>

#include "commands.h"
#include "host.h"
#include "installed.h"
#include "kept.h"
#include "kernel.h"
#include "kernel_facts.h"
#include "output.h"
#include "queue.h"
#include "root.h"
#include "smoke_record.h"
#include "users.h"

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
	char *module;
	bool running;
	struct installed file;
	enum loaded loaded;
	json_t *verified;	/* the newest result that still holds; or NULL */
	bool queued;		/* it will be verified */
	struct smoke_record smoke;	/* empty if there is none that holds */
	struct refusal refusal;	/* why this machine would not load it */
	json_t *users;		/* who has its device open; or NULL */
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
	"Show on which kernels modules are built, installed, signed, verified, "
	"tested on the kernel itself, and loaded; those of lkp-example, if none is named.\v"
	"A result of 'lkp-example verify' counts while kernel, modules, their "
	"options, modprobe and checks are what they were, one of the smoke test "
	"while the file is the same. LOADED is about the "
	"running kernel, and also says whether the loaded code is that of the "
	"installed file; below, root sees which processes have the device open. "
	"Where this machine loads signed modules only, VERIFIED "
	"says so of those that it would refuse.\n\n"
	"Exit status: 0 all are there, 1 one is missing, broken or refused on a "
	"kernel, 2 usage or an error of our own.",
	NULL, NULL, NULL
};

static const char *text_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name)) ?: "";
}

/* The release of the running kernel, if the system is the running one. */
static const char *running_release(int root, struct utsname *name)
{
	return root_is_running(root) && !uname(name) ? name->release : "";
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

static bool has_failed(const struct row *row)
{
	return !strcmp(row->smoke.verdict, "FAIL");
}

static bool is_good(const struct row *row)
{
	return row->file.built_in ||
	       (row->file.indexed && row->file.present && fits(row) &&
		!is_broken(row) && !has_failed(row) && !row->refusal.class);
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

#define COLUMNS 8

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

/* What is broken is so wherever it is loaded; what is refused is so here. */
static const char *verdict_of(const struct row *row)
{
	if (is_broken(row))
		return "BROKEN";
	if (row->refusal.class)
		return "REFUSED";
	if (row->verified)
		return text_of(row->verified, "verdict");
	return row->queued ? "queued" : "-";
}

/* The cells of a line; with @buffers for those that are put together. */
static void cells_of(const char *cells[COLUMNS], const struct row *row,
		     char buffers[3][300])
{
	const char *date = row->refusal.class ? "" :
			   text_of(row->verified, "date");

	snprintf(buffers[0], 300, "%s%s", row->release,
		 row->running ? " (running)" : "");
	snprintf(buffers[1], 300, "%s%s%.10s", verdict_of(row),
		 *date ? " " : "", date);
	cells[0] = buffers[0];
	cells[1] = row->module;
	cells[2] = file_of(row);
	cells[3] = row->file.indexed ? "yes" : "no";
	cells[4] = row->file.is_signed ? "yes" : row->file.present ? "no" : "-";
	snprintf(buffers[2], 300, "%s %.10s", row->smoke.verdict,
		 row->smoke.time);
	cells[5] = buffers[1];
	cells[6] = *row->smoke.verdict ? buffers[2] : "-";
	cells[7] = loaded_of(row);
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
		"SMOKE TEST", "LOADED",
	};
	const char *cells[COLUMNS];
	int widths[COLUMNS] = { 0 };
	char buffers[3][300];

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

/* "no module for kernel RELEASE: CAUSE", as the package records it: the cause. */
static const char *cause_of(const struct row *row)
{
	const char *reason = has_failed(row) ? row->smoke.reason : "";
	const char *found = strstr(reason, row->release);

	if (!found)
		return reason;
	found += strlen(row->release);
	return strncmp(found, ": ", 2) ? reason : found + 2;
}

static void print_missing(const struct row *row)
{
	const char *cause = cause_of(row);

	printf("%s is missing on kernel %s: ", row->module, row->release);
	if (*cause)
		output_escaped(cause, strlen(cause));
	else
		fputs("it was not built for it, or not installed (see dkms status)",
		      stdout);
	putchar('\n');
}

/* What is wrong, in words, and what to do. */
static void print_remark(const struct row *row)
{
	const struct installed *m = &row->file;

	if (m->built_in)
		return;
	if (!*m->path)
		print_missing(row);
	else if (!m->present)
		printf("%s is missing on kernel %s: %s is gone, or is no module\n",
		       row->module, row->release, m->path);
	else if (m->unread)
		printf("%s is not installed on kernel %s: %s is packed by %s, which depmod and modprobe there do not read\n",
		       row->module, row->release, m->path, m->unread);
	else if (!m->indexed)
		printf("%s is not installed on kernel %s: modprobe does not find %s until 'depmod %s' is run\n",
		       row->module, row->release, m->path, row->release);
	else if (!fits(row))
		print_broken(row, "it is built for another one, ", m->vermagic);
	else if (is_broken(row))
		print_broken(row, "", text_of(row->verified, "reason"));
	if (row->refusal.class) {
		printf("%s is refused on this host by kernel %s: ", row->module,
		       row->release);
		output_escaped(row->refusal.cause, strlen(row->refusal.cause));
		fputs("; ", stdout);
		output_escaped(row->refusal.cure, strlen(row->refusal.cure));
		putchar('\n');
	}
	if (*m->path && has_failed(row)) {
		printf("%s has failed its smoke test on kernel %s: ",
		       row->module, row->release);
		output_escaped(row->smoke.reason, strlen(row->smoke.reason));
		putchar('\n');
	}
	if (row->loaded == LOADED_OTHER)
		printf("%s is loaded with other code than is installed: 'modprobe -r %s' and 'modprobe %s' load that\n",
		       row->module, row->module, row->module);
}

static void print_users(const struct row *row)
{
	size_t i;
	json_t *user;

	json_array_foreach(row->users, i, user) {
		const char *command = text_of(user, "command");
		bool is_open = !strcmp(text_of(user, "how"), USER_HAS_IT_OPEN);

		printf("%s is%s used by process %lld (", row->module,
		       is_open ? "" : " maybe",
		       json_integer_value(json_object_get(user, "process")));
		output_escaped(command, strlen(command));
		printf(is_open ? ")\n" :
		       "): files are on their way in a socket that it has\n");
	}
}

static void print_table(const struct table *t)
{
	print_rows(t);
	for (size_t i = 0; i < t->count; i++)
		print_remark(&t->rows[i]);
	for (size_t i = 0; i < t->count; i++)
		print_users(&t->rows[i]);
}

static json_t *refusal_to_json(const struct refusal *r)
{
	if (!r->class)
		return json_null();
	return json_pack("{s:s, s:o, s:s}", "class", r->class, "cause",
			 json_string(r->cause) ?: json_string(""),
			 "cure", r->cure);
}

/* Yes, no, or not known. */
static json_t *json_answer(bool known, bool yes)
{
	return known ? json_boolean(yes) : json_null();
}

static json_t *smoke_to_json(const struct smoke_record *r)
{
	if (!*r->verdict)
		return json_null();
	return json_pack("{s:s, s:o, s:s}", "verdict", r->verdict, "reason",
			 json_string(r->reason) ?: json_string(""),
			 "time", r->time);
}

static json_t *row_to_json(const struct row *row)
{
	const struct installed *m = &row->file;
	bool loaded = row->running && row->loaded != LOADED_NOT;

	return json_pack("{s:s, s:s, s:b, s:s?, s:b, s:b, s:b, s:o, s:s?, s:O?, s:b, s:o, s:o, s:o, s:o, s:O?, s:b}",
			 "kernel", row->release, "module", row->module,
			 "running", row->running,
			 "file", m->present ? m->path : NULL,
			 "built_in", m->built_in, "built", m->present,
			 "installed", m->indexed,
			 "signed", json_answer(m->present, m->is_signed),
			 "signer", *m->signer ? m->signer : NULL,
			 "verified", row->verified, "queued", row->queued,
			 "refused", refusal_to_json(&row->refusal),
			 "smoke_test", smoke_to_json(&row->smoke),
			 "loaded", json_answer(row->running, loaded),
			 "loaded_is_installed",
			 json_answer(loaded && row->loaded != LOADED_UNKNOWN,
				     row->loaded == LOADED_SAME),
			 "users", row->users, "good", is_good(row));
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
		row->verified = kept_newest(results, row->release, row->module);
		row->queued = queue_has(root, row->release, row->module);
		if (!strcmp(row->module, SMOKE_MODULE))
			smoke_record_read(&row->smoke, root, row->release,
					  row->file.path);
		if (row->running)
			row->loaded = installed_is_loaded(&row->file,
							  row->module);
		if (row->loaded != LOADED_NOT && !strcmp(row->module, SMOKE_MODULE))
			row->users = users_of_device();
	}
	return 0;
}

/* What is signed can be judged only if we know whom the kernel trusts. */
static void judge_row(struct row *row, int root, const struct kernel_facts *k,
		      const char *by)
{
	const struct signature none = { .state = SIGNATURE_NONE };
	char *names[] = { row->module, NULL };

	if (row->file.present && k)
		host_refuses_any(&row->refusal, root, row->release, names, k,
				 by);
	else if (row->file.present && !row->file.is_signed)
		host_refuses(&row->refusal, root, row->release, row->module,
			     &none, by);
}

/* The rows of one kernel; returns how many these are. */
static size_t judge_kernel(struct row *rows, size_t count, int root)
{
	const char *release = rows->release;
	const char *by = host_wants_signatures(root, release);
	struct kernel_image image = { .fd = -1, .proper_fd = -1 };
	struct kernel_facts facts = { 0 };
	bool known = by && kernel_has_image(root, release) &&
		     !kernel_image_find(&image, root, release) &&
		     !kernel_image_unpack(&image) &&
		     !kernel_facts_read(&facts, &image, root, release);
	size_t i;

	for (i = 0; i < count && rows[i].release == release; i++)
		if (by)
			judge_row(&rows[i], root, known ? &facts : NULL, by);
	kernel_facts_free(&facts);
	kernel_image_close(&image);
	return i;
}

/* It costs nothing where no signature is wanted. */
static void judge_by_host(struct table *t, int root)
{
	for (size_t i = 0; i < t->count;)
		i += judge_kernel(t->rows + i, t->count - i, root);
}

static int show(const struct options *o, int root, char **kernels)
{
	json_t *results = kept_that_hold(root);
	struct table t = { 0 };
	int status = STATUS_ERROR;

	if (!fill_table(&t, root, kernels, o->modules, results)) {
		judge_by_host(&t, root);
		status = STATUS_GOOD;
		for (size_t i = 0; i < t.count; i++)
			if (!is_good(&t.rows[i]))
				status = STATUS_BAD;
		if (o->json)
			print_json(&t);
		else
			print_table(&t);
	}
	for (size_t i = 0; i < t.count; i++) {
		installed_free(&t.rows[i].file);
		json_decref(t.rows[i].users);
	}
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
	if (output_flush())
		return STATUS_ERROR;
	return status;
}
