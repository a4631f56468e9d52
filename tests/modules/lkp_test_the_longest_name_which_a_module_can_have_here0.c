// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module whose name has 55 characters: with the NUL behind it, all of the 56
 * that struct module has for it on 64 bits.  With one more it does not build.
 */
#define pr_fmt(fmt) "lkp_test_longest_name: " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/string.h>

static int __init lkp_test_longest_name_init(void)
{
	pr_info("a name of %zu characters, room for %zu\n",
		strlen(THIS_MODULE->name), sizeof(THIS_MODULE->name));
	pr_info("MODULE_NAME_LEN is %zu\n", (size_t)MODULE_NAME_LEN);
	return 0;
}
module_init(lkp_test_longest_name_init);

static void __exit lkp_test_longest_name_exit(void)
{
}
module_exit(lkp_test_longest_name_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The lkp-example maintainers");
MODULE_DESCRIPTION("A module with the longest name there can be");
