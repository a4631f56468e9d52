// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module lkp_example: its parameters, what happens when it is loaded, and
 * what happens when it is removed.
 *
 *	# modprobe lkp_example int_param=12 string_param=hello
 *	# dmesg
 *	# modprobe -r lkp_example
 *
 * Loading creates a message, updates it, and offers it as /dev/lkp_example.
 * It either succeeds or leaves nothing behind.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>

#include "device.h"
#include "message.h"

/* Permissions of 0: not shown in /sys/module/lkp_example/parameters/. */
static int int_param = 42;
module_param(int_param, int, 0);
MODULE_PARM_DESC(int_param, "A sample integer, printed at load time");

/*
 * Root may write this one at any time, which frees the old string: whoever
 * reads it holds kernel_param_lock().
 */
static char *string_param = "default value";
module_param(string_param, charp, 0644);
MODULE_PARM_DESC(string_param, "A sample string, printed at load time");

/*
 * Dropped from memory together with the init function.  As nothing writes it,
 * a compiler may drop it even earlier; __used keeps it in the symbol table.
 */
static int __used answer __initdata = 42;

static struct lkp_message *lkp_example_message;

static void __init lkp_example_print_parameters(void)
{
	pr_info("Int param: %d\n", int_param);

	kernel_param_lock(THIS_MODULE);
	pr_info("String param: %s\n", string_param);
	kernel_param_unlock(THIS_MODULE);
}

static int __init lkp_example_init(void)
{
	struct lkp_message *msg;
	int ret;

	pr_info("Module loaded ...\n");
	pr_info("The answer is %d ...\n", answer);
	lkp_example_print_parameters();

	ret = -ENOMEM;
	msg = lkp_message_create("hello");
	if (!msg) {
		pr_err("unable to allocate memory\n");
		goto out;
	}
	pr_info("%s\n", lkp_message_get(msg));

	ret = lkp_message_update(msg, "goodbye");
	if (ret) {
		pr_err("unable to update\n");
		goto out_destroy_message;
	}
	pr_info("%s\n", lkp_message_get(msg));

	/* The last step: from here on user space may be using the message. */
	ret = lkp_example_device_register(msg);
	if (ret)
		goto out_destroy_message;

	lkp_example_message = msg;
	return 0;

out_destroy_message:
	lkp_message_destroy(msg);
out:
	return ret;
}
module_init(lkp_example_init);

static void __exit lkp_example_exit(void)
{
	lkp_example_device_unregister();
	lkp_message_destroy(lkp_example_message);
	pr_info("Module exiting ...\n");
}
module_exit(lkp_example_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The lkp-example maintainers");
MODULE_DESCRIPTION("Linux kernel programming example: a message behind a device");
MODULE_VERSION(LKP_EXAMPLE_VERSION);
