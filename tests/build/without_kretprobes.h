/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For the compiler's -include: the kernel as it is, but for kretprobes. What
 * is compiled so can be loaded into it, for struct module is the same.
 */
#undef CONFIG_KRETPROBES
#undef CONFIG_KRETPROBE_ON_RETHOOK
