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

#include "uapi/lkp_example.h"

#define DEVICE "/dev/lkp_example"
#define PREFIX "lkp_example: "
#define PARAMETERS "/sys/module/lkp_example/parameters/"
/* One byte more than the module takes. */
#define TOO_LONG (LKP_EXAMPLE_MESSAGE_MAX + 1)

/* The lines stand in the module's messages, in this order, and once each. */
static bool expect_messages(struct guest *g, const char *const lines[])
{
	const char *log = kmsg_since_mark(&g->log);

	for (size_t i = 0; lines[i]; i++) {
		char wanted[128];
		const char *found;

		snprintf(wanted, sizeof(wanted), PREFIX "%s\n", lines[i]);
		found = strstr(log, wanted);
		if (!found) {
			ktap_diag(&g->ktap,
				  "reason: the log has no line '" PREFIX
				  "%s' %s%s", lines[i], i ? "after " : "at all",
				  i ? lines[i - 1] : "");
			return false;
		}
		if (strstr(kmsg_since_mark(&g->log), wanted) != found ||
		    strstr(found + 1, wanted)) {
			ktap_diag(&g->ktap, "reason: the line '" PREFIX
				  "%s' stands twice in the log", lines[i]);
			return false;
		}
		log = found + strlen(wanted);
	}
	return true;
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

	return expect_messages(g, lines);
}

static bool expect_file(struct guest *g, const char *path, const char *wanted)
{
	char text[256];

	if (!read_file(path, text, sizeof(text))) {
		ktap_diag(&g->ktap, "reason: %s: %s", path, strerror(errno));
		return false;
	}
	if (strcmp(text, wanted)) {
		ktap_diag(&g->ktap, "reason: %s holds '%s', not '%s'", path,
			  text, wanted);
		return false;
	}
	return true;
}

static bool expect_mode(struct guest *g, const char *path, mode_t wanted)
{
	struct stat st;

	if (stat(path, &st)) {
		ktap_diag(&g->ktap, "reason: %s: %s", path, strerror(errno));
		return false;
	}
	if ((st.st_mode & (S_IFMT | 07777)) != wanted) {
		ktap_diag(&g->ktap, "reason: %s has mode %#o, not %#o", path,
			  (unsigned int)st.st_mode, (unsigned int)wanted);
		return false;
	}
	return true;
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

/* One write() of the whole text; returns 0 or the errno. */
static int write_device(const char *text, size_t size)
{
	int fd = open(DEVICE, O_WRONLY | O_CLOEXEC);
	ssize_t n;
	int err;

	if (fd < 0)
		return errno;
	n = write(fd, text, size);
	err = n < 0 ? errno : (size_t)n == size ? 0 : EIO;
	close(fd);
	return err;
}

static bool expect_write(struct guest *g, const char *text, size_t size,
			 int wanted)
{
	int err = write_device(text, size);

	if (err == wanted)
		return true;
	ktap_diag(&g->ktap, "reason: writing %zu bytes to " DEVICE
		  " gives '%s', not '%s'", size, strerror(err),
		  strerror(wanted));
	return false;
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
