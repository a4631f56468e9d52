/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _PARTS_H
#define _PARTS_H

int parts_status(void);

#endif
