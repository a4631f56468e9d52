/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * session.h - do what comes over a serial line, for "lkp-example tour"
 */
#ifndef LKP_GUEST_SESSION_H
#define LKP_GUEST_SESSION_H

void session_serve(int line);

#endif
