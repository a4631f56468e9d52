// SPDX-License-Identifier: GPL-2.0-only
/*
 * function.c - it is pr_err(), whatever one may remember
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

static int __init function_init(void)
{
#ifdef MISTAKE_function
	pr_error("function: loaded\n");
#else
	pr_err("function: loaded\n");
#endif
	return 0;
}
module_init(function_init);

MODULE_DESCRIPTION("A test of what does not build");
MODULE_LICENSE("GPL");
