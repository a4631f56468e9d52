// SPDX-License-Identifier: GPL-2.0-only
/*
 * lkp_test_victim - a module to be treated badly
 *
 *	# modprobe lkp_test_victim hold=y
 *	# rmmod -f lkp_test_victim
 *
 * With hold=y it takes a reference to itself and never gives it back, so that
 * it can be unloaded by force alone.  Nobody else uses it, and so that is
 * harmless, but for the kernel's taint.
 *
 *	# modprobe lkp_test_victim delay_ms=1000 &
 *	# cat /sys/module/lkp_test_victim/initstate
 *	coming
 *
 * With delay_ms its init and its exit function each take that long.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>

static bool hold;
module_param(hold, bool, 0444);
MODULE_PARM_DESC(hold, "Whether to take a reference that is never given back");

static unsigned int delay_ms;
module_param(delay_ms, uint, 0444);
MODULE_PARM_DESC(delay_ms, "How long init and exit each take, in milliseconds");

static int __init lkp_test_victim_init(void)
{
	if (hold)
		__module_get(THIS_MODULE);
	msleep(delay_ms);

	pr_info("Module loaded ...\n");
	return 0;
}
module_init(lkp_test_victim_init);

static void __exit lkp_test_victim_exit(void)
{
	msleep(delay_ms);
	pr_info("Module exiting ...\n");
}
module_exit(lkp_test_victim_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The lkp-example maintainers");
MODULE_DESCRIPTION("A module that is slow, and never lets go of itself");
