// SPDX-License-Identifier: GPL-2.0-only
/*
 * sanitizer_parameters.c - each parameter at its bounds, beyond them, and odd
 *
 * A module is loaded with each value: it takes it and shows it, or says the right
 * errno and leaves nothing behind. Then it is unloaded again.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "sanitizer.h"
#include "tools.h"

#define EXAMPLE "lkp_example"
#define CLIENT "lkp_example_client"
#define PROBE "lkp_example_probe"
/* The longest value that the kernel takes for a string. */
#define STRING_MOST 1024

/**
 * struct attempt - a value of a parameter
 * @module: whose it is
 * @name: the parameter
 * @value: "=value"; nothing, or a blank and more of them
 * @err: what loading the module says
 * @shown: what the parameter's file has then; for one without a file, what the log
 *	   says; NULL if it is not loaded
 */
struct attempt {
	const char *module, *name, *value;
	int err;
	const char *shown;
};

#define TAKEN(name, value, shown) { EXAMPLE, name, value, 0, shown }
#define REFUSED(name, value, err) { EXAMPLE, name, value, err, NULL }

static const struct attempt attempts[] = {
	TAKEN("int_param", "=-2147483648", "Int param: -2147483648"),
	TAKEN("int_param", "=2147483647", "Int param: 2147483647"),
	TAKEN("int_param", "=0x7fffffff", "Int param: 2147483647"),
	TAKEN("int_param", "=+010", "Int param: 8"),
	TAKEN("int_param", "=1 int_param=2", "Int param: 2"),
	REFUSED("int_param", "=2147483648", ERANGE),
	REFUSED("int_param", "=-2147483649", ERANGE),
	REFUSED("int_param", "=99999999999999999999999", ERANGE),
	REFUSED("int_param", "=", EINVAL),
	REFUSED("int_param", "", EINVAL),
	REFUSED("int_param", "=0x", EINVAL),
	REFUSED("int_param", "=1,2", EINVAL),
	REFUSED("int_param", "=--1", EINVAL),

	TAKEN("byte_param", "=0", "0"),
	TAKEN("byte_param", "=255", "255"),
	REFUSED("byte_param", "=256", ERANGE),
	REFUSED("byte_param", "=-1", EINVAL),

	TAKEN("short_param", "=-32768", "-32768"),
	TAKEN("short_param", "=32767", "32767"),
	REFUSED("short_param", "=32768", ERANGE),
	REFUSED("short_param", "=-32769", ERANGE),

	TAKEN("long_param", "=-9223372036854775808", "-9223372036854775808"),
	TAKEN("long_param", "=9223372036854775807", "9223372036854775807"),
	REFUSED("long_param", "=9223372036854775808", ERANGE),
	REFUSED("long_param", "=-9223372036854775809", ERANGE),

	TAKEN("ulong_param", "=0", "0"),
	TAKEN("ulong_param", "=18446744073709551615", "18446744073709551615"),
	REFUSED("ulong_param", "=18446744073709551616", ERANGE),
	REFUSED("ulong_param", "=-1", EINVAL),

	TAKEN("bool_param", "=0", "N"),
	TAKEN("bool_param", "=on", "Y"),
	TAKEN("bool_param", "=off", "N"),
	TAKEN("bool_param", "=yes and more", "Y"),
	TAKEN("bool_param", "", "Y"),
	REFUSED("bool_param", "=2", EINVAL),
	REFUSED("bool_param", "=", EINVAL),

	TAKEN("array_param", "=7", "7"),
	TAKEN("array_param", "=-2147483648,2147483647,0,-0",
	      "-2147483648,2147483647,0,0"),
	REFUSED("array_param", "=1,2,3,4,5", EINVAL),
	REFUSED("array_param", "=1,,2", EINVAL),
	REFUSED("array_param", "=", EINVAL),
	REFUSED("array_param", "=,", EINVAL),
	REFUSED("array_param", "=1,2147483648", ERANGE),

	TAKEN("string_param", "=", ""),
	TAKEN("string_param", "=\"two words\"", "two words"),
	TAKEN("string_param", "=a=b,c", "a=b,c"),
	TAKEN("string_param", "=%s%n%p", "%s%n%p"),
	TAKEN("string_param", "=a string_param=b string_param=c", "c"),
	REFUSED("string_param", "", EINVAL),

	TAKEN("max_size", "=1", "1"),
	TAKEN("max_size", "=67108864", "67108864"),
	TAKEN("max_size", "=0x400", "1024"),
	REFUSED("max_size", "=0", EINVAL),
	REFUSED("max_size", "=67108865", EINVAL),
	REFUSED("max_size", "=-1", EINVAL),
	REFUSED("max_size", "=4294967297", EINVAL),
	REFUSED("max_size", "=", EINVAL),
	REFUSED("max_size", "", EINVAL),
	REFUSED("max_size", "=%s%n%p", EINVAL),

	TAKEN("fail", "=none", "none"),
	REFUSED("fail", "=create", ENOMEM),
	REFUSED("fail", "=update", ENOMEM),
	REFUSED("fail", "=device", ENOMEM),
	REFUSED("fail", "=devices", EINVAL),
	REFUSED("fail", "=", EINVAL),
	REFUSED("fail", "", EINVAL),

	{ CLIENT, "generation", "=0", EPERM, NULL },
	{ CLIENT, "generation", "=", EPERM, NULL },

	{ PROBE, "maxactive", "=0", 0, "0" },
	{ PROBE, "maxactive", "=4294967295", 0, "4294967295" },
	{ PROBE, "maxactive", "=4294967296", ERANGE, NULL },
	{ PROBE, "maxactive", "=-1", EINVAL, NULL },
	{ PROBE, "maxactive", "=4096 symbol=lkp_example_probe_target", 0, "4096" },
	{ PROBE, "maxactive", "=4097 symbol=lkp_example_probe_target", EINVAL,
	  NULL },
	{ PROBE, "post", "=n symbol=lkp_example_probe_target", 0, "N" },
	{ PROBE, "post", "=maybe", EINVAL, NULL },
	{ PROBE, "symbol", "=", 0, "none" },
	{ PROBE, "symbol", "=\" lkp_example_probe_target \"", 0,
	  "lkp_example_probe_target" },
	{ PROBE, "symbol", "=lkp_no_such_function", ENOENT, NULL },
	{ PROBE, "symbol", "=%s%n%p", ENOENT, NULL },
	{ PROBE, "symbol", "", EINVAL, NULL },
};

#define ATTEMPTS (sizeof(attempts) / sizeof(attempts[0]))
#define LONG_ATTEMPTS 6

/* A long text, of one letter. */
static const char *letters(char *text, size_t size, size_t count)
{
	snprintf(text, size, "=%0*d", (int)count, 0);
	return text;
}

static bool expect_shown(struct guest *g, const struct attempt *a)
{
	char path[128];

	/* That one has no file. */
	if (!strcmp(a->name, "int_param")) {
		snprintf(path, sizeof(path), EXAMPLE ": %s", a->shown);
		return expect_log(g, path);
	}
	snprintf(path, sizeof(path), "/sys/module/%s/parameters/%s", a->module,
		 a->name);
	return expect_file(g, path, a->shown);
}

static bool try(struct guest *g, const struct attempt *a, const char *file)
{
	char what[2048], path[128];

	snprintf(path, sizeof(path), "/sys/module/%s", a->module);
	snprintf(what, sizeof(what), "%s%s", a->name, a->value);
	/* What the log has of the last one is not of this one. */
	if (!sanitizer_quiet(g) ||
	    !expect_errno(g, what, load_file(file, what), a->err))
		return false;
	if (a->err)
		return expect_no_file(g, path) || fail(g, "after %s", what);
	return (expect_shown(g, a) || fail(g, "after %s", what)) &&
	       expect_errno(g, "unload", unload(a->module, 0), 0);
}

/* The client needs lkp_example, and the others have to be without it. */
static bool try_all(struct guest *g, const struct attempt *all, size_t count)
{
	char file[256], example[256];
	const char *module = "";

	for (size_t i = 0; i < count; i++) {
		const struct attempt *a = &all[i];
		bool client = !strcmp(a->module, CLIENT);

		if (strcmp(a->module, module)) {
			module = a->module;
			if (!find_module_file(g, module, file, sizeof(file)))
				return false;
		}
		if (client &&
		    (!find_module_file(g, EXAMPLE, example, sizeof(example)) ||
		     !expect_errno(g, EXAMPLE, load_file(example, ""), 0)))
			return false;
		if (!try(g, a, file) ||
		    (client && !expect_errno(g, EXAMPLE, unload(EXAMPLE, 0), 0)))
			return false;
	}
	return true;
}

/* What is built here, for it is long. */
static bool try_long(struct guest *g)
{
	char most[STRING_MOST + 2], more[STRING_MOST + 3], name[STRING_MOST];
	const struct attempt all[LONG_ATTEMPTS] = {
		{ EXAMPLE, "string_param",
		  letters(most, sizeof(most), STRING_MOST), 0, most + 1 },
		{ EXAMPLE, "string_param",
		  letters(more, sizeof(more), STRING_MOST + 1), ENOSPC, NULL },
		{ EXAMPLE, "max_size", more, EINVAL, NULL },
		{ EXAMPLE, "fail", more, EINVAL, NULL },
		{ PROBE, "symbol", letters(name, sizeof(name), 511), ENOENT,
		  NULL },
		{ PROBE, "symbol", more, ENAMETOOLONG, NULL },
	};

	return try_all(g, all, LONG_ATTEMPTS);
}

/** check_parameter_sweep() - each parameter takes what it can hold, and no more */
bool check_parameter_sweep(struct guest *g)
{
	bool ok = sanitizer_begin(g, true) && try_all(g, attempts, ATTEMPTS) &&
		  try_long(g);

	ktap_diag(&g->ktap, "done: %zu values of parameters", ATTEMPTS + LONG_ATTEMPTS);
	return sanitizer_quiet(g) && ok;
}
