/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the kernels from 5.10 on, and only that.  Each entry
 * names the kernel that changed it, and goes when that is the oldest one.
 *
 * The stable kernels take new functions into old versions.  So what a kernel
 * has is asked of its headers, by Kbuild, and not of its version.
 */
#ifndef _LKP_EXAMPLE_COMPAT_H
#define _LKP_EXAMPLE_COMPAT_H

/* 6.2 (and 5.10.y, 6.1.y later): del_timer_sync() gets this name. */
#ifndef LKP_EXAMPLE_HAVE_TIMER_DELETE_SYNC
#define timer_delete_sync(timer) del_timer_sync(timer)
#endif

#endif /* _LKP_EXAMPLE_COMPAT_H */
