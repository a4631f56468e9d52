// SPDX-License-Identifier: GPL-2.0-only
/*
 * sanitizer_probe.c - what the files of lkp_example_probe refuse, and where it goes
 *
 * The files of debugfs are for root alone, but what root writes may be wrong, too.
 * And a place may have a probe of somebody else, which decides what may be set there.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "inspect.h"
#include "sanitizer.h"
#include "tools.h"

#define FILES "/sys/kernel/debug/lkp_example_probe/"
#define PARAMETERS "/sys/module/lkp_example_probe/parameters/"
#define OTHERS "/sys/module/lkp_test_fails/parameters/function"
#define TARGET "lkp_example_probe_target"
/* KSYM_NAME_LEN, and what a write to "target" or "override" may have. */
#define NAME_MOST 512
#define TEXT_MOST 64

static const struct {
	const char *file, *text;
	int err;
} wrong[] = {
	{ FILES "target", "x", EINVAL }, { FILES "target", "1 x", EINVAL },
	{ FILES "target", "1073741824", ERANGE },
	{ FILES "target", "-1073741825", ERANGE },
	{ FILES "target", "1 0", ERANGE },
	{ FILES "target", "1 1000001", ERANGE },
	{ FILES "override", "x", EINVAL },
	{ FILES "override", "4294967296", ERANGE },
	{ FILES "override", " ", 0 }, { FILES "override", "none", 0 },
	{ FILES "lookup", "\303\251", EINVAL }, { FILES "lookup", "a b", EINVAL },
	{ FILES "lookup", " ", EINVAL }, { FILES "lookup", "jiffies", EINVAL },
	{ PARAMETERS "symbol", "a b", EINVAL },
	{ PARAMETERS "symbol", " none \n", 0 }, { PARAMETERS "symbol", "\n", 0 },
};

/* Too long by how much: the first one that is refused. */
static const struct {
	const char *file;
	size_t size;
	int err;
} longest[] = {
	{ FILES "target", TEXT_MOST, EINVAL },
	{ FILES "override", TEXT_MOST, EINVAL },
	{ FILES "lookup", NAME_MOST, ENAMETOOLONG },
	{ FILES "lookup", NAME_MOST + 1, ENAMETOOLONG },
	{ PARAMETERS "symbol", NAME_MOST, ENAMETOOLONG },
};

static const char *const copied[] = {
	FILES "target", FILES "override", FILES "lookup",
};

static int write_from_nowhere(const char *path)
{
	void *volatile nowhere = (void *)8;
	int fd = open(path, O_WRONLY | O_CLOEXEC), err;

	if (fd < 0)
		return errno;
	err = write(fd, nowhere, 4) < 0 ? errno : 0;
	close(fd);
	return err;
}

/** check_probe_input() - what is wrong is refused, each with its errno */
bool check_probe_input(struct guest *g)
{
	char text[NAME_MOST + 2], what[96];

	if (!sanitizer_begin(g, true))
		return false;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		snprintf(what, sizeof(what), "'%s' to %s", wrong[i].text,
			 wrong[i].file);
		if (!expect_errno(g, what,
				  write_file(wrong[i].file, wrong[i].text),
				  wrong[i].err))
			return false;
	}
	for (size_t i = 0; i < sizeof(longest) / sizeof(longest[0]); i++) {
		memset(text, '1', longest[i].size);
		text[longest[i].size] = '\0';
		if (!expect_errno(g, longest[i].file,
				  write_file(longest[i].file, text),
				  longest[i].err))
			return false;
	}
	for (size_t i = 0; i < sizeof(copied) / sizeof(copied[0]); i++)
		if (!expect_errno(g, copied[i], write_from_nowhere(copied[i]),
				  EFAULT))
			return false;
	return expect_file(g, FILES "target", "") &&
	       expect_file(g, FILES "override", "none") &&
	       expect_file(g, FILES "lookup", "") &&
	       expect_file(g, PARAMETERS "symbol", "none") && sanitizer_quiet(g);
}

static bool put(struct guest *g, const char *file, const char *text)
{
	return expect_errno(g, file, write_file(file, text), 0);
}

/* What the statistics say of the post handler. */
static bool expect_post(struct guest *g, bool on)
{
	char text[4096];

	if (!read_file(FILES "stats", text, sizeof(text)))
		return fail(g, FILES "stats: %s", strerror(errno));
	return expect_contains(g, "stats", text, "post_hits:") &&
	       expect_number(g, "a post handler is set",
			     !strstr(text, "post_hits:       off"), on);
}

/*
 * A post handler may be the first thing at a place, or follow one of our own; not
 * more, or the kernel takes the probe off the wrong list in the end.
 */
static bool share_place(struct guest *g)
{
	return put(g, OTHERS, TARGET " takes 0") &&
	       put(g, PARAMETERS "symbol", TARGET) && expect_post(g, false) &&
	       put(g, FILES "stats", "0") && expect_post(g, false) &&
	       put(g, PARAMETERS "symbol", "vfs_read") && expect_post(g, true) &&
	       put(g, FILES "stats", "0") && expect_post(g, true) &&
	       put(g, PARAMETERS "symbol", TARGET) && expect_post(g, false) &&
	       put(g, FILES "target", "1 3") &&
	       put(g, PARAMETERS "symbol", "none") && put(g, OTHERS, "none") &&
	       put(g, PARAMETERS "symbol", TARGET) && expect_post(g, true) &&
	       put(g, PARAMETERS "symbol", "none");
}

/** check_probe_shared() - a place that has a probe of somebody else */
bool check_probe_shared(struct guest *g)
{
	char path[256];
	bool ok;

	if (!has_test_module(g, "lkp_test_fails"))
		return no_test_module(g, "lkp_test_fails");
	if (!sanitizer_begin(g, true) ||
	    !find_module_file(g, "lkp_test_fails", path, sizeof(path)) ||
	    !expect_errno(g, "lkp_test_fails", load_file(path, ""), 0))
		return false;
	ok = share_place(g);
	write_file(OTHERS, "none");
	return expect_errno(g, "lkp_test_fails", unload("lkp_test_fails", 0), 0) &&
	       sanitizer_quiet(g) && ok;
}
