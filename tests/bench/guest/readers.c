// SPDX-License-Identifier: GPL-2.0-only
/*
 * readers.c - how much several readers at once get, on a processor each
 *
 * Each reads 64 bytes, over and over, from an open file of its own. What N of them
 * read together is a share of N times what one alone reads. The share of ours is
 * held against that of /dev/zero in the same moments: whatever this host does to
 * the machine, it does to both.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "measure.h"

#define SIZE 64
#define READERS_MOST 4
#define TURNS 21
#define TURN_NS 200000000

struct worker {
	pthread_t thread;
	const char *path;
	int cpu;
	bool writes, failed;
	/* What it counts is its own, and so is the cache line. */
	_Alignas(128) unsigned long done;
};

static pthread_barrier_t together;
static atomic_bool over;

static void *work(void *arg)
{
	struct worker *w = arg;
	char buf[SIZE] = { 0 };
	cpu_set_t cpus;
	int fd;

	CPU_ZERO(&cpus);
	CPU_SET(w->cpu, &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
	memset(buf, 'x', sizeof(buf));
	fd = open(w->path, O_RDWR | O_CLOEXEC);
	w->done = 0;
	pthread_barrier_wait(&together);
	while (fd >= 0 && !atomic_load_explicit(&over, memory_order_relaxed)) {
		if ((w->writes ? pwrite(fd, buf, SIZE, 0) :
				 pread(fd, buf, SIZE, 0)) != SIZE)
			break;
		w->done++;
	}
	w->failed = fd < 0 || !atomic_load(&over);
	close(fd);
	return NULL;
}

/* Reads in a second, of all readers; negative if one has failed. */
static double turn(const char *path, unsigned int readers, bool writer)
{
	static struct worker workers[READERS_MOST + 1];
	const unsigned int count = readers + writer;
	struct timespec start, end;
	const long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned long sum = 0;
	bool failed = false;

	atomic_store(&over, false);
	pthread_barrier_init(&together, NULL, count + 1);
	for (unsigned int i = 0; i < count; i++) {
		workers[i] = (struct worker){
			.path = path, .cpu = i % cpus, .writes = i == readers,
		};
		if (pthread_create(&workers[i].thread, NULL, work, &workers[i]))
			abort();
	}
	pthread_barrier_wait(&together);
	clock_gettime(CLOCK_MONOTONIC, &start);
	nanosleep(&(struct timespec){ .tv_nsec = TURN_NS }, NULL);
	atomic_store(&over, true);
	clock_gettime(CLOCK_MONOTONIC, &end);
	for (unsigned int i = 0; i < count; i++) {
		pthread_join(workers[i].thread, NULL);
		failed |= workers[i].failed;
		if (i < readers)
			sum += workers[i].done;
	}
	pthread_barrier_destroy(&together);
	return failed ? -1 :
	       sum / (end.tv_sec - start.tv_sec +
		      (end.tv_nsec - start.tv_nsec) / 1e9);
}

static int by_value(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), by_value);
	return values[count / 2];
}

/* One alone and all, of ours and of /dev/zero, in turns. */
static bool measure_share(struct guest *g, unsigned int readers, bool writer)
{
	static const char *const paths[] = { "/dev/lkp_example", "/dev/zero" };
	double shares[2][TURNS], ratios[TURNS];
	char row[64];

	for (int t = 0; t < TURNS; t++) {
		for (int p = 0; p < 2; p++) {
			double alone = turn(paths[p], 1, false);
			double all = turn(paths[p], readers, writer);

			if (alone <= 0 || all <= 0)
				return fail(g, "%s: a reader has failed",
					    paths[p]);
			shares[p][t] = all / alone / readers;
		}
		ratios[t] = shares[0][t] / shares[1][t];
	}
	snprintf(row, sizeof(row), "%u reader%s%s", readers,
		 readers > 1 ? "s" : "", writer ? " and a writer" : "");
	for (int p = 0; p < 2; p++)
		figure("readers", row, paths[p], "share", median(shares[p], TURNS));
	figure("readers", row, "ours / zero", "ratio", median(ratios, TURNS));
	return true;
}

bool measure_readers(struct guest *g)
{
	static const unsigned int counts[] = { 1, 2, READERS_MOST };
	char text[SIZE];
	bool ok;
	int fd;

	if (!expect_run(g, 0, "", ARGV("modprobe", "lkp_example")))
		return false;
	memset(text, 'x', sizeof(text));
	fd = open("/dev/lkp_example", O_RDWR | O_CLOEXEC);
	ok = write(fd, text, SIZE) == SIZE ||
	     fail(g, "/dev/lkp_example: %s", strerror(errno));
	close(fd);
	for (int writer = 0; writer < 2; writer++)
		for (size_t i = 0; ok && i < 3; i++)
			if (counts[i] > 1 || writer)
				ok = measure_share(g, counts[i], writer);
	return ok;
}
