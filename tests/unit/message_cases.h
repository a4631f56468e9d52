/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the message object must do: calls of it, and what they must come to.
 *
 * One table for both of its worlds.  message_test.c runs it in a program, under
 * the sanitizers of a compiler; tests/sanitizer/kunit/message_kunit.c runs it in
 * a kernel, on one that looks for faults of memory.  Each of them includes this
 * file and is its own struct message_world.
 *
 * A case is a list of calls on one message, with some places for snapshots.
 * Each call says how many allocations it has.  Before it is made in earnest,
 * each of these fails once: then the call must fail and change nothing.  It must
 * also not come to one more than it says.
 */
#ifndef _LKP_MESSAGE_CASES_H
#define _LKP_MESSAGE_CASES_H

#include "message.h"

#define MESSAGE_SLOTS	3
/* A text so long is from vmalloc() in the kernel, which allocates as it likes. */
#define MESSAGE_LONG	(1 << 20)
#define MESSAGE_UNCOUNTED	(-1)

enum message_call {
	MESSAGE_END,
	MESSAGE_CREATE,		/* of text */
	MESSAGE_UPDATE,		/* to text */
	MESSAGE_UPDATE_OWN,	/* to what it has from byte size on */
	MESSAGE_HOLDS,		/* text, as its generation */
	MESSAGE_DESTROY,
	MESSAGE_DESTROY_NULL,
	MESSAGE_TAKE,		/* its newest snapshot, to a slot */
	MESSAGE_EXCHANGE,	/* the slot's snapshot for its own */
	SNAPSHOT_CREATE,	/* of text, in a slot */
	SNAPSHOT_REFUSED,	/* a size of which there can be none */
	SNAPSHOT_GET,		/* another reference */
	SNAPSHOT_HOLDS,		/* text, as its generation, and whether newest */
	SNAPSHOT_PUT,		/* one of several references */
	SNAPSHOT_DROP,		/* the last reference of the slot */
	SNAPSHOT_PUT_NULL,
};

/**
 * struct message_step - one call
 * @call: which
 * @slot: for a snapshot
 * @text: what is given, or must be there; NULL if there is none
 * @size: its length, or what the call takes for a size
 * @generation: which text of its message it must be; 0 for none
 * @newest: whether it must be that of the message
 * @allocations: how many the call has
 */
struct message_step {
	enum message_call call;
	unsigned int slot;
	const char *text;
	size_t size;
	unsigned int generation;
	bool newest;
	int allocations;
};

/* As many letters as the size says. */
static const char message_letters[] = "x";

/* What a case is told in: a text has no NUL but those that are inside of it. */
#define TEXT(t)		.text = (t), .size = sizeof(t) - 1
#define LETTERS(s)	.text = message_letters, .size = (s)
#define CALL(c, ...)	{ .call = (c), __VA_ARGS__ }
#define CREATE(t)	CALL(MESSAGE_CREATE, TEXT(t), .allocations = 2)
#define UPDATE(t)	CALL(MESSAGE_UPDATE, TEXT(t), .allocations = 1)
#define UPDATE_OWN(s)	CALL(MESSAGE_UPDATE_OWN, .size = (s), .allocations = 1)
#define HOLDS(t, g)	CALL(MESSAGE_HOLDS, TEXT(t), .generation = (g))
#define DESTROY		CALL(MESSAGE_DESTROY, .slot = 0)
#define TAKE(n)		CALL(MESSAGE_TAKE, .slot = (n))
#define EXCHANGE(n)	CALL(MESSAGE_EXCHANGE, .slot = (n))
#define SNAPSHOT(n, t)	CALL(SNAPSHOT_CREATE, .slot = (n), TEXT(t), .allocations = 1)
#define REFUSED(s)	CALL(SNAPSHOT_REFUSED, .size = (s))
#define GET(n)		CALL(SNAPSHOT_GET, .slot = (n))
#define OLD(n, t, g)	SEES(n, t, g, false)
#define NEWEST(n, t, g)	SEES(n, t, g, true)
#define SEES(n, t, g, is_newest) \
	CALL(SNAPSHOT_HOLDS, .slot = (n), TEXT(t), .generation = (g), \
	     .newest = (is_newest))
#define PUT(n)		CALL(SNAPSHOT_PUT, .slot = (n))
#define DROP(n)		CALL(SNAPSHOT_DROP, .slot = (n))

/**
 * struct message_case - a story of a message
 * @name: what it shows
 * @steps: its calls, in order, to the first MESSAGE_END
 */
struct message_case {
	const char *name;
	struct message_step steps[14];
};

static const struct message_case message_cases[] = {
	{ "create holds the text", {
		CREATE("hello"), HOLDS("hello", 1), DESTROY } },
	{ "the empty text is a text", {
		CREATE(""), HOLDS("", 1), UPDATE("goodbye"),
		HOLDS("goodbye", 2), UPDATE(""), HOLDS("", 3), DESTROY } },
	{ "update replaces the text", {
		CREATE("hello"), UPDATE("goodbye"), HOLDS("goodbye", 2),
		UPDATE("hi"), HOLDS("hi", 3), DESTROY } },
	{ "the same text again is a new one", {
		CREATE("hello"), UPDATE("hello"), HOLDS("hello", 2),
		UPDATE("hello"), HOLDS("hello", 3), DESTROY } },
	{ "update takes the message's own text", {
		CREATE("hello"), UPDATE_OWN(0), HOLDS("hello", 2),
		UPDATE_OWN(1), HOLDS("ello", 3), DESTROY } },
	{ "a long text", {
		CALL(MESSAGE_CREATE, LETTERS(MESSAGE_LONG),
		     .allocations = MESSAGE_UNCOUNTED),
		CALL(MESSAGE_HOLDS, LETTERS(MESSAGE_LONG), .generation = 1),
		CALL(MESSAGE_UPDATE, LETTERS(MESSAGE_LONG - 1),
		     .allocations = MESSAGE_UNCOUNTED),
		CALL(MESSAGE_HOLDS, LETTERS(MESSAGE_LONG - 1), .generation = 2),
		DESTROY } },
	{ "destroy leaves NULL alone", {
		CALL(MESSAGE_DESTROY_NULL, .slot = 0) } },
	{ "a snapshot outlives its message", {
		CREATE("hello"), TAKE(0), NEWEST(0, "hello", 1),
		UPDATE("goodbye"), OLD(0, "hello", 1), TAKE(1),
		NEWEST(1, "goodbye", 2), DESTROY, OLD(0, "hello", 1), DROP(0),
		OLD(1, "goodbye", 2), DROP(1) } },
	{ "each reference counts", {
		CREATE("hello"), TAKE(0), GET(0), GET(0), DESTROY, PUT(0),
		OLD(0, "hello", 1), PUT(0), OLD(0, "hello", 1), DROP(0) } },
	{ "exchange hands the old text over", {
		CREATE("hello"), SNAPSHOT(0, "goodbye"), EXCHANGE(0),
		OLD(0, "hello", 1), DROP(0), HOLDS("goodbye", 2), DESTROY } },
	{ "exchange takes the reference that it is given", {
		CREATE("hello"), SNAPSHOT(0, "goodbye"), GET(0), EXCHANGE(0),
		DROP(0), TAKE(1), NEWEST(1, "goodbye", 2), PUT(1), DESTROY,
		OLD(1, "goodbye", 2), DROP(1) } },
	{ "a snapshot has as many bytes as it was given", {
		SNAPSHOT(0, "a\0b"), OLD(0, "a\0b", 0), DROP(0) } },
	{ "a size that cannot be is refused", {
		REFUSED(SIZE_MAX),
		REFUSED(SIZE_MAX - sizeof(struct lkp_snapshot)) } },
	{ "put leaves NULL alone", {
		CALL(SNAPSHOT_PUT_NULL, .slot = 0) } },
};

/**
 * struct message_world - where the table is run
 * @fail_at: let the n-th allocation from now on fail
 * @failed: let none fail any more; whether one has
 */
struct message_world {
	void (*fail_at)(unsigned int n);
	bool (*failed)(void);
};

/* What a case has made; and the text of the step, which is gone after it. */
struct message_state {
	struct lkp_message *msg;
	struct lkp_snapshot *slots[MESSAGE_SLOTS];
	char *text;
};

/* The call itself: 0, or -ENOMEM. */
static int message_call(struct message_state *s, const struct message_step *step)
{
	struct lkp_snapshot **slot = &s->slots[step->slot];
	struct lkp_snapshot *snapshot;
	struct lkp_message *msg;

	switch (step->call) {
	case MESSAGE_CREATE:
		msg = lkp_message_create(s->text);
		if (!msg)
			return -ENOMEM;
		s->msg = msg;
		return 0;
	case MESSAGE_UPDATE:
		return lkp_message_update(s->msg, s->text);
	case MESSAGE_UPDATE_OWN:
		return lkp_message_update(s->msg, lkp_message_get(s->msg) +
					  step->size);
	case MESSAGE_DESTROY:
		lkp_message_destroy(s->msg);
		s->msg = NULL;
		return 0;
	case MESSAGE_DESTROY_NULL:
		lkp_message_destroy(NULL);
		return 0;
	case MESSAGE_TAKE:
		*slot = lkp_snapshot_get(s->msg->newest);
		return 0;
	case MESSAGE_EXCHANGE:
		*slot = lkp_message_exchange(s->msg, *slot);
		return 0;
	case SNAPSHOT_CREATE:
		snapshot = lkp_snapshot_create(s->text, step->size, GFP_KERNEL);
		if (!snapshot)
			return -ENOMEM;
		*slot = snapshot;
		return 0;
	case SNAPSHOT_REFUSED:
		*slot = lkp_snapshot_alloc(step->size, GFP_KERNEL);
		return 0;
	case SNAPSHOT_GET:
		lkp_snapshot_get(*slot);
		return 0;
	case SNAPSHOT_PUT:
		lkp_snapshot_put(*slot);
		return 0;
	case SNAPSHOT_DROP:
		lkp_snapshot_put(*slot);
		*slot = NULL;
		return 0;
	case SNAPSHOT_PUT_NULL:
		lkp_snapshot_put(NULL);
		return 0;
	default:
		return 0;
	}
}

/* Is this snapshot what the step says? */
static const char *message_compare(const struct lkp_snapshot *snapshot,
				   const struct message_state *s,
				   const struct message_step *step)
{
	if (snapshot->size != step->size)
		return "the size is another one";
	/* With the NUL behind it. */
	if (memcmp(snapshot->text, s->text, step->size + 1))
		return "the text is another one";
	if (snapshot->generation != step->generation)
		return "the generation is another one";
	return NULL;
}

/* What there is to see after the call; NULL if it is as the step says. */
static const char *message_look(const struct message_state *s,
				const struct message_step *step)
{
	const struct lkp_snapshot *snapshot = s->slots[step->slot];

	switch (step->call) {
	case MESSAGE_HOLDS:
		if (lkp_message_get(s->msg) != s->msg->newest->text)
			return "get returns another text";
		if (lkp_message_is_newest(s->msg, NULL))
			return "NULL is the newest text";
		return message_compare(s->msg->newest, s, step);
	case SNAPSHOT_HOLDS:
		if (s->msg &&
		    lkp_message_is_newest(s->msg, snapshot) != step->newest)
			return "it is the newest, or is not, against the table";
		return message_compare(snapshot, s, step);
	case SNAPSHOT_REFUSED:
		return snapshot ? "a size that cannot be is not refused" : NULL;
	default:
		return NULL;
	}
}

/* What the message has: a call that fails must leave it. */
static bool message_is_kept(const struct message_state *s,
			    const struct lkp_snapshot *newest, u64 generation)
{
	return !s->msg || (s->msg->newest == newest &&
			   newest->generation == generation);
}

static const char *message_fail(struct message_state *s,
				const struct message_step *step,
				const struct message_world *world)
{
	const struct lkp_snapshot *newest = s->msg ? s->msg->newest : NULL;
	u64 generation = newest ? newest->generation : 0;
	int n;

	for (n = 1; n <= step->allocations; n++) {
		int ret;

		world->fail_at(n);
		ret = message_call(s, step);
		if (!world->failed())
			return "there is an allocation less than it says";
		if (ret != -ENOMEM)
			return "an allocation fails, and it does not say so";
		if (!message_is_kept(s, newest, generation))
			return "it has failed, and has changed the message";
	}

	return NULL;
}

static const char *message_step(struct message_state *s,
				const struct message_step *step,
				const struct message_world *world)
{
	const char *wrong;
	int ret;

	wrong = message_fail(s, step, world);
	if (wrong)
		return wrong;

	world->fail_at(step->allocations + 1);
	ret = message_call(s, step);
	if (world->failed())
		return "there is an allocation more than it says";
	if (ret)
		return "it fails";

	return message_look(s, step);
}

/* The text of a step, in memory of its own, so that one byte too many shows. */
static char *message_copy(const struct message_step *step)
{
	char *copy = kvmalloc(step->size + 1, GFP_KERNEL);

	if (!copy)
		return NULL;
	if (step->text == message_letters)
		memset(copy, message_letters[0], step->size);
	else
		memcpy(copy, step->text, step->size);
	copy[step->size] = '\0';

	return copy;
}

/**
 * message_case_run - run a case
 * @c: the case
 * @world: where
 * @number: set to the step that was run last, from 1 on
 *
 * Return: NULL, or what is wrong with that step.
 */
static const char *message_case_run(const struct message_case *c,
				    const struct message_world *world,
				    unsigned int *number)
{
	const struct message_step *step;
	struct message_state s = { .msg = NULL };
	const char *wrong = NULL;
	unsigned int i;

	for (step = c->steps; !wrong && step->call; step++) {
		*number = step - c->steps + 1;
		s.text = step->text ? message_copy(step) : NULL;
		if (step->text && !s.text)
			wrong = "there is no memory for the table";
		else
			wrong = message_step(&s, step, world);
		/* Whoever has kept the original instead of a copy shows it. */
		kvfree(s.text);
	}

	/* Of a case that ends well there is nothing left. */
	lkp_message_destroy(s.msg);
	for (i = 0; i < MESSAGE_SLOTS; i++)
		lkp_snapshot_put(s.slots[i]);

	return wrong;
}

#endif /* _LKP_MESSAGE_CASES_H */
