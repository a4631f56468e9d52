// SPDX-License-Identifier: GPL-2.0-only
/*
 * One message at each of the eight levels, and one without a level.
 *
 *	# echo 1 > /sys/class/misc/lkp_example/levels
 *	# dmesg --raw | grep level
 *	<0>[...] lkp_example: a message at level 0, emergency
 *	...
 *
 * A level is a part of the text: KERN_ERR is a string of two characters, and
 * adjacent string literals are one.  Level 0 also goes to every terminal.
 */
/* Else pr_debug() prints only where dynamic debugging is told to. */
#define DEBUG
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kern_levels.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>

#include "internal.h"

static const char lkp_example_err[] = KERN_ERR;

/**
 * lkp_example_print_levels - print a message at each level
 *
 * Context: Any context.
 */
void lkp_example_print_levels(void)
{
	pr_emerg("a message at level 0, emergency\n");
	pr_alert("a message at level 1, alert\n");
	pr_crit("a message at level 2, critical\n");
	pr_err("a message at level 3, error\n");
	pr_warn("a message at level 4, warning\n");
	pr_notice("a message at level 5, notice\n");
	pr_info("a message at level 6, information\n");
	pr_debug("a message at level 7, debugging\n");

	/* The second value of the sysctl kernel.printk says which it gets. */
	printk_ratelimited(pr_fmt("a message without a level\n"));

	pr_info("KERN_ERR is the character \\%03o, then '%c'\n",
		lkp_example_err[0], lkp_example_err[1]);
}
