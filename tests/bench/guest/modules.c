// SPDX-License-Identifier: GPL-2.0-only
/*
 * modules.c - what it takes to load and to unload a module
 *
 * Counted is all that the machine does for it, in whichever process: some of it is
 * left to threads of the kernel, and unloading waits. While all wait, a thread of
 * the lowest priority keeps the processor busy, and counts what it does itself;
 * an idle processor's clock would jump.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "measure.h"

#define CYCLES 10
#define ROUNDS 8
/* What was left to others is done by then. */
#define SETTLE_US 20000

/* Ours, the least there can be, and some of the kernel's that need no hardware. */
static const char *const modules[] = {
	"lkp_bench_hello", "lkp_example", "lkp_example_client",
	"lkp_example_probe", "lkp_bench_mutex", "dummy", "brd", "loop",
	"null_blk", "zram",
};

/* Whoever is between two looks at the counter for longer was interrupted. */
#define LOOK_MOST 100

static atomic_bool spinner_ends;
static _Atomic uint64_t spinner_alone;

static void *spin(void *arg)
{
	const struct sched_param none = { 0 };
	uint64_t last, alone = 0;

	(void)arg;
	if (sched_setscheduler(0, SCHED_IDLE, &none))
		return "SCHED_IDLE is refused";
	last = counter();
	while (!atomic_load_explicit(&spinner_ends, memory_order_relaxed)) {
		uint64_t now = counter();

		if (now - last < LOOK_MOST)
			alone += now - last;
		last = now;
		atomic_store_explicit(&spinner_alone, alone,
				      memory_order_relaxed);
	}
	return NULL;
}

/* What all others have done, whoever they are. */
static uint64_t work_done(void)
{
	return counter() - atomic_load(&spinner_alone);
}

static bool cycle(struct guest *g, const char *module, const char *path)
{
	int err = load_file(path, "");

	if (err)
		return fail(g, "%s does not load: %s", module, strerror(err));
	/* Something that looks at a new device may hold it for a moment. */
	for (int tries = 0; (err = unload(module, 0)) && tries < 100; tries++)
		usleep(1000);
	return !err || fail(g, "%s does not unload: %s", module, strerror(err));
}

/* "NAME SIZE ...": how many bytes the kernel has for a loaded module. */
static bool read_size(struct guest *g, const char *module, double *bytes)
{
	char path[128], text[64];

	snprintf(path, sizeof(path), "/sys/module/%s/coresize", module);
	if (!read_file(path, text, sizeof(text)))
		return fail(g, "%s: %s", path, strerror(errno));
	return sscanf(text, "%lf", bytes) == 1 ||
	       fail(g, "%s says '%s'", path, text);
}

static bool measure_module(struct guest *g, const char *module)
{
	uint64_t least = UINT64_MAX;
	struct stat st = { 0 };
	double bytes = 0;
	char path[256];
	bool ok;

	/* What it depends on stays loaded. */
	ok = expect_run(g, 0, "", ARGV("modprobe", (char *)module)) &&
	     read_size(g, module, &bytes) &&
	     find_module_file(g, module, path, sizeof(path));
	if (!ok)
		return false;
	if (stat(path, &st))
		return fail(g, "%s: %s", path, strerror(errno));
	for (int tries = 0; unload(module, 0) && tries < 100; tries++)
		usleep(10000);
	for (int round = 0; ok && round < ROUNDS; round++) {
		uint64_t start = work_done(), took;

		for (int i = 0; ok && i < CYCLES; i++)
			ok = cycle(g, module, path);
		usleep(SETTLE_US);
		took = work_done() - start;
		if (took < least)
			least = took;
	}
	figure("load and unload", module, "load and unload", "instructions",
	       (double)least / CYCLES);
	figure("load and unload", module, "memory", "bytes", bytes);
	figure("load and unload", module, "file", "bytes", st.st_size);
	return ok;
}

bool measure_modules(struct guest *g)
{
	void *trouble = NULL;
	pthread_t spinner;
	bool ok = true;

	if (pthread_create(&spinner, NULL, spin, NULL))
		return fail(g, "no thread");
	for (size_t i = 0; ok && i < sizeof(modules) / sizeof(modules[0]); i++)
		ok = measure_module(g, modules[i]);
	atomic_store(&spinner_ends, true);
	pthread_join(spinner, &trouble);
	return !trouble ? ok : fail(g, "%s", (const char *)trouble);
}
