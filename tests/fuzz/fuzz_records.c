// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz_records.c - small files: a configuration, statistics, a smoke test's record
 */
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "kernel_config.h"
#include "probe_stats.h"
#include "smoke_record.h"

#define RELEASE "6.12"

static void try_config(const uint8_t *data, size_t size)
{
	struct buffer config = { 0 };

	if (!kernel_config_read(&config, fuzz_root("boot/config-" RELEASE,
						   data, size), RELEASE))
		kernel_config_has(&config, "MODULES");
	buffer_free(&config);
}

static void try_stats(const uint8_t *data, size_t size)
{
	int fd = fuzz_file(data, size);
	struct probe_stats stats;

	if (!probe_stats_read(&stats, fd)) {
		fuzz_expect(stats.count <= PROBE_STATS_BUCKETS,
			    "as many buckets as fit");
		json_decref(probe_stats_json(&stats));
	}
	close(fd);
}

static void try_smoke(const uint8_t *data, size_t size)
{
	int root = fuzz_root("var/lib/lkp-example/smoke-test/" RELEASE, data,
			     size);
	struct smoke_record r;

	if (smoke_record_read(&r, root, RELEASE, ""))
		fuzz_expect(*r.verdict && strlen(r.reason) < sizeof(r.reason),
			    "a record has a verdict");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	try_config(data, size);
	try_stats(data, size);
	try_smoke(data, size);
	return 0;
}
