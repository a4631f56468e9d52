// SPDX-License-Identifier: GPL-2.0-only
/*
 * level.c - the level of a message is KERN_ERR, whatever one may remember
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

static int __init level_init(void)
{
#ifdef MISTAKE_level
	printk(KERN_ERROR "level: loaded\n");
#else
	printk(KERN_ERR "level: loaded\n");
#endif
	return 0;
}
module_init(level_init);

MODULE_DESCRIPTION("A test of what does not build");
MODULE_LICENSE("GPL");
