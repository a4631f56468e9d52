/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * groups.h - checks that are no items of the guide, by the name of their group
 *
 *	bad_input	what a program may do wrong, each with its errno
 *	stress		many at once, and for long: --stress-seconds
 *	speed		what a call costs; for a machine with --icount
 *	sanitizer	what a debug kernel notices: --stress-seconds, too
 *	fuzz		calls that nobody has thought of; for modules with KCOV
 *	coverage	what all of these have executed; for modules with gcov
 *
 * They are run as items are (see items.h), and reported as GROUP.NAME.
 */
#ifndef LKP_GUEST_GROUPS_H
#define LKP_GUEST_GROUPS_H

#include <stddef.h>

#include "checks.h"

/*
 * Words with commas between: "GROUP", "GROUP.NAME", or "full" for the groups
 * that belong to it. Other words mean nothing here; NULL is none.
 */
size_t groups_count(const char *selection);
void groups_run(struct guest *g, const char *selection);

#define FULL_GROUPS "full"

#endif
