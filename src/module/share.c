// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one message that everybody shares: files, sysfs and other modules.
 *
 * Two locks, because a writer has slow things to do:
 *
 *   lkp_example_update_lock, a mutex, is held by a writer for all of its
 *   update.  Changes are announced in the order in which they happen.
 *
 *   lkp_example_newest_lock, a spinlock, is held for the few instructions
 *   that exchange the newest snapshot, or that take a reference to it: between
 *   looking at the pointer and counting the reference, it must not be freed.
 *
 * So a writer never keeps a reader waiting.  And a reader needs no lock at all
 * to see that nothing has changed: see lkp_message_is_newest().
 */
#include <linux/cache.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include "internal.h"
#include "message.h"

#define CREATE_TRACE_POINTS
#include "lkp_example_trace.h"

static DEFINE_MUTEX(lkp_example_update_lock);
static DEFINE_SPINLOCK(lkp_example_newest_lock);
static DECLARE_WAIT_QUEUE_HEAD(lkp_example_changed);

/* Set before anybody can ask for it, and kept until nobody can any more. */
static struct lkp_message *lkp_example_message __read_mostly;

/**
 * lkp_example_share - let everybody share a message
 * @msg: the message; it stays the caller's, who no longer touches it
 *
 * Context: The init function, before there is a device.
 */
void lkp_example_share(struct lkp_message *msg)
{
	lkp_example_message = msg;
}

/**
 * lkp_example_unshare - take the shared message back
 *
 * Context: The exit function, when the device is gone.
 */
void lkp_example_unshare(void)
{
	lkp_example_message = NULL;
}

/**
 * lkp_example_snapshot_get - take a reference to the newest text
 *
 * Context: Any context but an interrupt.
 * Return: the snapshot, which the caller gives to lkp_example_snapshot_put()
 *	   in the end. NULL when there is no message, which happens to
 *	   built-in callers only, after the init function has failed.
 */
struct lkp_snapshot *lkp_example_snapshot_get(void)
{
	struct lkp_snapshot *snapshot;

	if (!lkp_example_message)
		return NULL;

	spin_lock(&lkp_example_newest_lock);
	snapshot = lkp_snapshot_get(lkp_example_message->newest);
	spin_unlock(&lkp_example_newest_lock);

	return snapshot;
}
EXPORT_SYMBOL_GPL(lkp_example_snapshot_get);

/**
 * lkp_example_snapshot_put - give a reference to a text back
 * @snapshot: from lkp_example_snapshot_get(), or NULL
 *
 * Context: Process context. May sleep.
 */
void lkp_example_snapshot_put(struct lkp_snapshot *snapshot)
{
	lkp_snapshot_put(snapshot);
}
EXPORT_SYMBOL_GPL(lkp_example_snapshot_put);

/**
 * lkp_example_generation - count the texts so far
 *
 * Context: Any context but an interrupt.
 * Return: the generation of the newest text; 0 when there is no message.
 */
u64 lkp_example_generation(void)
{
	u64 generation;

	if (!lkp_example_message)
		return 0;

	/* Without the lock, the snapshot might be freed under our eyes. */
	spin_lock(&lkp_example_newest_lock);
	generation = lkp_example_message->newest->generation;
	spin_unlock(&lkp_example_newest_lock);

	return generation;
}
EXPORT_SYMBOL_GPL(lkp_example_generation);

/**
 * lkp_example_publish - replace the shared text
 * @snapshot: the new text, filled in; after success it is no longer the
 *	      caller's
 *
 * Wakes who waits for a change, and calls the notifiers, once.
 *
 * Context: Process context. May sleep.
 * Return: 0, -ENODEV when there is no message, or -ERESTARTSYS when a signal
 *	   came while another update was under way.
 */
int lkp_example_publish(struct lkp_snapshot *snapshot)
{
	struct lkp_snapshot *old;

	if (!lkp_example_message)
		return -ENODEV;

	if (mutex_lock_interruptible(&lkp_example_update_lock))
		return -ERESTARTSYS;

	spin_lock(&lkp_example_newest_lock);
	old = lkp_message_exchange(lkp_example_message, snapshot);
	spin_unlock(&lkp_example_newest_lock);

	/* The mutex keeps @snapshot the newest one, and so the message holds it. */
	trace_lkp_example_update(snapshot->generation, snapshot->size);
	wake_up_interruptible_poll(&lkp_example_changed,
				   EPOLLIN | EPOLLRDNORM);
	lkp_example_notify(snapshot);
	mutex_unlock(&lkp_example_update_lock);

	lkp_snapshot_put(old);
	return 0;
}

/**
 * lkp_example_update - replace the shared text by a copy of another one
 * @text: the text; the caller keeps it
 * @size: its length
 *
 * A notifier must not call this: it would wait for itself.
 *
 * Context: Process context. May sleep.
 * Return: 0, -EMSGSIZE when the text is longer than the parameter max_size,
 *	   -EINVAL when it has a NUL inside, -ENOMEM without memory, -ENODEV
 *	   when there is no message, or -ERESTARTSYS after a signal.
 */
int lkp_example_update(const char *text, size_t size)
{
	struct lkp_snapshot *snapshot;
	int ret;

	if (size > lkp_example_limit())
		return -EMSGSIZE;
	if (strnlen(text, size) != size)
		return -EINVAL;

	snapshot = lkp_snapshot_create(text, size, GFP_KERNEL);
	if (!snapshot)
		return -ENOMEM;

	ret = lkp_example_publish(snapshot);
	if (ret)
		lkp_snapshot_put(snapshot);

	return ret;
}
EXPORT_SYMBOL_GPL(lkp_example_update);

/**
 * lkp_example_is_newest - is this snapshot still the shared text?
 * @snapshot: a snapshot that the caller holds, or NULL, which never is
 *
 * Context: Any context. Takes no lock and writes nothing.
 * Return: whether it is.
 */
bool lkp_example_is_newest(const struct lkp_snapshot *snapshot)
{
	return lkp_message_is_newest(lkp_example_message, snapshot);
}

/**
 * lkp_example_wait - wait for a text that is newer than a given one
 * @generation: what the caller knows already; replaced by the newest one
 * @nonblock: do not wait
 *
 * Context: Process context. Sleeps until there is one.
 * Return: 0, -EAGAIN when there is none and @nonblock is set, or -ERESTARTSYS
 *	   after a signal.
 */
int lkp_example_wait(u64 *generation, bool nonblock)
{
	u64 known = *generation;

	if (nonblock && lkp_example_generation() <= known)
		return -EAGAIN;

	if (wait_event_interruptible(lkp_example_changed,
				     lkp_example_generation() > known))
		return -ERESTARTSYS;

	*generation = lkp_example_generation();
	return 0;
}

/**
 * lkp_example_poll_wait - let poll() wait for the next change
 * @file: the file that is polled
 * @wait: what poll() collects its waits in
 *
 * Context: Process context.
 */
void lkp_example_poll_wait(struct file *file, poll_table *wait)
{
	poll_wait(file, &lkp_example_changed, wait);
}
