// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module lkp_example_client: uses what lkp_example offers to other modules.
 *
 *	# modprobe lkp_example_client
 *	# printf salve > /dev/lkp_example
 *	# dmesg | tail -n 1
 *	lkp_example_client: generation 3: 5 bytes
 *	# cat /sys/module/lkp_example_client/parameters/generation
 *	3
 *
 * It calls functions of lkp_example, and so depends on it: modprobe loads that
 * one first, and the kernel does not unload it before this one.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/notifier.h>
#include <linux/printk.h>
#include <linux/sysfs.h>

#include "api.h"

static atomic64_t lkp_example_client_seen = ATOMIC64_INIT(0);

/* A parameter that is only shown: a small report needs no device. */
static int lkp_example_client_get_generation(char *buf,
					     const struct kernel_param *param)
{
	return sysfs_emit(buf, "%lld\n",
			  (long long)atomic64_read(&lkp_example_client_seen));
}

/* The loader calls this one without asking whether there is one. */
static int lkp_example_client_set_generation(const char *value,
					     const struct kernel_param *param)
{
	pr_err("generation=%.32s refused: it can only be read\n", value);
	return -EPERM;
}

static const struct kernel_param_ops lkp_example_client_generation_ops = {
	.set = lkp_example_client_set_generation,
	.get = lkp_example_client_get_generation,
};
module_param_cb(generation, &lkp_example_client_generation_ops, NULL, 0444);
MODULE_PARM_DESC(generation, "Generation of the last message seen (read only)");

/* Runs in the context of whoever writes, and so as often as that one likes. */
static int lkp_example_client_changed(struct notifier_block *nb,
				      unsigned long unused, void *data)
{
	const struct lkp_snapshot *snapshot = data;

	atomic64_set(&lkp_example_client_seen, snapshot->generation);
	pr_info_ratelimited("generation %llu: %zu bytes\n",
			    snapshot->generation, snapshot->size);

	return NOTIFY_OK;
}

static struct notifier_block lkp_example_client_notifier = {
	.notifier_call = lkp_example_client_changed,
};

static struct lkp_example_client lkp_example_client = {
	.name = KBUILD_MODNAME,
	.owner = THIS_MODULE,
};

/*
 * The other way to call a function of another module: look for it when the
 * module runs, and hold its module meanwhile.  It serves what may be absent.
 */
static void __init lkp_example_client_look_up(void)
{
	typeof(lkp_example_generation) *generation;

	generation = symbol_get(lkp_example_generation);
	if (!generation) {
		pr_info("lkp_example_generation: not found\n");
		return;
	}

	pr_info("lkp_example_generation: found, says %llu\n", generation());
	symbol_put(lkp_example_generation);
}

static int __init lkp_example_client_init(void)
{
	struct lkp_snapshot *snapshot;
	int ret;

	ret = lkp_example_register_client(&lkp_example_client);
	if (ret) {
		pr_err("unable to register: error %d\n", ret);
		goto out;
	}

	/* First the notifier: a change after it cannot be missed. */
	ret = lkp_example_register_notifier(&lkp_example_client_notifier);
	if (ret) {
		pr_err("unable to register the notifier: error %d\n", ret);
		goto out_unregister_client;
	}

	ret = -ENODEV;
	snapshot = lkp_example_snapshot_get();
	if (!snapshot) {
		pr_err("there is no message\n");
		goto out_unregister_notifier;
	}
	/* The notifier may have seen a newer one already. */
	atomic64_cmpxchg(&lkp_example_client_seen, 0, snapshot->generation);
	lkp_example_snapshot_put(snapshot);

	lkp_example_client_look_up();
	return 0;

out_unregister_notifier:
	lkp_example_unregister_notifier(&lkp_example_client_notifier);
out_unregister_client:
	lkp_example_unregister_client(&lkp_example_client);
out:
	return ret;
}
module_init(lkp_example_client_init);

static void __exit lkp_example_client_exit(void)
{
	lkp_example_unregister_notifier(&lkp_example_client_notifier);
	lkp_example_unregister_client(&lkp_example_client);
	pr_info("Module exiting ...\n");
}
module_exit(lkp_example_client_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The lkp-example maintainers");
MODULE_DESCRIPTION("Linux kernel programming example: a user of lkp_example's functions");
MODULE_VERSION(LKP_EXAMPLE_VERSION);
