/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The character device /dev/lkp_example, which serves one message.
 */
#ifndef _LKP_EXAMPLE_DEVICE_H
#define _LKP_EXAMPLE_DEVICE_H

struct lkp_message;

int lkp_example_device_register(struct lkp_message *msg);
void lkp_example_device_unregister(void);

#endif /* _LKP_EXAMPLE_DEVICE_H */
