// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module lkp_example: what happens when it is loaded, and what happens
 * when it is removed.
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
#include <linux/printk.h>
#include <linux/utsname.h>
#include <linux/version.h>

#include "internal.h"
#include "message.h"

/*
 * Dropped from memory together with the init function.  As nothing writes it,
 * a compiler may drop it even earlier; __used keeps it in the symbol table.
 */
static int __used answer __initdata = 42;

static struct lkp_message *lkp_example_message;

#ifdef MODULE
/* How the kernel sees this module now: 1 is coming, 2 is going. */
static void lkp_example_print_state(void)
{
	pr_info("Module %s: state %d\n", THIS_MODULE->name, THIS_MODULE->state);
}
#else
/* Built into the kernel, there is no struct module. */
static void lkp_example_print_state(void)
{
}
#endif

/* Two versions: LINUX_VERSION_CODE of the build (see Kbuild), and what runs. */
static void __init lkp_example_print_kernel(void)
{
	pr_info("Built for Linux %#x, running on %s\n", LKP_EXAMPLE_BUILT_FOR,
		init_utsname()->release);
}

static int __init lkp_example_init(void)
{
	struct lkp_message *msg;
	int ret;

	pr_info("Module loaded ...\n");
	pr_info("The answer is %d ...\n", answer);
	lkp_example_print_parameters();

	ret = -ENOMEM;
	msg = lkp_example_fails(LKP_EXAMPLE_STEP_CREATE) ?
	      NULL : lkp_message_create("hello");
	if (!msg) {
		pr_err("unable to allocate memory\n");
		goto out;
	}
	pr_info("%s\n", lkp_message_get(msg));

	ret = lkp_example_fails(LKP_EXAMPLE_STEP_UPDATE) ?
	      -ENOMEM : lkp_message_update(msg, "goodbye");
	if (ret) {
		pr_err("unable to update\n");
		goto out_destroy_message;
	}
	pr_info("%s\n", lkp_message_get(msg));

	ret = lkp_example_watch_init();
	if (ret) {
		pr_err("unable to watch modules: error %d\n", ret);
		goto out_destroy_message;
	}

	/* The last step that can fail: from here on others use the message. */
	lkp_example_share(msg);
	ret = lkp_example_device_register();
	if (ret)
		goto out_unwatch;

	lkp_example_demo_init();
	lkp_example_print_kernel();
	lkp_example_print_state();

	lkp_example_message = msg;
	return 0;

out_unwatch:
	lkp_example_unshare();
	lkp_example_watch_exit();
out_destroy_message:
	lkp_message_destroy(msg);
out:
	return ret;
}
module_init(lkp_example_init);

static void __exit lkp_example_exit(void)
{
	lkp_example_print_state();

	lkp_example_demo_exit();
	lkp_example_device_unregister();
	lkp_example_unshare();
	lkp_example_watch_exit();
	lkp_message_destroy(lkp_example_message);

	pr_info("Module exiting ...\n");
}
module_exit(lkp_example_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The lkp-example maintainers");
MODULE_DESCRIPTION("Linux kernel programming example: a message behind a device");
MODULE_VERSION(LKP_EXAMPLE_VERSION);
