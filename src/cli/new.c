// SPDX-License-Identifier: GPL-2.0-only
/*
 * new.c - lkp-example new: a project for a module of one's own
 *
 * A complete one of the shape of this project, from whose files its packaging is
 * made: see src/new/template. It builds and passes its tests as it is. The name
 * of a module is also one of a file, a device and a Debian package, so it has to
 * be one in each of these places, and one that nobody else has there.
 */
#include <argp.h>
#include <err.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "author.h"
#include "commands.h"
#include "module_index.h"
#include "output.h"
#include "project.h"
#include "root.h"

/*
 * The kernel takes 55 characters. But the files of a Debian package are to have
 * names of 80 at most, with a version and the longest name of an architecture.
 */
#define NAME_LIMIT 40

struct options {
	const char *name;
	const char *author;
	const char *license;
	const char *dir;
};

/* @folder: where the template has what is for this one alone. */
struct license {
	const char *spdx;
	const char *of_module;
	const char *folder;
};

static const struct license licenses[] = {
	{ "GPL-2.0-only", "GPL", "GPL-2.0-only" },
	{ "GPL-2.0-or-later", "GPL", "GPL-2.0-or-later" },
	{ "GPL-2.0-only OR MIT", "Dual MIT/GPL", "GPL-2.0-only_OR_MIT" },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct argp_option argp_options[] = {
	{ "author", 'a', "AUTHOR", 0,
	  "Whose it is, 'NAME <ADDRESS>' (default: what DEBFULLNAME and DEBEMAIL, "
	  "git or the system say)", 0 },
	{ "license", 'l', "LICENSE", 0,
	  "'GPL-2.0-only' (default), 'GPL-2.0-or-later' or 'GPL-2.0-only OR MIT'", 0 },
	{ "dir", 'd', "DIR", 0,
	  "The folder to make (default: NAME, here)", 0 },
	{ 0 }
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'a':
		o->author = arg;
		break;
	case 'l':
		o->license = arg;
		break;
	case 'd':
		o->dir = arg;
		break;
	case ARGP_KEY_ARG:
		if (o->name)
			argp_error(state, "there is one NAME, and '%s' is a second one",
				   arg);
		o->name = arg;
		break;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "what is the name of the module?");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	argp_options, parse_option, "NAME",
	"Make a project for a kernel module called NAME: its source, with a "
	"device, dkms.conf, Debian and RPM packages, tests that boot it, and "
	"what continuous integration runs. It builds, and passes its tests, as "
	"it is.\v"
	"Exit status: 0 made; 1 the name or the folder is taken; 2 usage or an "
	"error. Unless it is 0, nothing was made.",
	NULL, NULL, NULL
};

static const struct license *find_license(const char *spdx)
{
	for (size_t i = 0; i < COUNT(licenses); i++)
		if (!strcmp(licenses[i].spdx, spdx))
			return &licenses[i];
	warnx("the license '%s' is not one of 'GPL-2.0-only', 'GPL-2.0-or-later' and 'GPL-2.0-only OR MIT': choose one of these",
	      spdx);
	return NULL;
}

static bool is_keyword(const char *name)
{
	static const char *const keywords[] = {
		"asm", "auto", "bool", "break", "case", "char", "const",
		"continue", "default", "do", "double", "else", "enum",
		"extern", "false", "float", "for", "goto", "if", "inline",
		"int", "long", "register", "restrict", "return", "short",
		"signed", "sizeof", "static", "struct", "switch", "true",
		"typedef", "typeof", "union", "unsigned", "void", "volatile",
		"while",
	};

	for (size_t i = 0; i < COUNT(keywords); i++)
		if (!strcmp(keywords[i], name))
			return true;
	return false;
}

/* Names that mean something else where modules are built, or are ours. */
static bool is_reserved(const char *name)
{
	static const char *const reserved[] = { "obj", "vmlinux" };

	for (size_t i = 0; i < COUNT(reserved); i++)
		if (!strcmp(reserved[i], name))
			return true;
	return !strncmp(name, "lkp_example", strlen("lkp_example"));
}

/* NULL if the name can be one of a module and, with "-" for "_", of a package. */
static const char *fault_of_name(const char *name)
{
	size_t len = strlen(name);

	if (len < 2)
		return "a Debian package has a name of two characters at least";
	if (len > NAME_LIMIT)
		return "it has at most 40 characters";
	if (name[0] < 'a' || name[0] > 'z')
		return "it begins with a small letter";
	if (name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")])
		return "it has small letters, digits and '_' only";
	if (name[len - 1] == '_' || strstr(name, "__"))
		return "a '_' stands between two other characters";
	if (is_keyword(name))
		return "that is a keyword of C";
	if (is_reserved(name))
		return "that means something else where modules are built";
	return NULL;
}

static int check_name(const char *name)
{
	const char *fault = fault_of_name(name);
	char shown[128];

	if (!fault)
		return 0;
	escape(shown, sizeof(shown), name);
	warnx("'%s' cannot be the name of a module here: %s", shown, fault);
	return EXIT_TROUBLE;
}

static bool kernel_has(int root, const char *release, const char *name)
{
	struct module_index modules;
	char path[PATH_MAX];
	int ret;

	if (module_index_open(&modules, root, release))
		return false;
	ret = module_index_find(&modules, name, path, sizeof(path));
	module_index_close(&modules);
	return ret != -ENOENT;
}

/* By any kernel that is installed, built in or not, or by its aliases. */
static bool an_installed_kernel_has(const char *name)
{
	int root = root_open("/"), count, i;
	struct dirent **kernels;
	bool found = false;

	if (root < 0)
		return false;
	count = root_dir_sorted(root, "/lib/modules", &kernels);
	for (i = 0; i < count; i++) {
		const char *release = kernels[i]->d_name;

		if (!found && *release != '.' &&
		    kernel_has(root, release, name)) {
			warnx("kernel %s has a module '%s' already: choose another name",
			      release, name);
			found = true;
		}
		free(kernels[i]);
	}
	if (count >= 0)
		free(kernels);
	close(root);
	return found;
}

static bool is_there(const char *dir, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (access(path, F_OK))
		return false;
	warnx("the name '%s' is taken on this machine, there is %s: choose another one",
	      name, path);
	return true;
}

static int check_taken(const char *name)
{
	return is_there("/sys/module", name) || is_there("/dev", name) ||
	       an_installed_kernel_has(name) ? EXIT_REFUSED : 0;
}

/* "%" begins a macro in a spec. */
static void escape_percent(char *to, const char *text)
{
	for (; *text; text++) {
		if (*text == '%')
			*to++ = '%';
		*to++ = *text;
	}
	*to = '\0';
}

static int make_project(const struct options *o, const struct author *author,
			const struct license *license)
{
	char package[NAME_LIMIT + 1], for_rpm[2 * sizeof(author->name)];
	char year[8], date[40], date_rpm[20];
	time_t now = time(NULL);
	const struct tm *today = gmtime(&now);
	const struct project_word words[] = {
		{ "MODULE", o->name },
		{ "PACKAGE", package },
		{ "AUTHOR", author->name },
		{ "AUTHOR_RPM", for_rpm },
		{ "EMAIL", author->address },
		{ "SPDX", license->spdx },
		{ "MODULE_LICENSE", license->of_module },
		{ "YEAR", year },
		{ "DATE", date },
		{ "DATE_RPM", date_rpm },
		{ NULL, NULL }
	};
	size_t i;

	for (i = 0; o->name[i]; i++)
		package[i] = o->name[i] == '_' ? '-' : o->name[i];
	package[i] = '\0';
	escape_percent(for_rpm, author->name);
	strftime(year, sizeof(year), "%Y", today);
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S +0000", today);
	strftime(date_rpm, sizeof(date_rpm), "%a %b %d %Y", today);
	return project_make(o->dir, license->folder, words);
}

/* A folder may be written with slashes at its end. */
static char *folder_of(const struct options *o)
{
	char *dir = strdup(o->dir ? o->dir : o->name);
	size_t len = dir ? strlen(dir) : 0;

	if (!dir)
		err(EXIT_TROUBLE, "the name of the folder");
	while (len > 1 && dir[len - 1] == '/')
		dir[--len] = '\0';
	return dir;
}

/**
 * command_new() - lkp-example new
 * @argc: number of arguments, the subcommand's name included
 * @argv: the arguments
 *
 * Return: the exit status.
 */
int command_new(int argc, char **argv)
{
	struct options o = { .license = licenses[0].spdx };
	const struct license *license;
	struct author author;
	char *dir;
	int ret;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	license = find_license(o.license);
	if (!license)
		return EXIT_TROUBLE;
	ret = check_name(o.name);
	if (ret)
		return ret;
	if (author_find(&author, o.author))
		return EXIT_TROUBLE;
	ret = check_taken(o.name);
	if (ret)
		return ret;
	dir = folder_of(&o);
	o.dir = dir;
	ret = make_project(&o, &author, license);
	if (!ret)
		printf("%s: made; its README.md says more, and 'make run' there shows it at work\n",
		       dir);
	free(dir);
	return ret;
}
