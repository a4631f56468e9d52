// SPDX-License-Identifier: GPL-2.0-only
/*
 * signals.c - signals that would end us wait
 *
 * For as long as there is something that nobody is to find half done.
 */
#include "signals.h"

/**
 * signals_hold() - signals that would end us have to wait
 * @before: result: for signals_release()
 */
void signals_hold(sigset_t *before)
{
	sigset_t ends_us;

	sigemptyset(&ends_us);
	sigaddset(&ends_us, SIGHUP);
	sigaddset(&ends_us, SIGINT);
	sigaddset(&ends_us, SIGQUIT);
	sigaddset(&ends_us, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends_us, before);
}

/**
 * signals_release() - they come now
 * @before: from signals_hold()
 */
void signals_release(const sigset_t *before)
{
	sigprocmask(SIG_SETMASK, before, NULL);
}
