// SPDX-License-Identifier: GPL-2.0-only
/*
 * signature.c - an init function takes nothing and returns an int
 */
#include <linux/init.h>
#include <linux/module.h>

#ifdef MISTAKE_signature
static void __init signature_init(void)
{
}
#else
static int __init signature_init(void)
{
	return 0;
}
#endif
module_init(signature_init);

MODULE_DESCRIPTION("A test of what does not build");
MODULE_LICENSE("GPL");
