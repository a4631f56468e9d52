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
	return msg->size == strlen(text) && !strcmp(lkp_message_get(msg), text);
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
