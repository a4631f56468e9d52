/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * seconds.h - how long processes have taken
 */
#ifndef LKP_SECONDS_H
#define LKP_SECONDS_H

#include <sys/resource.h>

/* The processor time of all processes that were waited for. */
static inline double processor_seconds(void)
{
	struct rusage usage;

	getrusage(RUSAGE_CHILDREN, &usage);
	return usage.ru_utime.tv_sec + usage.ru_utime.tv_usec / 1e6 +
	       usage.ru_stime.tv_sec + usage.ru_stime.tv_usec / 1e6;
}

#endif
