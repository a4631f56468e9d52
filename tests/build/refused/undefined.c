// SPDX-License-Identifier: GPL-2.0-only
/*
 * undefined.c - a function that neither the kernel nor a module exports
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

#include "undefined.h"

#ifdef MISTAKE_undefined
#define call undefined_nowhere
#else
#define call dump_stack
#endif

static int __init undefined_init(void)
{
	call();
	return 0;
}
module_init(undefined_init);

MODULE_DESCRIPTION("A test of what does not build");
MODULE_LICENSE("GPL");
