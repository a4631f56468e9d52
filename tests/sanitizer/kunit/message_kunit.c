// SPDX-License-Identifier: GPL-2.0-only
/*
 * The message object in the kernel: the table of message_cases.h, of which a
 * program runs the same (tests/unit/message_test.c).
 *
 * The allocations that are to fail are those of failslab, with the count that
 * the kernel keeps for each task (Documentation/fault-injection).  Only those of
 * kmalloc() count, if failslab is told so: see kunit-script.  Else the first case
 * says that an allocation does not fail.
 */
#include <linux/sched.h>

#include "lkp_kunit.h"
#include "message_cases.h"

static unsigned int lkp_message_wanted;

static void lkp_message_fail_at(unsigned int n)
{
	lkp_message_wanted = n;
	WRITE_ONCE(current->fail_nth, n);
}

static bool lkp_message_failed(void)
{
	/* The kernel counts down, and leaves 0 behind when one has failed. */
	unsigned int left = READ_ONCE(current->fail_nth);

	WRITE_ONCE(current->fail_nth, 0);
	return lkp_message_wanted && !left;
}

static const struct message_world lkp_message_kernel = {
	.fail_at = lkp_message_fail_at, .failed = lkp_message_failed,
};

static void lkp_message_case(struct kunit *test)
{
	unsigned int step = 0;
	const char *wrong;

	wrong = message_case_run(test->param_value, &lkp_message_kernel, &step);
	if (wrong)
		KUNIT_FAIL(test, "step %u: %s", step, wrong);
}

KUNIT_ARRAY_PARAM_DESC(lkp_message, message_cases, name);

static struct kunit_case lkp_message_tests[] = {
	KUNIT_CASE_PARAM(lkp_message_case, lkp_message_gen_params),
	{}
};

struct kunit_suite lkp_message_suite = {
	.name = "lkp_message",
	.test_cases = lkp_message_tests,
};
