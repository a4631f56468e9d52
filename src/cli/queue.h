/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * queue.h - verification that nobody waits for
 */
#ifndef LKP_QUEUE_H
#define LKP_QUEUE_H

#include <stdbool.h>

enum queue_answer {
	QUEUE_NOW,
	QUEUE_LATER,	/* it stays in the queue */
	QUEUE_NEVER,	/* it is switched off */
};

enum queue_answer queue_begin(int root, unsigned int memory_mb);
int queue_each_set(int root, const char *release,
		   void (*verify)(void *arg, char *const modules[]), void *arg);
bool queue_has(int root, const char *release, const char *module);
void queue_done(int root, const char *release);
const char *queue_log_level(bool bad);

#endif
