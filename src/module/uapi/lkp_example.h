/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * What the lkp_example module and a program that uses /dev/lkp_example agree
 * on.  Programs include this file as it is.
 *
 * The layouts are the same for 32-bit and 64-bit programs.
 */
#ifndef _UAPI_LKP_EXAMPLE_H
#define _UAPI_LKP_EXAMPLE_H

#include <linux/ioctl.h>
#include <linux/types.h>

/*
 * The longest message that the device takes, in bytes, unless the parameter
 * max_size says otherwise: LKP_EXAMPLE_IOC_INFO tells the limit in force.
 */
#define LKP_EXAMPLE_MESSAGE_MAX	1048576

/* Goes up when something is added; what is there stays as it is. */
#define LKP_EXAMPLE_ABI_VERSION	1

/**
 * struct lkp_example_info - the state of the module
 * @size: the program sets it to the size of the structure that it knows, the
 *	  module to the size of what it filled in; any rest is zero
 * @abi_version: LKP_EXAMPLE_ABI_VERSION of the module
 * @generation: how many texts the message has had, the present one included
 * @message_size: the length of the present text in bytes
 * @message_max: the longest text that a write may have now
 * @open_files: how many times the device is open, this time included
 * @pins: how many pins keep the module from being unloaded
 *
 * New members come at the end.
 */
struct lkp_example_info {
	__u32 size;
	__u32 abi_version;
	__u64 generation;
	__u64 message_size;
	__u64 message_max;
	__u32 open_files;
	__u32 pins;
};

/* The size of the structure in version 1, the least that is taken. */
#define LKP_EXAMPLE_INFO_SIZE_V1	40

/* Not in use in the kernel's list, Documentation/.../ioctl-number.rst. */
#define LKP_EXAMPLE_IOC_MAGIC	0xBE

/*
 * Get the state of the module.  The number does not change when the structure
 * grows: @size is there for that.
 * EINVAL: @size is less than LKP_EXAMPLE_INFO_SIZE_V1.  E2BIG: it is more
 * than a page.
 */
#define LKP_EXAMPLE_IOC_INFO \
	_IOC(_IOC_READ | _IOC_WRITE, LKP_EXAMPLE_IOC_MAGIC, 1, \
	     LKP_EXAMPLE_INFO_SIZE_V1)

/* Get the generation of the newest text. */
#define LKP_EXAMPLE_IOC_GENERATION	_IOR(LKP_EXAMPLE_IOC_MAGIC, 2, __u64)

/*
 * Pin the module: it stays until this file unpins it, or is closed.
 * EALREADY: this file has pinned it.
 */
#define LKP_EXAMPLE_IOC_PIN		_IO(LKP_EXAMPLE_IOC_MAGIC, 3)

/* Unpin it.  EINVAL: this file has not pinned it. */
#define LKP_EXAMPLE_IOC_UNPIN		_IO(LKP_EXAMPLE_IOC_MAGIC, 4)

/*
 * Wait for a text that is newer than the generation in *arg, and store the
 * newest generation there.  It does not read: that is for read().
 * EAGAIN: there is none, and the file is O_NONBLOCK.  EINTR: a signal came
 * whose handler does not restart system calls (SA_RESTART).
 */
#define LKP_EXAMPLE_IOC_WAIT		_IOWR(LKP_EXAMPLE_IOC_MAGIC, 5, __u64)

#endif /* _UAPI_LKP_EXAMPLE_H */
