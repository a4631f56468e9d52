// SPDX-License-Identifier: GPL-2.0-only
/*
 * verdict_test.c - what is, and what is not, taken for a proof
 *
 * Each line of the table is a run of a virtual machine: what it reported, what
 * the kernel said, how it ended; and the verdict that is right. Prints TAP.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verdict.h"

#define HEAD "KTAP version 1\n1..2\n# kernel: 6.1 x86_64\n"
#define FIRST "# begin m.load\nok 1 m.load\n"
#define SECOND "# begin m.unload\nok 2 m.unload\n"
#define END "# finished\n"
#define GOOD HEAD FIRST SECOND END
/* What the guest reports of a module that finds no device. */
#define ABSENT "# begin d.load\n# reason: No such device\n# cause: ENODEV\n" \
	"not ok 1 d.load\n"
#define MARK "[    1.0] lkp-guest: checks begin\r\n"

static const struct {
	const char *name;
	const char *report;
	const char *console;
	enum vm_end end;
	enum verdict_kind kind;
	const char *reason;	/* a part of it */
} runs[] = {
	{ "a whole and good report", GOOD, MARK, VM_STOPPED,
	  VERDICT_PROVEN, "" },
	{ "a complaint before the checks is not the module's",
	  GOOD, "WARNING: CPU: 0\r\n" MARK, VM_STOPPED, VERDICT_PROVEN, "" },
	{ "nothing at all", "", "", VM_STOPPED, VERDICT_ERROR,
	  "the checks did not begin" },
	{ "silent from the start", "", "", VM_NO_START, VERDICT_ERROR,
	  "did not begin in time" },
	{ "a panic before the checks", "", "Kernel panic - not syncing: x\r\n",
	  VM_STOPPED, VERDICT_ERROR, "kernel: Kernel panic - not syncing: x" },
	{ "a failed check", HEAD "# reason: no way\nnot ok 1 m.load\n" SECOND END,
	  MARK, VM_STOPPED, VERDICT_BROKEN, "m.load: no way" },
	{ "a failed check without a reason", HEAD "not ok 1 m.load\n" SECOND END,
	  MARK, VM_STOPPED, VERDICT_BROKEN, "m.load: no reason given" },
	{ "the first failure is the one that counts",
	  HEAD "# reason: a\nnot ok 1 m.load\n# reason: b\nnot ok 2 m.unload\n" END,
	  MARK, VM_STOPPED, VERDICT_BROKEN, "m.load: a" },
	{ "silent in a check", HEAD FIRST "# begin m.unload\n", MARK, VM_SILENT,
	  VERDICT_BROKEN, "m.unload: hangs" },
	{ "a panic in a check", HEAD "# begin m.load\n",
	  MARK "Kernel panic - not syncing: x\r\n", VM_STOPPED, VERDICT_BROKEN,
	  "m.load: the machine stopped; kernel: Kernel panic" },
	{ "good, but not finished", HEAD FIRST SECOND, MARK, VM_STOPPED,
	  VERDICT_BROKEN, "m.unload: the machine stopped" },
	{ "finished, but a result is missing", HEAD FIRST END, MARK, VM_STOPPED,
	  VERDICT_ERROR, "not whole: 1 of 2" },
	{ "finished, but a result too many", HEAD FIRST SECOND "ok 3 m.x\n" END,
	  MARK, VM_STOPPED, VERDICT_ERROR, "not whole: 3 of 2" },
	{ "no plan", "KTAP version 1\n" FIRST SECOND END, MARK, VM_STOPPED,
	  VERDICT_ERROR, "did not begin" },
	{ "a plan of nothing", "KTAP version 1\n1..0\n" END, MARK, VM_STOPPED,
	  VERDICT_ERROR, "did not begin" },
	{ "every check skipped",
	  HEAD "ok 1 m.load # SKIP x\nok 2 m.unload # SKIP x\n" END, MARK,
	  VM_STOPPED, VERDICT_ERROR, "nothing was checked" },
	{ "no mark on the console", GOOD, "", VM_STOPPED, VERDICT_ERROR,
	  "does not show where" },
	{ "a report on the console is none", "", MARK GOOD, VM_STOPPED,
	  VERDICT_ERROR, "did not begin" },
	{ "the last line is cut", HEAD FIRST SECOND "# finis", MARK, VM_STOPPED,
	  VERDICT_BROKEN, "the machine stopped" },
	{ "a line that is longer than any buffer", HEAD
	  "not ok 1 0123456789012345678901234567890123456789012345678901234567890"
	  "12345678901234567890123456789012345678901234567890123456789012345678901"
	  "2345678901234567890123456789\n" SECOND END, MARK, VM_STOPPED,
	  VERDICT_BROKEN, "0123456789" },
	{ "endless, with all that was planned", GOOD, MARK, VM_ENDLESS,
	  VERDICT_ERROR, "m.unload: the machine was still at work" },
	{ "endless, and a check has failed",
	  HEAD "# reason: a\nnot ok 1 m.load\n" SECOND END, MARK, VM_ENDLESS,
	  VERDICT_BROKEN, "m.load: a" },
	{ "a flood behind all that was planned", GOOD, MARK, VM_FLOOD,
	  VERDICT_ERROR, "m.unload: the machine has said more than" },
	{ "a flood that begins with a complaint", GOOD, MARK "WARNING: x\r\n",
	  VM_FLOOD, VERDICT_BROKEN, "that are read; kernel: WARNING: x" },
	{ "a flood before the checks", "", "x\r\n", VM_FLOOD, VERDICT_ERROR,
	  "the checks did not begin" },
	{ "no device", HEAD ABSENT "ok 2 d.unload # SKIP x\n" END, MARK,
	  VM_STOPPED, VERDICT_NO_HARDWARE, "d.load: No such device" },
	{ "no device for the second of two", HEAD FIRST ABSENT END, MARK,
	  VM_STOPPED, VERDICT_NO_HARDWARE, "d.load: No such device" },
	{ "no device for one, and the other fails",
	  HEAD ABSENT "# reason: b\nnot ok 2 m.load\n" END, MARK, VM_STOPPED,
	  VERDICT_BROKEN, "m.load: b" },
	{ "one fails, and no device for the other",
	  HEAD "# reason: b\nnot ok 1 m.load\n" ABSENT END, MARK, VM_STOPPED,
	  VERDICT_BROKEN, "m.load: b" },
	{ "no device, and then it does not leave",
	  HEAD ABSENT "# reason: still there\nnot ok 2 d.gone\n" END, MARK,
	  VM_STOPPED, VERDICT_BROKEN, "d.gone: still there" },
	{ "no device, and a complaint", HEAD ABSENT "ok 2 d.gone\n" END,
	  MARK "WARNING: x\r\n", VM_STOPPED, VERDICT_BROKEN,
	  "kernel: WARNING: x" },
	{ "a warning that a module has in its own words", GOOD,
	  MARK "[    2.0] ddcci: WARNING: x\r\n", VM_STOPPED, VERDICT_PROVEN,
	  "" },
	{ "one of the kernel, behind its level", GOOD,
	  MARK "<4>WARNING: x\r\n", VM_STOPPED, VERDICT_BROKEN,
	  "kernel: WARNING: x" },
	{ "no device, and the report ends", HEAD ABSENT, MARK, VM_STOPPED,
	  VERDICT_BROKEN, "the machine stopped" },
	{ "no device when it is unloaded",
	  HEAD FIRST "# cause: ENODEV\nnot ok 2 m.unload\n" END, MARK,
	  VM_STOPPED, VERDICT_BROKEN, "m.unload: no reason given" },
	{ "no device for one, which says nothing of the next",
	  HEAD "# cause: ENODEV\nok 1 d.show\nnot ok 2 m.load\n" END, MARK,
	  VM_STOPPED, VERDICT_BROKEN, "m.load: no reason given" },
	{ "no device for a module that needs none",
	  HEAD "# reason: a\n# cause: ENODEV\nnot ok 1 lkp_example.load\n"
	  SECOND END, MARK, VM_STOPPED, VERDICT_BROKEN, "lkp_example.load: a" },
	{ "another number at the start of the next line",
	  HEAD "not ok \n1\n" SECOND END, MARK, VM_STOPPED, VERDICT_BROKEN,
	  "no reason given" },
	{ "a failed line without number and name", HEAD "not ok \n" SECOND END,
	  MARK, VM_STOPPED, VERDICT_BROKEN, "no reason given" },
};

/* Each way a kernel complains, behind the mark, makes a good report broken. */
static const char *const complaints[] = {
	"BUG: kernel NULL pointer dereference, address: 0000000000000008",
	"BUG: sleeping function called from invalid context at mm/slab.h:1",
	"BUG: KASAN: slab-out-of-bounds in lkp_example_read",
	"WARNING: CPU: 1 PID: 1 at lkp_fault.c:1 lkp_fault_exit+0x1/0x2",
	"WARNING: possible circular locking dependency detected",
	"Oops: 0002 [#1] PREEMPT SMP NOPTI",
	"Oops [#1]",
	"general protection fault, probably for non-canonical address",
	"kernel BUG at mm/slub.c:1!",
	"UBSAN: shift-out-of-bounds in x.c:1:1",
	"KCSAN: data-race in a / b",
	"KFENCE: use-after-free read",
	"Kernel panic - not syncing: Fatal exception",
	"Call Trace:",
	"INFO: task modprobe:72 blocked for more than 120 seconds.",
	"INFO: rcu_preempt self-detected stall on CPU",
	"rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:",
	"BUG: soft lockup - CPU#0 stuck for 26s!",
	"hard LOCKUP on cpu 0",
	"Unable to handle kernel paging request at virtual address 0",
	"refcount_t: underflow; use-after-free.",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static unsigned int done, failed;

static void expect(const char *name, const char *report, const char *console,
		   enum vm_end end, enum verdict_kind kind, const char *reason)
{
	struct vm vm = { .end = end };
	struct verdict v;
	bool ok;

	if (buffer_add(&vm.report, report, strlen(report)) ||
	    buffer_add(&vm.console, console, strlen(console)))
		abort();
	verdict_of(&v, &vm);
	ok = v.kind == kind && strstr(v.reason, reason) &&
	     (kind == VERDICT_PROVEN) == !v.reason[0];
	printf("%sok %u - %s\n", ok ? "" : "not ", ++done, name);
	if (!ok)
		printf("# verdict %d, not %d; reason '%s', not '%s'\n", v.kind,
		       kind, v.reason, reason);
	failed += !ok;
	buffer_free(&vm.report);
	buffer_free(&vm.console);
}

int main(void)
{
	for (size_t i = 0; i < COUNT(runs); i++)
		expect(runs[i].name, runs[i].report, runs[i].console,
		       runs[i].end, runs[i].kind, runs[i].reason);
	for (size_t i = 0; i < COUNT(complaints); i++) {
		char console[512];

		snprintf(console, sizeof(console), MARK "[    2.0] %s\r\n",
			 complaints[i]);
		expect(complaints[i], GOOD, console, VM_STOPPED,
		       VERDICT_BROKEN, complaints[i]);
	}
	printf("1..%u\n", done);
	return failed || !done;
}
