// SPDX-License-Identifier: GPL-2.0-only
/*
 * sanitizer.c - the checks of the group sanitizer, and what they share
 *
 * Two things are judged. The log: each report of the debug kernel is ours, but for
 * a warning of its own code, which says where it stands. And memory that nobody
 * points to (kmemleak): it was the modules that ran, so each leak counts.
 */
#include "sanitizer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "items.h"
#include "tools.h"

#define KMEMLEAK "/sys/kernel/debug/kmemleak"
/* Memory that is younger is not reported: its address may be in a register. */
#define LEAK_AGE_S 6
/* Text of modules on x86-64, whose names have gone with them. */
#define MODULE_TEXT "0xffffffffa"
#define MODULE_TEXT_ALSO "0xffffffffc"

/* What the group is about. */
static const char *const options[] = {
	"CONFIG_UBSAN", "CONFIG_DEBUG_KMEMLEAK",
	"CONFIG_PROVE_LOCKING", "CONFIG_PROVE_RCU", "CONFIG_DEBUG_ATOMIC_SLEEP",
	"CONFIG_DEBUG_OBJECTS", "CONFIG_SLUB_DEBUG_ON", "CONFIG_FAILSLAB",
	"CONFIG_FAIL_PAGE_ALLOC", "CONFIG_FAULT_INJECTION_USERCOPY",
};

/* How a report begins. */
static const char *const reports[] = {
	"BUG: ", "BUG ", "KASAN: ", "UBSAN: ", "ODEBUG: ", "WARNING: ",
	"kernel BUG at ", "Oops: ", "Oops ", "general protection fault",
	"refcount_t: ", "list_add ", "list_del ", "INFO: task ",
	"INFO: trying to register", "rcu: INFO", "watchdog: ",
	"DEBUG_LOCKS_WARN",
};

/** sanitizer_is_report() - whether a report begins with this line of the log */
bool sanitizer_is_report(const char *line)
{
	for (size_t i = 0; i < sizeof(reports) / sizeof(reports[0]); i++)
		if (!strncmp(line, reports[i], strlen(reports[i])))
			return true;
	return false;
}

/*
 * "WARNING: CPU: 0 PID: 1 at kernel/x.c:1 f+0x1/0x2", without "[module]". From 6.18 on
 * it is "WARNING: kernel/x.c:1 at f+0x1/0x2, CPU#0: init/1".
 */
static bool is_others(const char *line, size_t len)
{
	return (!strncmp(line, "WARNING: CPU: ", 14) ||
		(!strncmp(line, "WARNING: ", 9) &&
		 memmem(line, len, ", CPU#", 6))) &&
	       memmem(line, len, " at ", 4) &&
	       !memmem(line, len, "lkp_", 4);
}

/**
 * sanitizer_quiet() - the kernel has reported nothing that is ours
 * @g: the guest; what its log has had until now is forgotten
 *
 * Return: whether that is so; if not, the report says what.
 */
bool sanitizer_quiet(struct guest *g)
{
	const char *text = log_text(g);
	bool ok = true;

	while (*text) {
		size_t len = strcspn(text, "\n");

		if (sanitizer_is_report(text) && is_others(text, len))
			ktap_diag(&g->ktap, "of the kernel's own: %.*s",
				  (int)len, text);
		else if (sanitizer_is_report(text) && ok)
			ok = fail(g, "the kernel reports: %.*s", (int)len,
				  text);
		text += len + (text[len] == '\n');
	}
	if (!ok)
		ktap_text(&g->ktap, "dmesg", kmsg_since_mark(&g->log));
	g->log.size = g->log.mark;
	g->log.text[g->log.size] = '\0';
	return ok;
}

/**
 * sanitizer_begin() - see that the kernel is one that tells
 * @g: the guest
 * @stop_at_reports: whether it is to end at the first report, so that nothing else
 *		     hides it; a kernel that does so for a fault of its own is of no
 *		     use where its own memory is short
 *
 * Return: whether the check can be made; if not, it has failed: whoever asks for
 *	   this group has such a kernel.
 */
bool sanitizer_begin(struct guest *g, bool stop_at_reports)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (kernel_option(options[i]) != 'y')
			return fail(g, "this is no debug kernel: %s is not set",
				    options[i]);
	/* No kernel can have both. */
	if (kernel_option("CONFIG_KASAN") != 'y' &&
	    kernel_option("CONFIG_KCSAN") != 'y')
		return fail(g, "this is no debug kernel: neither CONFIG_KASAN nor CONFIG_KCSAN is set");
	return expect_errno(g, "panic_on_warn",
			    write_file("/proc/sys/kernel/panic_on_warn",
				       stop_at_reports ? "1" : "0"), 0) &&
	       sanitizer_quiet(g);
}

/*
 * What is pointed to while it changes is not lost: memory counts whose contents
 * are the same in two scans.
 */
static int scan(void)
{
	int err = 0;

	sleep(LEAK_AGE_S);
	for (int i = 0; !err && i < 2; i++)
		err = write_file(KMEMLEAK, "scan");
	return err;
}

static bool is_ours(const char *line)
{
	return strstr(line, "lkp_") || strstr(line, MODULE_TEXT) ||
	       strstr(line, MODULE_TEXT_ALSO);
}

/* Print what is lost, and count it; a leak begins without a blank. */
static bool read_leaks(struct guest *g, unsigned int *leaks, unsigned int *ours)
{
	FILE *f = fopen(KMEMLEAK, "re");
	bool counted = false;
	char line[512];

	*leaks = 0;
	*ours = 0;
	if (!f)
		return fail(g, KMEMLEAK ": %s", strerror(errno));
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		ktap_diag(&g->ktap, "kmemleak: %s", line);
		if (!strncmp(line, "unreferenced object", 19)) {
			++*leaks;
			counted = false;
		}
		if (!counted && is_ours(line)) {
			++*ours;
			counted = true;
		}
	}
	fclose(f);
	return true;
}

/**
 * sanitizer_no_leak() - there is no memory that nobody points to
 * @g: the guest
 * @when: for the report
 *
 * Return: whether that is so.
 */
bool sanitizer_no_leak(struct guest *g, const char *when)
{
	unsigned int leaks, ours;

	if (!expect_errno(g, KMEMLEAK, scan(), 0) ||
	    !read_leaks(g, &leaks, &ours))
		return false;
	return !leaks || fail(g, "%s: %u objects are lost, %u of them by us",
			      when, leaks, ours);
}

/* While the module is there, a leak has the names of its functions. */
static bool check_leaks(struct guest *g)
{
	return sanitizer_begin(g, true) &&
	       sanitizer_no_leak(g, "before unloading") &&
	       expect_errno(g, "delete_module", unload("lkp_example", 0), 0) &&
	       sanitizer_no_leak(g, "after unloading") && sanitizer_quiet(g);
}

static const struct item items[] = {
	{ 0, "everything", "lkp_example", check_everything, VM_ONLY },
	{ 0, "parameter_sweep", NULL, check_parameter_sweep, VM_ONLY },
	{ 0, "attacker_denied", "lkp_example", check_attacker_denied, VM_ONLY },
	{ 0, "attacker_member", "lkp_example", check_attacker_member, VM_ONLY },
	{ 0, "attacker_holds", "lkp_example", check_attacker_holds, VM_ONLY },
	/* For what the kernel says of its own, when it has no memory: TAINTS. */
	{ 0, "memory_device", "lkp_example", check_memory_device,
	  VM_ONLY | TAINTS },
	{ 0, "memory_probe", "lkp_example_probe", check_memory_probe,
	  VM_ONLY | TAINTS },
	{ 0, "memory_load", NULL, check_memory_load, VM_ONLY | TAINTS },
	{ 0, "probe_input", "lkp_example_probe", check_probe_input, VM_ONLY },
	{ 0, "probe_shared", "lkp_example_probe", check_probe_shared, VM_ONLY },
	{ 0, "calls", "lkp_example", check_calls, VM_ONLY },
	/* The last one: it has what was lost in all of the others. */
	{ 0, "leaks", "lkp_example", check_leaks, VM_ONLY },
};

const struct item_list checks_sanitizer = ITEM_LIST(items);
