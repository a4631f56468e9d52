// SPDX-License-Identifier: GPL-2.0-only
/*
 * main.c - the benchmarks that run inside of the machine
 *
 * Run by the guest program as its script. What to measure is the last word of the
 * kernel's command line: transfers, modules, hits or readers. Each figure is a
 * line
 *
 *	figure|GROUP|ROW|COLUMN|UNIT|VALUE
 *
 * and what went wrong is said as checks say it. Ends with status 0 if all was
 * measured.
 */
#include <stdio.h>
#include <string.h>
#include <sys/klog.h>
#include <unistd.h>

#include "measure.h"

/* What the kernel leaves for after the boot is done by then; idle, that is quick. */
#define SETTLE_S 60

/* syslog(2) type: the console shows the most urgent messages only */
#define SYSLOG_ACTION_CONSOLE_OFF 6

static const struct {
	const char *name;
	bool (*run)(struct guest *g);
	bool counts;	/* in a machine whose clock counts instructions */
} benchmarks[] = {
	{ "transfers", measure_transfers, true },
	{ "modules", measure_modules, true },
	{ "hits", measure_hits, true },
	{ "readers", measure_readers, false },
};

static bool nothing(void *arg)
{
	/* The compiler shall not know what the loop does. */
	__asm__ volatile("" : : "r"(arg) : "memory");
	return true;
}

static double time_calls(bool (*volatile fn)(void *arg), void *arg,
			 unsigned int calls, unsigned int rounds)
{
	uint64_t least = UINT64_MAX;

	for (unsigned int round = 0; round < rounds; round++) {
		uint64_t start = counter(), took;

		for (unsigned int i = 0; i < calls; i++)
			if (!fn(arg))
				return -1;
		took = counter() - start;
		if (took < least)
			least = took;
	}
	return (double)least / calls;
}

double measure(bool (*fn)(void *arg), void *arg, unsigned int calls,
	       unsigned int rounds)
{
	double all = time_calls(fn, arg, calls, rounds);

	return all < 0 ? all : all - time_calls(nothing, arg, calls, rounds);
}

void figure(const char *group, const char *row, const char *column,
	    const char *unit, double value)
{
	printf("figure|%s|%s|%s|%s|%.3f\n", group, row, column, unit, value);
	fflush(stdout);
}

#define KNOWN 100000

/* So many instructions, and one more for the last turn that is not taken. */
static bool known_loop(void *arg)
{
	unsigned long turns = KNOWN / 2;

	(void)arg;
	__asm__ volatile("1: dec %0\n\tjnz 1b" : "+r"(turns));
	return true;
}

/* The counter counts instructions, or all that follows means nothing. */
bool measure_counter(struct guest *g)
{
	double counted = measure(known_loop, NULL, 4, 8);

	figure("counter", "a loop of 100000 instructions", "counted",
	       "instructions", counted);
	return (counted >= KNOWN && counted < KNOWN + 20) ||
	       fail(g, "a loop of %d instructions counts as %.1f", KNOWN,
		    counted);
}

int main(void)
{
	struct guest g = { .limit_s = 600, .ktap.out = stdout };
	char line[4096];
	const char *what;

	if (!read_file("/proc/cmdline", line, sizeof(line)))
		return 2;
	line[strcspn(line, "\n")] = '\0';
	what = strrchr(line, ' ') ? strrchr(line, ' ') + 1 : line;
	/* What modules print is not sent over a slow line as well. */
	klogctl(SYSLOG_ACTION_CONSOLE_OFF, NULL, 0);
	for (size_t i = 0; i < sizeof(benchmarks) / sizeof(benchmarks[0]); i++) {
		if (strcmp(what, benchmarks[i].name))
			continue;
		if (benchmarks[i].counts)
			sleep(SETTLE_S);
		return (!benchmarks[i].counts || measure_counter(&g)) &&
		       benchmarks[i].run(&g) ? 0 : 1;
	}
	printf("there is no benchmark '%s'\n", what);
	return 2;
}
