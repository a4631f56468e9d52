// SPDX-License-Identifier: GPL-2.0-only
/*
 * lkp_example_kunit - the KUnit tests of lkp_example
 *
 *	# insmod lkp_example_kunit.ko
 *	# dmesg
 *
 * It has the very objects of lkp_example in it, and so tests what no other module
 * and no program can call.  It runs its tests while it is loaded, and cannot be
 * loaded if one of them fails.
 *
 * kunit_test_suites() would leave that to a kernel that was booted with
 * kunit.enable=1.  Whoever loads this module wants the tests to be run.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>

#include "lkp_kunit.h"

static struct kunit_suite *const lkp_kunit_suites[] = {
	&lkp_message_suite,
	&lkp_device_suite,
};

static int __init lkp_kunit_init(void)
{
	int ret = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lkp_kunit_suites); i++) {
		kunit_run_tests(lkp_kunit_suites[i]);
		if (kunit_suite_has_succeeded(lkp_kunit_suites[i]) !=
		    KUNIT_SUCCESS)
			ret = -EINVAL;
	}

	return ret;
}
module_init(lkp_kunit_init);

static void __exit lkp_kunit_exit(void)
{
}
module_exit(lkp_kunit_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The lkp-example maintainers");
MODULE_DESCRIPTION("The KUnit tests of lkp_example");
