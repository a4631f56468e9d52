/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * What the lkp_example module and a program that uses /dev/lkp_example agree
 * on.  Programs include this file as it is.
 */
#ifndef _UAPI_LKP_EXAMPLE_H
#define _UAPI_LKP_EXAMPLE_H

/* The longest message that the device takes, in bytes. */
#define LKP_EXAMPLE_MESSAGE_MAX	4096

#endif /* _UAPI_LKP_EXAMPLE_H */
