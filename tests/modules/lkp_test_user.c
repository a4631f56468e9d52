// SPDX-License-Identifier: GPL-2.0-only
/*
 * lkp_test_user - a user of lkp_example's functions that does it all wrong
 *
 *	# modprobe lkp_example
 *	# modprobe lkp_test_user
 *	# echo lkp_test_user > /sys/class/misc/lkp_example/hold
 *	# echo 1 > /sys/module/lkp_test_user/parameters/leave
 *
 * Each call that is wrong must be refused with its errno; if not, it does not load
 * (EPROTO).  Then it replaces the message, and what comes of that decides whether it
 * loads.  It may leave the register of clients while it is held.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/init.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>

#include "api.h"

/* Looked up when it runs: modpost knows nothing of lkp_example here. */
static typeof(lkp_example_register_client) *lkp_test_register;
static typeof(lkp_example_unregister_client) *lkp_test_unregister;
static typeof(lkp_example_update) *lkp_test_update;

static struct lkp_example_client lkp_test_client = {
	.name = KBUILD_MODNAME,
	.owner = THIS_MODULE,
};

static bool lkp_test_is_client;

static void lkp_test_leave(void)
{
	if (lkp_test_is_client)
		lkp_test_unregister(&lkp_test_client);
	lkp_test_is_client = false;
}

static int lkp_test_set_leave(const char *text, const struct kernel_param *kp)
{
	lkp_test_leave();
	return 0;
}

static const struct kernel_param_ops lkp_test_leave_ops = {
	.set = lkp_test_set_leave,
};
module_param_cb(leave, &lkp_test_leave_ops, NULL, 0200);
MODULE_PARM_DESC(leave, "Any value: be a client no more");

static int __init lkp_test_do_wrong(void)
{
	static struct lkp_example_client nameless, empty = { .name = "" };
	static struct lkp_example_client twin = { .name = KBUILD_MODNAME };
	static const char text[] = "one\0two";

	if (lkp_test_register(&nameless) != -EINVAL ||
	    lkp_test_register(&empty) != -EINVAL ||
	    lkp_test_register(&twin) != -EEXIST ||
	    lkp_test_update(text, INT_MAX) != -EMSGSIZE ||
	    lkp_test_update(text, sizeof(text) - 1) != -EINVAL)
		return -EPROTO;

	return lkp_test_update(text, 3);
}

static void lkp_test_let_go(void)
{
	if (lkp_test_update)
		symbol_put(lkp_example_update);
	if (lkp_test_unregister)
		symbol_put(lkp_example_unregister_client);
	if (lkp_test_register)
		symbol_put(lkp_example_register_client);
}

static int __init lkp_test_user_init(void)
{
	int ret = -ENODEV;

	lkp_test_register = symbol_get(lkp_example_register_client);
	lkp_test_unregister = symbol_get(lkp_example_unregister_client);
	lkp_test_update = symbol_get(lkp_example_update);
	if (!lkp_test_register || !lkp_test_unregister || !lkp_test_update)
		goto out_let_go;

	ret = lkp_test_register(&lkp_test_client);
	if (ret)
		goto out_let_go;
	lkp_test_is_client = true;

	ret = lkp_test_do_wrong();
	if (ret)
		goto out_leave;

	return 0;

out_leave:
	lkp_test_leave();
out_let_go:
	lkp_test_let_go();
	return ret;
}
module_init(lkp_test_user_init);

static void __exit lkp_test_user_exit(void)
{
	lkp_test_leave();
	lkp_test_let_go();
}
module_exit(lkp_test_user_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The lkp-example maintainers");
MODULE_DESCRIPTION("A user of lkp_example's functions that does it all wrong");
