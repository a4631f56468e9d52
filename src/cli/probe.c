// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe.c - lkp-example probe: how often a kernel function is called, and how
 * long it takes
 *
 * The module lkp_example_probe does the work. This sets its probe, shows what
 * it counts, and puts back what was probed before.
 */
#include <argp.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "live.h"
#include "number.h"
#include "output.h"
#include "probe_stats.h"

#define SYMBOL_FILE "/sys/module/lkp_example_probe/parameters/symbol"
#define STATS_FILE "/sys/kernel/debug/lkp_example_probe/stats"
/* The longest name of a symbol in any kernel, with its NUL. */
#define SYMBOL_SIZE 512
#define SECONDS_MAX 86400
#define REDRAW_MS 1000
/* To the upper left corner, and nothing below. */
#define CLEAR "\033[H\033[J"

struct options {
	const char *symbol;
	unsigned long seconds;	/* 0: until Ctrl-C */
	bool count;
	bool json;
};

struct probe {
	int symbol_fd;
	int stats_fd;
	char before[SYMBOL_SIZE];
	double start;
	bool redraw;
};

enum {
	OPT_COUNT = 0x100,
	OPT_JSON,
};

static const struct argp_option argp_options[] = {
	{ "seconds", 's', "N", 0, "End after N seconds (default: Ctrl-C ends it)",
	  0 },
	{ "count", OPT_COUNT, NULL, 0, "Count the calls only: no histogram", 0 },
	{ "json", OPT_JSON, NULL, 0,
	  "Print an object in the end: symbol, seconds, hits, returns, "
	  "missed_hits, missed_returns, and histogram, an array of from_ns, "
	  "below_ns and returns", 0 },
	{ 0 }
};

/* As the module has it; "none" is how to probe nothing. */
static bool symbol_valid(const char *name)
{
	size_t len = 0;

	while (name[len] > ' ' && name[len] <= '~')
		len++;
	return len && !name[len] && len < SYMBOL_SIZE && strcmp(name, "none");
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 's':
		if (!number_parse(&o->seconds, arg, 1, SECONDS_MAX))
			argp_error(state, "--seconds takes 1 to %d, not '%s'",
				   SECONDS_MAX, arg);
		break;
	case OPT_COUNT:
		o->count = true;
		break;
	case OPT_JSON:
		o->json = true;
		break;
	case ARGP_KEY_ARG:
		if (o->symbol)
			argp_error(state, "one SYMBOL at a time, and '%s' is a second one",
				   arg);
		if (!symbol_valid(arg))
			argp_error(state, "'%s' is no name of a function", arg);
		o->symbol = arg;
		break;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "name the function to probe");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	argp_options, parse_option, "SYMBOL",
	"Count the calls of the kernel's function SYMBOL, and how long they "
	"take, by the module lkp_example_probe. On a terminal the figures are "
	"drawn anew each second; Ctrl-C or --seconds ends it with a summary. "
	"What the module has probed before is then probed again, from zero.\v"
	"Exit status: 0 done, 1 the kernel does not probe SYMBOL, 2 usage or an "
	"error.",
	NULL, NULL, NULL
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static int open_symbol(void)
{
	int fd = open(SYMBOL_FILE, O_RDWR | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	if (errno == ENOENT)
		warnx("the module lkp_example_probe is not loaded: 'modprobe lkp_example_probe' loads it");
	else if (errno == EACCES || errno == EPERM)
		warnx("probing the kernel is for root: run this by sudo");
	else
		warn(SYMBOL_FILE);
	return -1;
}

static int open_stats(void)
{
	int fd = open(STATS_FILE, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	if (errno == ENOENT)
		warnx(STATS_FILE " is not there: 'mount -t debugfs none /sys/kernel/debug' shows it");
	else if (errno == EPERM)
		warnx(STATS_FILE " is not to be read: the kernel is locked down");
	else
		warn(STATS_FILE);
	return -1;
}

/* What is probed now, and that nobody else of us changes it meanwhile. */
static int take_over(struct probe *p)
{
	ssize_t n;

	if (flock(p->symbol_fd, LOCK_EX | LOCK_NB)) {
		if (errno == EWOULDBLOCK)
			warnx("another 'lkp-example probe' is at work, and the module has one probe: end that one first");
		else
			warn(SYMBOL_FILE);
		return -1;
	}
	n = pread(p->symbol_fd, p->before, sizeof(p->before) - 1, 0);
	if (n < 0) {
		warn(SYMBOL_FILE);
		return -1;
	}
	p->before[n] = '\0';
	p->before[strcspn(p->before, "\n")] = '\0';
	return 0;
}

static int set_symbol(const struct probe *p, const char *name)
{
	size_t len = strlen(name);

	return pwrite(p->symbol_fd, name, len, 0) == (ssize_t)len ? 0 : -errno;
}

static int explain_set(const char *name, int error)
{
	switch (error) {
	case ENOENT:
		warnx("the kernel has no function %s, or it is inlined wherever it is called: /proc/kallsyms has those that can be probed",
		      name);
		return EXIT_REFUSED;
	case EINVAL:
		warnx("%s must not be probed: it is on the kernel's blacklist, /sys/kernel/debug/kprobes/blacklist, or no code",
		      name);
		return EXIT_REFUSED;
	case EOPNOTSUPP:
		warnx("this kernel cannot probe %s: it was built without CONFIG_KRETPROBES",
		      name);
		return EXIT_REFUSED;
	default:
		warnx("%s could not be probed: %s", name, strerror(error));
		return EXIT_TROUBLE;
	}
}

static int print_json(const struct options *o, const struct probe_stats *s,
		      double seconds)
{
	json_t *object = json_pack("{s:s, s:f, s:I, s:I, s:I, s:I}",
				   "symbol", s->symbol,
				   "seconds", (long)(seconds * 1000) / 1e3,
				   "hits", (json_int_t)s->hits,
				   "returns", (json_int_t)s->returns,
				   "missed_hits", (json_int_t)s->missed_hits,
				   "missed_returns",
				   (json_int_t)s->missed_returns);

	if (!o->count && json_object_set_new(object, "histogram",
					     probe_stats_json(s))) {
		json_decref(object);
		object = NULL;
	}
	return output_json(object);
}

static int print_text(const struct options *o, const struct probe_stats *s,
		      double seconds)
{
	printf("%s: %llu calls in %.1f s, and %llu missed\n", s->symbol,
	       s->hits, seconds, s->missed_hits);
	if (!o->count) {
		printf("%llu have returned, and %llu returns missed\n",
		       s->returns, s->missed_returns);
		probe_stats_draw(s);
	}
	return output_flush();
}

/* Read the counters, which are ours as long as nobody sets another symbol. */
static int read_stats(const struct options *o, const struct probe *p,
		      struct probe_stats *s)
{
	int ret = probe_stats_read(s, p->stats_fd);

	if (ret) {
		warnx(STATS_FILE ": %s", strerror(-ret));
		return EXIT_TROUBLE;
	}
	if (!strcmp(s->symbol, o->symbol))
		return 0;
	warnx("somebody else has set the probe, which is now on: %s", s->symbol);
	return EXIT_TROUBLE;
}

static int milliseconds_left(const struct options *o, const struct probe *p)
{
	double left = p->start + o->seconds - now();

	if (!o->seconds || left * 1000 > REDRAW_MS)
		return REDRAW_MS;
	return left > 0 ? left * 1000 + 1 : 0;
}

static int show(const struct options *o, const struct probe *p, int stop)
{
	struct probe_stats stats;
	enum live_event event;
	double seconds;
	bool end;
	int ret;

	do {
		event = live_wait(stop, -1, milliseconds_left(o, p));
		ret = read_stats(o, p, &stats);
		if (ret)
			return ret;
		seconds = now() - p->start;
		end = event == LIVE_STOP ||
		      (o->seconds && seconds >= o->seconds);
		if (p->redraw)
			fputs(CLEAR, stdout);
		if (end && o->json)
			ret = print_json(o, &stats, seconds);
		else if (end || p->redraw)
			ret = print_text(o, &stats, seconds);
	} while (!end && !ret);
	return ret && ret != -EPIPE ? EXIT_TROUBLE : 0;
}

/* Back to what was probed before, unless somebody else has set it by now. */
static int put_back(const struct options *o, const struct probe *p)
{
	struct probe_stats stats;
	int ret;

	if (!strcmp(p->before, o->symbol))
		return 0;
	if (!probe_stats_read(&stats, p->stats_fd) &&
	    strcmp(stats.symbol, o->symbol))
		return 0;
	ret = set_symbol(p, p->before);
	if (!ret)
		return 0;
	warnx("%s, which was probed before, could not be put back: %s",
	      p->before, strerror(-ret));
	return EXIT_TROUBLE;
}

static int probe(const struct options *o, struct probe *p, int stop)
{
	int ret, back;

	ret = set_symbol(p, o->symbol);
	if (ret)
		return explain_set(o->symbol, -ret);
	p->start = now();
	p->redraw = isatty(STDOUT_FILENO) && !o->json;
	ret = show(o, p, stop);
	back = put_back(o, p);
	return ret ? ret : back;
}

/**
 * command_probe() - lkp-example probe
 * @argc: number of arguments, the subcommand's name included
 * @argv: the arguments
 *
 * Return: the exit status.
 */
int command_probe(int argc, char **argv)
{
	struct options o = { 0 };
	struct probe p;
	int stop, ret = EXIT_TROUBLE;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	p.symbol_fd = open_symbol();
	if (p.symbol_fd < 0)
		return EXIT_TROUBLE;
	if (take_over(&p))
		goto close_symbol;
	/* While this is open, the module cannot be unloaded. */
	p.stats_fd = open_stats();
	if (p.stats_fd < 0)
		goto close_symbol;
	/* From here on, nothing ends us before the symbol is put back. */
	stop = live_start();
	if (stop < 0)
		goto close_stats;
	ret = probe(&o, &p, stop);
	close(stop);
close_stats:
	close(p.stats_fd);
close_symbol:
	close(p.symbol_fd);
	return ret;
}
