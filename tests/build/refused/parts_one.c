// SPDX-License-Identifier: GPL-2.0-only
/*
 * parts_one.c - a module of two sources: its init function
 */
#include <linux/init.h>
#include <linux/module.h>

#include "parts.h"

static int __init parts_init(void)
{
	return parts_status();
}
module_init(parts_init);

MODULE_DESCRIPTION("A test of what does not build");
MODULE_LICENSE("GPL");
