// SPDX-License-Identifier: GPL-2.0-only
/*
 * The register of the modules that use lkp_example, and how to keep one of
 * them from being unloaded.
 *
 * find_module() is not for modules: whoever wants to hold another module needs
 * a pointer to it that somebody vouches for.  Here a client leaves its
 * THIS_MODULE, and takes it back before it goes; in between, under the lock,
 * try_module_get() is safe.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/export.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "internal.h"

/* Guards the list and the client that is held. */
static DEFINE_MUTEX(lkp_example_clients_lock);
static LIST_HEAD(lkp_example_clients);
static struct lkp_example_client *lkp_example_held;

static struct lkp_example_client *lkp_example_find_client(const char *name)
{
	struct lkp_example_client *client;

	lockdep_assert_held(&lkp_example_clients_lock);

	list_for_each_entry(client, &lkp_example_clients, node) {
		if (sysfs_streq(client->name, name))
			return client;
	}

	return NULL;
}

/**
 * lkp_example_register_client - make a module known
 * @client: its name and owner; it stays the caller's
 *
 * Context: Process context. May sleep.
 * Return: 0, -EINVAL when the name is missing or empty, or -EEXIST when it is
 *	   taken.
 */
int lkp_example_register_client(struct lkp_example_client *client)
{
	int ret = 0;

	if (!client->name || !*client->name)
		return -EINVAL;

	mutex_lock(&lkp_example_clients_lock);
	if (lkp_example_find_client(client->name))
		ret = -EEXIST;
	else
		list_add_tail(&client->node, &lkp_example_clients);
	mutex_unlock(&lkp_example_clients_lock);

	return ret;
}
EXPORT_SYMBOL_GPL(lkp_example_register_client);

/**
 * lkp_example_unregister_client - forget a module
 * @client: from lkp_example_register_client()
 *
 * A client that is held cannot be unloaded, but it may leave on its own account.
 *
 * Context: Process context. May sleep.
 */
void lkp_example_unregister_client(struct lkp_example_client *client)
{
	mutex_lock(&lkp_example_clients_lock);
	if (lkp_example_held == client) {
		lkp_example_held = NULL;
		module_put(client->owner);
	}
	list_del(&client->node);
	mutex_unlock(&lkp_example_clients_lock);
}
EXPORT_SYMBOL_GPL(lkp_example_unregister_client);

/**
 * lkp_example_clients_show - list the clients, one a line
 * @buf: a page of sysfs
 *
 * Context: Process context. May sleep.
 * Return: the length.
 */
ssize_t lkp_example_clients_show(char *buf)
{
	struct lkp_example_client *client;
	ssize_t len = 0;

	mutex_lock(&lkp_example_clients_lock);
	list_for_each_entry(client, &lkp_example_clients, node)
		len += sysfs_emit_at(buf, len, "%s\n", client->name);
	mutex_unlock(&lkp_example_clients_lock);

	return len;
}

/**
 * lkp_example_hold_show - name the client that is held
 * @buf: a page of sysfs
 *
 * Context: Process context. May sleep.
 * Return: the length; there is an empty line when none is.
 */
ssize_t lkp_example_hold_show(char *buf)
{
	ssize_t len;

	mutex_lock(&lkp_example_clients_lock);
	len = sysfs_emit(buf, "%s\n",
			 lkp_example_held ? lkp_example_held->name : "");
	mutex_unlock(&lkp_example_clients_lock);

	return len;
}

/**
 * lkp_example_hold - keep a client from being unloaded
 * @name: the client's name; a newline may follow
 *
 * Context: Process context. May sleep.
 * Return: 0, -EBUSY when one is held, -ENOENT when there is no such client,
 *	   or -ENODEV when it is being unloaded.
 */
int lkp_example_hold(const char *name)
{
	struct lkp_example_client *client;
	int ret;

	mutex_lock(&lkp_example_clients_lock);

	ret = -EBUSY;
	if (lkp_example_held)
		goto out_unlock;

	ret = -ENOENT;
	client = lkp_example_find_client(name);
	if (!client)
		goto out_unlock;

	ret = -ENODEV;
	if (!try_module_get(client->owner))
		goto out_unlock;

	lkp_example_held = client;
	ret = 0;

out_unlock:
	mutex_unlock(&lkp_example_clients_lock);
	return ret;
}

/**
 * lkp_example_release - let go of the client that is held, if there is one
 *
 * Context: Process context. May sleep.
 */
void lkp_example_release(void)
{
	mutex_lock(&lkp_example_clients_lock);
	if (lkp_example_held)
		module_put(lkp_example_held->owner);
	lkp_example_held = NULL;
	mutex_unlock(&lkp_example_clients_lock);
}
