// SPDX-License-Identifier: GPL-2.0-only
/*
 * verdict.c - what the run of a virtual machine proves
 *
 * "Proven" needs all of these, and each is there because the others do not see
 * its fault: a whole report in which every check is ok; as many results as
 * were planned; the mark on the console that says where the checks began; and
 * no complaint of the kernel behind that mark.
 */
#include "verdict.h"

#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARK "lkp-guest: checks begin"
#define REASON "# reason: "
#define BEGIN "# begin "
/* What the guest says if modprobe was told that there is no such device. */
#define NO_DEVICE "# cause: ENODEV"
#define OURS "lkp_example"
#define LOAD ".load"

/*
 * How the kernel complains, whatever its version and configuration. Its own
 * "WARNING: " begins a message; behind "NAME: " it is a word of some module.
 */
#define COMPLAINTS \
	"(^|[^ ]|[^:] )(WARNING: .*)|" \
	"(BUG: |Oops: |Oops |KASAN: |KCSAN: |UBSAN: |KFENCE: |" \
	"Kernel panic|kernel BUG at|general protection|Call Trace:|" \
	"INFO: task .* blocked|INFO: rcu|rcu: INFO|soft lockup|hard LOCKUP|" \
	"Unable to handle kernel|refcount_t: |DEBUG_LOCKS_WARN|" \
	"unable to handle page fault).*"
/* What of it is told: the second part, or all if that is not there. */
#define TOLD 2

struct report {
	unsigned int planned, results;
	bool finished;
	char begun[128];	/* the check that was begun last */
	char failed[128];	/* the first check that failed */
	char reason[512];	/* what it gave as its reason */
	bool no_device;		/* so it was said of the check that runs */
	unsigned int absent;	/* modules whose hardware is not there */
	char absent_name[128];	/* the first of them */
	char absent_reason[512];
};

static void copy_line(char *to, size_t size, const char *line, size_t len)
{
	if (len >= size)
		len = size - 1;
	memcpy(to, line, len);
	to[len] = '\0';
}

/* No module of ours drives anything but memory. */
static bool is_ours(const char *name)
{
	return !strncmp(name, OURS, strlen(OURS));
}

static bool is_load(const char *name, size_t len)
{
	return len > strlen(LOAD) &&
	       !strncmp(name + len - strlen(LOAD), LOAD, strlen(LOAD));
}

/* To find no device is no fault; it fails nevertheless. */
static void read_failure(struct report *r, const char *name, size_t len)
{
	if (r->no_device && is_load(name, len) && !is_ours(name)) {
		if (!r->absent++) {
			copy_line(r->absent_name, sizeof(r->absent_name), name,
				  len);
			strcpy(r->absent_reason, r->reason);
		}
		if (!r->failed[0])
			r->reason[0] = '\0';
	} else if (!r->failed[0]) {
		copy_line(r->failed, sizeof(r->failed), name, len);
	}
}

/* "ok 1 name" or "not ok 1 name", maybe with "# SKIP why" */
static void read_result(struct report *r, struct verdict *v, const char *line,
			size_t len)
{
	bool ok = line[0] == 'o';
	size_t name = strlen("not ok ");

	r->results++;
	if (!ok) {
		v->failed++;
		name += strspn(line + name, "0123456789");
		name += line[name] == ' ';
		read_failure(r, line + name, len - name);
	} else if (memmem(line, len, "# SKIP", 6)) {
		v->skipped++;
	} else {
		v->passed++;
	}
	r->no_device = false;
}

static void read_line(struct report *r, struct verdict *v, const char *line,
		      size_t len)
{
	if (!strncmp(line, "1..", 3))
		r->planned = strtoul(line + 3, NULL, 10);
	else if (!strncmp(line, "ok ", 3) || !strncmp(line, "not ok ", 7))
		read_result(r, v, line, len);
	else if (!strncmp(line, BEGIN, strlen(BEGIN)))
		copy_line(r->begun, sizeof(r->begun), line + strlen(BEGIN),
			  len - strlen(BEGIN));
	else if (!strncmp(line, REASON, strlen(REASON)) && !r->reason[0])
		copy_line(r->reason, sizeof(r->reason), line + strlen(REASON),
			  len - strlen(REASON));
	else if (len == strlen(NO_DEVICE) && !strncmp(line, NO_DEVICE, len))
		r->no_device = true;
	else if (len == strlen("# finished") &&
		 !strncmp(line, "# finished", len))
		r->finished = true;
}

static void read_report(struct report *r, struct verdict *v, const char *text)
{
	const char *end;

	for (; (end = strchr(text, '\n')); text = end + 1)
		read_line(r, v, text, end - text);
}

/* The kernel's first complaint behind the mark; false if there is none. */
static bool find_complaint(const char *console, char *line, size_t size)
{
	regmatch_t match[TOLD + 1];
	const char *told;
	regex_t regex;
	int err = regcomp(&regex, COMPLAINTS, REG_EXTENDED | REG_NEWLINE);

	if (!err) {
		err = regexec(&regex, console, TOLD + 1, match, 0);
		regfree(&regex);
	}
	if (!err) {
		told = console + match[match[TOLD].rm_so < 0 ? 0 : TOLD].rm_so;
		copy_line(line, size, told, strcspn(told, "\r\n"));
	} else if (err != REG_NOMATCH) {
		copy_line(line, size, "out of memory", 13);
	}
	return err != REG_NOMATCH;
}

static void say(struct verdict *v, enum verdict_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void say(struct verdict *v, enum verdict_kind kind, const char *fmt, ...)
{
	va_list ap;

	v->kind = kind;
	va_start(ap, fmt);
	vsnprintf(v->reason, sizeof(v->reason), fmt, ap);
	va_end(ap);
}

/* What ended a machine that had not come to its end. */
static void describe_limit(char *text, size_t size, const struct vm *vm)
{
	if (vm->end == VM_FLOOD)
		snprintf(text, size, "the machine has said more than the %zu MiB of messages and %zu MiB of report that are read",
			 vm->console.limit >> 20, vm->report.limit >> 20);
	else
		snprintf(text, size, "the machine was still at work after %u s, the limit for all checks",
			 vm->total_limit_s);
}

/**
 * verdict_of() - judge the run of a virtual machine
 * @v: result
 * @vm: a machine that vm_run() has run
 */
void verdict_of(struct verdict *v, const struct vm *vm)
{
	const char *console = buffer_text(&vm->console);
	const char *mark = strstr(console, MARK);
	struct report r = { 0 };
	char complaint[256], limit[128];
	bool complained;

	memset(v, 0, sizeof(*v));
	read_report(&r, v, buffer_text(&vm->report));
	complained = find_complaint(mark ? mark : console, complaint,
				    sizeof(complaint));

	if (!r.planned) {
		say(v, VERDICT_ERROR, "the checks did not begin%s%s%s",
		    vm->end == VM_NO_START ? " in time" : "",
		    complained ? "; kernel: " : "", complained ? complaint : "");
	} else if (v->failed > r.absent) {
		say(v, VERDICT_BROKEN, "%s: %s%s%s", r.failed,
		    r.reason[0] ? r.reason : "no reason given",
		    complained ? "; kernel: " : "", complained ? complaint : "");
	} else if (vm->end == VM_FLOOD || vm->end == VM_ENDLESS) {
		describe_limit(limit, sizeof(limit), vm);
		say(v, complained ? VERDICT_BROKEN : VERDICT_ERROR,
		    "%s: %s%s%s", r.begun[0] ? r.begun : "at first", limit,
		    complained ? "; kernel: " : "", complained ? complaint : "");
	} else if (!r.finished && r.begun[0]) {
		say(v, VERDICT_BROKEN, "%s: %s%s%s", r.begun,
		    vm->end == VM_SILENT ? "hangs, no answer in time" :
					   "the machine stopped",
		    complained ? "; kernel: " : "", complained ? complaint : "");
	} else if (!r.finished || r.results != r.planned) {
		say(v, VERDICT_ERROR,
		    "the report is not whole: %u of %u results",
		    r.results, r.planned);
	} else if (!mark) {
		say(v, VERDICT_ERROR,
		    "the console does not show where the checks began");
	} else if (complained) {
		say(v, VERDICT_BROKEN, "kernel: %s", complaint);
	} else if (r.absent) {
		say(v, VERDICT_NO_HARDWARE, "%s: %s", r.absent_name,
		    r.absent_reason);
	} else if (!v->passed) {
		say(v, VERDICT_ERROR, "nothing was checked");
	} else {
		v->kind = VERDICT_PROVEN;
	}
}

/**
 * verdict_is_bad() - whether somebody should be told
 * @v: the verdict
 *
 * Return: true if the modules will not work, or we have not; false if they will,
 * or that cannot be told here.
 */
bool verdict_is_bad(const struct verdict *v)
{
	return v->kind == VERDICT_BROKEN || v->kind == VERDICT_REFUSED ||
	       v->kind == VERDICT_ERROR;
}
