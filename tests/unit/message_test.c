// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the message object in user space.  Prints TAP; the exit status is
 * 0 when every test passed and 1 otherwise.  Run it by unit.t, which watches
 * it for bad memory accesses and leaks, too.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail_alloc.h"
#include "message.h"

static bool passed;

#define CHECK(condition) check(condition, #condition, __LINE__)

static bool check(bool good, const char *condition, int line)
{
	if (!good) {
		printf("# line %d: not true: %s\n", line, condition);
		passed = false;
	}
	return good;
}

static bool holds(const struct lkp_message *msg, const char *text)
{
	return msg->newest->size == strlen(text) &&
	       !strcmp(lkp_message_get(msg), text);
}

static void test_create(void)
{
	struct lkp_message *msg = lkp_message_create("hello");

	if (!CHECK(msg))
		return;
	CHECK(holds(msg, "hello"));
	lkp_message_destroy(msg);
}

static void test_empty(void)
{
	struct lkp_message *msg = lkp_message_create("");

	if (!CHECK(msg))
		return;
	CHECK(holds(msg, ""));
	CHECK(!lkp_message_update(msg, "goodbye"));
	CHECK(holds(msg, "goodbye"));
	CHECK(!lkp_message_update(msg, ""));
	CHECK(holds(msg, ""));
	lkp_message_destroy(msg);
}

/* The message has a copy: what happens to the original is of no concern. */
static void test_copies(void)
{
	char text[] = "hello";
	struct lkp_message *msg = lkp_message_create(text);

	if (!CHECK(msg))
		return;
	text[0] = 'J';
	CHECK(holds(msg, "hello"));
	CHECK(!lkp_message_update(msg, text));
	text[0] = 'C';
	CHECK(holds(msg, "Jello"));
	lkp_message_destroy(msg);
}

static void test_update(void)
{
	struct lkp_message *msg = lkp_message_create("hello");

	if (!CHECK(msg))
		return;
	CHECK(!lkp_message_update(msg, "goodbye"));
	CHECK(holds(msg, "goodbye"));
	CHECK(!lkp_message_update(msg, "hi"));
	CHECK(holds(msg, "hi"));
	lkp_message_destroy(msg);
}

static void test_update_with_own_text(void)
{
	struct lkp_message *msg = lkp_message_create("hello");

	if (!CHECK(msg))
		return;
	CHECK(!lkp_message_update(msg, lkp_message_get(msg)));
	CHECK(holds(msg, "hello"));
	CHECK(!lkp_message_update(msg, lkp_message_get(msg) + 1));
	CHECK(holds(msg, "ello"));
	lkp_message_destroy(msg);
}

static void test_long(void)
{
	static char text[1 << 20];
	struct lkp_message *msg;

	memset(text, 'x', sizeof(text) - 1);
	msg = lkp_message_create(text);
	if (!CHECK(msg))
		return;
	CHECK(holds(msg, text));
	lkp_message_destroy(msg);
}

static void test_destroy_null(void)
{
	lkp_message_destroy(NULL);
}

static void test_create_without_memory(void)
{
	struct lkp_message *msg;
	unsigned long n;
	long live = fail_alloc_live();

	for (n = 1; ; n++) {
		fail_alloc_at(n);
		msg = lkp_message_create("hello");
		if (!fail_alloc_stop())
			break;
		if (!CHECK(!msg))
			return;
		CHECK(fail_alloc_live() == live);
	}

	CHECK(n > 1);
	if (!CHECK(msg))
		return;
	CHECK(holds(msg, "hello"));
	lkp_message_destroy(msg);
}

static void test_update_without_memory(void)
{
	struct lkp_message *msg = lkp_message_create("hello");
	unsigned long n;
	long live = fail_alloc_live();
	int ret;

	if (!CHECK(msg))
		return;

	for (n = 1; ; n++) {
		fail_alloc_at(n);
		ret = lkp_message_update(msg, "goodbye");
		if (!fail_alloc_stop())
			break;
		CHECK(ret == -ENOMEM);
		CHECK(holds(msg, "hello"));
		CHECK(fail_alloc_live() == live);
	}

	CHECK(n > 1);
	CHECK(ret == 0);
	CHECK(holds(msg, "goodbye"));
	CHECK(fail_alloc_live() == live);
	lkp_message_destroy(msg);
}

/* Releasing must not need memory. */
static void test_destroy_without_memory(void)
{
	struct lkp_message *msg = lkp_message_create("hello");

	if (!CHECK(msg))
		return;
	fail_alloc_at(1);
	lkp_message_destroy(msg);
	CHECK(!fail_alloc_stop());
}

static void test_get_without_memory(void)
{
	struct lkp_message *msg = lkp_message_create("hello");

	if (!CHECK(msg))
		return;
	fail_alloc_at(1);
	CHECK(!strcmp(lkp_message_get(msg), "hello"));
	CHECK(!fail_alloc_stop());
	lkp_message_destroy(msg);
}

static void test_generation(void)
{
	struct lkp_message *msg = lkp_message_create("hello");

	if (!CHECK(msg))
		return;
	CHECK(msg->newest->generation == 1);
	CHECK(!lkp_message_update(msg, "goodbye"));
	CHECK(msg->newest->generation == 2);
	/* The same text again is a new one all the same. */
	CHECK(!lkp_message_update(msg, "goodbye"));
	CHECK(msg->newest->generation == 3);
	fail_alloc_at(1);
	CHECK(lkp_message_update(msg, "hello") == -ENOMEM);
	fail_alloc_stop();
	CHECK(msg->newest->generation == 3);
	lkp_message_destroy(msg);
}

/* Who holds a snapshot sees one whole text, whatever becomes of the message. */
static void test_snapshot_outlives(void)
{
	struct lkp_message *msg = lkp_message_create("hello");
	struct lkp_snapshot *first;
	struct lkp_snapshot *second;

	if (!CHECK(msg))
		return;
	first = lkp_snapshot_get(msg->newest);
	CHECK(lkp_message_is_newest(msg, first));
	CHECK(!lkp_message_update(msg, "goodbye"));
	CHECK(!lkp_message_is_newest(msg, first));
	second = lkp_snapshot_get(lkp_snapshot_get(msg->newest));
	CHECK(lkp_message_is_newest(msg, second));
	CHECK(!lkp_message_is_newest(msg, NULL));
	lkp_message_destroy(msg);

	CHECK(first->generation == 1 && first->size == 5);
	CHECK(!strcmp(first->text, "hello"));
	lkp_snapshot_put(first);
	lkp_snapshot_put(second);
	CHECK(second->generation == 2 && second->size == 7);
	CHECK(!strcmp(second->text, "goodbye"));
	lkp_snapshot_put(second);
}

static void test_exchange(void)
{
	struct lkp_message *msg = lkp_message_create("hello");
	struct lkp_snapshot *old;
	struct lkp_snapshot *new;

	if (!CHECK(msg))
		return;
	new = lkp_snapshot_alloc(7, GFP_KERNEL);
	if (!CHECK(new))
		goto out_destroy_message;
	memcpy(new->text, "goodbye", 7);

	/* It may run under a spinlock: it neither allocates nor frees. */
	fail_alloc_at(1);
	old = lkp_message_exchange(msg, new);
	CHECK(!fail_alloc_stop());
	CHECK(!strcmp(old->text, "hello"));
	CHECK(old->generation == 1);
	lkp_snapshot_put(old);
	CHECK(holds(msg, "goodbye"));
	CHECK(msg->newest->generation == 2);

out_destroy_message:
	lkp_message_destroy(msg);
}

/* The size counts, not a NUL: that is for the device to refuse. */
static void test_snapshot_of_bytes(void)
{
	struct lkp_snapshot *snapshot;

	snapshot = lkp_snapshot_create("a\0bc", 3, GFP_KERNEL);
	if (!CHECK(snapshot))
		return;
	CHECK(snapshot->size == 3);
	CHECK(!memcmp(snapshot->text, "a\0b", 4));
	lkp_snapshot_put(snapshot);
}

static void test_snapshot_too_large(void)
{
	CHECK(!lkp_snapshot_alloc(SIZE_MAX, GFP_KERNEL));
	CHECK(!lkp_snapshot_alloc(SIZE_MAX - sizeof(struct lkp_snapshot),
				  GFP_KERNEL));
}

static void test_snapshot_without_memory(void)
{
	long live = fail_alloc_live();

	fail_alloc_at(1);
	CHECK(!lkp_snapshot_create("hello", 5, GFP_KERNEL));
	CHECK(fail_alloc_stop());
	CHECK(fail_alloc_live() == live);
}

static void test_snapshot_put_null(void)
{
	lkp_snapshot_put(NULL);
}

static const struct test {
	const char *name;
	void (*run)(void);
} tests[] = {
	{ "create holds the text", test_create },
	{ "the empty text is a text", test_empty },
	{ "the message has a copy of its own", test_copies },
	{ "update replaces the text", test_update },
	{ "update takes the message's own text", test_update_with_own_text },
	{ "a long text", test_long },
	{ "destroy leaves NULL alone", test_destroy_null },
	{ "create: each allocation fails in turn", test_create_without_memory },
	{ "update: each allocation fails in turn", test_update_without_memory },
	{ "destroy allocates nothing", test_destroy_without_memory },
	{ "get allocates nothing", test_get_without_memory },
	{ "each update is a generation, no failure is", test_generation },
	{ "a snapshot outlives its message", test_snapshot_outlives },
	{ "exchange hands the old text over", test_exchange },
	{ "a snapshot has as many bytes as it was given", test_snapshot_of_bytes },
	{ "a size that cannot be is refused", test_snapshot_too_large },
	{ "a snapshot needs memory", test_snapshot_without_memory },
	{ "put leaves NULL alone", test_snapshot_put_null },
	{ NULL, NULL }
};

int main(void)
{
	const struct test *test;
	int status = EXIT_SUCCESS;
	int count = 0;

	/* What was printed before a crash is not to be lost in it. */
	setvbuf(stdout, NULL, _IOLBF, 0);

	for (test = tests; test->run; test++) {
		long live = fail_alloc_live();

		passed = true;
		test->run();
		CHECK(fail_alloc_live() == live);
		printf("%sok %d - %s\n", passed ? "" : "not ", ++count,
		       test->name);
		if (!passed)
			status = EXIT_FAILURE;
	}

	printf("1..%d\n", count);
	return status;
}
