// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding the address of a function by its name.
 *
 * kallsyms_lookup_name() was the way for a module to do it until Linux 5.7
 * stopped exporting it.  kprobes still look names up for their own needs, so
 * a probe that is registered disarmed, read and unregistered tells the same.
 * Nothing is patched meanwhile.
 *
 * What it tells is where a *probe* goes, and that may be a few bytes into the
 * function.  With CONFIG_X86_KERNEL_IBT a function that can be called through
 * a pointer begins with ENDBR, four bytes that must stay in place, and kprobes
 * step over it: the address is that of the function + 4.  On 64-bit powerpc
 * the local entry point is 8 bytes behind the global one.  kallsyms knows
 * the distance, so it is asked rather than the architectures enumerated.
 *
 * To call such an address is a bad idea: behind ENDBR it raises #CP on a CPU
 * with IBT, and a function whose ENDBR the kernel sealed does so at its start
 * as well.  Reading it is all that this file is for.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/ctype.h>
#include <linux/fs.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/list.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/string.h>
#include <linux/user_namespace.h>

#include "probe.h"

/* How far @address is from the start of the function that it is in. */
static unsigned long lkp_probe_offset(unsigned long address)
{
	char text[KSYM_SYMBOL_LEN];
	unsigned long offset;
	const char *plus;

	/* "name+0x4/0x90 [module]" */
	sprint_symbol(text, address);
	plus = strrchr(text, '+');
	if (!plus || sscanf(plus, "+%lx", &offset) != 1)
		return 0;

	return offset;
}

/* What goes to the log is a word, whatever somebody wrote. */
static bool lkp_probe_name_valid(const char *name)
{
	const char *c;

	for (c = name; *c; c++)
		if (!isascii(*c) || !isgraph(*c))
			return false;

	return c != name && c - name < KSYM_NAME_LEN;
}

/**
 * lkp_probe_lookup - find a function, and see whether it can be probed
 * @name: the name, as in /proc/kallsyms; "module:name" looks in one module
 * @place: where the function is, on success
 *
 * Each failure is one line in the log, up to the usual limit per time.
 *
 * Context: Process context. May sleep.
 * Return: 0, -EINVAL when @name is none or a function that must not be probed,
 *	   -ENOENT when there is no such function, -EOPNOTSUPP when the kernel
 *	   has no kprobes, or another negative errno of register_kprobe().
 */
int lkp_probe_lookup(const char *name, struct lkp_probe_place *place)
{
	struct kprobe kp = {
		.symbol_name	= name,
		.flags		= KPROBE_FLAG_DISABLED,
	};
	unsigned long address;
	int ret;

	if (!IS_ENABLED(CONFIG_KPROBES)) {
		pr_warn_ratelimited("unavailable: this kernel has no kprobes\n");
		return -EOPNOTSUPP;
	}

	if (!lkp_probe_name_valid(name)) {
		pr_warn_ratelimited("this is no name of a function: error %d\n",
				    -EINVAL);
		return -EINVAL;
	}

	ret = register_kprobe(&kp);
	switch (ret) {
	case 0:
		break;
	case -ENOENT:
		pr_warn_ratelimited("%s: no such function, or inlined wherever it is used: error %d\n",
				    name, ret);
		return ret;
	case -EINVAL:
		pr_warn_ratelimited("%s: blacklisted, or no code to probe: error %d\n",
				    name, ret);
		return ret;
	default:
		pr_warn_ratelimited("%s: unable to probe: error %d\n",
				    name, ret);
		return ret;
	}

	/* Alone, a probe is on no list; with others, on that of its place. */
	place->shared = kprobe_ftrace(&kp) && !list_empty(&kp.list);
	address = (unsigned long)kp.addr;
	unregister_kprobe(&kp);

	place->offset = lkp_probe_offset(address);
	place->address = address - place->offset;

	return 0;
}

/**
 * lkp_probe_may_show - whether the reader of a file may see addresses
 * @file: the file that is being read
 *
 * At least as strict as /proc/kallsyms, whose own function is not exported:
 * CAP_SYSLOG in the credentials that *opened* the file, so that an open file
 * which is passed to another process does not start to tell; with
 * kptr_restrict=1 in those of the reader, too; and with 2, nobody.  As that
 * variable is not exported either, %pK is asked: it prints zeros for those who
 * shall see none.
 *
 * Context: Process context.
 * Return: true if addresses may be shown.
 */
bool lkp_probe_may_show(const struct file *file)
{
	char text[2 * sizeof(void *) + 1];

	if (!file_ns_capable(file, &init_user_ns, CAP_SYSLOG))
		return false;

	snprintf(text, sizeof(text), "%pK", &lkp_probe_override);

	return strspn(text, "0") != strlen(text);
}
