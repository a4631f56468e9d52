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
 * element of a writev() is a message of its own.  Writing neither uses nor
 * moves the file position.
 *
 * Reading follows the file position, as in a regular file, and ends with 0 at
 * the end of the message.  A read() at position 0 takes the newest message;
 * from there on the file keeps it, whatever others write, until position 0 is
 * read again.  So a message that is read in pieces is one message, and
 * lseek(fd, 0, SEEK_SET) is how to see the next one.
 *
 * poll() says EPOLLIN while there is a newer message than the one that the
 * file has taken, and EPOLLOUT always.  LKP_EXAMPLE_IOC_WAIT waits, too; a
 * read() never does, with or without O_NONBLOCK.
 *
 * Threads that share an open file share its message and its position.
 *
 * Root may open the device, and whom a udev rule admits.  They cannot fill the
 * log: each line that a write causes is rate-limited.  What is written is
 * charged to the memory cgroup of the writer, for as long as an open file keeps
 * it.  Where no cgroup has a limit, what bounds it is how many files a user may
 * have open, times max_size.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/compat.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "internal.h"

/**
 * struct lkp_example_file - what an open file has of its own
 * @lock: guards @snapshot
 * @snapshot: the message that the file has taken; NULL before the first read
 * @pin: for LKP_EXAMPLE_IOC_PIN
 *
 * Nothing in it is shared with other open files, nor is a cache line: to read
 * a message that has not changed, a processor writes to no memory that another
 * one needs.
 */
struct lkp_example_file {
	/*
	 * Character devices have no lock on the position, as regular files do:
	 * threads may read from one open file at the same time.
	 */
	struct mutex lock;
	struct lkp_snapshot *snapshot;
	struct lkp_example_pin pin;
} ____cacheline_aligned_in_smp;

/* Up to so many bytes it is cheaper to copy them one word at a time. */
#define LKP_EXAMPLE_FEW_BYTES	256

static atomic_t lkp_example_open_count = ATOMIC_INIT(0);

/* Let the file take the newest message, unless that is what it has. */
static void lkp_example_take_newest(struct lkp_example_file *opened)
{
	struct lkp_snapshot *old = opened->snapshot;

	lockdep_assert_held(&opened->lock);

	if (lkp_example_is_newest(old))
		return;

	WRITE_ONCE(opened->snapshot, lkp_example_snapshot_get());
	lkp_example_snapshot_put(old);
}

static int lkp_example_open(struct inode *inode, struct file *file)
{
	struct lkp_example_file *opened;

	opened = kzalloc(sizeof(*opened), GFP_KERNEL_ACCOUNT);
	if (!opened)
		return -ENOMEM;

	mutex_init(&opened->lock);
	file->private_data = opened;
	atomic_inc(&lkp_example_open_count);

	return 0;
}

static int lkp_example_release_file(struct inode *inode, struct file *file)
{
	struct lkp_example_file *opened = file->private_data;

	lkp_example_unpin(&opened->pin);
	lkp_example_snapshot_put(opened->snapshot);
	mutex_destroy(&opened->lock);
	kfree(opened);
	atomic_dec(&lkp_example_open_count);

	return 0;
}

/*
 * Copy a few bytes, word by word.  For so few, most of the time of
 * copy_to_user() goes into finding out which object they belong to; the
 * caller has just compared them with the size of theirs.
 */
static int lkp_example_copy_few(char __user *to, const char *from, size_t count)
{
	if (!user_write_access_begin(to, count))
		return -EFAULT;
	unsafe_copy_to_user(to, from, count, out_fault);
	user_write_access_end();

	return 0;

out_fault:
	user_write_access_end();
	return -EFAULT;
}

/* As simple_read_from_buffer(), but faster for what is short. */
static ssize_t lkp_example_copy(char __user *buf, size_t count, loff_t *pos,
				const struct lkp_snapshot *snapshot)
{
	loff_t at = *pos;
	size_t few = 0;

	if (at >= 0 && at < snapshot->size)
		few = min_t(size_t, count, snapshot->size - at);

	if (few && few <= LKP_EXAMPLE_FEW_BYTES &&
	    !lkp_example_copy_few(buf, snapshot->text + at, few)) {
		*pos = at + few;
		return few;
	}

	/* It also knows what to say of a page of which a part is missing. */
	return simple_read_from_buffer(buf, count, pos, snapshot->text,
				       snapshot->size);
}

/*
 * The lock is taken interruptibly here and below: another thread may hold it
 * while it copies to user space, which may fault and wait for long, and who
 * waits behind it must be able to give up.
 */
static ssize_t lkp_example_read(struct file *file, char __user *buf,
				size_t count, loff_t *pos)
{
	struct lkp_example_file *opened = file->private_data;
	ssize_t ret;

	if (mutex_lock_interruptible(&opened->lock))
		return -ERESTARTSYS;

	if (!*pos || !opened->snapshot)
		lkp_example_take_newest(opened);

	ret = lkp_example_copy(buf, count, pos, opened->snapshot);
	mutex_unlock(&opened->lock);

	return ret;
}

static ssize_t lkp_example_write(struct file *file, const char __user *buf,
				 size_t count, loff_t *pos)
{
	struct lkp_snapshot *snapshot;
	size_t limit = lkp_example_limit();
	size_t size;
	ssize_t ret;

	if (count > limit) {
		pr_warn_ratelimited("message of %zu bytes refused: the limit is %zu\n",
				    count, limit);
		return -EMSGSIZE;
	}

	snapshot = lkp_snapshot_alloc(count, GFP_KERNEL_ACCOUNT);
	if (!snapshot)
		return -ENOMEM;

	ret = -EFAULT;
	if (copy_from_user(snapshot->text, buf, count))
		goto out_put_snapshot;

	size = strnlen(snapshot->text, count);
	if (size != count) {
		pr_warn_ratelimited("message of %zu bytes refused: byte %zu is NUL\n",
				    count, size);
		ret = -EINVAL;
		goto out_put_snapshot;
	}

	ret = lkp_example_publish(snapshot);
	if (ret)
		goto out_put_snapshot;

	return count;

out_put_snapshot:
	lkp_example_snapshot_put(snapshot);
	return ret;
}

/* From the end means: from the end of the message that the file has taken. */
static loff_t lkp_example_llseek(struct file *file, loff_t offset, int whence)
{
	struct lkp_example_file *opened = file->private_data;
	loff_t ret;

	if (mutex_lock_interruptible(&opened->lock))
		return -ERESTARTSYS;

	if (!opened->snapshot)
		lkp_example_take_newest(opened);

	ret = generic_file_llseek_size(file, offset, whence, MAX_LFS_FILESIZE,
				       opened->snapshot->size);
	mutex_unlock(&opened->lock);

	return ret;
}

static __poll_t lkp_example_poll(struct file *file, poll_table *wait)
{
	struct lkp_example_file *opened = file->private_data;
	__poll_t events = EPOLLOUT | EPOLLWRNORM;

	lkp_example_poll_wait(file, wait);

	/*
	 * Only compared, so no lock: a thread that reads at the same time does
	 * not make us wait.  It may even free the snapshot, and a new one get
	 * its address: that one comes after poll_wait(), and wakes us up again.
	 */
	if (!lkp_example_is_newest(READ_ONCE(opened->snapshot)))
		events |= EPOLLIN | EPOLLRDNORM;

	return events;
}

static long lkp_example_unlocked_ioctl(struct file *file, unsigned int cmd,
				       unsigned long arg)
{
	struct lkp_example_file *opened = file->private_data;

	return lkp_example_ioctl(file, &opened->pin, cmd, (void __user *)arg);
}

static const struct file_operations lkp_example_fops = {
	.owner		= THIS_MODULE,
	.open		= lkp_example_open,
	.release	= lkp_example_release_file,
	.llseek		= lkp_example_llseek,
	.read		= lkp_example_read,
	.write		= lkp_example_write,
	.poll		= lkp_example_poll,
	.unlocked_ioctl	= lkp_example_unlocked_ioctl,
	.compat_ioctl	= compat_ptr_ioctl,
};

static struct miscdevice lkp_example_misc = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "lkp_example",
	.fops	= &lkp_example_fops,
	.groups	= lkp_example_groups,
	.mode	= 0600,
};

/**
 * lkp_example_device_register - create /dev/lkp_example
 *
 * Context: Process context, after lkp_example_share(). May sleep.
 * Return: 0, -ENOMEM without memory, -EBUSY when no minor number is free, or
 *	   another negative errno of misc_register(). The log says which.
 */
int lkp_example_device_register(void)
{
	int ret;

	ret = lkp_example_fails(LKP_EXAMPLE_STEP_DEVICE) ?
	      -ENOMEM : misc_register(&lkp_example_misc);
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
}

/**
 * lkp_example_open_files - count the open files
 *
 * Context: Any context.
 * Return: how many times the device is open now.
 */
unsigned int lkp_example_open_files(void)
{
	return atomic_read(&lkp_example_open_count);
}
