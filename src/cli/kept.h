/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kept.h - which of the results that are kept still hold
 */
#ifndef LKP_KEPT_H
#define LKP_KEPT_H

#include <jansson.h>

json_t *kept_that_hold(int root);
json_t *kept_newest(json_t *results, const char *release, const char *module);

#endif
