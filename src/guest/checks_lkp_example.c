// SPDX-License-Identifier: GPL-2.0-only
/*
 * checks_lkp_example.c - what lkp_example must do on a live kernel
 */
#include "checks.h"

#include <errno.h>
#include <fcntl.h>
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

	return expect_messages(g, lines);
}

static bool check_parameters(struct guest *g)
{
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
	return expect_write(g, "salve", 5, 0) && expect_file(g, DEVICE, "salve");
}

static bool check_write_refused(struct guest *g)
{
	char *text = malloc(TOO_LONG);
	bool ok;

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

static const struct check checks[] = {
	{ "load", check_load, ALWAYS },
	{ "live", check_live, NEEDS_MODULE },
	{ "load_messages", check_load_messages, NEEDS_MODULE },
	{ "parameters", check_parameters, NEEDS_MODULE },
	{ "device", check_device, NEEDS_MODULE },
	{ "read", check_read, NEEDS_MODULE },
	{ "write", check_write, NEEDS_MODULE },
	{ "write_refused", check_write_refused, NEEDS_MODULE },
	{ "in_use", check_in_use, NEEDS_MODULE },
	{ "unload", check_unload, NEEDS_MODULE },
	{ "unload_messages", check_unload_messages, ALWAYS },
	{ "gone", check_gone, ALWAYS },
	{ "device_gone", check_device_gone, ALWAYS },
	{ "options", check_options, ALWAYS },
	{ "options_unload", check_unload, NEEDS_MODULE },
	{ "taint", check_taint, ALWAYS },
};

const struct check_list lkp_example_check_list =
	CHECK_LIST("lkp_example", checks);
