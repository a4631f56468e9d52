/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _UNDEFINED_H
#define _UNDEFINED_H

/* Declared, and nowhere defined. */
void undefined_nowhere(void);
/* Of the C library. */
int rand(void);

#endif
