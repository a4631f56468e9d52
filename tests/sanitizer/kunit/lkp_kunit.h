/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The suites of lkp_example_kunit, for kunit_main.c.
 */
#ifndef _LKP_KUNIT_H
#define _LKP_KUNIT_H

#include <kunit/test.h>

extern struct kunit_suite lkp_message_suite;
extern struct kunit_suite lkp_device_suite;

#endif /* _LKP_KUNIT_H */
