/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What changed in kprobes between the kernels that lkp_example_probe is built
 * for.  As in compat.h, Kbuild asks the headers, and not the version.
 */
#ifndef _LKP_EXAMPLE_PROBE_COMPAT_H
#define _LKP_EXAMPLE_PROBE_COMPAT_H

#include <linux/kprobes.h>

/* 5.11: an instance no longer points to its kretprobe, a function finds it. */
#ifdef LKP_PROBE_HAVE_GET_KRETPROBE
#define lkp_probe_kretprobe(ri)	get_kretprobe(ri)
#else
#define lkp_probe_kretprobe(ri)	((ri)->rp)
#endif

#endif /* _LKP_EXAMPLE_PROBE_COMPAT_H */
