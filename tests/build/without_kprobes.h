/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For the compiler's -include: the kernel as if it had no kprobes. What is
 * compiled so cannot be loaded into it, for struct module is another one.
 */
#include "without_kretprobes.h"

#undef CONFIG_KPROBES
#undef CONFIG_KPROBES_ON_FTRACE
#undef CONFIG_OPTPROBES
