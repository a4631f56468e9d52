/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * probe_stats.h - what lkp_example_probe has counted
 */
#ifndef LKP_PROBE_STATS_H
#define LKP_PROBE_STATS_H

#include <jansson.h>

#define PROBE_STATS_BUCKETS 64

/* Returns that took from <= time < below, in nanoseconds. */
struct probe_bucket {
	unsigned long long from, below, returns;
};

struct probe_stats {
	char symbol[512];	/* "none": nothing is probed */
	unsigned long long hits, returns;
	unsigned long long missed_hits, missed_returns;
	struct probe_bucket buckets[PROBE_STATS_BUCKETS];
	unsigned int count;	/* of buckets */
};

int probe_stats_read(struct probe_stats *stats, int fd);
void probe_stats_draw(const struct probe_stats *stats);
json_t *probe_stats_json(const struct probe_stats *stats);

#endif
