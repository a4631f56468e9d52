// SPDX-License-Identifier: GPL-2.0-only
/*
 * The attributes of the device, in /sys/class/misc/lkp_example/:
 *
 *	message		the start of the message, as much as a page holds
 *	generation	how many texts it has had
 *	size		its length in bytes
 *	open_files	how many times the device is open
 *	pins		how many pins there are, of files and of the next one
 *	pin		"1" keeps the module from being unloaded, "0" ends that
 *	clients		the modules that have registered themselves
 *	hold		the name of the client that is kept from being unloaded;
 *			an empty line ends that
 *	levels		"1" prints a message at each level
 *
 * Each file says one thing.  The message is for root alone, as the device is;
 * numbers about it are for everybody.
 */
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "internal.h"

/* Read only: a write to sysfs has a page at most, and ends in a newline. */
static ssize_t message_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	struct lkp_snapshot *newest = lkp_example_snapshot_get();
	size_t len = min_t(size_t, newest->size, PAGE_SIZE - 2);

	/* Not by "%.*s": that ends at 32767, and a page may be larger. */
	memcpy(buf, newest->text, len);
	buf[len++] = '\n';
	lkp_example_snapshot_put(newest);

	return len;
}
static DEVICE_ATTR_ADMIN_RO(message);

static ssize_t generation_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%llu\n", lkp_example_generation());
}
static DEVICE_ATTR_RO(generation);

static ssize_t size_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct lkp_snapshot *newest = lkp_example_snapshot_get();
	ssize_t len;

	len = sysfs_emit(buf, "%zu\n", newest->size);
	lkp_example_snapshot_put(newest);

	return len;
}
static DEVICE_ATTR_RO(size);

static ssize_t open_files_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", lkp_example_open_files());
}
static DEVICE_ATTR_RO(open_files);

static ssize_t pins_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	return sysfs_emit(buf, "%u\n", lkp_example_pins());
}
static DEVICE_ATTR_RO(pins);

static struct lkp_example_pin lkp_example_sysfs_pin;

static ssize_t pin_show(struct device *dev, struct device_attribute *attr,
			char *buf)
{
	return sysfs_emit(buf, "%d\n",
			  lkp_example_is_pinned(&lkp_example_sysfs_pin));
}

static ssize_t pin_store(struct device *dev, struct device_attribute *attr,
			 const char *buf, size_t count)
{
	bool wanted;
	int ret;

	ret = kstrtobool(buf, &wanted);
	if (ret)
		return ret;

	ret = wanted ? lkp_example_pin(&lkp_example_sysfs_pin) :
		       lkp_example_unpin(&lkp_example_sysfs_pin);

	return ret ? ret : count;
}
static DEVICE_ATTR_ADMIN_RW(pin);

static ssize_t clients_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	return lkp_example_clients_show(buf);
}
static DEVICE_ATTR_RO(clients);

static ssize_t hold_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	return lkp_example_hold_show(buf);
}

static ssize_t hold_store(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t count)
{
	int ret = 0;

	if (sysfs_streq(buf, ""))
		lkp_example_release();
	else
		ret = lkp_example_hold(buf);

	return ret ? ret : count;
}
static DEVICE_ATTR_ADMIN_RW(hold);

static ssize_t levels_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t count)
{
	bool wanted;
	int ret;

	ret = kstrtobool(buf, &wanted);
	if (ret)
		return ret;

	if (wanted)
		lkp_example_print_levels();

	return count;
}
static DEVICE_ATTR_WO(levels);

static struct attribute *lkp_example_attrs[] = {
	&dev_attr_message.attr,
	&dev_attr_generation.attr,
	&dev_attr_size.attr,
	&dev_attr_open_files.attr,
	&dev_attr_pins.attr,
	&dev_attr_pin.attr,
	&dev_attr_clients.attr,
	&dev_attr_hold.attr,
	&dev_attr_levels.attr,
	NULL
};

static const struct attribute_group lkp_example_group = {
	.attrs = lkp_example_attrs,
};

/* By miscdevice.groups they are there before udev hears of the device. */
const struct attribute_group *lkp_example_groups[] = {
	&lkp_example_group,
	NULL
};
