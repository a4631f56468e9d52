// SPDX-License-Identifier: GPL-2.0-only
/*
 * lkp_bench_mutex - a message behind a device, as tutorials do it
 *
 * One buffer, one mutex for all who read and write it, and an attribute in
 * sysfs.  /dev/lkp_example is measured against both.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/uaccess.h>

#define LKP_BENCH_SIZE	(1 << 20)

/* Guards all below. */
static DEFINE_MUTEX(lkp_bench_lock);
static char lkp_bench_buffer[LKP_BENCH_SIZE];
static size_t lkp_bench_used;
static char lkp_bench_text[PAGE_SIZE];

static ssize_t lkp_bench_read(struct file *file, char __user *buf,
			      size_t count, loff_t *pos)
{
	ssize_t ret;

	if (mutex_lock_interruptible(&lkp_bench_lock))
		return -ERESTARTSYS;
	ret = simple_read_from_buffer(buf, count, pos, lkp_bench_buffer,
				      lkp_bench_used);
	mutex_unlock(&lkp_bench_lock);

	return ret;
}

static ssize_t lkp_bench_write(struct file *file, const char __user *buf,
			       size_t count, loff_t *pos)
{
	ssize_t ret = count;

	if (count > LKP_BENCH_SIZE)
		return -EMSGSIZE;
	if (mutex_lock_interruptible(&lkp_bench_lock))
		return -ERESTARTSYS;
	if (copy_from_user(lkp_bench_buffer, buf, count))
		ret = -EFAULT;
	else
		lkp_bench_used = count;
	mutex_unlock(&lkp_bench_lock);

	return ret;
}

static const struct file_operations lkp_bench_fops = {
	.owner	= THIS_MODULE,
	.read	= lkp_bench_read,
	.write	= lkp_bench_write,
	.llseek	= default_llseek,
};

static ssize_t text_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	ssize_t ret;

	mutex_lock(&lkp_bench_lock);
	ret = sysfs_emit(buf, "%s", lkp_bench_text);
	mutex_unlock(&lkp_bench_lock);

	return ret;
}

static ssize_t text_store(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t count)
{
	mutex_lock(&lkp_bench_lock);
	strscpy(lkp_bench_text, buf, sizeof(lkp_bench_text));
	mutex_unlock(&lkp_bench_lock);

	return count;
}
static DEVICE_ATTR_RW(text);

static struct attribute *lkp_bench_attrs[] = {
	&dev_attr_text.attr,
	NULL,
};
ATTRIBUTE_GROUPS(lkp_bench);

static struct miscdevice lkp_bench_misc = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= KBUILD_MODNAME,
	.fops	= &lkp_bench_fops,
	.groups	= lkp_bench_groups,
	.mode	= 0600,
};
module_misc_device(lkp_bench_misc);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The lkp-example maintainers");
MODULE_DESCRIPTION("Benchmark: a device with one mutex");
