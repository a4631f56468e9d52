// SPDX-License-Identifier: GPL-2.0-only
/*
 * lkp_test_permanent - a module without an exit function stays for ever
 *
 * In a virtual machine only: nothing but a reboot removes it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

static int __init lkp_test_permanent_init(void)
{
	pr_info("Module loaded ...\n");
	return 0;
}
module_init(lkp_test_permanent_init);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The lkp-example maintainers");
MODULE_DESCRIPTION("A module without an exit function");
