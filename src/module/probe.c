// SPDX-License-Identifier: GPL-2.0-only
/*
 * One probed function: a kprobe at its start, a kretprobe for its returns,
 * and what they count.
 *
 * The handlers run on every call of a function that may be among the hottest
 * of the kernel, so they share nothing: each CPU counts in memory of its own,
 * and who reads the counters adds them up.  Hence also no filter: kernel
 * threads are counted as anybody else, and
 *
 *	hits = returns + missed returns + calls that have not returned yet
 *
 * holds for the calls that began after both probes were in place.
 *
 * The time is that of local_clock().  Like the trace clock it reads a counter
 * of the CPU and no memory that others write, in contrast to ktime_get() and
 * its kind, for which a virtual machine may even have to leave the guest.
 * The price: clocks of two CPUs may differ by a little where the hardware
 * keeps them badly, and a function that sleeps may return on another CPU
 * than it was called on.  A negative difference counts as 0.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/math64.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/sched/clock.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "probe.h"
#include "probe_compat.h"

/* As many as the kernel's own kretprobe events accept. */
#define LKP_PROBE_MAXACTIVE_MAX	4096

/* Bucket n is for 2^(n-1) <= time < 2^n nanoseconds, and bucket 0 for 0. */
#define LKP_PROBE_BUCKETS	64

#define LKP_PROBE_BAR		"########################################"

/**
 * struct lkp_probe_cpu - what one CPU counted
 * @hits: the function was called
 * @post_hits: its first instruction was executed
 * @last_return: value that the function returned last on this CPU
 * @last_time: when
 * @returns: how often it returned, by the binary logarithm of the duration
 *
 * Each counter is as wide as the CPU adds in one instruction: on 32-bit it
 * begins anew after 4294967295.
 */
struct lkp_probe_cpu {
	unsigned long hits;
	unsigned long post_hits;
	unsigned long last_return;
	u64 last_time;
	unsigned long returns[LKP_PROBE_BUCKETS];
};

/**
 * struct lkp_probe - a function that is being probed
 * @kp: the probe at its start
 * @rp: the probe that its returns run into
 * @cpu: the counters
 * @place: where the function is
 * @name: its name, which @kp and @rp point to
 */
struct lkp_probe {
	struct kprobe kp;
	struct kretprobe rp;
	struct lkp_probe_cpu __percpu *cpu;
	struct lkp_probe_place place;
	char name[KSYM_NAME_LEN];
};

/*
 * The handlers.  They run with preemption disabled and, depending on how the
 * kernel put the probe in, with interrupts disabled.  NOKPROBE_SYMBOL() keeps
 * other probes out of them: a probe in the handler of a probe would be hit
 * again and again.
 */

static int lkp_probe_pre(struct kprobe *kp, struct pt_regs *regs)
{
	struct lkp_probe *probe = container_of(kp, struct lkp_probe, kp);

	this_cpu_inc(probe->cpu->hits);

	return 0;
}

NOKPROBE_SYMBOL(lkp_probe_pre);

static void lkp_probe_post(struct kprobe *kp, struct pt_regs *regs,
			   unsigned long flags)
{
	struct lkp_probe *probe = container_of(kp, struct lkp_probe, kp);

	this_cpu_inc(probe->cpu->post_hits);
}

NOKPROBE_SYMBOL(lkp_probe_post);

/* data_size bytes of each instance are ours, from the entry to the return. */
static int lkp_probe_entry(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	*(u64 *)ri->data = local_clock();

	return 0;
}

NOKPROBE_SYMBOL(lkp_probe_entry);

static int lkp_probe_return(struct kretprobe_instance *ri,
			    struct pt_regs *regs)
{
	struct kretprobe *rp = lkp_probe_kretprobe(ri);
	u64 now = local_clock();
	s64 duration = now - *(u64 *)ri->data;
	struct lkp_probe *probe;

	/* Another processor may be taking the probe away right now. */
	if (!rp)
		return 0;
	probe = container_of(rp, struct lkp_probe, rp);

	if (duration < 0)
		duration = 0;
	this_cpu_inc(probe->cpu->returns[fls64(duration)]);
	this_cpu_write(probe->cpu->last_return, regs_return_value(regs));
	this_cpu_write(probe->cpu->last_time, now);

	return 0;
}

NOKPROBE_SYMBOL(lkp_probe_return);

/* For our own target alone: what it returned, and then what its caller gets. */
static int lkp_probe_return_target(struct kretprobe_instance *ri,
				   struct pt_regs *regs)
{
	lkp_probe_return(ri, regs);

	/* Pairs with the release in lkp_probe_override_write(). */
	if (smp_load_acquire(&lkp_probe_override.on))
		lkp_probe_set_return(regs,
				     READ_ONCE(lkp_probe_override.value));

	return 0;
}

NOKPROBE_SYMBOL(lkp_probe_return_target);

/*
 * Whether a post handler may be set.  The kernel files a place of ftrace under
 * one set of operations while a probe there has a post handler, and under
 * another set while none has; it files by the first probe that comes and
 * removes by the last that goes.  To bring the first post handler to a place
 * that somebody already probes is to be taken off the wrong list in the end:
 * the kernel warns, and goes on calling a probe that is gone.
 */
static bool lkp_probe_may_post(const struct lkp_probe_place *place,
			       const struct lkp_probe *old)
{
	if (!place->shared)
		return true;

	return old && old->kp.post_handler &&
	       old->place.address == place->address;
}

/**
 * lkp_probe_create - probe a function
 * @name: the name of the function
 * @maxactive: how many calls of it may be under way at once, each of which
 *	       needs an instance; 0 leaves it to the kernel
 * @post: count with a post handler too, where the place of the probe allows
 * @old: our probe that this one is going to replace, or NULL
 *
 * On return the function is being probed; @old still is, too.  Each failure
 * is one line in the log, up to the usual limit per time.
 *
 * Context: Process context. May sleep.
 * Return: the probe, which the caller gives to lkp_probe_destroy() in the end,
 *	   or an error pointer: -EINVAL when the function must not be probed or
 *	   @maxactive is too large, -ENOENT when there is none of that name,
 *	   -ENOMEM, -EOPNOTSUPP when the kernel has no kretprobes, or another
 *	   negative errno of register_kprobe().
 */
struct lkp_probe *lkp_probe_create(const char *name, unsigned int maxactive,
				   bool post, const struct lkp_probe *old)
{
	struct lkp_probe_place place;
	struct lkp_probe *probe;
	int ret;

	if (maxactive > LKP_PROBE_MAXACTIVE_MAX) {
		pr_warn_ratelimited("maxactive=%u: the limit is %d: error %d\n",
				    maxactive, LKP_PROBE_MAXACTIVE_MAX,
				    -EINVAL);
		return ERR_PTR(-EINVAL);
	}

	ret = lkp_probe_lookup(name, &place);
	if (ret)
		goto out;

	ret = -ENOMEM;
	probe = kzalloc(sizeof(*probe), GFP_KERNEL);
	if (!probe)
		goto out;
	probe->cpu = alloc_percpu(struct lkp_probe_cpu);
	if (!probe->cpu)
		goto out_free_probe;

	strscpy(probe->name, name, sizeof(probe->name));
	probe->place = place;

	probe->kp.symbol_name = probe->name;
	probe->kp.pre_handler = lkp_probe_pre;
	if (post && lkp_probe_may_post(&place, old))
		probe->kp.post_handler = lkp_probe_post;

	probe->rp.kp.symbol_name = probe->name;
	probe->rp.entry_handler = lkp_probe_entry;
	probe->rp.handler = lkp_probe_return;
	if (place.address == lkp_probe_target_address())
		probe->rp.handler = lkp_probe_return_target;
	probe->rp.data_size = sizeof(u64);
	probe->rp.maxactive = maxactive;

	/* In this order, for the sake of the post handler. */
	ret = register_kprobe(&probe->kp);
	if (ret)
		goto out_warn;
	ret = register_kretprobe(&probe->rp);
	if (ret)
		goto out_unregister_kprobe;

	return probe;

out_unregister_kprobe:
	unregister_kprobe(&probe->kp);
out_warn:
	pr_warn_ratelimited("%s: unable to probe: error %d\n", name, ret);
	free_percpu(probe->cpu);
out_free_probe:
	kfree(probe);
out:
	return ERR_PTR(ret);
}

/**
 * lkp_probe_destroy - stop probing a function
 * @probe: the probe, or NULL, which is left alone as kfree() does
 *
 * Unregistering waits for handlers that are running on any CPU.  A call that
 * has not returned yet does so without us.
 *
 * Context: Process context. May sleep.
 */
void lkp_probe_destroy(struct lkp_probe *probe)
{
	if (!probe)
		return;

	unregister_kretprobe(&probe->rp);
	unregister_kprobe(&probe->kp);
	free_percpu(probe->cpu);
	kfree(probe);
}

/**
 * lkp_probe_name - the name of the probed function
 * @probe: the probe, or NULL
 *
 * Return: the name, which lives as long as @probe, or "none".
 */
const char *lkp_probe_name(const struct lkp_probe *probe)
{
	return probe ? probe->name : "none";
}

/* The counters of all CPUs, and the last of the last returns. */
struct lkp_probe_sum {
	u64 hits;
	u64 post_hits;
	u64 returned;
	u64 last_time;
	unsigned long last_return;
	u64 returns[LKP_PROBE_BUCKETS];
};

static void lkp_probe_add_up(const struct lkp_probe *probe,
			     struct lkp_probe_sum *sum)
{
	unsigned long returns;
	int bucket;
	int cpu;

	for_each_possible_cpu(cpu) {
		struct lkp_probe_cpu *one = per_cpu_ptr(probe->cpu, cpu);
		u64 last_time = READ_ONCE(one->last_time);

		sum->hits += READ_ONCE(one->hits);
		sum->post_hits += READ_ONCE(one->post_hits);
		if (last_time > sum->last_time) {
			sum->last_time = last_time;
			sum->last_return = READ_ONCE(one->last_return);
		}
		for (bucket = 0; bucket < LKP_PROBE_BUCKETS; bucket++) {
			returns = READ_ONCE(one->returns[bucket]);
			sum->returns[bucket] += returns;
			sum->returned += returns;
		}
	}
}

static void lkp_probe_show_histogram(struct seq_file *m,
				     const struct lkp_probe_sum *sum)
{
	int last = LKP_PROBE_BUCKETS - 1;
	int first = 0;
	u64 most = 1;
	int bucket;
	u64 length;

	for (bucket = 0; bucket < LKP_PROBE_BUCKETS; bucket++)
		most = max(most, sum->returns[bucket]);
	while (first < last && !sum->returns[first])
		first++;
	while (last > first && !sum->returns[last])
		last--;

	seq_printf(m, "\n%14s %14s %12s\n", "from ns", "below ns", "returns");
	for (bucket = first; bucket <= last; bucket++) {
		length = div64_u64(sum->returns[bucket] *
				   (sizeof(LKP_PROBE_BAR) - 1), most);
		seq_printf(m, "%14llu %14llu %12llu |%.*s\n",
			   bucket ? 1ULL << (bucket - 1) : 0, 1ULL << bucket,
			   sum->returns[bucket], (int)length, LKP_PROBE_BAR);
	}
	seq_printf(m, "%14s %14s %12llu\n", "total", "", sum->returned);
}

/**
 * lkp_probe_show - show what a probe counted
 * @m: where to
 * @probe: the probe, or NULL
 * @show_values: show the value that the function returned, which may well be
 *		 an address
 *
 * Calls go on meanwhile, so that the figures are not of one instant.
 *
 * Context: Process context. May sleep.
 * Return: 0, or -ENOMEM when there is no memory to add up in.
 */
int lkp_probe_show(struct seq_file *m, const struct lkp_probe *probe,
		   bool show_values)
{
	struct lkp_probe_sum *sum;

	if (!probe)
		return 0;

	sum = kzalloc(sizeof(*sum), GFP_KERNEL);
	if (!sum)
		return -ENOMEM;
	lkp_probe_add_up(probe, sum);

	seq_printf(m, "offset:          %lu\n", probe->place.offset);
	seq_printf(m, "maxactive:       %d\n", probe->rp.maxactive);
	seq_printf(m, "hits:            %llu\n", sum->hits);
	if (probe->kp.post_handler)
		seq_printf(m, "post_hits:       %llu\n", sum->post_hits);
	else
		seq_puts(m, "post_hits:       off\n");
	seq_printf(m, "returns:         %llu\n", sum->returned);
	/* Called from a handler, on a CPU that already was in one. */
	seq_printf(m, "missed_hits:     %lu\n", READ_ONCE(probe->kp.nmissed));
	/* More calls at once than maxactive: this many were not followed. */
	seq_printf(m, "missed_returns:  %d\n", READ_ONCE(probe->rp.nmissed));
	if (show_values && sum->returned)
		/* Only who wrote the function knows its type. */
		seq_printf(m, "last_return:     %d (%ld, %#lx)\n",
			   (int)sum->last_return, (long)sum->last_return,
			   sum->last_return);
	else
		seq_puts(m, "last_return:     -\n");
	if (sum->returned)
		lkp_probe_show_histogram(m, sum);

	kfree(sum);
	return 0;
}
