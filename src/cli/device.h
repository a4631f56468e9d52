/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * device.h - /dev/lkp_example, as the subcommands use it
 */
#ifndef LKP_DEVICE_H
#define LKP_DEVICE_H

#include <jansson.h>

#include "buffer.h"
#include "uapi/lkp_example.h"

#define DEVICE "/dev/lkp_example"

int device_open(int flags);
int device_info(int fd, struct lkp_example_info *info);
int device_read(int fd, struct buffer *text);
int device_state(int fd, struct buffer *text, struct lkp_example_info *info);
json_t *device_json(const struct buffer *text,
		    const struct lkp_example_info *info);

#endif
