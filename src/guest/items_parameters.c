// SPDX-License-Identifier: GPL-2.0-only
/*
 * items_parameters.c - parameters of a module: at load time and in sysfs
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "inspect.h"
#include "items.h"
#include "tools.h"

#define MODULE "lkp_example"
#define PARAMETERS "/sys/module/" MODULE "/parameters/"
#define MAX_SIZE_RANGE " refused: it is 1 to 67108864"

static bool load_with(struct guest *g, char *const options[])
{
	g->module = MODULE;
	return load_module(g, options);
}

/*
 * Loading by insmod with this one option fails: with this word of the tool,
 * this errno of the system call, and this line in the log.
 */
static bool expect_refused(struct guest *g, const char *option,
			   const char *word, int err, const char *line)
{
	char path[256];

	return find_module_file(g, MODULE, path, sizeof(path)) &&
	       expect_run(g, 1, word, ARGV("insmod", path, (char *)option)) &&
	       expect_errno(g, option, load_file(path, option), err) &&
	       expect_log(g, line) &&
	       expect_no_file(g, "/sys/module/" MODULE);
}

/* A mode of 0: modinfo knows the parameter, sysfs does not. */
static bool check_hidden(struct guest *g)
{
	return expect_messages(g, (const char *[]){ "Int param: 42", NULL }) &&
	       expect_no_file(g, PARAMETERS "int_param") &&
	       expect_run(g, 0, "int_param:", ARGV("modinfo", "-p", MODULE));
}

static bool check_string(struct guest *g)
{
	return expect_messages(g, (const char *[]){
			"String param: default value", NULL }) &&
	       expect_mode(g, PARAMETERS "string_param", S_IFREG | 0644) &&
	       expect_file(g, PARAMETERS "string_param", "default value");
}

static bool check_options(struct guest *g)
{
	return load_with(g, ARGV("int_param=12", "string_param=hello")) &&
	       expect_messages(g, (const char *[]){
			"Int param: 12", "String param: hello", NULL }) &&
	       expect_file(g, PARAMETERS "string_param", "hello");
}

static bool check_description(struct guest *g)
{
	return expect_run(g, 0, "int_param:A sample integer, printed at load time (int)\n",
			  ARGV("modinfo", "-p", MODULE)) &&
	       expect_run(g, 0, "array_param:A sample array of one to four integers (array of int)\n",
			  ARGV("modinfo", "-p", MODULE));
}

/* Each type reads its limits, and shows them as it likes: a bool is Y or N. */
static bool check_types(struct guest *g)
{
	static const struct {
		const char *name, *initial, *other;
	} types[] = {
		{ "byte_param", "8", "255" },
		{ "short_param", "-16", "-32768" },
		{ "long_param", "-64", "-2147483648" },
		{ "ulong_param", "64", "4294967295" },
		{ "bool_param", "Y", "N" },
	};
	char path[128];

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		snprintf(path, sizeof(path), PARAMETERS "%s", types[i].name);
		if (!expect_mode(g, path, S_IFREG | 0444) ||
		    !expect_file(g, path, types[i].initial))
			return false;
	}
	if (!expect_errno(g, "rmmod", unload(MODULE, 0), 0) ||
	    !load_with(g, ARGV("byte_param=255", "short_param=-32768",
			       "long_param=-2147483648",
			       "ulong_param=0xffffffff", "bool_param=n")))
		return false;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		snprintf(path, sizeof(path), PARAMETERS "%s", types[i].name);
		if (!expect_file(g, path, types[i].other))
			return false;
	}
	return expect_errno(g, "rmmod", unload(MODULE, 0), 0) &&
	       expect_refused(g, "byte_param=256",
			      "Numerical result out of range", ERANGE,
			      MODULE ": `256' invalid for parameter `byte_param'");
}

static int nobody_writes(void *path)
{
	return write_file(path, "x");
}

/* Without a bit for writing not even root may: sysfs asks the mode itself. */
static bool check_audit(struct guest *g)
{
	return expect_file(g, PARAMETERS "byte_param", "8") &&
	       expect_errno(g, "root's write to mode 0444",
			    write_file(PARAMETERS "byte_param", "9"), EACCES) &&
	       expect_file(g, PARAMETERS "byte_param", "8") &&
	       expect_errno(g, "nobody's write to mode 0644",
			    as_user(NOBODY, NOBODY, nobody_writes,
				    PARAMETERS "string_param"), EACCES) &&
	       expect_file(g, PARAMETERS "string_param", "default value") &&
	       expect_errno(g, "root's write to mode 0644",
			    write_file(PARAMETERS "string_param", "salve"), 0) &&
	       expect_file(g, PARAMETERS "string_param", "salve");
}

/* The count of an array is a variable, too: with two values it is 2. */
static bool check_array(struct guest *g)
{
	return expect_file(g, PARAMETERS "array_param", "1,2,3,4") &&
	       expect_errno(g, "rmmod", unload(MODULE, 0), 0) &&
	       load_with(g, ARGV("array_param=7,8")) &&
	       expect_file(g, PARAMETERS "array_param", "7,8");
}

static bool check_bad_values(struct guest *g)
{
	return expect_refused(g, "int_param=abc", "Invalid parameters", EINVAL,
			      MODULE ": `abc' invalid for parameter `int_param'") &&
	       expect_refused(g, "array_param=1,2,3,4,5", "Invalid parameters",
			      EINVAL, "array_param: can only take 4 arguments") &&
	       expect_refused(g, "array_param=9,two", "Invalid parameters",
			      EINVAL,
			      MODULE ": `9' invalid for parameter `array_param'") &&
	       load_with(g, NULL);
}

static bool check_unknown(struct guest *g)
{
	return load_with(g, ARGV("nosuch=1")) && is_loaded(MODULE) &&
	       expect_log(g, MODULE ": unknown parameter 'nosuch' ignored");
}

static bool expect_max_size_refused(struct guest *g, const char *value)
{
	char line[128], what[64];

	snprintf(what, sizeof(what), "max_size=%s", value);
	snprintf(line, sizeof(line), MODULE ": max_size=%s" MAX_SIZE_RANGE,
		 value);
	return expect_errno(g, what, write_file(PARAMETERS "max_size", value),
			    EINVAL) &&
	       expect_log(g, line) &&
	       expect_file(g, PARAMETERS "max_size", "4096");
}

/* What the range says, at the device: the limit holds from now on. */
static bool check_max_size(struct guest *g)
{
	static const char *const bad[] = { "0", "67108865", "-1", "abc", "1 2",
					   "4294967297" };

	if (!expect_file(g, PARAMETERS "max_size", "1048576") ||
	    !expect_errno(g, "max_size=4096",
			  write_file(PARAMETERS "max_size", "4096\n"), 0))
		return false;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (!expect_max_size_refused(g, bad[i]))
			return false;
	return expect_errno(g, "max_size=5",
			    write_file(PARAMETERS "max_size", "5"), 0) &&
	       expect_write(g, "salve", 5, 0) &&
	       expect_write(g, "salvete", 7, EMSGSIZE) &&
	       expect_file(g, DEVICE, "salve");
}

/* Write one of these for ever; a text that was cut would show. */
static void write_strings(const char *text)
{
	for (;;)
		if (write_file(PARAMETERS "string_param", text))
			_exit(1);
}

/*
 * A charp that root writes is freed under who reads it, unless both hold
 * kernel_param_lock(): the files in sysfs do.
 */
static bool check_string_race(struct guest *g)
{
	static const char *const texts[] = {
		"aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "cccc",
	};
	pid_t writers[3];
	time_t end = time(NULL) + 2;
	bool ok = true, seen[3] = { false };
	char text[256];

	write_file(PARAMETERS "string_param", texts[0]);
	for (size_t i = 0; i < 3; i++) {
		writers[i] = fork();
		if (!writers[i])
			write_strings(texts[i]);
	}
	while (ok && time(NULL) < end) {
		size_t i = 0;

		ok = read_file(PARAMETERS "string_param", text, sizeof(text));
		while (i < 3 && strcmp(text, texts[i]))
			i++;
		ok = ok && i < 3;
		if (ok)
			seen[i] = true;
	}
	for (size_t i = 0; i < 3; i++) {
		int status;

		if (send_signal(writers[i], SIGKILL)) {
			ok = fail(g, "fork: no process to write with");
			continue;
		}
		waitpid(writers[i], &status, 0);
		if (ok && WIFEXITED(status))
			ok = fail(g, "a write to string_param failed");
	}
	if (ok && seen[0] + seen[1] + seen[2] < 2)
		return fail(g, "nobody has written: always '%.100s'", text);
	return ok || fail(g, "string_param is torn: '%.100s'", text);
}

static bool check_validated(struct guest *g)
{
	struct command cmd;
	char path[256];

	/* Our own readers of the string hold the lock as well. */
	return find_module_file(g, MODULE, path, sizeof(path)) &&
	       binutils(g, &cmd, "nm -u", path, " U kernel_param_lock$") &&
	       check_max_size(g) && check_string_race(g) &&
	       expect_errno(g, "rmmod", unload(MODULE, 0), 0) &&
	       /* A value that the log does not have yet. */
	       expect_refused(g, "max_size=67108866", "Invalid parameters",
			      EINVAL,
			      MODULE ": max_size=67108866" MAX_SIZE_RANGE);
}

static const struct item items[] = {
	{ 44, "hidden_parameter", MODULE, check_hidden, 0 },
	{ 45, "string_parameter", MODULE, check_string, 0 },
	{ 46, "parameters_at_load", NULL, check_options, 0 },
	{ 47, "parameter_description", NULL, check_description, 0 },
	{ 48, "base_types", MODULE, check_types, 0 },
	{ 49, "parameters_in_sysfs", MODULE, check_audit, 0 },
	{ 50, "array_parameter", MODULE, check_array, 0 },
	{ 51, "bad_values", NULL, check_bad_values, 0 },
	{ 52, "unknown_parameter", NULL, check_unknown, 0 },
	{ 54, "validated_parameter", MODULE, check_validated, 0 },
};

const struct item_list items_parameters = ITEM_LIST(items);
