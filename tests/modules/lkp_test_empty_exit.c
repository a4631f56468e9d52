// SPDX-License-Identifier: GPL-2.0-only
/*
 * lkp_test_empty_exit - an exit function that does nothing makes a module
 * removable
 *
 * See lkp_test_permanent.c for a module without one.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

static int __init lkp_test_empty_exit_init(void)
{
	pr_info("Module loaded ...\n");
	return 0;
}
module_init(lkp_test_empty_exit_init);

static void __exit lkp_test_empty_exit_exit(void)
{
}
module_exit(lkp_test_empty_exit_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The lkp-example maintainers");
MODULE_DESCRIPTION("A module with an exit function that does nothing");
