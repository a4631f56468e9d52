// SPDX-License-Identifier: GPL-2.0-only
/*
 * undefined.c - functions that neither the kernel nor a module exports: one that
 * nobody has, one of the C library, and one that the kernel keeps for itself
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

#include "undefined.h"

#if defined(MISTAKE_undefined)
#define call undefined_nowhere
#elif defined(MISTAKE_undefined_libc)
#define call rand
#elif defined(MISTAKE_undefined_kernel)
#define call() find_module("undefined")
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
