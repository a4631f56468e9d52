// SPDX-License-Identifier: GPL-2.0-only
/*
 * A function that is there to be probed, and a return value to change.
 *
 *	# cd /sys/kernel/debug/lkp_example_probe
 *	# echo 21 > target; cat target
 *	lkp_example_probe_target(21) = 42 (1 calls, 310 ns)
 *
 * "echo 21 1000000 > target" calls it a million times: with a probe on it and
 * without, that is the price of a hit.
 *
 * A handler of a probe sees the registers, and may write to them.  As long as
 * the module's probe is on lkp_example_probe_target, "echo 7 > override"
 * makes the callers of that function, and of no other, get 7 whatever it
 * returns; "echo none > override" ends it.
 *
 *	# echo lkp_example_probe_target > \
 *		/sys/module/lkp_example_probe/parameters/symbol
 *	# echo 7 > override; echo 21 > target; cat target
 *	lkp_example_probe_target(21) = 7 (1 calls, 2130 ns)
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "probe.h"

/* How many times a write may call the target, and how long a write may be. */
#define LKP_PROBE_CALLS_MAX	1000000
#define LKP_PROBE_TARGET_WRITE	64

struct lkp_probe_override lkp_probe_override;

/* What the last write to "target" did. */
static DEFINE_MUTEX(lkp_probe_target_lock);
static struct {
	int value;
	int result;
	unsigned int calls;
	u64 ns;
} lkp_probe_target_last;

/* noinline: a function without a body of its own has no place for a probe. */
static noinline int lkp_example_probe_target(int value)
{
	return value * 2;
}

/*
 * Called through a pointer that the compiler must read each time: otherwise
 * it knows the callee, and may call a copy that is specialised for the caller.
 */
static int (*lkp_probe_target_fn)(int value) = lkp_example_probe_target;

/**
 * lkp_probe_target_address - where the function is that is there to be probed
 *
 * Return: the address of lkp_example_probe_target().
 */
unsigned long lkp_probe_target_address(void)
{
	return (unsigned long)READ_ONCE(lkp_probe_target_fn);
}

static int lkp_probe_target_show(struct seq_file *m, void *unused)
{
	mutex_lock(&lkp_probe_target_lock);
	if (lkp_probe_target_last.calls)
		seq_printf(m, "lkp_example_probe_target(%d) = %d (%u calls, %llu ns)\n",
			   lkp_probe_target_last.value,
			   lkp_probe_target_last.result,
			   lkp_probe_target_last.calls,
			   lkp_probe_target_last.ns);
	mutex_unlock(&lkp_probe_target_lock);

	return 0;
}

static int lkp_probe_target_open(struct inode *inode, struct file *file)
{
	return single_open(file, lkp_probe_target_show, NULL);
}

/* The calls are made without the lock, so that many CPUs can make them. */
static int lkp_probe_target_call(int value, unsigned int calls)
{
	int result = 0;
	unsigned int i;
	u64 start;

	start = ktime_get_ns();
	for (i = 0; i < calls; i++) {
		result = READ_ONCE(lkp_probe_target_fn)(value);
		if (i % 1024)
			continue;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}

	mutex_lock(&lkp_probe_target_lock);
	lkp_probe_target_last.ns = ktime_get_ns() - start;
	lkp_probe_target_last.value = value;
	lkp_probe_target_last.result = result;
	lkp_probe_target_last.calls = calls;
	mutex_unlock(&lkp_probe_target_lock);

	return 0;
}

/* "VALUE" or "VALUE CALLS" */
static ssize_t lkp_probe_target_write(struct file *file,
				      const char __user *buf, size_t count,
				      loff_t *pos)
{
	char text[LKP_PROBE_TARGET_WRITE];
	char *calls_text = text;
	unsigned int calls = 1;
	char *value_text;
	int value;
	int ret;

	if (count >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, buf, count))
		return -EFAULT;
	text[count] = '\0';

	calls_text = strim(text);
	value_text = strsep(&calls_text, " ");
	ret = kstrtoint(value_text, 0, &value);
	if (ret)
		return ret;
	if (calls_text)
		ret = kstrtouint(skip_spaces(calls_text), 0, &calls);
	if (ret)
		return ret;
	if (value > INT_MAX / 2 || value < INT_MIN / 2)
		return -ERANGE;
	if (!calls || calls > LKP_PROBE_CALLS_MAX)
		return -ERANGE;

	ret = lkp_probe_target_call(value, calls);
	if (ret)
		return ret;

	return count;
}

static const struct file_operations lkp_probe_target_fops = {
	.owner		= THIS_MODULE,
	.open		= lkp_probe_target_open,
	.read		= seq_read,
	.write		= lkp_probe_target_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

static int lkp_probe_override_show(struct seq_file *m, void *unused)
{
	/* Pairs with the release in lkp_probe_override_write(). */
	if (smp_load_acquire(&lkp_probe_override.on))
		seq_printf(m, "%ld\n", READ_ONCE(lkp_probe_override.value));
	else
		seq_puts(m, "none\n");

	return 0;
}

static int lkp_probe_override_open(struct inode *inode, struct file *file)
{
	return single_open(file, lkp_probe_override_show, NULL);
}

static ssize_t lkp_probe_override_write(struct file *file,
					const char __user *buf, size_t count,
					loff_t *pos)
{
	char text[LKP_PROBE_TARGET_WRITE];
	char *value_text;
	int value;
	int ret;

	if (!IS_ENABLED(CONFIG_HAVE_FUNCTION_ERROR_INJECTION))
		return -EOPNOTSUPP;

	if (count >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, buf, count))
		return -EFAULT;
	text[count] = '\0';

	value_text = strim(text);
	if (!*value_text || !strcmp(value_text, "none")) {
		WRITE_ONCE(lkp_probe_override.on, false);
		return count;
	}

	ret = kstrtoint(value_text, 0, &value);
	if (ret)
		return ret;

	WRITE_ONCE(lkp_probe_override.value, value);
	/* Who sees the switch on sees the value: pairs with the acquires. */
	smp_store_release(&lkp_probe_override.on, true);

	return count;
}

static const struct file_operations lkp_probe_override_fops = {
	.owner		= THIS_MODULE,
	.open		= lkp_probe_override_open,
	.read		= seq_read,
	.write		= lkp_probe_override_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

/**
 * lkp_probe_target_create_files - create the files "target" and "override"
 * @dir: the directory of the module in debugfs
 *
 * They go with @dir.
 *
 * Context: Process context. May sleep.
 */
void lkp_probe_target_create_files(struct dentry *dir)
{
	debugfs_create_file("target", 0600, dir, NULL, &lkp_probe_target_fops);
	debugfs_create_file("override", 0600, dir, NULL,
			    &lkp_probe_override_fops);
}
