// SPDX-License-Identifier: GPL-2.0-only
/*
 * license.c - a module must say its license
 */
#include <linux/module.h>

MODULE_DESCRIPTION("A test of what does not build");
#ifndef MISTAKE_license
MODULE_LICENSE("GPL");
#endif
