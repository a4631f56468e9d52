// SPDX-License-Identifier: GPL-2.0-only
/*
 * items_usage.c - the usage count: who keeps a module from being unloaded
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "items.h"
#include "tools.h"

/* The tool says so and exits with 1; the system call says EAGAIN, not EBUSY. */
static bool check_unload_in_use(struct guest *g)
{
	int fd = open(DEVICE, O_RDONLY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return fail(g, DEVICE ": errno %d", errno);
	ok = expect_file(g, "/sys/module/lkp_example/refcnt", "1") &&
	     expect_run(g, 1, "ERROR: Module lkp_example is in use",
			ARGV("rmmod", "lkp_example")) &&
	     expect_errno(g, "delete_module", unload("lkp_example", 0),
			  EAGAIN);
	close(fd);
	return ok && expect_file(g, "/sys/module/lkp_example/refcnt", "0") &&
	       expect_run(g, 0, "", ARGV("rmmod", "lkp_example"));
}

static const struct item items[] = {
	{ 91, "unload_in_use", "lkp_example", check_unload_in_use, 0 },
};

const struct item_list items_usage = ITEM_LIST(items);
