// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ioctl() calls of /dev/lkp_example: see uapi/lkp_example.h for what each
 * of them does.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/uaccess.h>

#include "internal.h"
#include "uapi/lkp_example.h"

static void lkp_example_fill_info(struct lkp_example_info *info)
{
	struct lkp_snapshot *newest = lkp_example_snapshot_get();

	/* Both of one text, even while somebody writes. */
	info->generation = newest->generation;
	info->message_size = newest->size;
	lkp_example_snapshot_put(newest);

	info->abi_version = LKP_EXAMPLE_ABI_VERSION;
	info->message_max = lkp_example_limit();
	info->open_files = lkp_example_open_files();
	info->pins = lkp_example_pins();
}

static long lkp_example_ioc_info(struct lkp_example_info __user *arg)
{
	struct lkp_example_info info = {};
	u32 size;

	BUILD_BUG_ON(sizeof(info) != LKP_EXAMPLE_INFO_SIZE_V1);

	if (get_user(size, &arg->size))
		return -EFAULT;
	if (size < LKP_EXAMPLE_INFO_SIZE_V1)
		return -EINVAL;
	if (size > PAGE_SIZE)
		return -E2BIG;

	info.size = min_t(u32, size, sizeof(info));
	lkp_example_fill_info(&info);

	if (copy_to_user(arg, &info, info.size))
		return -EFAULT;
	/* A newer program knows members that are not here: zero is "none". */
	if (clear_user((u8 __user *)arg + info.size, size - info.size))
		return -EFAULT;

	return 0;
}

static long lkp_example_ioc_wait(struct file *file, u64 __user *arg)
{
	u64 generation;
	int ret;

	if (copy_from_user(&generation, arg, sizeof(generation)))
		return -EFAULT;

	ret = lkp_example_wait(&generation, file->f_flags & O_NONBLOCK);
	if (ret)
		return ret;

	return copy_to_user(arg, &generation, sizeof(generation)) ? -EFAULT : 0;
}

static long lkp_example_ioc_generation(u64 __user *arg)
{
	u64 generation = lkp_example_generation();

	return copy_to_user(arg, &generation, sizeof(generation)) ? -EFAULT : 0;
}

/**
 * lkp_example_ioctl - serve an ioctl() of the device
 * @file: the open file
 * @pin: the pin that belongs to it
 * @cmd: which call
 * @arg: its argument, in user space
 *
 * Context: Process context. May sleep.
 * Return: 0; -ENOTTY for a call that is not known; -EFAULT for a bad @arg; or
 *	   what uapi/lkp_example.h says of the call.
 */
long lkp_example_ioctl(struct file *file, struct lkp_example_pin *pin,
		       unsigned int cmd, void __user *arg)
{
	switch (cmd) {
	case LKP_EXAMPLE_IOC_INFO:
		return lkp_example_ioc_info(arg);
	case LKP_EXAMPLE_IOC_GENERATION:
		return lkp_example_ioc_generation(arg);
	case LKP_EXAMPLE_IOC_PIN:
		return lkp_example_pin(pin);
	case LKP_EXAMPLE_IOC_UNPIN:
		return lkp_example_unpin(pin);
	case LKP_EXAMPLE_IOC_WAIT:
		return lkp_example_ioc_wait(file, arg);
	default:
		return -ENOTTY;
	}
}
