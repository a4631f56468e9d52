// SPDX-License-Identifier: GPL-2.0-only
/*
 * stress_wakeups.c - who waits for a message is woken by each
 *
 * While many write, a wake-up that is lost is made good by the next one. So
 * here the next message is written when all who wait have told that they have
 * seen the last one, and not before: whoever is not woken is found out. They
 * are then about to go to sleep again, some not yet, some already.
 */
#include "stress.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools.h"
#include "uapi/lkp_example.h"

#define WAKE_LIMIT_MS 10000

struct sleeper;

/* A way to wait. Each returns the message that it was woken for, or 0. */
static unsigned long wait_poll(struct sleeper *s);
static unsigned long wait_epoll(struct sleeper *s);
static unsigned long wait_ioctl(struct sleeper *s);

static const struct {
	const char *name;
	unsigned long (*wait)(struct sleeper *s);
} ways[] = {
	{ "poll", wait_poll },
	{ "poll", wait_poll },
	{ "epoll, edge-triggered", wait_epoll },
	{ "LKP_EXAMPLE_IOC_WAIT", wait_ioctl },
	{ "LKP_EXAMPLE_IOC_WAIT", wait_ioctl },
};

#define WAYS (sizeof(ways) / sizeof(ways[0]))

struct wakeups {
	struct complaint complaint;
	__u64 generation;		/* of message 0 */
	atomic_ulong seen[WAYS];	/* the last message that each has seen */
	atomic_uint ready;
};

struct sleeper {
	struct wakeups *shared;
	unsigned int way;
	int fd, epoll_fd;
	__u64 generation;
};

/* The message is the decimal number that it has. */
static unsigned long read_number(struct sleeper *s)
{
	char text[32] = "";
	ssize_t n;

	lseek(s->fd, 0, SEEK_SET);
	n = read(s->fd, text, sizeof(text) - 1);
	if (n <= 0) {
		complain(&s->shared->complaint, "%s: read: %s",
			 ways[s->way].name, strerror(errno));
		return 0;
	}
	return strtoul(text, NULL, 10);
}

static unsigned long wait_poll(struct sleeper *s)
{
	struct pollfd pfd = { .fd = s->fd, .events = POLLIN };

	if (poll(&pfd, 1, -1) == 1 && pfd.revents == POLLIN)
		return read_number(s);
	complain(&s->shared->complaint, "poll: events %#x", pfd.revents);
	return 0;
}

static unsigned long wait_epoll(struct sleeper *s)
{
	struct epoll_event event = { 0 };

	if (epoll_wait(s->epoll_fd, &event, 1, -1) == 1 &&
	    event.events == EPOLLIN)
		return read_number(s);
	complain(&s->shared->complaint, "epoll_wait: events %#x",
		 event.events);
	return 0;
}

static unsigned long wait_ioctl(struct sleeper *s)
{
	if (!ioctl(s->fd, LKP_EXAMPLE_IOC_WAIT, &s->generation))
		return s->generation - s->shared->generation;
	complain(&s->shared->complaint, "LKP_EXAMPLE_IOC_WAIT: %s",
		 strerror(errno));
	return 0;
}

static void sleeper_run(struct wakeups *shared, unsigned int way)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	struct sleeper s = { .shared = shared, .way = way,
			     .generation = shared->generation };

	s.fd = open(DEVICE, O_RDONLY | O_CLOEXEC);
	s.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (s.fd < 0 || s.epoll_fd < 0) {
		complain(&shared->complaint, DEVICE ": %s", strerror(errno));
		_exit(1);
	}
	read_number(&s);
	epoll_ctl(s.epoll_fd, EPOLL_CTL_ADD, s.fd, &event);
	atomic_fetch_add(&shared->ready, 1);
	while (!atomic_load(&shared->complaint.state)) {
		unsigned long now = ways[way].wait(&s);
		unsigned long seen = atomic_load(&shared->seen[way]);

		if (now != seen + 1) {
			complain(&shared->complaint,
				 "%s: woken for message %lu after message %lu",
				 ways[way].name, now, seen);
			break;
		}
		atomic_store(&shared->seen[way], now);
	}
	_exit(0);
}

static bool all_have_seen(struct wakeups *shared, unsigned long message)
{
	long long limit = stress_now_ms() + WAKE_LIMIT_MS;

	for (size_t way = 0; way < WAYS; ) {
		if (atomic_load(&shared->seen[way]) == message) {
			way++;
			continue;
		}
		if (atomic_load(&shared->complaint.state))
			return false;
		if (stress_now_ms() > limit)
			return complain(&shared->complaint,
					"%s (%zu) is not woken by message %lu",
					ways[way].name, way, message);
		sched_yield();
	}
	return true;
}

static bool write_number(struct wakeups *shared, int fd, unsigned long number)
{
	char text[32];
	int len = snprintf(text, sizeof(text), "%lu", number);

	return write(fd, text, len) == len ||
	       complain(&shared->complaint, "write: %s", strerror(errno));
}

static bool wake_all(struct guest *g, struct wakeups *shared, int fd)
{
	long long end = stress_now_ms() + g->stress_s * 1000LL;
	long long shown = stress_now_ms();
	unsigned int random = 0x9e3779b9u;
	__u64 generation = 0;
	unsigned long n = 0;

	/* All of them have opened the device and know message 0. */
	while (atomic_load(&shared->ready) < WAYS && stress_now_ms() < end &&
	       !atomic_load(&shared->complaint.state))
		usleep(1000);
	while (stress_now_ms() < end) {
		if (!write_number(shared, fd, ++n) || !all_have_seen(shared, n))
			return false;
		/* Some of them sleep by then, and some do not. */
		for (unsigned int i = stress_random(&random, 4); i; i--)
			sched_yield();
		if (stress_now_ms() - shown < 5000)
			continue;
		shown = stress_now_ms();
		ktap_diag(&g->ktap, "%lu messages seen by all", n);
	}
	ktap_diag(&g->ktap, "done: %lu messages seen by all %zu", n,
		  WAYS);
	ioctl(fd, LKP_EXAMPLE_IOC_GENERATION, &generation);
	return n > 10 && generation == shared->generation + n ? true :
	       complain(&shared->complaint,
			"the generation went from %llu to %llu for %lu messages",
			(unsigned long long)shared->generation,
			(unsigned long long)generation, n);
}

static void run_wakeups(struct guest *g, struct wakeups *shared, int fd)
{
	pid_t pids[WAYS];

	for (unsigned int i = 0; i < WAYS; i++) {
		pids[i] = fork();
		if (!pids[i])
			sleeper_run(shared, i);
	}
	wake_all(g, shared, fd);
	/* They wait for ever, and SIGKILL must end that. */
	for (unsigned int i = 0; i < WAYS; i++)
		if (pids[i] > 0) {
			send_signal(pids[i], SIGKILL);
			waitpid(pids[i], NULL, 0);
		}
}

/** check_wakeups() - no message without its wake-up, for all who wait */
bool check_wakeups(struct guest *g)
{
	struct wakeups *shared = shared_alloc(sizeof(*shared));
	int fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	bool ok;

	if (!shared || fd < 0)
		return fail(g, DEVICE ": %s", strerror(errno));
	if (write_number(shared, fd, 0) &&
	    !ioctl(fd, LKP_EXAMPLE_IOC_GENERATION, &shared->generation))
		run_wakeups(g, shared, fd);
	close(fd);
	ok = check_complaint(g, &shared->complaint);
	munmap(shared, sizeof(*shared));
	return ok;
}
