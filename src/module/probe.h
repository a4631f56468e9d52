/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of lkp_example_probe share.
 *
 *	probe_main.c	the module, its parameters, and the files "stats" and
 *			"lookup"
 *	probe.c		one probed function, its handlers and its counters;
 *			compiled only where the kernel has kretprobes
 *	probe_lookup.c	where a function is, and who may know it
 *	probe_target.c	a function to probe, and a return value to change
 */
#ifndef _LKP_EXAMPLE_PROBE_H
#define _LKP_EXAMPLE_PROBE_H

#include <linux/err.h>
#include <linux/errno.h>
#include <linux/ptrace.h>
#include <linux/types.h>

struct dentry;
struct file;
struct lkp_probe;
struct seq_file;

/**
 * struct lkp_probe_place - where a function is, and where a probe on it sits
 * @address: of the function, as in /proc/kallsyms
 * @offset: from @address to the instruction that a probe on the name replaces
 * @shared: the probe would share its place with another one, through ftrace
 */
struct lkp_probe_place {
	unsigned long address;
	unsigned long offset;
	bool shared;
};

int lkp_probe_lookup(const char *name, struct lkp_probe_place *place);
bool lkp_probe_may_show(const struct file *file);

/**
 * struct lkp_probe_override - the return value that a handler puts in place
 * @on: whether it does
 * @value: the value; set before @on is
 */
struct lkp_probe_override {
	bool on;
	long value;
};

extern struct lkp_probe_override lkp_probe_override;

unsigned long lkp_probe_target_address(void);
void lkp_probe_target_create_files(struct dentry *dir);

#ifdef CONFIG_KRETPROBES

struct lkp_probe *lkp_probe_create(const char *name, unsigned int maxactive,
				   bool post, const struct lkp_probe *old);
void lkp_probe_destroy(struct lkp_probe *probe);
const char *lkp_probe_name(const struct lkp_probe *probe);
int lkp_probe_show(struct seq_file *m, const struct lkp_probe *probe,
		   bool show_values);

#else /* !CONFIG_KRETPROBES */

static inline struct lkp_probe *lkp_probe_create(const char *name,
						 unsigned int maxactive,
						 bool post,
						 const struct lkp_probe *old)
{
	return ERR_PTR(-EOPNOTSUPP);
}

static inline void lkp_probe_destroy(struct lkp_probe *probe)
{
}

static inline const char *lkp_probe_name(const struct lkp_probe *probe)
{
	return "none";
}

static inline int lkp_probe_show(struct seq_file *m,
				 const struct lkp_probe *probe,
				 bool show_values)
{
	return 0;
}

#endif /* CONFIG_KRETPROBES */

/*
 * Not every architecture lets a return value be set: 32-bit arm and riscv
 * learned it after 5.10.  Those that do are the ones that can inject errors
 * into functions.
 */
#ifdef CONFIG_HAVE_FUNCTION_ERROR_INJECTION

static __always_inline void lkp_probe_set_return(struct pt_regs *regs,
						 long value)
{
	regs_set_return_value(regs, value);
}

#else /* !CONFIG_HAVE_FUNCTION_ERROR_INJECTION */

static __always_inline void lkp_probe_set_return(struct pt_regs *regs,
						 long value)
{
}

#endif /* CONFIG_HAVE_FUNCTION_ERROR_INJECTION */

#endif /* _LKP_EXAMPLE_PROBE_H */
