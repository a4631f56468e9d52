// SPDX-License-Identifier: GPL-2.0-only
/*
 * checks_lkp_example.c - what lkp_example must do on a live kernel
 */
#include "checks.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tools.h"
#include "uapi/lkp_example.h"

#define PARAMETERS "/sys/module/lkp_example/parameters/"
/* One byte more than the module takes. */
#define TOO_LONG (LKP_EXAMPLE_MESSAGE_MAX + 1)
#define GENERATION "/sys/class/misc/lkp_example/generation"
#define TRACING "/sys/kernel/tracing"
#define TRACE TRACING "/trace"
#define TRACE_EVENT TRACING "/events/lkp_example/lkp_example_update/enable"

/* A line "options lkp_example ..."; "-" is as good as "_" there. */
static bool file_has_options(const char *path)
{
	FILE *file = fopen(path, "re");
	char line[1024], name[64];
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file))
		found = sscanf(line, " options %63s", name) == 1 &&
			(!strcmp(name, "lkp_example") ||
			 !strcmp(name, "lkp-example"));
	if (file)
		fclose(file);
	return found;
}

static bool dir_has_options(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	bool found = false;
	char file[PATH_MAX];

	while (dir && !found && (entry = readdir(dir))) {
		const char *end = strrchr(entry->d_name, '.');

		if (!end || strcmp(end, ".conf"))
			continue;
		snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
		found = file_has_options(file);
	}
	if (dir)
		closedir(dir);
	return found;
}

/*
 * Whether the administrator has given it parameters, by modprobe.d. It is loaded with
 * them here, as on the machine itself; but what its defaults would do is not to be seen.
 */
static bool has_options(struct guest *g)
{
	static const char *const dirs[] = {
		"/etc/modprobe.d", "/run/modprobe.d",
		"/usr/local/lib/modprobe.d", "/usr/lib/modprobe.d",
		"/lib/modprobe.d",
	};

	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		if (dir_has_options(dirs[i]))
			return skip(g, "%s has options for it", dirs[i]);
	return false;
}

static bool check_load_messages(struct guest *g)
{
	static const char *const lines[] = {
		"Module loaded ...",
		"The answer is 42 ...",
		"Int param: 42",
		"String param: default value",
		"hello",
		"goodbye",
		NULL
	};

	return has_options(g) || expect_messages(g, lines);
}

static bool check_parameters(struct guest *g)
{
	if (has_options(g))
		return true;
	if (!access(PARAMETERS "int_param", F_OK)) {
		ktap_diag(&g->ktap,
			  "reason: int_param is hidden but shows in sysfs");
		return false;
	}
	return expect_mode(g, PARAMETERS "string_param", S_IFREG | 0644) &&
	       expect_file(g, PARAMETERS "string_param", "default value");
}

static bool check_device(struct guest *g)
{
	return expect_mode(g, DEVICE, S_IFCHR | 0600);
}

static bool check_read(struct guest *g)
{
	return expect_file(g, DEVICE, "goodbye");
}

static bool check_write(struct guest *g)
{
	return has_options(g) || (expect_write(g, "salve", 5, 0) &&
				  expect_file(g, DEVICE, "salve"));
}

static bool check_write_refused(struct guest *g)
{
	char *text;
	bool ok;

	if (has_options(g))
		return true;
	text = malloc(TOO_LONG);
	if (!text) {
		ktap_diag(&g->ktap, "reason: out of memory");
		return false;
	}
	memset(text, 'x', TOO_LONG);
	ok = expect_write(g, text, TOO_LONG, EMSGSIZE) &&
	     expect_write(g, "a\0b", 3, EINVAL) &&
	     expect_file(g, DEVICE, "salve");
	free(text);
	return ok;
}

/* How many events there are, and whether these come first, in order. */
static bool expect_events(struct guest *g, const char *trace,
			  unsigned long long generation)
{
	static const char event[] = " lkp_example_update: ";
	static const unsigned int sizes[] = { 4, 7 };
	unsigned int count = 0;

	for (; (trace = strstr(trace, event)); count++) {
		char wanted[128];

		trace += strlen(event);
		if (count >= 2)
			continue;
		snprintf(wanted, sizeof(wanted), "generation=%llu size=%u",
			 generation + 1 + count, sizes[count]);
		if (strcspn(trace, "\n") != strlen(wanted) ||
		    strncmp(trace, wanted, strlen(wanted)))
			return fail(g, "event %u is '%.*s', not '%s'", count + 1,
				    (int)strcspn(trace, "\n"), trace, wanted);
	}
	return expect_number(g, "the number of events after two writes", count,
			     2);
}

/* Two writes that change the message, and one that is refused. */
static bool trace_writes(struct guest *g)
{
	char text[8192], generation[32];

	if (!expect_errno(g, TRACE_EVENT, write_file(TRACE_EVENT, "1"), 0))
		return false;
	if (!read_file(GENERATION, generation, sizeof(generation)))
		return fail(g, GENERATION ": %s", strerror(errno));
	if (!expect_write(g, "vale", 4, 0) ||
	    !expect_write(g, "a\0b", 3, EINVAL) ||
	    !expect_write(g, "salvete", 7, 0))
		return false;
	if (!read_file(TRACE, text, sizeof(text)))
		return fail(g, TRACE ": %s", strerror(errno));
	return expect_events(g, text, strtoull(generation, NULL, 10));
}

/*
 * In the buffer of the machine, which nobody else uses here, and a small one: with an
 * instance of our own it took more than twice as many instructions.
 */
static bool check_trace(struct guest *g)
{
	bool ok;

	if (access(TRACING "/events", F_OK))
		return skip(g, "CONFIG_EVENT_TRACING is not set");
	if (has_options(g))
		return true;
	write_file(TRACING "/buffer_size_kb", "8");
	ok = trace_writes(g);
	write_file(TRACE_EVENT, "0");
	return ok;
}

/* An open device holds the module: the kernel answers EAGAIN, not EBUSY. */
static bool check_in_use(struct guest *g)
{
	int fd = open(DEVICE, O_RDONLY | O_CLOEXEC);
	long ret;
	int err;

	if (fd < 0) {
		ktap_diag(&g->ktap, "reason: " DEVICE ": %s", strerror(errno));
		return false;
	}
	ret = syscall(SYS_delete_module, "lkp_example", O_NONBLOCK);
	err = ret ? errno : 0;
	close(fd);
	if (err != EAGAIN) {
		ktap_diag(&g->ktap, "reason: unloading while " DEVICE
			  " is open gives '%s', not '%s'", strerror(err),
			  strerror(EAGAIN));
		return false;
	}
	return true;
}

static bool check_unload_messages(struct guest *g)
{
	static const char *const lines[] = { "Module exiting ...", NULL };

	return expect_messages(g, lines);
}

static bool check_device_gone(struct guest *g)
{
	if (access(DEVICE, F_OK) == 0) {
		ktap_diag(&g->ktap, "reason: " DEVICE " is still there");
		return false;
	}
	return true;
}

static bool check_options(struct guest *g)
{
	static char *const options[] = { "int_param=12", "string_param=salve",
					 NULL };
	static const char *const lines[] = { "Int param: 12",
					     "String param: salve", NULL };

	return load_module(g, options) && expect_messages(g, lines);
}

/* By the call that modprobe -r makes, after what it looks up: that was tried. */
static bool check_options_unload(struct guest *g)
{
	if (syscall(SYS_delete_module, "lkp_example", O_NONBLOCK))
		return fail(g, "delete_module(2): %s", strerror(errno));
	g->loaded = false;
	return check_gone(g);
}

static const struct check checks[] = {
	{ "load", check_load, ALWAYS },
	{ "live", check_live, NEEDS_MODULE },
	{ "load_messages", check_load_messages, NEEDS_MODULE },
	{ "parameters", check_parameters, NEEDS_MODULE },
	{ "device", check_device, NEEDS_MODULE },
	{ "read", check_read, NEEDS_MODULE },
	{ "write", check_write, NEEDS_MODULE },
	{ "write_refused", check_write_refused, NEEDS_MODULE },
	{ "trace", check_trace, NEEDS_MODULE },
	{ "in_use", check_in_use, NEEDS_MODULE },
	{ "unload", check_unload, NEEDS_MODULE },
	{ "unload_messages", check_unload_messages, ALWAYS },
	{ "gone", check_gone, ALWAYS },
	{ "device_gone", check_device_gone, ALWAYS },
	{ "options", check_options, ALWAYS },
	{ "options_unload", check_options_unload, NEEDS_MODULE },
	{ "taint", check_taint, ALWAYS },
};

const struct check_list lkp_example_check_list =
	CHECK_LIST("lkp_example", checks);
