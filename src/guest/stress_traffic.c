// SPDX-License-Identifier: GPL-2.0-only
/*
 * stress_traffic.c - many readers and writers at once
 *
 * Two processes write and three read, each with several threads, each thread
 * with an open file of its own. A message describes itself: its head names
 * its size, its writer and how many that one has written, and its body is a
 * pattern that belongs to this head. So a reader sees at once when it got
 * parts of two messages. And as a writer counts its messages, no reader may
 * ever see a smaller count after a larger one.
 */
#include "stress.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools.h"
#include "uapi/lkp_example.h"

/*
 * The largest message: more than kmalloc() has, whatever the kernel, so that
 * its memory is from vmalloc(). Most are much smaller.
 */
#define LARGEST (9 << 20)
#define LARGEST_TEXT "9437184"
#define HEAD_SIZE 35
#define PATTERN_SIZE 16
/* Nobody may hear nothing for so long while others write. */
#define DEAF_LIMIT_MS 20000
#define END_LIMIT_MS 30000

enum role { WRITER, READER, PIECES, POLLER, WAITER };

static const char *const role_names[] = {
	[WRITER] = "write", [READER] = "read", [PIECES] = "read in pieces",
	[POLLER] = "poll", [WAITER] = "LKP_EXAMPLE_IOC_WAIT",
};

/* What the threads of each process do. */
#define THREADS 4
static const enum role processes[][THREADS] = {
	{ WRITER, WRITER, READER, POLLER },
	{ WRITER, WRITER, PIECES, WAITER },
	{ READER, PIECES, POLLER, WAITER },
	{ READER, POLLER, WAITER, WAITER },
	{ READER, PIECES, POLLER, POLLER },
};

#define PROCESSES (sizeof(processes) / sizeof(processes[0]))
#define WORKERS (PROCESSES * THREADS)
#define WRITERS 4

struct traffic {
	struct complaint complaint;
	atomic_bool stop;
	atomic_ulong writes, largest;
	atomic_ulong steps[WORKERS];	/* what each worker has done */
};

struct worker {
	struct traffic *traffic;
	enum role role;
	unsigned int number;		/* of all workers, from 0 */
	unsigned int writer;		/* of the writers, from 1 */
	unsigned int random;
	int fd;
	char *buf;
	uint32_t seen[WRITERS + 1];	/* the last count of each writer */
};

/* Every bit of the head changes every letter of the pattern. */
static void make_pattern(char pattern[PATTERN_SIZE + 1], uint64_t size,
			 uint64_t writer, uint64_t count)
{
	uint64_t x = size << 40 ^ writer << 32 ^ count;

	x = (x ^ x >> 31) * UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ x >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
	x ^= x >> 32;
	snprintf(pattern, PATTERN_SIZE + 1, "%016" PRIx64, x);
}

/* A message without room for a head: one letter, which tells how many. */
static char short_letter(size_t size)
{
	return 'A' + size;
}

static void make_message(char *buf, size_t size, unsigned int writer,
			 uint32_t count)
{
	char head[HEAD_SIZE + PATTERN_SIZE + 1];
	size_t done = HEAD_SIZE + PATTERN_SIZE;

	if (size < sizeof(head)) {
		memset(buf, short_letter(size), size);
		return;
	}
	snprintf(head, sizeof(head), "size %8zu by %3u count %8" PRIx32,
		 size, writer, count);
	make_pattern(head + HEAD_SIZE, size, writer, count);
	memcpy(buf, head, done);
	/* Double what is there: faster than a loop over the pattern. */
	while (done < size) {
		size_t more = done - HEAD_SIZE;

		if (more > size - done)
			more = size - done;
		memcpy(buf + done, buf + HEAD_SIZE, more);
		done += more;
	}
}

/* Whether this is one whole message, and not an older one than before. */
static bool check_message(struct worker *w, const char *buf, size_t size)
{
	struct complaint *c = &w->traffic->complaint;
	char pattern[PATTERN_SIZE + 1], head[HEAD_SIZE + 1];
	const char *body = buf + HEAD_SIZE;
	unsigned int writer, count;
	size_t told;

	if (size < HEAD_SIZE + PATTERN_SIZE + 1) {
		for (size_t i = 0; i < size; i++)
			if (buf[i] != short_letter(size))
				return complain(c, "%s: a torn message of %zu bytes: '%.*s'",
						role_names[w->role], size,
						(int)size, buf);
		return size || complain(c, "%s: an empty message",
					role_names[w->role]);
	}
	memcpy(head, buf, HEAD_SIZE);
	head[HEAD_SIZE] = '\0';
	if (sscanf(head, "size %8zu by %3u count %8x", &told, &writer,
		   &count) != 3 || !writer || writer > WRITERS || told != size)
		return complain(c, "%s: %zu bytes that begin with '%s'",
				role_names[w->role], size, head);
	make_pattern(pattern, size, writer, count);
	if (memcmp(body, pattern, PATTERN_SIZE) ||
	    memcmp(body, body + PATTERN_SIZE, size - HEAD_SIZE - PATTERN_SIZE))
		return complain(c, "%s: the message '%s' is mixed with another one",
				role_names[w->role], head);
	if (count < w->seen[writer])
		return complain(c, "%s: '%s' after count %x: an older message",
				role_names[w->role], head, w->seen[writer]);
	w->seen[writer] = count;
	return true;
}

/* From a byte to 1 MiB, and rarely more than kmalloc() has. */
static size_t choose_size(unsigned int *random)
{
	unsigned int dice = stress_random(random, 400);

	if (dice < 2)
		return LARGEST - stress_random(random, 4096);
	if (dice < 8)
		return LKP_EXAMPLE_MESSAGE_MAX - stress_random(random, 2);
	if (dice < 20)
		return 1 + stress_random(random, LKP_EXAMPLE_MESSAGE_MAX);
	if (dice < 150)
		return 1 + stress_random(random, 65536);
	if (dice < 250)
		return 1 + stress_random(random, HEAD_SIZE);
	return 1 + stress_random(random, 8192);
}

static bool step_write(struct worker *w)
{
	unsigned long steps = atomic_load(&w->traffic->steps[w->number]);
	size_t size = choose_size(&w->random);
	ssize_t n;

	make_message(w->buf, size, w->writer, steps + 1);
	n = write(w->fd, w->buf, size);
	if (n < 0 || (size_t)n != size)
		return complain(&w->traffic->complaint,
				"write of %zu bytes: %zd, %s", size, n,
				n < 0 ? strerror(errno) : "cut");
	atomic_fetch_add(&w->traffic->writes, 1);
	if (size > LKP_EXAMPLE_MESSAGE_MAX)
		atomic_fetch_add(&w->traffic->largest, 1);
	if (!stress_random(&w->random, 4))
		usleep(stress_random(&w->random, 3000));
	return true;
}

/* Read from position 0 to the end; -1 after a complaint. */
static ssize_t read_all(struct worker *w, bool in_pieces)
{
	size_t size = 0;

	if (lseek(w->fd, 0, SEEK_SET)) {
		complain(&w->traffic->complaint, "lseek: %s", strerror(errno));
		return -1;
	}
	for (;;) {
		size_t most = LARGEST + 1 - size;
		ssize_t n;

		if (in_pieces)
			most = 1 + stress_random(&w->random, size < 256 ?
						 64 : 100000);
		n = read(w->fd, w->buf + size, most);
		if (n < 0 || size + n > LARGEST) {
			complain(&w->traffic->complaint,
				 "read at %zu: %zd, %s", size, n,
				 n < 0 ? strerror(errno) : "too long");
			return -1;
		}
		if (!n)
			return size;
		size += n;
	}
}

static bool step_read(struct worker *w)
{
	ssize_t size = read_all(w, false);

	return size >= 0 && check_message(w, w->buf, size);
}

/* Whatever others write meanwhile, it is one message, and its end is one. */
static bool step_pieces(struct worker *w)
{
	ssize_t size = read_all(w, true);
	char last[2];
	off_t end;

	if (size < 0 || !check_message(w, w->buf, size))
		return false;
	end = lseek(w->fd, 0, SEEK_END);
	if (end != size)
		return complain(&w->traffic->complaint,
				"lseek to the end of %zd bytes: %lld", size,
				(long long)end);
	/* Position 0 would mean the newest message. */
	if (size < 2)
		return true;
	if (lseek(w->fd, -1, SEEK_END) != size - 1 ||
	    read(w->fd, last, 2) != 1 || last[0] != w->buf[size - 1])
		return complain(&w->traffic->complaint,
				"the last byte of %zd is not what it was",
				size);
	return true;
}

/* Told of a newer message, it takes it. A signal of the end comes as one. */
static bool step_poll(struct worker *w)
{
	struct pollfd pfd = { .fd = w->fd, .events = POLLIN };
	int n = poll(&pfd, 1, -1);

	if (n != 1 || pfd.revents != POLLIN)
		return complain(&w->traffic->complaint,
				"poll: %d, events %#x", n, pfd.revents);
	return step_read(w);
}

static bool step_wait(struct worker *w)
{
	struct lkp_example_info info = { .size = sizeof(info) };
	__u64 before, after;

	if (ioctl(w->fd, LKP_EXAMPLE_IOC_GENERATION, &before))
		return complain(&w->traffic->complaint,
				"LKP_EXAMPLE_IOC_GENERATION: %s",
				strerror(errno));
	after = before;
	if (ioctl(w->fd, LKP_EXAMPLE_IOC_WAIT, &after))
		return complain(&w->traffic->complaint,
				"LKP_EXAMPLE_IOC_WAIT: %s", strerror(errno));
	if (ioctl(w->fd, LKP_EXAMPLE_IOC_INFO, &info))
		return complain(&w->traffic->complaint,
				"LKP_EXAMPLE_IOC_INFO: %s", strerror(errno));
	if (after <= before || info.generation < after)
		return complain(&w->traffic->complaint,
				"the generation goes from %llu to %llu to %llu",
				(unsigned long long)before,
				(unsigned long long)after,
				(unsigned long long)info.generation);
	return true;
}

static void *work(void *arg)
{
	static bool (*const steps[])(struct worker *w) = {
		[WRITER] = step_write, [READER] = step_read,
		[PIECES] = step_pieces, [POLLER] = step_poll,
		[WAITER] = step_wait,
	};
	struct worker *w = arg;

	w->buf = malloc(LARGEST + 1);
	w->fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	if (!w->buf || w->fd < 0) {
		complain(&w->traffic->complaint, DEVICE ": %s",
			 strerror(errno));
		return NULL;
	}
	while (!atomic_load(&w->traffic->stop) && steps[w->role](w))
		atomic_fetch_add(&w->traffic->steps[w->number], 1);
	close(w->fd);
	free(w->buf);
	return NULL;
}

/* One of the processes, which ends when all of its threads have. */
static void run_process(struct traffic *t, unsigned int process)
{
	struct worker workers[THREADS] = { 0 };
	pthread_t threads[THREADS];

	for (unsigned int i = 0; i < THREADS; i++) {
		struct worker *w = &workers[i];

		w->traffic = t;
		w->role = processes[process][i];
		w->number = process * THREADS + i;
		/* The first two threads of the first two processes. */
		w->writer = process * 2 + i + 1;
		w->random = 0x2545f491u * (w->number + 1);
		if (pthread_create(&threads[i], NULL, work, w)) {
			complain(&t->complaint, "no thread");
			_exit(1);
		}
	}
	for (unsigned int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	_exit(0);
}

static enum role role_of(unsigned int worker)
{
	return processes[worker / THREADS][worker % THREADS];
}

/* When did each worker last get on, and how much was written by then? */
struct watch {
	unsigned long steps[WORKERS], writes[WORKERS];
	long long when[WORKERS];
};

static void watch_workers(struct traffic *t, struct watch *watch)
{
	unsigned long writes = atomic_load(&t->writes);
	long long now = stress_now_ms();

	for (unsigned int i = 0; i < WORKERS; i++) {
		unsigned long steps = atomic_load(&t->steps[i]);

		if (steps != watch->steps[i] || !watch->when[i]) {
			watch->steps[i] = steps;
			watch->writes[i] = writes;
			watch->when[i] = now;
		} else if (now - watch->when[i] > DEAF_LIMIT_MS) {
			complain(&t->complaint,
				 "worker %u (%s) got nowhere for %d s, while %lu messages were written",
				 i, role_names[role_of(i)],
				 DEAF_LIMIT_MS / 1000,
				 writes - watch->writes[i]);
		}
	}
}

/* In the end it is "done: ", for those who count what was done. */
static void report_progress(struct guest *g, struct traffic *t,
			    const char *when)
{
	unsigned long sum[WAITER + 1] = { 0 };

	for (unsigned int i = 0; i < WORKERS; i++)
		sum[role_of(i)] += atomic_load(&t->steps[i]);
	ktap_diag(&g->ktap, "%s%lu written (%lu from vmalloc); read: %lu at once, %lu in pieces, %lu after poll; %lu waits",
		  when, sum[WRITER], atomic_load(&t->largest), sum[READER],
		  sum[PIECES], sum[POLLER], sum[WAITER]);
}

/*
 * Who waits for a message gets some more, until all have ended. They are of
 * one byte, so they have no count that could seem too old.
 */
static bool end_processes(struct guest *g, struct traffic *t,
			  const pid_t pids[PROCESSES])
{
	long long limit = stress_now_ms() + END_LIMIT_MS;
	size_t ended = 0, bad = 0;
	bool gone[PROCESSES] = { false };

	atomic_store(&t->stop, true);
	while (ended < PROCESSES && stress_now_ms() < limit) {
		char letter = short_letter(1);

		write_device(&letter, 1);
		usleep(10000);
		for (size_t i = 0; i < PROCESSES; i++) {
			int status;

			if (gone[i] || !waitpid(pids[i], &status, WNOHANG))
				continue;
			gone[i] = true;
			ended++;
			bad += status != 0;
		}
	}
	for (size_t i = 0; i < PROCESSES; i++)
		if (!gone[i]) {
			send_signal(pids[i], SIGKILL);
			waitpid(pids[i], NULL, 0);
		}
	if (!check_complaint(g, &t->complaint))
		return false;
	if (bad)
		return fail(g, "%zu processes crashed", bad);
	return ended == PROCESSES ||
	       fail(g, "%zu processes did not end", PROCESSES - ended);
}

/* The first worker that has done nothing yet, or WORKERS. */
static unsigned int find_idle(struct traffic *t)
{
	unsigned int i = 0;

	while (i < WORKERS && atomic_load(&t->steps[i]))
		i++;
	return i;
}

static bool check_idle(struct guest *g, struct traffic *t)
{
	unsigned int idle = find_idle(t);

	return idle == WORKERS || fail(g, "worker %u (%s) did nothing", idle,
				       role_names[role_of(idle)]);
}

/* The time is over, and all took part: on a busy machine that may be late. */
static bool is_over(struct traffic *t, long long end)
{
	long long now = stress_now_ms();

	return now >= end && (find_idle(t) == WORKERS ||
			      now >= end + DEAF_LIMIT_MS);
}

static bool run_traffic(struct guest *g, struct traffic *t)
{
	long long end = stress_now_ms() + g->stress_s * 1000LL;
	long long shown = stress_now_ms();
	struct watch watch = { 0 };
	pid_t pids[PROCESSES];

	for (unsigned int i = 0; i < PROCESSES; i++) {
		pids[i] = fork();
		if (pids[i] < 0)
			complain(&t->complaint, "fork: %s", strerror(errno));
		else if (!pids[i])
			run_process(t, i);
	}
	while (!is_over(t, end) && !atomic_load(&t->complaint.state)) {
		usleep(200000);
		watch_workers(t, &watch);
		if (stress_now_ms() - shown < 5000)
			continue;
		shown = stress_now_ms();
		report_progress(g, t, "");
	}
	report_progress(g, t, "done: ");
	return end_processes(g, t, pids) && check_idle(g, t);
}

/* The largest message is in memory from vmalloc(), and a small one is not. */
static bool check_vmalloc(struct guest *g)
{
	char *buf = malloc(LARGEST), *line = NULL;
	size_t size = 0;
	bool found = false;
	FILE *f = NULL;
	bool ok = false;

	if (!buf) {
		fail(g, "no memory");
		goto out;
	}
	make_message(buf, LARGEST, 1, 0);
	if (!expect_write(g, buf, LARGEST, 0))
		goto out;
	f = fopen("/proc/vmallocinfo", "re");
	if (!f) {
		fail(g, "/proc/vmallocinfo: %s", strerror(errno));
		goto out;
	}
	while (getline(&line, &size, f) > 0)
		if (strstr(line, "lkp_snapshot_alloc")) {
			ktap_diag(&g->ktap, "vmallocinfo: %.*s",
				  (int)strcspn(line, "\n"), line);
			found = true;
		}
	ok = found || fail(g, "the largest message is not from vmalloc()");
out:
	if (f)
		fclose(f);
	free(line);
	free(buf);
	return ok;
}

/**
 * stress_traffic() - readers and writers at once, for the time that was asked for
 * @g: the guest; lkp_example is loaded
 *
 * Return: whether no reader has seen a torn message, or an older one after a newer
 * one, and each worker took part.
 */
bool stress_traffic(struct guest *g)
{
	struct traffic *t = shared_alloc(sizeof(*t));
	bool ok;

	if (!t)
		return fail(g, "no memory");
	ok = expect_errno(g, "max_size",
			  write_file("/sys/module/lkp_example/parameters/max_size",
				     LARGEST_TEXT), 0) &&
	     check_vmalloc(g) && run_traffic(g, t);
	munmap(t, sizeof(*t));
	return ok;
}

/** check_readers_writers() - no reader sees a torn message, or an older one */
bool check_readers_writers(struct guest *g)
{
	return stress_traffic(g) &&
	       expect_file(g, "/sys/module/lkp_example/refcnt", "0");
}
