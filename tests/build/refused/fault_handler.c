// SPDX-License-Identifier: GPL-2.0-only
/*
 * fault_handler.c - a handler of probes that kernels had until 5.13
 */
#include <linux/kprobes.h>
#include <linux/module.h>

#ifdef MISTAKE_fault_handler
static int fault_handler_fault(struct kprobe *kp, struct pt_regs *regs, int trap)
{
	return 0;
}
#endif

struct kprobe fault_handler_probe = {
	.symbol_name	= "kernel_clone",
#ifdef MISTAKE_fault_handler
	.fault_handler	= fault_handler_fault,
#endif
};
EXPORT_SYMBOL(fault_handler_probe);

MODULE_DESCRIPTION("A test of what does not build");
MODULE_LICENSE("GPL");
