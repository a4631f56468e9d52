// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz_report.c - what a virtual machine has said: console, NUL, report in KTAP
 *
 * What is said may be anything, but for a proof there must be an end of the report,
 * a result, and none that failed.
 */
#include <string.h>

#include "fuzz.h"
#include "verdict.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size ? memchr(data, '\0', size) : NULL;
	size_t console = end ? (size_t)(end - data) : size;
	struct vm vm = { .end = size ? data[0] % 6 : 0 };
	const char *report;
	struct verdict v;

	buffer_add(&vm.console, data, console);
	/* As vm.c does: no NUL comes through. */
	for (size_t i = console + 1; i < size; i++)
		buffer_add(&vm.report, data[i] ? (const char *)&data[i] : "?",
			   1);
	verdict_of(&v, &vm);
	report = buffer_text(&vm.report);
	if (v.kind == VERDICT_PROVEN) {
		fuzz_expect(strstr(report, "# finished\n"),
			    "a proof has an end");
		fuzz_expect(v.passed && !v.failed, "a proof has results");
		fuzz_expect(strncmp(report, "not ok ", 7) &&
			    !strstr(report, "\nnot ok "),
			    "nothing has failed in a proof");
	}
	fuzz_expect(memchr(v.reason, '\0', sizeof(v.reason)),
		    "the reason has an end");
	vm_free(&vm);
	return 0;
}
