// SPDX-License-Identifier: GPL-2.0-only
/*
 * Word of each change of the message, for other modules.
 *
 * A blocking notifier chain: the callbacks run one after the other in the
 * context of the writer, and may sleep.  The order is the order of the changes.
 * A slow callback delays writers, and no reader.
 */
#include <linux/export.h>
#include <linux/notifier.h>

#include "internal.h"

static BLOCKING_NOTIFIER_HEAD(lkp_example_chain);

/**
 * lkp_example_register_notifier - be called for each change of the message
 * @nb: the callback; its data is the new struct lkp_snapshot, which it may read
 *	until it returns
 *
 * The callback must neither update the message nor touch the notifiers.
 *
 * Context: Process context. May sleep.
 * Return: 0, or -EEXIST when @nb is registered (not on every kernel).
 */
int lkp_example_register_notifier(struct notifier_block *nb)
{
	return blocking_notifier_chain_register(&lkp_example_chain, nb);
}
EXPORT_SYMBOL_GPL(lkp_example_register_notifier);

/**
 * lkp_example_unregister_notifier - be called no more
 * @nb: the callback; when this returns, it does not run
 *
 * Context: Process context. May sleep.
 * Return: 0, or -ENOENT when @nb was not registered.
 */
int lkp_example_unregister_notifier(struct notifier_block *nb)
{
	return blocking_notifier_chain_unregister(&lkp_example_chain, nb);
}
EXPORT_SYMBOL_GPL(lkp_example_unregister_notifier);

/**
 * lkp_example_notify - call the notifiers
 * @snapshot: the new text
 *
 * Context: Process context. May sleep.
 */
void lkp_example_notify(struct lkp_snapshot *snapshot)
{
	blocking_notifier_call_chain(&lkp_example_chain, 0, snapshot);
}
