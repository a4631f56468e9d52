// SPDX-License-Identifier: GPL-2.0-only
/*
 * frame.c - more on the stack than a kernel's stack is there for
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/string.h>

#ifdef MISTAKE_frame
#define SIZE 4096
#else
#define SIZE 64
#endif

static int size = SIZE;
module_param(size, int, 0444);
MODULE_PARM_DESC(size, "How much of it is used");

static int __init frame_init(void)
{
	char on_stack[SIZE];

	memset(on_stack, 1, size);
	barrier_data(on_stack);
	return on_stack[0];
}
module_init(frame_init);

MODULE_DESCRIPTION("A test of what does not build");
MODULE_LICENSE("GPL");
