/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * live.h - commands that go on until somebody stops them
 */
#ifndef LKP_LIVE_H
#define LKP_LIVE_H

enum live_event {
	LIVE_READY,	/* the file has something to read */
	LIVE_TIMEOUT,
	LIVE_STOP,	/* Ctrl-C, or nobody reads our output any more */
};

int live_start(void);
enum live_event live_wait(int stop, int fd, int timeout_ms);

#endif
