// SPDX-License-Identifier: GPL-2.0-only
/*
 * result.c - what a verification came to, for people and for programs
 */
#include "result.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "output.h"

static const char *const verdict_names[] = {
	[VERDICT_PROVEN] = "proven",
	[VERDICT_BROKEN] = "broken",
	[VERDICT_REFUSED] = "refused",
	[VERDICT_NO_HARDWARE] = "no hardware",
	[VERDICT_UNTESTED] = "untested",
	[VERDICT_ERROR] = "error",
};

/**
 * result_set_date() - note the time of now
 * @r: the result
 */
void result_set_date(struct result *r)
{
	time_t now = time(NULL);
	struct tm tm;

	strftime(r->date, sizeof(r->date), "%Y-%m-%dT%H:%M:%SZ",
		 gmtime_r(&now, &tm));
}

/**
 * result_verdict_name() - the verdict as programs read it
 * @r: the result
 *
 * Return: a word.
 */
const char *result_verdict_name(const struct result *r)
{
	return verdict_names[r->verdict.kind];
}

static json_t *names_to_json(char *const names[])
{
	json_t *list = json_array();

	for (size_t i = 0; names[i]; i++)
		json_array_append_new(list, json_string(names[i]));
	return list;
}

/* What the module and the kernel say may be no UTF-8; JSON is nothing else. */
static json_t *text_to_json(const char *text)
{
	char plain[sizeof(((struct verdict *)0)->reason)];
	json_t *json = json_string(text);
	size_t i;

	if (json)
		return json;
	for (i = 0; text[i] && i < sizeof(plain) - 1; i++)
		plain[i] = (unsigned char)text[i] < 0x80 ? text[i] : '?';
	plain[i] = '\0';
	return json_string(plain);
}

/**
 * result_to_json() - a result as a JSON object
 * @r: the result
 *
 * What a run that did not take place would have said is null.
 *
 * Return: a new object; NULL if memory is short.
 */
json_t *result_to_json(const struct result *r)
{
	const struct verdict *v = &r->verdict;
	bool ran = *r->date;

	return json_pack("{s:s, s:s, s:s?, s:o, s:s, s:o, s:i, s:i, s:i, s:s?, s:o, s:s?, s:s, s:s?, s:s?, s:b}",
			 "lkp-example", LKP_EXAMPLE_VERSION,
			 "kernel", r->release,
			 "architecture", r->arch ? r->arch->name : NULL,
			 "modules", names_to_json(r->modules),
			 "verdict", result_verdict_name(r),
			 "reason", text_to_json(v->reason),
			 "passed", v->passed, "failed", v->failed,
			 "skipped", v->skipped,
			 "accelerator", ran ? vm_accel_name(r->accel) : NULL,
			 "seconds", ran ? json_real(r->seconds) : json_null(),
			 "date", ran ? r->date : NULL, "checks", r->checks,
			 "arguments", r->guest_args,
			 "key", *r->key ? r->key : NULL, "kept", r->kept);
}

/* Only these are kept. */
static bool verdict_from_name(struct verdict *v, const char *name)
{
	static const enum verdict_kind kept[] = {
		VERDICT_PROVEN, VERDICT_BROKEN, VERDICT_NO_HARDWARE,
	};

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		v->kind = kept[i];
		if (!strcmp(name, verdict_names[v->kind]))
			return true;
	}
	return false;
}

static bool date_valid(const char *date)
{
	struct tm tm;
	const char *end = strptime(date, "%Y-%m-%dT%H:%M:%SZ", &tm);

	return end && !*end;
}

/**
 * result_from_json() - read what result_to_json() has written
 * @r: result; of a result that is kept: its verdict, and how that came about
 * @json: the object
 * @why: what is wrong with it, if something is
 *
 * Return: true if all is there.
 */
bool result_from_json(struct result *r, json_t *json, const char **why)
{
	const char *name, *reason, *accel, *date, *key;
	struct verdict v = { 0 };
	int passed, failed, skipped;
	json_error_t error;
	double seconds;

	*why = "it is not a result as lkp-example writes it";
	if (json_unpack_ex(json, &error, 0, "{s:s, s:s, s:s, s:F, s:s, s:s, s:i, s:i, s:i}",
			   "verdict", &name, "reason", &reason,
			   "accelerator", &accel, "seconds", &seconds,
			   "date", &date, "key", &key, "passed", &passed,
			   "failed", &failed, "skipped", &skipped))
		return false;
	if (!verdict_from_name(&v, name)) {
		*why = "its verdict is none that is kept";
		return false;
	}
	if (strlen(key) != KEY_SIZE - 1 || !date_valid(date) ||
	    strlen(date) >= sizeof(r->date) || passed < 0 || failed < 0 ||
	    skipped < 0 || (v.kind == VERDICT_PROVEN && (failed || !passed))) {
		*why = "its parts do not fit together";
		return false;
	}
	v.passed = passed;
	v.failed = failed;
	v.skipped = skipped;
	snprintf(v.reason, sizeof(v.reason), "%s", reason);
	r->verdict = v;
	r->accel = strcmp(accel, vm_accel_name(VM_ACCEL_KVM)) ?
		   VM_ACCEL_TCG : VM_ACCEL_KVM;
	r->seconds = seconds;
	snprintf(r->date, sizeof(r->date), "%s", date);
	snprintf(r->key, sizeof(r->key), "%s", key);
	r->kept = true;
	return true;
}

/* A verdict with its reason, which comes from the machine. */
static void print_reason(const char *verdict, const struct verdict *v)
{
	printf("%s, ", verdict);
	output_escaped(v->reason, strlen(v->reason));
}

/**
 * result_print() - the line of the verdict
 * @r: the result
 * @proven: what is proven, if it is
 */
void result_print(const struct result *r, const char *proven)
{
	const struct verdict *v = &r->verdict;

	for (size_t i = 0; r->modules[i]; i++)
		printf("%s%s", i ? ", " : "", r->modules[i]);
	printf(" on %s: ", r->release);
	if (v->kind == VERDICT_PROVEN)
		printf("proven, %s", proven);
	else if (v->kind == VERDICT_BROKEN)
		print_reason("BROKEN", v);
	else if (v->kind == VERDICT_REFUSED)
		print_reason("REFUSED on this host", v);
	else
		print_reason(v->kind == VERDICT_ERROR ? "ERROR" :
			     verdict_names[v->kind], v);
	if (v->kind == VERDICT_PROVEN)
		printf(" (%u checks", v->passed);
	else if (v->kind == VERDICT_REFUSED)
		printf(" (it %s in the machine, %u checks", proven, v->passed);
	else if (v->kind == VERDICT_BROKEN)
		printf(" (%u of %u checks passed", v->passed,
		       v->passed + v->failed + v->skipped);
	else
		printf(" (nothing proven");
	if (*r->date)
		printf("; booted with %s, %.1f s",
		       r->accel == VM_ACCEL_KVM ? "KVM" : "TCG", r->seconds);
	if (r->kept)
		printf("; on %s) (kept; --again computes it anew", r->date);
	puts(")");
}
