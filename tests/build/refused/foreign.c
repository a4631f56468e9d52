// SPDX-License-Identifier: GPL-2.0-only
/*
 * foreign.c - functions that are for modules under the GPL only
 */
#include <linux/init.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/timekeeping.h>

static int __init foreign_init(void)
{
	return ktime_get() ? 0 : -EIO;
}
module_init(foreign_init);

MODULE_DESCRIPTION("A test of what does not build");
#ifdef MISTAKE_foreign
MODULE_LICENSE("Proprietary");
#else
MODULE_LICENSE("GPL");
#endif
