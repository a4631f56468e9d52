/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * signals.h - signals that would end us wait
 */
#ifndef LKP_SIGNALS_H
#define LKP_SIGNALS_H

#include <signal.h>

void signals_hold(sigset_t *before);
void signals_release(const sigset_t *before);

#endif
