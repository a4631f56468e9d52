// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module lkp_example_probe: kernel probes made visible.
 *
 *	# modprobe lkp_example_probe symbol=hrtimer_nanosleep
 *	# sleep 0.1
 *	# cd /sys/kernel/debug/lkp_example_probe
 *	# cat stats
 *	symbol:          hrtimer_nanosleep
 *	offset:          4
 *	maxactive:       10
 *	hits:            1
 *	post_hits:       1
 *	returns:         1
 *	missed_hits:     0
 *	missed_returns:  0
 *	last_return:     0 (0, 0x0)
 *
 *	       from ns       below ns      returns
 *	      67108864      134217728            1 |#########################
 *	         total                           1
 *	# echo vfs_read > /sys/module/lkp_example_probe/parameters/symbol
 *	# echo none > /sys/module/lkp_example_probe/parameters/symbol
 *	# echo vfs_read > lookup; cat lookup
 *	ffffffff8f6d5e30 vfs_read +4
 *
 * "hits" counts calls before, and "post_hits" after the first instruction was
 * executed; "returns" what came back, by how long it took.  "last_return" is
 * the value that came back last, as an int, as a long and in hexadecimal; it
 * takes CAP_SYSLOG to see it, as it may be an address.  Writing anything to
 * "stats" starts from zero.
 *
 * Two numbers say what was not seen.  "missed_hits": while a CPU is in the
 * handler of any probe, another probe that is hit on it is passed over.
 * "missed_returns": to follow a call to its return takes an instance, of which
 * there are "maxactive"; calls beyond that many at once are not followed.
 *
 * "offset" is how far into the function the probe sits: see probe_lookup.c.
 * The files "target" and "override" are described in probe_target.c.
 *
 * A kernel without kretprobes loads the module too.  It then says in the log
 * that probes are unavailable, and refuses to probe with EOPNOTSUPP.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ctype.h>
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "probe.h"

static unsigned int maxactive;
module_param(maxactive, uint, 0600);
MODULE_PARM_DESC(maxactive, "How many calls at once are followed to their return, for the next probe (0: the kernel decides)");

static bool post = true;
module_param(post, bool, 0600);
MODULE_PARM_DESC(post, "Set a post handler too, for the next probe");

/*
 * Guards everything below.  The parameter "symbol" can be written before the
 * init function has run, when there is nothing to be armed yet, and after the
 * exit function has, when nothing may be armed any more.
 */
static DEFINE_MUTEX(lkp_probe_lock);
static enum { LKP_PROBE_COMING, LKP_PROBE_LIVE, LKP_PROBE_GOING } lkp_probe_state;
static char lkp_probe_wanted[KSYM_NAME_LEN] = "none";
static struct lkp_probe *lkp_probe_now;
static struct lkp_probe_place lkp_probe_found;
static char lkp_probe_found_name[KSYM_NAME_LEN];

static struct dentry *lkp_probe_dir;

/*
 * Probe the function @name instead of what is probed now.  The new probe is
 * in place before the old one goes, so that a failure changes nothing.
 */
static int lkp_probe_move(const char *name)
{
	struct lkp_probe *probe = NULL;

	lockdep_assert_held(&lkp_probe_lock);

	if (*name && strcmp(name, "none")) {
		probe = lkp_probe_create(name, READ_ONCE(maxactive),
					 READ_ONCE(post), lkp_probe_now);
		if (IS_ERR(probe))
			return PTR_ERR(probe);
	}

	lkp_probe_destroy(lkp_probe_now);
	lkp_probe_now = probe;

	return 0;
}

/* Copy the name that a user wrote, without the blanks around it. */
static int lkp_probe_copy_name(char *name, const char *text)
{
	size_t length;

	text = skip_spaces(text);
	length = strlen(text);
	while (length && isspace(text[length - 1]))
		length--;
	if (length >= KSYM_NAME_LEN)
		return -ENAMETOOLONG;

	memcpy(name, text, length);
	name[length] = '\0';

	return 0;
}

/*
 * No memory is allocated here: in a kernel that has the module built in, the
 * command line is read before there is an allocator.
 */
static int lkp_probe_symbol_set(const char *text,
				const struct kernel_param *kp)
{
	int ret;

	mutex_lock(&lkp_probe_lock);
	ret = lkp_probe_copy_name(lkp_probe_wanted, text);
	if (!ret && lkp_probe_state == LKP_PROBE_LIVE)
		ret = lkp_probe_move(lkp_probe_wanted);
	else if (lkp_probe_state == LKP_PROBE_GOING)
		ret = -ENODEV;
	mutex_unlock(&lkp_probe_lock);

	return ret;
}

static int lkp_probe_symbol_get(char *buffer, const struct kernel_param *kp)
{
	int ret;

	mutex_lock(&lkp_probe_lock);
	ret = scnprintf(buffer, PAGE_SIZE, "%s\n",
			lkp_probe_name(lkp_probe_now));
	mutex_unlock(&lkp_probe_lock);

	return ret;
}

static const struct kernel_param_ops lkp_probe_symbol_ops = {
	.set = lkp_probe_symbol_set,
	.get = lkp_probe_symbol_get,
};

module_param_cb(symbol, &lkp_probe_symbol_ops, NULL, 0600);
MODULE_PARM_DESC(symbol, "The function to probe, or none");

static int lkp_probe_stats_show(struct seq_file *m, void *unused)
{
	int ret;

	mutex_lock(&lkp_probe_lock);
	seq_printf(m, "symbol:          %s\n", lkp_probe_name(lkp_probe_now));
	ret = lkp_probe_show(m, lkp_probe_now, lkp_probe_may_show(m->file));
	mutex_unlock(&lkp_probe_lock);

	return ret;
}

static int lkp_probe_stats_open(struct inode *inode, struct file *file)
{
	return single_open(file, lkp_probe_stats_show, NULL);
}

/*
 * Start from zero.  Other CPUs are counting, and would write back what they
 * read before it was cleared: a new probe has new counters.
 */
static ssize_t lkp_probe_stats_write(struct file *file, const char __user *buf,
				     size_t count, loff_t *pos)
{
	int ret;

	mutex_lock(&lkp_probe_lock);
	ret = lkp_probe_move(lkp_probe_name(lkp_probe_now));
	mutex_unlock(&lkp_probe_lock);

	return ret ? ret : count;
}

static const struct file_operations lkp_probe_stats_fops = {
	.owner		= THIS_MODULE,
	.open		= lkp_probe_stats_open,
	.read		= seq_read,
	.write		= lkp_probe_stats_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

static int lkp_probe_lookup_show(struct seq_file *m, void *unused)
{
	unsigned long address;

	mutex_lock(&lkp_probe_lock);
	address = lkp_probe_found.address;
	if (!lkp_probe_may_show(m->file))
		address = 0;
	if (*lkp_probe_found_name)
		seq_printf(m, "%0*lx %s +%lu\n", (int)(2 * sizeof(address)),
			   address, lkp_probe_found_name,
			   lkp_probe_found.offset);
	mutex_unlock(&lkp_probe_lock);

	return 0;
}

static int lkp_probe_lookup_open(struct inode *inode, struct file *file)
{
	return single_open(file, lkp_probe_lookup_show, NULL);
}

/* What was found stays until the next write, whether that finds or not. */
static ssize_t lkp_probe_lookup_write(struct file *file,
				      const char __user *buf, size_t count,
				      loff_t *pos)
{
	char *text;
	int ret;

	if (count > KSYM_NAME_LEN)
		return -ENAMETOOLONG;
	text = memdup_user_nul(buf, count);
	if (IS_ERR(text))
		return PTR_ERR(text);

	mutex_lock(&lkp_probe_lock);
	ret = lkp_probe_copy_name(lkp_probe_found_name, text);
	if (!ret)
		ret = lkp_probe_lookup(lkp_probe_found_name, &lkp_probe_found);
	if (ret)
		*lkp_probe_found_name = '\0';
	mutex_unlock(&lkp_probe_lock);

	kfree(text);
	return ret ? ret : count;
}

static const struct file_operations lkp_probe_lookup_fops = {
	.owner		= THIS_MODULE,
	.open		= lkp_probe_lookup_open,
	.read		= seq_read,
	.write		= lkp_probe_lookup_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

/* Without debugfs all of this does nothing, and the probe works silently. */
static void __init lkp_probe_create_files(void)
{
	lkp_probe_dir = debugfs_create_dir(KBUILD_MODNAME, NULL);
	debugfs_create_file("stats", 0600, lkp_probe_dir, NULL,
			    &lkp_probe_stats_fops);
	debugfs_create_file("lookup", 0600, lkp_probe_dir, NULL,
			    &lkp_probe_lookup_fops);
	lkp_probe_target_create_files(lkp_probe_dir);
}

static int __init lkp_example_probe_init(void)
{
	int ret = 0;

	mutex_lock(&lkp_probe_lock);
	if (!IS_ENABLED(CONFIG_KRETPROBES))
		pr_info("probes are unavailable: this kernel has no kretprobes\n");
	else
		ret = lkp_probe_move(lkp_probe_wanted);
	if (!ret) {
		lkp_probe_state = LKP_PROBE_LIVE;
		pr_info("ready, probing: %s\n", lkp_probe_name(lkp_probe_now));
	}
	mutex_unlock(&lkp_probe_lock);
	if (ret)
		return ret;

	lkp_probe_create_files();

	return 0;
}
module_init(lkp_example_probe_init);

static void __exit lkp_example_probe_exit(void)
{
	debugfs_remove_recursive(lkp_probe_dir);

	mutex_lock(&lkp_probe_lock);
	lkp_probe_state = LKP_PROBE_GOING;
	lkp_probe_destroy(lkp_probe_now);
	lkp_probe_now = NULL;
	mutex_unlock(&lkp_probe_lock);
}
module_exit(lkp_example_probe_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The lkp-example maintainers");
MODULE_DESCRIPTION("Linux kernel programming example: kernel probes made visible");
MODULE_VERSION(LKP_EXAMPLE_VERSION);
