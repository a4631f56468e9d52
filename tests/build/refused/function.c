// SPDX-License-Identifier: GPL-2.0-only
/*
 * function.c - it is pr_err(), whatever one may remember
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

#ifdef MISTAKE_function
#define print pr_error
#else
#define print pr_err
#endif

static int __init function_init(void)
{
	print("function: loaded\n");
	return 0;
}
module_init(function_init);

MODULE_DESCRIPTION("A test of what does not build");
MODULE_LICENSE("GPL");
