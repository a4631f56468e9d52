// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz.c - the group fuzz: calls that nobody has thought of
 *
 * Sequences of calls (fuzz_calls.c) are made by chance. For each place in the modules
 * (fuzz_trace.c) the sequence is kept that comes there at the least cost, and most of
 * the others are one that was kept, changed a little: so what takes several right
 * calls, one after the other, is found step by step. It is that of the place for which
 * the least was spent. Most places are on the way to others; so the time goes to where
 * ways end, first to what has just been found, and more to what takes more calls.
 * After each sequence the kernel's log is read: a report of the debug kernel ends it,
 * and says which calls these were.
 *
 * It goes on until no place was new for some time. What is not as usual is in
 * /var/lib/lkp-fuzz, where tests/fuzz/guest.sh puts it:
 *
 *	settings	"seed NUMBER", to have the same again; "flat SECONDS", the
 *			time without a new place; "calls NUMBER", the most calls
 *	corpus		sequences to begin with, a line each
 *
 * What was kept is put into the report, a line each: "# corpus: SEQUENCE".
 *
 * "unguided" is the same, but keeps nothing: what guidance is worth.
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"
#include "items.h"
#include "sanitizer.h"
#include "stress.h"
#include "tools.h"

#define SETTINGS "/var/lib/lkp-fuzz/settings"
#define CORPUS "/var/lib/lkp-fuzz/corpus"
#define FLAT_S 10
/* Without a way to see what is new, nothing is ever flat. */
#define UNGUIDED_CALLS 10000
#define SAID_EACH_MS 5000
/* A call that does not return. */
#define HANGS_MS 60000
/* syslog(2) type: which messages the console shows */
#define SYSLOG_ACTION_CONSOLE_LEVEL 8

struct settings {
	unsigned int seed;
	unsigned long flat_s, calls;
};

/* The cheapest sequence that comes to a place. */
struct way {
	struct fuzz_sequence sequence;
	unsigned int cost;	/* 0: nothing has come there */
	unsigned long spent;	/* see spend() */
	unsigned long last;	/* the number of the sequence it was for, from 1 on */
};

/* What the process that makes the calls shares with the one that watches it. */
struct fuzz {
	struct settings settings;
	bool guided;
	unsigned int random;
	atomic_ulong calls;
	unsigned long sequences;
	atomic_bool found;
	const char *end;
	struct fuzz_sequence now;
	struct fuzz_seen seen;
	struct way ways[FUZZ_PLACES];
};

static void read_settings(struct settings *s)
{
	FILE *f = fopen(SETTINGS, "re");
	char name[16];
	unsigned long value;

	s->seed = time(NULL) ^ getpid() << 16;
	s->flat_s = FLAT_S;
	while (f && fscanf(f, "%15s %lu", name, &value) == 2) {
		if (!strcmp(name, "seed"))
			s->seed = value;
		else if (!strcmp(name, "flat"))
			s->flat_s = value;
		else if (!strcmp(name, "calls"))
			s->calls = value;
	}
	if (f)
		fclose(f);
	/* The generator stays at 0. */
	s->seed += !s->seed;
}

static unsigned int below(struct fuzz *f, unsigned int end)
{
	return stress_random(&f->random, end);
}

static void random_sequence(struct fuzz *f, struct fuzz_sequence *s)
{
	s->count = 1 + below(f, FUZZ_CALLS);
	for (unsigned int i = 0; i < s->count; i++)
		fuzz_call_random(&s->calls[i], &f->random);
}

static unsigned int cost_of(const struct fuzz_sequence *s)
{
	unsigned int cost = 0;

	for (unsigned int i = 0; i < s->count; i++)
		cost += fuzz_call_cost(&s->calls[i]);
	return cost;
}

/* To the place where the least was spent; NULL: there is none. */
static struct way *pick(struct fuzz *f)
{
	struct way *least = NULL;

	for (unsigned int i = 0; i < FUZZ_PLACES; i++)
		if (f->ways[i].cost && (!least || f->ways[i].spent < least->spent))
			least = &f->ways[i];
	return least;
}

/* To any place: there is one. */
static const struct fuzz_sequence *pick_other(struct fuzz *f)
{
	unsigned int at;

	do
		at = below(f, FUZZ_PLACES);
	while (!f->ways[at].cost);
	return &f->ways[at].sequence;
}

/* Mostly behind all others, and of the same file as the one before it. */
static void insert_call(struct fuzz *f, struct fuzz_sequence *s)
{
	unsigned int at = below(f, 4) ? s->count : below(f, s->count + 1);

	if (s->count == FUZZ_CALLS)
		s->count--;
	if (at > s->count)
		at = s->count;
	memmove(&s->calls[at + 1], &s->calls[at],
		(s->count - at) * sizeof(s->calls[0]));
	fuzz_call_random(&s->calls[at], &f->random);
	if (at && below(f, 4))
		s->calls[at].arguments[0] = s->calls[at - 1].arguments[0];
	s->count++;
}

static void remove_call(struct fuzz *f, struct fuzz_sequence *s)
{
	unsigned int at = below(f, s->count);

	if (s->count == 1)
		return;
	s->count--;
	memmove(&s->calls[at], &s->calls[at + 1],
		(s->count - at) * sizeof(s->calls[0]));
}

/* From some place on, that of another one. */
static void splice(struct fuzz *f, struct fuzz_sequence *s)
{
	const struct fuzz_sequence *other = pick_other(f);

	for (unsigned int i = below(f, other->count);
	     i < other->count && s->count < FUZZ_CALLS; i++)
		s->calls[s->count++] = other->calls[i];
}

static void change(struct fuzz *f, struct fuzz_sequence *s)
{
	switch (below(f, 8)) {
	case 0:
	case 1:
	case 2:
	case 3:
		insert_call(f, s);
		break;
	case 4:
		remove_call(f, s);
		break;
	case 5:
		splice(f, s);
		break;
	default:
		fuzz_call_change(&s->calls[below(f, s->count)], &f->random);
	}
}

/*
 * What f->now costs, which was made of this one, or comes to the same place; once for
 * each. The more calls it takes to come there, the less it counts: behind a single call
 * a sequence by chance comes as well.
 */
static void spend(struct fuzz *f, struct way *way)
{
	if (way->last == f->sequences + 1)
		return;
	way->last = f->sequences + 1;
	way->spent += FUZZ_CALLS * cost_of(&f->now) / way->sequence.count;
}

/* What f->now is next. */
static void next_sequence(struct fuzz *f)
{
	struct way *way = f->guided ? pick(f) : NULL;

	if (!way || !below(f, 20)) {
		random_sequence(f, &f->now);
		return;
	}
	f->now = way->sequence;
	for (unsigned int i = below(f, 3) + 1; i; i--)
		change(f, &f->now);
	spend(f, way);
}

/* Whether the kernel has reported anything; what it says else is forgotten. */
static bool log_has_report(struct kmsg *log)
{
	bool found = false;

	kmsg_update(log);
	for (const char *line = kmsg_since_mark(log); *line;) {
		found = found || sanitizer_is_report(line);
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	log->size = log->mark;
	log->text[log->size] = '\0';
	return found;
}

/* Keep f->now up to a call, where nothing has come before, or nothing as cheap. */
static void keep(struct fuzz *f, unsigned int count, const struct fuzz_places *places)
{
	struct fuzz_sequence sequence = f->now;
	unsigned int cost;

	sequence.count = count;
	cost = cost_of(&sequence);
	for (unsigned int i = 0; i < places->count; i++) {
		struct way *way = &f->ways[places->places[i]];

		if (!way->cost || way->cost > cost) {
			way->sequence = sequence;
			way->cost = cost;
		}
		spend(f, way);
	}
}

/* Make the calls of f->now. */
static void run_sequence(struct fuzz *f)
{
	static struct fuzz_places places;

	for (unsigned int i = 0; i < f->now.count; i++) {
		const struct fuzz_call *call = &f->now.calls[i];

		fuzz_trace_clear();
		fuzz_call_make(call);
		atomic_fetch_add(&f->calls, 1);
		fuzz_trace_take(&f->seen, call->kind, fuzz_call_moves(call),
				&places);
		keep(f, i + 1, &places);
	}
	if (fuzz_put_back())
		fuzz_trace_find_modules();
	f->sequences++;
}

static bool run_and_look(struct fuzz *f, struct kmsg *log, long long *flat)
{
	const unsigned int count = f->seen.count;

	run_sequence(f);
	if (f->seen.count != count)
		*flat = stress_now_ms();
	if (log_has_report(log))
		atomic_store(&f->found, true);
	return !atomic_load(&f->found);
}

/* What an earlier run has kept. */
static bool run_old(struct fuzz *f, struct kmsg *log, long long *flat)
{
	FILE *file = fopen(CORPUS, "re");
	char line[FUZZ_TEXT];
	bool ok = true;

	while (ok && file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (fuzz_parse(&f->now, line))
			ok = run_and_look(f, log, flat);
	}
	if (file)
		fclose(file);
	return ok;
}

static bool goes_on(struct fuzz *f, long long flat)
{
	if (f->settings.calls && f->calls >= f->settings.calls)
		f->end = "as many calls as it was told to make";
	else if (f->guided &&
		 stress_now_ms() - flat > (long long)f->settings.flat_s * 1000)
		f->end = "no new place for long enough";
	else
		return true;
	return false;
}

/* In a process of its own, which an oops may end. */
static void work(struct guest *g, struct fuzz *f)
{
	long long flat = stress_now_ms();
	struct kmsg log = { 0 };

	f->random = f->settings.seed;
	if (kmsg_open(&log) || !fuzz_calls_begin(g) || !fuzz_trace_begin(g))
		_exit(1);
	if (f->guided && !run_old(f, &log, &flat))
		_exit(0);
	do {
		next_sequence(f);
	} while (run_and_look(f, &log, &flat) && goes_on(f, flat));
	_exit(0);
}

static void say(struct guest *g, const struct fuzz *f)
{
	ktap_diag(&g->ktap, "fuzz: %lu calls in %lu sequences, %u places",
		  atomic_load(&f->calls), f->sequences, f->seen.count);
}

/* Wait for its end; whether it has come by itself. */
static bool watch(struct guest *g, struct fuzz *f, pid_t pid)
{
	long long said = stress_now_ms(), moved = said;
	unsigned long calls = 0;
	int status;

	while (!waitpid(pid, &status, WNOHANG)) {
		usleep(100000);
		if (atomic_load(&f->calls) != calls)
			moved = stress_now_ms();
		calls = atomic_load(&f->calls);
		if (stress_now_ms() - moved > HANGS_MS) {
			send_signal(pid, SIGKILL);
			return fail(g, "a call does not return");
		}
		if (stress_now_ms() - said < SAID_EACH_MS)
			continue;
		said = stress_now_ms();
		say(g, f);
	}
	if (WIFSIGNALED(status))
		atomic_store(&f->found, true);
	return !status || fail(g, "the process that makes the calls ended: %s",
			       WIFSIGNALED(status) ?
			       strsignal(WTERMSIG(status)) : "see above");
}

/* Most come to more than one place. */
static bool is_printed(const struct fuzz *f, unsigned int at)
{
	for (unsigned int i = 0; i < at; i++)
		if (f->ways[i].cost == f->ways[at].cost &&
		    !memcmp(&f->ways[i].sequence, &f->ways[at].sequence,
			    sizeof(f->ways[i].sequence)))
			return true;
	return false;
}

static void print_corpus(struct guest *g, const struct fuzz *f)
{
	char text[FUZZ_TEXT];

	for (unsigned int i = 0; i < FUZZ_PLACES; i++) {
		if (!f->ways[i].cost || is_printed(f, i))
			continue;
		fuzz_print(text, &f->ways[i].sequence);
		ktap_diag(&g->ktap, "corpus: %s", text);
	}
}

static bool judge(struct guest *g, struct fuzz *f, bool ended)
{
	char text[FUZZ_TEXT];

	say(g, f);
	if (atomic_load(&f->found) || !ended) {
		fuzz_print(text, &f->now);
		ktap_diag(&g->ktap, "found with: %s", text);
		fuzz_describe(g, &f->now);
		return sanitizer_quiet(g) && fail(g, "see above");
	}
	ktap_diag(&g->ktap, "fuzz: the end: %s", f->end);
	if (f->guided)
		print_corpus(g, f);
	return (f->seen.count ||
		fail(g, "nothing is traced: no module has KCOV_INSTRUMENT=y")) &&
	       sanitizer_quiet(g) && sanitizer_no_leak(g, "after all calls");
}

static bool run_fuzz(struct guest *g, bool guided)
{
	struct fuzz *f = shared_alloc(sizeof(*f));
	bool ok;
	pid_t pid;

	if (!f)
		return fail(g, "no memory");
	f->guided = guided;
	read_settings(&f->settings);
	if (!guided && !f->settings.calls)
		f->settings.calls = UNGUIDED_CALLS;
	ktap_diag(&g->ktap, "fuzz: seed %u, until no place is new for %lu s",
		  f->settings.seed, f->settings.flat_s);
	ok = sanitizer_begin(g, false);
	/* What calls make the modules say takes longer than to make them. */
	klogctl(SYSLOG_ACTION_CONSOLE_LEVEL, NULL, 1);
	pid = ok ? fork() : -1;
	if (!pid)
		work(g, f);
	ok = pid > 0 && watch(g, f, pid);
	klogctl(SYSLOG_ACTION_CONSOLE_LEVEL, NULL, 8);
	ok = pid > 0 && judge(g, f, ok) && ok;
	munmap(f, sizeof(*f));
	return ok;
}

static bool check_guided(struct guest *g)
{
	return run_fuzz(g, true);
}

static bool check_unguided(struct guest *g)
{
	return run_fuzz(g, false);
}

static const struct item items[] = {
	{ 0, "guided", "lkp_example", check_guided, VM_ONLY },
	{ 0, "unguided", "lkp_example", check_unguided, VM_ONLY },
};

const struct item_list checks_fuzz = ITEM_LIST(items);
