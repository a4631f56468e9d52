// SPDX-License-Identifier: GPL-2.0-only
/*
 * lkp_fault - a module that misbehaves on demand, in a virtual machine only
 *
 *	# modprobe lkp_fault mode=MODE
 *
 * The tests of the verdict plant each fault that a module can have, and see
 * that the verdict turns red for the right reason.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bug.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/smp.h>
#include <linux/string.h>

static char *mode = "none";
module_param(mode, charp, 0444);
MODULE_PARM_DESC(mode, "none, error, absent, oops, hang, dead, panic, pinned, complain, forge or warn");

static bool lkp_fault_is(const char *name)
{
	return !strcmp(mode, name);
}

/* Stops one processor for good. */
static void lkp_fault_spin(void *unused)
{
	local_irq_disable();
	for (;;)
		cpu_relax();
}

static int __init lkp_fault_init(void)
{
	pr_info("mode %s\n", mode);
	if (lkp_fault_is("error"))
		return -EIO;
	/* As a driver says that its device is not there. */
	if (lkp_fault_is("absent"))
		return -ENODEV;
	if (lkp_fault_is("oops"))
		WRITE_ONCE(*(int *)8, 0);
	if (lkp_fault_is("hang"))
		for (;;)
			msleep(1000);
	if (lkp_fault_is("dead"))
		on_each_cpu(lkp_fault_spin, NULL, 0);
	if (lkp_fault_is("panic"))
		panic("planted");
	if (lkp_fault_is("pinned"))
		__module_get(THIS_MODULE);
	/* A complaint that sets no taint flag: the console alone shows it. */
	if (lkp_fault_is("complain"))
		pr_err("BUG: planted complaint\n");
	/* The report of a success, where only the kernel's messages go. */
	if (lkp_fault_is("forge")) {
		pr_info("1..1\n");
		pr_info("ok 1 lkp_fault.load\n");
		pr_info("# finished\n");
		return -EIO;
	}
	return 0;
}
module_init(lkp_fault_init);

static void __exit lkp_fault_exit(void)
{
	WARN(lkp_fault_is("warn"), "planted");
}
module_exit(lkp_fault_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The lkp-example maintainers");
MODULE_DESCRIPTION("A module that misbehaves on demand");
