// SPDX-License-Identifier: GPL-2.0-only
/*
 * Watches the other modules of the family come and go: a module is coming
 * while its init function runs, then live, then going while its exit function
 * runs.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "internal.h"

static const char *lkp_example_state_name(unsigned long state)
{
	switch (state) {
	case MODULE_STATE_COMING:
		return "coming";
	case MODULE_STATE_LIVE:
		return "live";
	case MODULE_STATE_GOING:
		return "going";
	default:
		return "unknown";
	}
}

static int lkp_example_module_event(struct notifier_block *nb,
				    unsigned long state, void *data)
{
	const struct module *mod = data;

	if (strstarts(mod->name, "lkp_example_"))
		pr_info("module %s is %s\n", mod->name,
			lkp_example_state_name(state));

	return NOTIFY_OK;
}

static struct notifier_block lkp_example_watcher = {
	.notifier_call = lkp_example_module_event,
};

/**
 * lkp_example_watch_init - begin to watch
 *
 * Context: Process context. May sleep.
 * Return: 0, or a negative errno of register_module_notifier().
 */
int lkp_example_watch_init(void)
{
	return register_module_notifier(&lkp_example_watcher);
}

/**
 * lkp_example_watch_exit - watch no more
 *
 * Context: Process context. May sleep.
 */
void lkp_example_watch_exit(void)
{
	unregister_module_notifier(&lkp_example_watcher);
}
