// SPDX-License-Identifier: GPL-2.0-only
/*
 * lkp_test_raw_names - the entry points by the names that the kernel looks for
 *
 * module_init() and module_exit() only give these names to other functions.
 * They are for a module alone: built into the kernel there could be one such
 * function, not many.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

int __init init_module(void)
{
	pr_info("this is %s()\n", __func__);
	return 0;
}

void __exit cleanup_module(void)
{
	pr_info("this is %s()\n", __func__);
}

/*
 * Both are called by pointers, which the linker sets.  Where a processor checks
 * such calls (x86: IBT), the build takes the mark of a target from a function
 * whose address nobody has, unless there is something like this.  module_init()
 * and module_exit() see to it themselves.
 */
static int (*lkp_test_init)(void) __used __initdata = init_module;
static void (*lkp_test_exit)(void) __used __exitdata = cleanup_module;

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The lkp-example maintainers");
MODULE_DESCRIPTION("A module with the classic names of its entry points");
