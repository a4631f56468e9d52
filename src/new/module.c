// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/lkp_new: a message that user space reads and replaces.
 *
 *	# printf goodbye > /dev/lkp_new
 *	# cat /dev/lkp_new
 *	goodbye#
 *
 * A write() is a whole message: it replaces the old one, or fails and leaves
 * it as it was. Reading follows the file position, as in a regular file. A
 * message that is read in pieces while somebody writes may be of two.
 *
 * Functions here are all static, and so need no name of the module in theirs.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

/* The longest message that the device takes, in bytes. */
#define MESSAGE_MAX	4096

static char *greeting = "hello";
module_param(greeting, charp, 0444);
MODULE_PARM_DESC(greeting, "The first message");

/* Guards the two below: what is read must not be freed meanwhile. */
static DEFINE_MUTEX(message_lock);
static char *message;
static size_t message_size;

/*
 * Interruptibly, here and below: another one may hold the lock while it copies
 * to user space, which may fault and wait for long.
 */
static ssize_t message_read(struct file *file, char __user *buf, size_t count,
			    loff_t *pos)
{
	ssize_t ret;

	if (mutex_lock_interruptible(&message_lock))
		return -ERESTARTSYS;

	ret = simple_read_from_buffer(buf, count, pos, message, message_size);
	mutex_unlock(&message_lock);

	return ret;
}

static ssize_t message_write(struct file *file, const char __user *buf,
			     size_t count, loff_t *pos)
{
	char *new;

	if (count > MESSAGE_MAX)
		return -EMSGSIZE;

	new = memdup_user_nul(buf, count);
	if (IS_ERR(new))
		return PTR_ERR(new);

	if (mutex_lock_interruptible(&message_lock)) {
		kfree(new);
		return -ERESTARTSYS;
	}
	swap(message, new);
	message_size = count;
	mutex_unlock(&message_lock);
	kfree(new);

	return count;
}

static const struct file_operations message_fops = {
	.owner	= THIS_MODULE,
	.llseek	= default_llseek,
	.read	= message_read,
	.write	= message_write,
};

/* For root; a rule of udev can let others in. */
static struct miscdevice message_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= KBUILD_MODNAME,
	.fops	= &message_fops,
	.mode	= 0600,
};

/* It either succeeds or leaves nothing behind. */
static int __init message_init(void)
{
	int ret;

	message_size = strlen(greeting);
	if (message_size > MESSAGE_MAX) {
		pr_err("greeting refused: %zu bytes are more than %d\n",
		       message_size, MESSAGE_MAX);
		return -EMSGSIZE;
	}

	message = kstrdup(greeting, GFP_KERNEL);
	if (!message)
		return -ENOMEM;

	/* The last step: from here on others use the message. */
	ret = misc_register(&message_device);
	if (ret) {
		pr_err("unable to register /dev/%s: error %d\n",
		       message_device.name, ret);
		goto out_free_message;
	}

	pr_info("loaded\n");
	return 0;

out_free_message:
	kfree(message);
	return ret;
}
module_init(message_init);

/* An open file holds the module, so this runs only once all are closed. */
static void __exit message_exit(void)
{
	misc_deregister(&message_device);
	kfree(message);
	pr_info("unloaded\n");
}
module_exit(message_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The lkp-example maintainers");
MODULE_DESCRIPTION("A message behind a device");
MODULE_VERSION(VERSION_IN_DKMS_CONF);
