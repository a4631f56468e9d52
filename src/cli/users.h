/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * users.h - the processes that keep lkp_example loaded
 */
#ifndef LKP_USERS_H
#define LKP_USERS_H

#include <jansson.h>

/* What "how" is: the JSON of "status" has it. */
#define USER_HAS_IT_OPEN "open"
#define USER_MAY_HAVE_SENT_IT "maybe sent"

json_t *users_of_device(void);

#endif
