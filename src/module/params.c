// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parameters of lkp_example: one of each base type, and one that is
 * checked.
 *
 *	# modprobe lkp_example int_param=12 array_param=7,8 max_size=4096
 *	# cat /sys/module/lkp_example/parameters/array_param
 *	7,8
 *
 * A parameter is a variable of the module: what is given at load time replaces
 * its initial value before the init function runs.  The last argument of
 * module_param() is the mode of its file in sysfs; 0 means that there is none.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "internal.h"
#include "uapi/lkp_example.h"

static int int_param = 42;
module_param(int_param, int, 0);
MODULE_PARM_DESC(int_param, "A sample integer, printed at load time");

/*
 * Root may write this one at any time, which frees the old string: whoever
 * reads it holds kernel_param_lock().
 */
static char *string_param = "default value";
module_param(string_param, charp, 0644);
MODULE_PARM_DESC(string_param, "A sample string, printed at load time");

/* The others do nothing but show how a type is read, checked and printed. */
static unsigned char byte_param = 8;
module_param(byte_param, byte, 0444);
MODULE_PARM_DESC(byte_param, "A sample byte, 0 to 255");

static short short_param = -16;
module_param(short_param, short, 0444);
MODULE_PARM_DESC(short_param, "A sample short integer");

static long long_param = -64;
module_param(long_param, long, 0444);
MODULE_PARM_DESC(long_param, "A sample long integer");

static unsigned long ulong_param = 64;
module_param(ulong_param, ulong, 0444);
MODULE_PARM_DESC(ulong_param, "A sample long integer without a sign");

static bool bool_param = true;
module_param(bool_param, bool, 0444);
MODULE_PARM_DESC(bool_param, "A sample truth value: y or n");

/* Given two values, the count becomes 2, and sysfs shows two. */
static int array_param[4] = { 1, 2, 3, 4 };
static unsigned int array_param_count = ARRAY_SIZE(array_param);
module_param_array(array_param, int, &array_param_count, 0444);
MODULE_PARM_DESC(array_param, "A sample array of one to four integers");

/*
 * The longest message that the device takes.  Beyond the upper end one writer
 * could take all memory of a small machine.
 */
#define LKP_EXAMPLE_LEAST_MAX_SIZE	1
#define LKP_EXAMPLE_GREATEST_MAX_SIZE	(64 << 20)

static unsigned int max_size = LKP_EXAMPLE_MESSAGE_MAX;

static int lkp_example_set_max_size(const char *value,
				    const struct kernel_param *param)
{
	unsigned int wanted;

	if (kstrtouint(value, 0, &wanted) ||
	    wanted < LKP_EXAMPLE_LEAST_MAX_SIZE ||
	    wanted > LKP_EXAMPLE_GREATEST_MAX_SIZE) {
		pr_err("max_size=%.*s refused: it is %d to %d\n",
		       min_t(int, strcspn(value, "\n"), 64), value,
		       LKP_EXAMPLE_LEAST_MAX_SIZE,
		       LKP_EXAMPLE_GREATEST_MAX_SIZE);
		return -EINVAL;
	}

	/* Writers of the device look at it at any time, without a lock. */
	WRITE_ONCE(max_size, wanted);
	return 0;
}

static const struct kernel_param_ops lkp_example_max_size_ops = {
	.set = lkp_example_set_max_size,
	.get = param_get_uint,
};
module_param_cb(max_size, &lkp_example_max_size_ops, &max_size, 0644);
__MODULE_PARM_TYPE(max_size, "uint");
MODULE_PARM_DESC(max_size, "Longest message in bytes, 1 to 67108864 (default 1048576)");

static const char *const lkp_example_steps[] = {
	[LKP_EXAMPLE_STEP_NONE]		= "none",
	[LKP_EXAMPLE_STEP_CREATE]	= "create",
	[LKP_EXAMPLE_STEP_UPDATE]	= "update",
	[LKP_EXAMPLE_STEP_DEVICE]	= "device",
};

static int failing_step = LKP_EXAMPLE_STEP_NONE;

static int lkp_example_set_fail(const char *value,
				const struct kernel_param *param)
{
	int step = sysfs_match_string(lkp_example_steps, value);

	if (step < 0) {
		pr_err("fail=%.*s refused: it is none, create, update or device\n",
		       min_t(int, strcspn(value, "\n"), 64), value);
		return step;
	}

	failing_step = step;
	return 0;
}

static int lkp_example_get_fail(char *buf, const struct kernel_param *param)
{
	return sysfs_emit(buf, "%s\n", lkp_example_steps[failing_step]);
}

static const struct kernel_param_ops lkp_example_fail_ops = {
	.set = lkp_example_set_fail,
	.get = lkp_example_get_fail,
};
module_param_cb(fail, &lkp_example_fail_ops, NULL, 0444);
__MODULE_PARM_TYPE(fail, "charp");
MODULE_PARM_DESC(fail, "For tests and teaching: the step of loading that fails for want of memory: none, create, update or device");

/**
 * lkp_example_print_parameters - print the two parameters of the first lesson
 *
 * Context: Process context. May sleep.
 */
void lkp_example_print_parameters(void)
{
	pr_info("Int param: %d\n", int_param);

	kernel_param_lock(THIS_MODULE);
	pr_info("String param: %s\n", string_param);
	kernel_param_unlock(THIS_MODULE);
}

/**
 * lkp_example_limit - look up the parameter max_size
 *
 * Context: Any context.
 * Return: the longest message that may be written now, in bytes.
 */
size_t lkp_example_limit(void)
{
	return READ_ONCE(max_size);
}

/**
 * lkp_example_fails - is this the step that the parameter "fail" names?
 * @step: a step of the init function
 *
 * Context: Any context.
 * Return: whether the step is to fail, with -ENOMEM.
 */
bool lkp_example_fails(enum lkp_example_step step)
{
	return failing_step == step;
}
