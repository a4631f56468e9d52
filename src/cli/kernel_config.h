/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernel_config.h - how a kernel was configured
 */
#ifndef LKP_KERNEL_CONFIG_H
#define LKP_KERNEL_CONFIG_H

#include <stdbool.h>

#include "buffer.h"

int kernel_config_read(struct buffer *config, int root, const char *release);
bool kernel_config_has(const struct buffer *config, const char *option);

#endif
