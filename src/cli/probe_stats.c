// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe_stats.c - what lkp_example_probe has counted
 *
 * That is the file "stats" of the module in debugfs: "name: value" lines, and
 * then a table whose lines have three numbers (src/module/probe_main.c).
 */
#include "probe_stats.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"

#define BAR "########################################"

static void parse_line(struct probe_stats *s, const char *line)
{
	struct probe_bucket bucket;

	if (sscanf(line, "symbol: %511s", s->symbol) == 1 ||
	    sscanf(line, "hits: %llu", &s->hits) == 1 ||
	    sscanf(line, "returns: %llu", &s->returns) == 1 ||
	    sscanf(line, "missed_hits: %llu", &s->missed_hits) == 1 ||
	    sscanf(line, "missed_returns: %llu", &s->missed_returns) == 1)
		return;
	if (s->count < PROBE_STATS_BUCKETS &&
	    sscanf(line, "%llu %llu %llu", &bucket.from, &bucket.below,
		   &bucket.returns) == 3)
		s->buckets[s->count++] = bucket;
}

/**
 * probe_stats_read() - read the counters
 * @stats: the counters
 * @fd: the file, open for reading
 *
 * Return: 0, or -errno.
 */
int probe_stats_read(struct probe_stats *stats, int fd)
{
	struct buffer text = { 0 };
	char *line, *rest;
	int ret = lseek(fd, 0, SEEK_SET) ? -errno : buffer_read_all(&text, fd);

	*stats = (struct probe_stats){ 0 };
	line = ret ? NULL : strtok_r(text.data, "\n", &rest);
	for (; line; line = strtok_r(NULL, "\n", &rest))
		parse_line(stats, line);
	buffer_free(&text);
	return ret;
}

static void print_time(unsigned long long ns)
{
	if (ns < 1000)
		printf("%8llu ns", ns);
	else if (ns < 1000000)
		printf("%8.1f us", ns / 1e3);
	else if (ns < 1000000000)
		printf("%8.1f ms", ns / 1e6);
	else
		printf("%8.1f s ", ns / 1e9);
}

/**
 * probe_stats_draw() - print the histogram; nothing if no call has returned
 * @stats: the counters
 */
void probe_stats_draw(const struct probe_stats *stats)
{
	unsigned long long most = 1;

	if (!stats->count)
		return;
	for (unsigned int i = 0; i < stats->count; i++)
		if (stats->buckets[i].returns > most)
			most = stats->buckets[i].returns;
	printf("%11s %11s %12s\n", "from", "below", "returns");
	for (unsigned int i = 0; i < stats->count; i++) {
		const struct probe_bucket *b = &stats->buckets[i];
		int length = (double)b->returns / most * (sizeof(BAR) - 1);

		print_time(b->from);
		putchar(' ');
		print_time(b->below);
		printf(" %12llu |%.*s\n", b->returns, length, BAR);
	}
}

/**
 * probe_stats_json() - the histogram as an array
 * @stats: the counters
 *
 * Return: the array, or NULL without memory.
 */
json_t *probe_stats_json(const struct probe_stats *stats)
{
	json_t *array = json_array();

	for (unsigned int i = 0; i < stats->count; i++) {
		const struct probe_bucket *b = &stats->buckets[i];
		json_t *object = json_pack("{s:I, s:I, s:I}",
					   "from_ns", (json_int_t)b->from,
					   "below_ns", (json_int_t)b->below,
					   "returns", (json_int_t)b->returns);

		if (json_array_append_new(array, object)) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}
