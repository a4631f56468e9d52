// SPDX-License-Identifier: GPL-2.0-only
/*
 * items_usage.c - the usage count: who keeps a module from being unloaded
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "items.h"
#include "tools.h"
#include "uapi/lkp_example.h"

#define MODULE "lkp_example"
#define CLIENT "lkp_example_client"
#define SYSFS "/sys/class/misc/" MODULE "/"

static int open_device(void)
{
	return open(DEVICE, O_RDWR | O_CLOEXEC);
}

/* The three places where the count shows: sysfs, /proc/modules, lsmod. */
static bool expect_count(struct guest *g, const char *module, int count)
{
	char path[128], wanted[16], line[256] = "", name[64];
	FILE *f = fopen("/proc/modules", "re");
	int listed = -1;

	snprintf(path, sizeof(path), "/sys/module/%s/refcnt", module);
	snprintf(wanted, sizeof(wanted), "%d", count);
	while (f && listed < 0 && fgets(line, sizeof(line), f)) {
		unsigned long size;
		int uses;

		if (sscanf(line, "%63s %lu %d", name, &size, &uses) == 3 &&
		    !strcmp(name, module))
			listed = uses;
	}
	if (f)
		fclose(f);
	return expect_file(g, path, wanted) &&
	       expect_number(g, "the third word in /proc/modules", listed,
			     count);
}

static bool expect_busy(struct guest *g, const char *module)
{
	return expect_errno(g, "delete_module", unload(module, 0), EAGAIN);
}

/* The tool says so and exits with 1; the system call says EAGAIN, not EBUSY. */
static bool check_unload_in_use(struct guest *g)
{
	int fd = open_device();
	bool ok;

	if (fd < 0)
		return fail(g, DEVICE ": %s", strerror(errno));
	ok = expect_count(g, MODULE, 1) &&
	     expect_run(g, 1, "ERROR: Module lkp_example is in use",
			ARGV("rmmod", MODULE)) &&
	     expect_busy(g, MODULE);
	close(fd);
	return ok && expect_count(g, MODULE, 0) &&
	       expect_run(g, 0, "", ARGV("rmmod", MODULE));
}

/* lsmod prints the size and then the count, with blanks in front of both. */
static bool expect_lsmod(struct guest *g, int count)
{
	struct command cmd;
	unsigned long size;
	const char *line;
	int uses;

	if (!run(g, &cmd, ARGV("lsmod")))
		return false;
	line = strstr(cmd.output, "\n" MODULE " ");
	if (!line || sscanf(line + 1, MODULE " %lu %d", &size, &uses) != 2)
		return fail(g, "lsmod has no line of " MODULE);
	return expect_contains(g, "lsmod", cmd.output, "Used by") &&
	       expect_number(g, "'Used by' of lsmod", uses, count);
}

static bool check_count_shown(struct guest *g)
{
	int fd;
	bool ok;

	if (!expect_count(g, MODULE, 0) || !expect_lsmod(g, 0))
		return false;
	fd = open_device();
	if (fd < 0)
		return fail(g, DEVICE ": %s", strerror(errno));
	ok = expect_count(g, MODULE, 1) && expect_lsmod(g, 1);
	close(fd);
	return ok && expect_count(g, MODULE, 0);
}

/* Nothing in the module counts: the kernel does, by fops.owner. */
static bool check_owner(struct guest *g)
{
	int first = open_device(), second = open_device(), copy = dup(first);
	bool ok;

	if (first < 0 || second < 0 || copy < 0)
		return fail(g, DEVICE ": %s", strerror(errno));
	/* A copy of a descriptor is the same open file. */
	ok = expect_count(g, MODULE, 2) &&
	     expect_file(g, SYSFS "open_files", "2");
	close(first);
	ok = ok && expect_count(g, MODULE, 2);
	close(copy);
	ok = ok && expect_count(g, MODULE, 1);
	close(second);
	return ok && expect_count(g, MODULE, 0) &&
	       expect_file(g, SYSFS "open_files", "0");
}

static int ioctl_errno(int fd, unsigned long request)
{
	return ioctl(fd, request) ? errno : 0;
}

static bool check_pin_of_file(struct guest *g, int fd)
{
	return expect_count(g, MODULE, 1) &&
	       expect_errno(g, "UNPIN without a pin",
			    ioctl_errno(fd, LKP_EXAMPLE_IOC_UNPIN), EINVAL) &&
	       expect_errno(g, "PIN", ioctl_errno(fd, LKP_EXAMPLE_IOC_PIN), 0) &&
	       expect_count(g, MODULE, 2) &&
	       expect_file(g, SYSFS "pins", "1") &&
	       expect_errno(g, "PIN again",
			    ioctl_errno(fd, LKP_EXAMPLE_IOC_PIN), EALREADY) &&
	       expect_count(g, MODULE, 2) &&
	       expect_errno(g, "UNPIN",
			    ioctl_errno(fd, LKP_EXAMPLE_IOC_UNPIN), 0) &&
	       expect_count(g, MODULE, 1) &&
	       expect_file(g, SYSFS "pins", "0") &&
	       expect_errno(g, "PIN before close",
			    ioctl_errno(fd, LKP_EXAMPLE_IOC_PIN), 0);
}

/* Where try_module_get(THIS_MODULE) is safe: an open file, a sysfs store. */
static bool check_pins(struct guest *g)
{
	int fd = open_device();
	bool ok;

	if (fd < 0)
		return fail(g, DEVICE ": %s", strerror(errno));
	ok = check_pin_of_file(g, fd);
	close(fd);
	/* The pin went with its file. */
	return ok && expect_count(g, MODULE, 0) &&
	       expect_file(g, SYSFS "pin", "0") &&
	       expect_errno(g, "pin=1", write_file(SYSFS "pin", "1"), 0) &&
	       expect_file(g, SYSFS "pin", "1") &&
	       expect_count(g, MODULE, 1) && expect_busy(g, MODULE) &&
	       expect_errno(g, "pin=1 again", write_file(SYSFS "pin", "1"),
			    EALREADY) &&
	       expect_errno(g, "pin=2", write_file(SYSFS "pin", "2"), EINVAL) &&
	       expect_count(g, MODULE, 1) &&
	       expect_errno(g, "pin=0", write_file(SYSFS "pin", "0"), 0) &&
	       expect_errno(g, "pin=0 again", write_file(SYSFS "pin", "0"),
			    EINVAL) &&
	       expect_count(g, MODULE, 0);
}

/* find_module() is not for modules: a client gives its owner to a register. */
static bool check_hold(struct guest *g)
{
	return expect_file(g, SYSFS "clients", CLIENT) &&
	       expect_file(g, SYSFS "hold", "") &&
	       expect_errno(g, "hold=nobody",
			    write_file(SYSFS "hold", "nobody"), ENOENT) &&
	       expect_errno(g, "hold=" CLIENT,
			    write_file(SYSFS "hold", CLIENT "\n"), 0) &&
	       expect_file(g, SYSFS "hold", CLIENT) &&
	       expect_count(g, CLIENT, 1) && expect_busy(g, CLIENT) &&
	       expect_errno(g, "a second hold",
			    write_file(SYSFS "hold", CLIENT), EBUSY) &&
	       expect_errno(g, "hold=", write_file(SYSFS "hold", "\n"), 0) &&
	       expect_count(g, CLIENT, 0) &&
	       expect_errno(g, "rmmod " CLIENT, unload(CLIENT, 0), 0) &&
	       expect_file(g, SYSFS "clients", "");
}

/* The module prints what it sees of itself: state 1 is coming, 2 is going. */
static bool check_this_module(struct guest *g)
{
	return expect_log(g, MODULE ": Module lkp_example: state 1") &&
	       expect_errno(g, "rmmod", unload(MODULE, 0), 0) &&
	       expect_log(g, MODULE ": Module lkp_example: state 2");
}

static bool check_dependent(struct guest *g)
{
	return expect_count(g, MODULE, 1) &&
	       expect_file(g, "/sys/module/" MODULE "/holders/" CLIENT
			   "/initstate", "live") &&
	       expect_run(g, 1, "ERROR: Module lkp_example is in use by: "
			  CLIENT, ARGV("rmmod", MODULE)) &&
	       expect_busy(g, MODULE) &&
	       expect_run(g, 0, "", ARGV("rmmod", CLIENT)) &&
	       expect_no_file(g, "/sys/module/" MODULE "/holders/" CLIENT) &&
	       expect_run(g, 0, "", ARGV("rmmod", MODULE));
}

/* As a person meets it, at a shell. */
static bool check_open_file(struct guest *g)
{
	return expect_run(g, 0, "first: 1, then: 0\n",
			  ARGV("sh", "-c", "exec 3<" DEVICE "; "
			       "rmmod lkp_example; first=$?; "
			       "exec 3<&-; rmmod lkp_example; "
			       "echo \"first: $first, then: $?\"")) &&
	       expect_no_file(g, "/sys/module/" MODULE);
}

static const struct item items[] = {
	{ 91, "unload_in_use", MODULE, check_unload_in_use, 0 },
	{ 92, "count_shown", MODULE, check_count_shown, 0 },
	{ 93, "owner_counts", MODULE, check_owner, 0 },
	{ 94, "pins", MODULE, check_pins, 0 },
	{ 96, "hold_another_module", CLIENT, check_hold, 0 },
	{ 97, "this_module", MODULE, check_this_module, 0 },
	{ 98, "dependent_module", CLIENT, check_dependent, 0 },
	{ 99, "open_file", MODULE, check_open_file, 0 },
};

const struct item_list items_usage = ITEM_LIST(items);
