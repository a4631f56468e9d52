// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/lkp_example: a message that user space reads and replaces.
 *
 *	# printf hello > /dev/lkp_example
 *	# cat /dev/lkp_example
 *	hello#
 *
 * A write() is a whole message: it replaces the old one, or fails and leaves
 * it as it was.  What was written is what is read: no newline is added and
 * none is taken away.  A write() of no bytes makes the message empty, as long
 * as the program issues it: "> /dev/lkp_example" in a shell does not.  Each
 * element of a writev() is a message of its own.
 *
 * Reading follows the file position, as in a regular file, and lseek() to the
 * start reads anew.  Writing neither uses nor moves the position.  A message
 * that is replaced between two read() calls can be seen in part; it is never
 * replaced in the middle of one.
 *
 * Only root may open the device, unless a udev rule of the administrator says
 * otherwise.  So that rule cannot become a way to fill the log, each line that
 * a write causes is rate-limited.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "device.h"
#include "message.h"
#include "uapi/lkp_example.h"

/*
 * Guards the text and the size of the message.  Taken interruptibly: a reader
 * holds it while it copies to user space, which may fault and wait for long,
 * and who waits behind that reader must be able to give up.
 */
static DEFINE_MUTEX(lkp_example_lock);
static struct lkp_message *lkp_example_served;

static ssize_t lkp_example_read(struct file *file, char __user *buf,
				size_t count, loff_t *pos)
{
	ssize_t ret;

	if (mutex_lock_interruptible(&lkp_example_lock))
		return -ERESTARTSYS;

	ret = simple_read_from_buffer(buf, count, pos,
				      lkp_message_get(lkp_example_served),
				      lkp_example_served->size);
	mutex_unlock(&lkp_example_lock);

	return ret;
}

static ssize_t lkp_example_write(struct file *file, const char __user *buf,
				 size_t count, loff_t *pos)
{
	size_t size;
	ssize_t ret;
	char *text;

	if (count > LKP_EXAMPLE_MESSAGE_MAX) {
		pr_warn_ratelimited("message of %zu bytes refused: the limit is %d\n",
				    count, LKP_EXAMPLE_MESSAGE_MAX);
		return -EMSGSIZE;
	}

	/* Copied before the lock is taken: this too may wait for long. */
	text = memdup_user_nul(buf, count);
	if (IS_ERR(text))
		return PTR_ERR(text);

	size = strlen(text);
	if (size != count) {
		pr_warn_ratelimited("message of %zu bytes refused: byte %zu is NUL\n",
				    count, size);
		ret = -EINVAL;
		goto out_free_text;
	}

	ret = -ERESTARTSYS;
	if (mutex_lock_interruptible(&lkp_example_lock))
		goto out_free_text;

	ret = lkp_message_update(lkp_example_served, text);
	mutex_unlock(&lkp_example_lock);
	if (!ret)
		ret = count;

out_free_text:
	kfree(text);
	return ret;
}

/* No seeking from the end: it is another one after the next write. */
static const struct file_operations lkp_example_fops = {
	.owner	= THIS_MODULE,
	.llseek	= no_seek_end_llseek,
	.read	= lkp_example_read,
	.write	= lkp_example_write,
};

static struct miscdevice lkp_example_misc = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "lkp_example",
	.fops	= &lkp_example_fops,
	.mode	= 0600,
};

/**
 * lkp_example_device_register - create /dev/lkp_example
 * @msg: the message to serve; it stays the caller's and outlives the device
 *
 * From here on @msg is touched under the lock of the device alone.
 *
 * Context: Process context. May sleep.
 * Return: 0, -ENOMEM without memory, -EBUSY when no minor number is free, or
 *	   another negative errno of misc_register(). The log says which.
 */
int lkp_example_device_register(struct lkp_message *msg)
{
	int ret;

	lkp_example_served = msg;

	ret = misc_register(&lkp_example_misc);
	if (ret)
		pr_err("unable to register /dev/%s: error %d\n",
		       lkp_example_misc.name, ret);

	return ret;
}

/**
 * lkp_example_device_unregister - remove /dev/lkp_example
 *
 * An open file holds the module, so this runs only once all are closed.
 *
 * Context: Process context. May sleep.
 */
void lkp_example_device_unregister(void)
{
	misc_deregister(&lkp_example_misc);
	lkp_example_served = NULL;
}
