/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What lkp_example offers to other modules: its message, and word of each
 * change.
 *
 * A module that uses these functions depends on lkp_example, which then cannot
 * be unloaded before it.  lkp_example_client.c shows how they are used.
 */
#ifndef _LKP_EXAMPLE_API_H
#define _LKP_EXAMPLE_API_H

#include <linux/list.h>
#include <linux/types.h>

#include "snapshot.h"

struct module;
struct notifier_block;

/**
 * struct lkp_example_client - a module that has made itself known
 * @name: what it is called; others find it by this name
 * @owner: THIS_MODULE, which keeps the module while others use it
 * @node: in the list of all clients; lkp_example's own
 */
struct lkp_example_client {
	const char *name;
	struct module *owner;
	struct list_head node;
};

struct lkp_snapshot *lkp_example_snapshot_get(void);
void lkp_example_snapshot_put(struct lkp_snapshot *snapshot);
u64 lkp_example_generation(void);
int lkp_example_update(const char *text, size_t size);

int lkp_example_register_notifier(struct notifier_block *nb);
int lkp_example_unregister_notifier(struct notifier_block *nb);

int lkp_example_register_client(struct lkp_example_client *client);
void lkp_example_unregister_client(struct lkp_example_client *client);

#endif /* _LKP_EXAMPLE_API_H */
