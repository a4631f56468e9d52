// SPDX-License-Identifier: GPL-2.0-only
/*
 * lkp_bench_hello - the least that every tutorial begins with
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

static int __init lkp_bench_hello_init(void)
{
	pr_info("Hello, world\n");

	return 0;
}
module_init(lkp_bench_hello_init);

static void __exit lkp_bench_hello_exit(void)
{
	pr_info("Goodbye, world\n");
}
module_exit(lkp_bench_hello_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The lkp-example maintainers");
MODULE_DESCRIPTION("Benchmark: hello, world");
