// SPDX-License-Identifier: GPL-2.0-only
/*
 * level.c - the level of a message is KERN_ERR, whatever one may remember
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

#ifdef MISTAKE_level
#define LEVEL KERN_ERROR
#else
#define LEVEL KERN_ERR
#endif

static int __init level_init(void)
{
	printk(LEVEL "level: loaded\n");
	return 0;
}
module_init(level_init);

MODULE_DESCRIPTION("A test of what does not build");
MODULE_LICENSE("GPL");
