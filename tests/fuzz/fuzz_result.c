// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz_result.c - a result that is kept, as JSON
 *
 * What is accepted is written again, and read again: it is the same.
 */
#include <string.h>

#include "fuzz.h"
#include "result.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *none[] = { NULL };
	struct result r = { .release = "6.12", .modules = none,
			    .checks = "quick", .guest_args = "" };
	struct result again = r;
	json_t *json = json_loadb((const char *)data, size, 0, NULL);
	json_t *written = NULL;
	const char *why = NULL;

	if (!json)
		return 0;
	if (result_from_json(&r, json, &why)) {
		written = result_to_json(&r);
		fuzz_expect(written, "a result can be written");
		fuzz_expect(result_from_json(&again, written, &why),
			    "what was written can be read");
		fuzz_expect(again.verdict.kind == r.verdict.kind &&
			    again.verdict.passed == r.verdict.passed &&
			    !strcmp(again.key, r.key) &&
			    !strcmp(again.date, r.date), "it is the same");
	} else {
		fuzz_expect(why, "what is wrong is said");
	}
	json_decref(written);
	json_decref(json);
	return 0;
}
