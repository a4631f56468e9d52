// SPDX-License-Identifier: GPL-2.0-only
/*
 * lkp_test_fails - a function of the kernel fails, or is late, when a test says so
 *
 *	# modprobe lkp_test_fails
 *	# cd /sys/module/lkp_test_fails/parameters
 *	# echo 'register_module_notifier returns -16' > function
 *	# modprobe lkp_example
 *	modprobe: ERROR: could not insert 'lkp_example': Device or resource busy
 *	# cat calls
 *	1
 *	# echo none > function
 *
 * It is not called any more: whoever calls it gets that value at once.  With "after 1"
 * behind that, the first call goes on as ever.  "takes 300" instead of "returns -16"
 * lets it wait for so many milliseconds first.  Calls from anywhere but the modules
 * lkp_example* go on as ever, but for those that are to wait: what is late in the
 * kernel keeps the modules in a state that they leave too quickly otherwise.
 *
 * Much can fail, by the rules, that never does: a probe at the start of a function
 * can return in its place.  That is done here for x86 alone, where the address to
 * return to is on the stack.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/string.h>

/* For a name in the format of sscanf(). */
#define LKP_TEST_NAME	64

static char lkp_test_name[LKP_TEST_NAME];
static long lkp_test_value;
static bool lkp_test_waits;
static atomic_t lkp_test_calls = ATOMIC_INIT(0);
static atomic_t lkp_test_spared = ATOMIC_INIT(0);

/* Where a function that is not called goes on: it returns, and touches nothing. */
static noinline notrace void lkp_test_return(void)
{
}

NOKPROBE_SYMBOL(lkp_test_return);

/* The address that is on top of the stack when a function begins. */
static bool lkp_test_is_for_us(const struct pt_regs *regs)
{
	char text[KSYM_SYMBOL_LEN];

	sprint_symbol(text, *(unsigned long *)regs->sp);

	return strstr(text, "[lkp_example");
}

NOKPROBE_SYMBOL(lkp_test_is_for_us);

static int lkp_test_pre(struct kprobe *kp, struct pt_regs *regs)
{
	if (lkp_test_waits) {
		atomic_inc(&lkp_test_calls);
		mdelay(lkp_test_value);
		return 0;
	}
	if (!lkp_test_is_for_us(regs) ||
	    atomic_dec_if_positive(&lkp_test_spared) >= 0)
		return 0;

	atomic_inc(&lkp_test_calls);
	regs_set_return_value(regs, lkp_test_value);
	instruction_pointer_set(regs, (unsigned long)lkp_test_return);

	/* The function is over: nothing of it is to be executed. */
	return 1;
}

NOKPROBE_SYMBOL(lkp_test_pre);

static struct kprobe lkp_test_kprobe;

static void lkp_test_end(void)
{
	if (*lkp_test_name)
		unregister_kprobe(&lkp_test_kprobe);
	*lkp_test_name = '\0';
}

/* The lock of parameters keeps others out. */
static int lkp_test_set_function(const char *text, const struct kernel_param *kp)
{
	char how[LKP_TEST_NAME];
	int after = 0;
	int ret;

	lkp_test_end();
	if (sysfs_streq(text, "none"))
		return 0;
	if (sscanf(text, "%63s %63s %ld after %d", lkp_test_name, how,
		   &lkp_test_value, &after) < 3) {
		*lkp_test_name = '\0';
		return -EINVAL;
	}

	lkp_test_waits = !strcmp(how, "takes");
	atomic_set(&lkp_test_calls, 0);
	atomic_set(&lkp_test_spared, after);
	lkp_test_kprobe = (struct kprobe) {
		.symbol_name	= lkp_test_name,
		.pre_handler	= lkp_test_pre,
	};
	ret = register_kprobe(&lkp_test_kprobe);
	if (ret)
		*lkp_test_name = '\0';

	return ret;
}

static const struct kernel_param_ops lkp_test_function_ops = {
	.set = lkp_test_set_function,
};
module_param_cb(function, &lkp_test_function_ops, NULL, 0200);
MODULE_PARM_DESC(function, "'NAME returns VALUE [after N]', 'NAME takes MILLISECONDS', or none");

static int lkp_test_get_calls(char *buf, const struct kernel_param *kp)
{
	return scnprintf(buf, PAGE_SIZE, "%d\n", atomic_read(&lkp_test_calls));
}

static const struct kernel_param_ops lkp_test_calls_ops = {
	.get = lkp_test_get_calls,
};
module_param_cb(calls, &lkp_test_calls_ops, NULL, 0400);
MODULE_PARM_DESC(calls, "How many calls have failed, or waited");

static int __init lkp_test_fails_init(void)
{
	return 0;
}
module_init(lkp_test_fails_init);

static void __exit lkp_test_fails_exit(void)
{
	lkp_test_end();
}
module_exit(lkp_test_fails_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The lkp-example maintainers");
MODULE_DESCRIPTION("A function of the kernel that fails when it is told to");
