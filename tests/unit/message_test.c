// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the message object in user space: the table of message_cases.h.
 * Prints TAP; the exit status is 0 when every test passed and 1 otherwise.  Run
 * it by unit.t, which watches it for bad memory accesses and leaks, too.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fail_alloc.h"
#include "message_cases.h"

static void fail_at(unsigned int n)
{
	fail_alloc_at(n);
}

static const struct message_world program = {
	.fail_at = fail_at, .failed = fail_alloc_stop,
};

/* Nothing is lost, even if a stale pointer hides that from other checkers. */
static const char *run(const struct message_case *c, unsigned int *step)
{
	long live = fail_alloc_live();
	const char *wrong = message_case_run(c, &program, step);

	if (!wrong && fail_alloc_live() != live)
		wrong = "memory is lost, or freed twice";
	return wrong;
}

int main(void)
{
	const size_t count = sizeof(message_cases) / sizeof(message_cases[0]);
	int status = EXIT_SUCCESS;

	/* What was printed before a crash is not to be lost in it. */
	setvbuf(stdout, NULL, _IOLBF, 0);

	for (size_t i = 0; i < count; i++) {
		unsigned int step = 0;
		const char *wrong = run(&message_cases[i], &step);

		printf("%sok %zu - %s\n", wrong ? "not " : "", i + 1,
		       message_cases[i].name);
		if (wrong) {
			printf("# step %u: %s\n", step, wrong);
			status = EXIT_FAILURE;
		}
	}

	printf("1..%zu\n", count);
	return status;
}
