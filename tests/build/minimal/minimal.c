// SPDX-License-Identifier: GPL-2.0-only
/*
 * minimal.c - as little as a module can be, and still say all that it should
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

static int answer __initdata = 42;

static int __init minimal_init(void)
{
	pr_info("loaded, and the answer is %d\n", answer);
	return 0;
}

static void __exit minimal_exit(void)
{
	pr_info("on its way out\n");
}

module_init(minimal_init);
module_exit(minimal_exit);

MODULE_AUTHOR("The lkp-example maintainers");
MODULE_DESCRIPTION("The smallest module of a test");
MODULE_LICENSE("GPL");
