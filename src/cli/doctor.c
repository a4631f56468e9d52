// SPDX-License-Identifier: GPL-2.0-only
/*
 * doctor.c - lkp-example doctor: what stands in the way of modules
 *
 * Looks at all that DKMS builds, and at each module that did not come with its
 * kernel. It says what it finds wrong, a line of cause and one of cure, and
 * changes nothing.
 */
#include "doctor.h"

#include <argp.h>
#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "commands.h"
#include "kept.h"
#include "kernel.h"
#include "module_name.h"
#include "output.h"
#include "root.h"

enum {
	STATUS_WELL = 0,
	STATUS_ILL = 1,
	STATUS_ERROR = 2,
};

struct options {
	const char *root;
	bool json;
};

enum {
	OPT_JSON = 0x100,
};

static const struct argp_option argp_options[] = {
	{ "root", 'r', "DIR", 0,
	  "Look at the system in DIR (default: /)", 0 },
	{ "json", OPT_JSON, NULL, 0,
	  "Print an array of objects: class, cause and cure", 0 },
	{ 0 }
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'r':
		o->root = arg;
		return 0;
	case OPT_JSON:
		o->json = true;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "it looks at all modules; '%s' is too much",
			   arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = argp_options,
	.parser = parse_option,
	.doc = "Say what stands in the way of the modules that did not come "
	       "with a kernel: why one is not built, or will not load, and "
	       "what to do. Nothing is changed."
	       "\vExit status: 0 nothing was found, 1 something was, 2 usage "
	       "or an error.",
};

/* Where modules are that did not come with their kernel. */
static const char *const places[] = { "updates", "extra", "weak-updates" };

/**
 * doctor_say() - note what was found
 * @d: the visit
 * @class: of such things, a word
 * @fmt: as in printf(3): a line with the cause, and one with the cure
 */
void doctor_say(struct doctor *d, const char *class, const char *fmt, ...)
{
	json_t *found;
	char *text, *cure;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (len < 0)
		err(STATUS_ERROR, "a diagnosis");
	cure = strchr(text, '\n');
	*cure++ = '\0';
	found = json_pack("{s:s, s:s, s:s}", "class", class, "cause", text,
			  "cure", cure);
	/* Names of files need not be UTF-8, and JSON must be. */
	if (!found)
		found = json_pack("{s:s, s:s, s:s}", "class", class,
				  "cause", "the name of a file is not UTF-8",
				  "cure", "rename it");
	json_array_append_new(d->diagnoses, found);
	free(text);
}

static void look_in(struct doctor *d, const char *release, const char *dir,
		    const struct kernel_facts *k, unsigned int depth)
{
	DIR *list = root_dir_list(d->root, dir);
	struct dirent *entry;

	while (list && (entry = readdir(list))) {
		char path[4096];

		if (entry->d_name[0] == '.' ||
		    snprintf(path, sizeof(path), "%s/%s", dir,
			     entry->d_name) >= (int)sizeof(path))
			continue;
		if (entry->d_type == DT_DIR && depth)
			look_in(d, release, path, k, depth - 1);
		else if (entry->d_type != DT_DIR && module_name_is_file(entry->d_name))
			doctor_look_at_module(d, release, path, k);
	}
	if (list)
		closedir(list);
}

static void look_at_kernel(struct doctor *d, const char *release)
{
	struct kernel_image image;
	struct kernel_facts facts = { 0 };
	bool readable = false;

	if (!kernel_has_image(d->root, release))
		return;
	if (kernel_image_find(&image, d->root, release)) {
		d->failed = true;
		return;
	}
	if (kernel_image_unpack(&image))
		d->failed = true;
	else
		readable = !kernel_facts_read(&facts, &image, d->root, release);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		char dir[300];

		snprintf(dir, sizeof(dir), "/lib/modules/%s/%s", release,
			 places[i]);
		look_in(d, release, dir, readable ? &facts : NULL, 4);
	}
	doctor_look_at_initramfs(d, release);
	kernel_facts_free(&facts);
	kernel_image_close(&image);
}

static void print(const struct doctor *d)
{
	json_t *found;
	size_t i;

	json_array_foreach(d->diagnoses, i, found) {
		const char *cause = json_string_value(json_object_get(found,
								      "cause"));
		const char *cure = json_string_value(json_object_get(found,
								     "cure"));

		output_escaped(cause, strlen(cause));
		fputs("\n    ", stdout);
		output_escaped(cure, strlen(cure));
		putchar('\n');
	}
	if (!json_array_size(d->diagnoses) && !d->failed)
		puts("nothing stands in the way of a module here");
}

static int examine(struct doctor *d, const struct options *o)
{
	char **releases = kernel_list(d->root);
	int ret = STATUS_ERROR;

	if (!releases)
		return STATUS_ERROR;
	d->results = kept_that_hold(d->root);
	doctor_look_at_dkms(d, releases);
	for (size_t i = 0; releases[i]; i++)
		look_at_kernel(d, releases[i]);
	json_decref(d->results);
	kernel_list_free(releases);
	if (!o->json)
		print(d);
	else if (json_dumpf(d->diagnoses, stdout, JSON_INDENT(2)) || puts("") < 0)
		return STATUS_ERROR;
	if (!output_flush() && !d->failed)
		ret = json_array_size(d->diagnoses) ? STATUS_ILL : STATUS_WELL;
	return ret;
}

/**
 * command_doctor() - lkp-example doctor
 * @argc: number of arguments, the subcommand's name included
 * @argv: the arguments
 *
 * Return: the exit status.
 */
int command_doctor(int argc, char **argv)
{
	struct options o = { .root = "/" };
	struct doctor d = { .diagnoses = json_array() };
	struct utsname here;
	int ret = STATUS_ERROR;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	d.root = root_open(o.root);
	if (d.root >= 0 && root_is_running(d.root) && !uname(&here))
		d.running = here.release;
	if (d.root < 0)
		warn("%s", o.root);
	else
		ret = examine(&d, &o);
	if (d.root >= 0)
		close(d.root);
	json_decref(d.diagnoses);
	return ret;
}
