// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is behind the device: the shared message, who waits for it and who is told,
 * pins, clients, parameters, and the ioctl() calls.  Files are for programs to
 * open, and are tested by them.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/mman.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/notifier.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "internal.h"
#include "lkp_kunit.h"
#include "message.h"
#include "uapi/lkp_example.h"

/* After so long somebody is not late, but has been forgotten. */
#define LKP_DEVICE_PATIENCE	(30 * HZ)

static int lkp_device_init(struct kunit *test)
{
	struct lkp_message *msg = lkp_message_create("hello");

	if (!msg)
		return -ENOMEM;

	lkp_example_share(msg);
	test->priv = msg;
	return 0;
}

static void lkp_device_exit(struct kunit *test)
{
	lkp_example_unshare();
	lkp_message_destroy(test->priv);
}

static void lkp_device_expect_text(struct kunit *test, const char *text,
				   u64 generation)
{
	struct lkp_snapshot *newest = lkp_example_snapshot_get();

	KUNIT_ASSERT_NOT_NULL(test, newest);
	KUNIT_EXPECT_STREQ(test, newest->text, text);
	KUNIT_EXPECT_EQ(test, newest->size, strlen(text));
	KUNIT_EXPECT_EQ(test, newest->generation, generation);
	lkp_example_snapshot_put(newest);
	KUNIT_EXPECT_EQ(test, lkp_example_generation(), generation);
}

/* A text that is refused leaves the old one, and is no generation. */
static void lkp_device_update(struct kunit *test)
{
	static const struct {
		const char *text;
		size_t size;
		int ret;
	} updates[] = {
		{ "salve", 5, 0 },
		{ "", 0, 0 },
		{ "vale", 4, 0 },
		{ "a\0b", 3, -EINVAL },
		{ "ab", 3, -EINVAL },
		{ "never looked at", LKP_EXAMPLE_MESSAGE_MAX + 1, -EMSGSIZE },
		{ "never looked at", SIZE_MAX, -EMSGSIZE },
	};
	const char *text = "hello";
	u64 generation = 1;
	size_t i;

	lkp_device_expect_text(test, text, generation);
	for (i = 0; i < ARRAY_SIZE(updates); i++) {
		int ret = lkp_example_update(updates[i].text, updates[i].size);

		KUNIT_EXPECT_EQ_MSG(test, ret, updates[i].ret, "row %zu", i);
		if (!ret) {
			text = updates[i].text;
			generation++;
		}
		lkp_device_expect_text(test, text, generation);
	}
}

static void lkp_device_without_message(struct kunit *test)
{
	lkp_example_unshare();
	KUNIT_EXPECT_EQ(test, lkp_example_generation(), 0);
	KUNIT_EXPECT_NULL(test, lkp_example_snapshot_get());
	KUNIT_EXPECT_EQ(test, lkp_example_update("salve", 5), -ENODEV);
	lkp_example_share(test->priv);
	lkp_device_expect_text(test, "hello", 1);
}

static void lkp_device_newest(struct kunit *test)
{
	struct lkp_snapshot *first = lkp_example_snapshot_get();

	KUNIT_EXPECT_TRUE(test, lkp_example_is_newest(first));
	KUNIT_EXPECT_FALSE(test, lkp_example_is_newest(NULL));
	KUNIT_EXPECT_EQ(test, lkp_example_update("salve", 5), 0);
	KUNIT_EXPECT_FALSE(test, lkp_example_is_newest(first));
	KUNIT_EXPECT_STREQ(test, first->text, "hello");
	lkp_example_snapshot_put(first);
}

static void lkp_device_nonblock(struct kunit *test)
{
	u64 generation = 1;

	KUNIT_EXPECT_EQ(test, lkp_example_wait(&generation, true), -EAGAIN);
	KUNIT_EXPECT_EQ(test, generation, 1);
	generation = 0;
	KUNIT_EXPECT_EQ(test, lkp_example_wait(&generation, true), 0);
	KUNIT_EXPECT_EQ(test, generation, 1);
	generation = 0;
	KUNIT_EXPECT_EQ(test, lkp_example_wait(&generation, false), 0);
	KUNIT_EXPECT_EQ(test, generation, 1);
}

/* A thread that may be made to wait, and takes signals as a program does. */
struct lkp_device_thread {
	int (*call)(struct lkp_device_thread *thread);
	u64 generation;
	int ret;
	struct task_struct *task;
	unsigned long sleeps;
	struct completion begun, done;
};

static int lkp_device_thread_run(void *data)
{
	struct lkp_device_thread *thread = data;

	allow_signal(SIGUSR1);
	thread->sleeps = current->nvcsw;
	complete(&thread->begun);
	thread->ret = thread->call(thread);
	complete_all(&thread->done);

	return 0;
}

/* Begun, and asleep in what it calls: awake, it would not need to be woken. */
static void lkp_device_start(struct kunit *test, struct lkp_device_thread *thread)
{
	const unsigned long end = jiffies + LKP_DEVICE_PATIENCE;

	init_completion(&thread->begun);
	init_completion(&thread->done);
	thread->task = kthread_create(lkp_device_thread_run, thread,
				      "lkp_device_test");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, thread->task);
	get_task_struct(thread->task);
	wake_up_process(thread->task);
	wait_for_completion(&thread->begun);
	while (READ_ONCE(thread->task->nvcsw) == thread->sleeps &&
	       !completion_done(&thread->done) && time_before(jiffies, end))
		usleep_range(100, 1000);
	KUNIT_EXPECT_TRUE_MSG(test, time_before(jiffies, end),
			      "a thread neither sleeps nor ends");
}

/* Nothing of it is left afterwards, not even in the code of this module. */
static int lkp_device_end(struct kunit *test, struct lkp_device_thread *thread)
{
	if (!wait_for_completion_timeout(&thread->done, LKP_DEVICE_PATIENCE)) {
		KUNIT_FAIL(test, "a thread is not woken");
		send_sig(SIGUSR1, thread->task, 1);
		wait_for_completion(&thread->done);
	}
	kthread_stop(thread->task);
	put_task_struct(thread->task);

	return thread->ret;
}

static int lkp_device_call_wait(struct lkp_device_thread *thread)
{
	return lkp_example_wait(&thread->generation, false);
}

static int lkp_device_call_update(struct lkp_device_thread *thread)
{
	return lkp_example_update("salve", 5);
}

static void lkp_device_woken(struct kunit *test)
{
	struct lkp_device_thread waiter = {
		.call = lkp_device_call_wait, .generation = 1,
	};

	lkp_device_start(test, &waiter);
	KUNIT_EXPECT_EQ(test, lkp_example_update("salve", 5), 0);
	KUNIT_EXPECT_EQ(test, lkp_device_end(test, &waiter), 0);
	KUNIT_EXPECT_EQ(test, waiter.generation, 2);
}

static void lkp_device_wait_signal(struct kunit *test)
{
	struct lkp_device_thread waiter = {
		.call = lkp_device_call_wait, .generation = 1,
	};

	lkp_device_start(test, &waiter);
	send_sig(SIGUSR1, waiter.task, 1);
	KUNIT_EXPECT_EQ(test, lkp_device_end(test, &waiter), -ERESTARTSYS);
	KUNIT_EXPECT_EQ(test, waiter.generation, 1);
}

/**
 * struct lkp_device_listener - who is told of each change
 * @nb: its notifier
 * @calls: how often it was told
 * @generation: of the last text
 * @size: its length
 * @hold: whether it keeps the writer until @go
 * @inside: it does so
 * @go: it may return
 */
struct lkp_device_listener {
	struct notifier_block nb;
	unsigned int calls;
	u64 generation;
	size_t size;
	bool hold;
	struct completion inside, go;
};

static int lkp_device_hear(struct notifier_block *nb, unsigned long unused,
			   void *data)
{
	struct lkp_device_listener *listener =
		container_of(nb, struct lkp_device_listener, nb);
	const struct lkp_snapshot *snapshot = data;

	listener->calls++;
	listener->generation = snapshot->generation;
	listener->size = snapshot->size;
	if (listener->hold) {
		complete(&listener->inside);
		wait_for_completion(&listener->go);
	}

	return NOTIFY_OK;
}

static void lkp_device_notifier(struct kunit *test)
{
	struct lkp_device_listener listener = {
		.nb.notifier_call = lkp_device_hear,
	};

	KUNIT_ASSERT_EQ(test, lkp_example_register_notifier(&listener.nb), 0);
	KUNIT_EXPECT_EQ(test, lkp_example_update("salve", 5), 0);
	KUNIT_EXPECT_EQ(test, listener.calls, 1);
	KUNIT_EXPECT_EQ(test, listener.generation, 2);
	KUNIT_EXPECT_EQ(test, listener.size, 5);
	/* What is refused is no change. */
	KUNIT_EXPECT_EQ(test, lkp_example_update("a\0b", 3), -EINVAL);
	KUNIT_EXPECT_EQ(test, listener.calls, 1);
	KUNIT_EXPECT_EQ(test, lkp_example_update("", 0), 0);
	KUNIT_EXPECT_EQ(test, listener.calls, 2);
	KUNIT_EXPECT_EQ(test, listener.generation, 3);
	KUNIT_EXPECT_EQ(test, listener.size, 0);
	KUNIT_EXPECT_EQ(test, lkp_example_unregister_notifier(&listener.nb), 0);
	KUNIT_EXPECT_EQ(test, lkp_example_unregister_notifier(&listener.nb),
			-ENOENT);
	KUNIT_EXPECT_EQ(test, lkp_example_update("vale", 4), 0);
	KUNIT_EXPECT_EQ(test, listener.calls, 2);
}

/* One writer is kept by the notifier; another one waits, until a signal comes. */
static void lkp_device_update_signal(struct kunit *test)
{
	struct lkp_device_thread first = { .call = lkp_device_call_update };
	struct lkp_device_thread second = { .call = lkp_device_call_update };
	struct lkp_device_listener listener = {
		.nb.notifier_call = lkp_device_hear, .hold = true,
	};

	init_completion(&listener.inside);
	init_completion(&listener.go);
	KUNIT_ASSERT_EQ(test, lkp_example_register_notifier(&listener.nb), 0);
	lkp_device_start(test, &first);
	KUNIT_EXPECT_NE_MSG(test,
			    wait_for_completion_timeout(&listener.inside,
							LKP_DEVICE_PATIENCE),
			    0, "the notifier is not called");
	lkp_device_start(test, &second);
	send_sig(SIGUSR1, second.task, 1);
	KUNIT_EXPECT_EQ(test, lkp_device_end(test, &second), -ERESTARTSYS);
	complete(&listener.go);
	KUNIT_EXPECT_EQ(test, lkp_device_end(test, &first), 0);
	KUNIT_EXPECT_EQ(test, lkp_example_unregister_notifier(&listener.nb), 0);
	KUNIT_EXPECT_EQ(test, listener.calls, 1);
	lkp_device_expect_text(test, "salve", 2);
}

static void lkp_device_pins(struct kunit *test)
{
	const int refs = module_refcount(THIS_MODULE);
	struct lkp_example_pin one = {}, other = {};

	KUNIT_EXPECT_EQ(test, lkp_example_unpin(&one), -EINVAL);
	KUNIT_EXPECT_EQ(test, lkp_example_pin(&one), 0);
	KUNIT_EXPECT_TRUE(test, lkp_example_is_pinned(&one));
	KUNIT_EXPECT_FALSE(test, lkp_example_is_pinned(&other));
	KUNIT_EXPECT_EQ(test, lkp_example_pin(&one), -EALREADY);
	KUNIT_EXPECT_EQ(test, lkp_example_pins(), 1);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), refs + 1);
	KUNIT_EXPECT_EQ(test, lkp_example_pin(&other), 0);
	KUNIT_EXPECT_EQ(test, lkp_example_pins(), 2);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), refs + 2);
	KUNIT_EXPECT_EQ(test, lkp_example_unpin(&one), 0);
	KUNIT_EXPECT_EQ(test, lkp_example_unpin(&one), -EINVAL);
	KUNIT_EXPECT_EQ(test, lkp_example_unpin(&other), 0);
	KUNIT_EXPECT_EQ(test, lkp_example_pins(), 0);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), refs);
}

static void lkp_device_free_page(void *page)
{
	free_page((unsigned long)page);
}

/* What shows an attribute wants a page of sysfs. */
static char *lkp_device_page(struct kunit *test)
{
	char *page = (char *)get_zeroed_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, lkp_device_free_page,
							page), 0);
	return page;
}

static void lkp_device_register(struct kunit *test)
{
	struct lkp_example_client client = { .name = "one", .owner = THIS_MODULE };
	struct lkp_example_client same = { .name = "one" }, other = { .name = "two" };
	struct lkp_example_client nameless = {}, empty = { .name = "" };
	char *page = lkp_device_page(test);

	KUNIT_EXPECT_EQ(test, lkp_example_register_client(&nameless), -EINVAL);
	KUNIT_EXPECT_EQ(test, lkp_example_register_client(&empty), -EINVAL);
	KUNIT_EXPECT_EQ(test, lkp_example_clients_show(page), 0);
	KUNIT_ASSERT_EQ(test, lkp_example_register_client(&client), 0);
	KUNIT_EXPECT_EQ(test, lkp_example_register_client(&same), -EEXIST);
	KUNIT_ASSERT_EQ(test, lkp_example_register_client(&other), 0);
	lkp_example_clients_show(page);
	KUNIT_EXPECT_STREQ(test, page, "one\ntwo\n");
	lkp_example_unregister_client(&client);
	lkp_example_clients_show(page);
	KUNIT_EXPECT_STREQ(test, page, "two\n");
	lkp_example_unregister_client(&other);
}

static void lkp_device_hold(struct kunit *test)
{
	struct lkp_example_client client = { .name = "one", .owner = THIS_MODULE };
	const int refs = module_refcount(THIS_MODULE);
	char *page = lkp_device_page(test);

	KUNIT_ASSERT_EQ(test, lkp_example_register_client(&client), 0);
	KUNIT_EXPECT_EQ(test, lkp_example_hold("two"), -ENOENT);
	KUNIT_EXPECT_EQ(test, lkp_example_hold("one\n"), 0);
	KUNIT_EXPECT_EQ(test, lkp_example_hold("one"), -EBUSY);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), refs + 1);
	lkp_example_hold_show(page);
	KUNIT_EXPECT_STREQ(test, page, "one\n");
	lkp_example_release();
	/* Of nothing: it stays nothing. */
	lkp_example_release();
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), refs);
	lkp_example_hold_show(page);
	KUNIT_EXPECT_STREQ(test, page, "\n");
	/* Who goes is held no longer. */
	KUNIT_EXPECT_EQ(test, lkp_example_hold("one"), 0);
	lkp_example_unregister_client(&client);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), refs);
	KUNIT_EXPECT_EQ(test, lkp_example_hold("one"), -ENOENT);
}

static const struct kernel_param *lkp_device_parameter(struct kunit *test,
						       const char *name)
{
	unsigned int i;

	for (i = 0; i < THIS_MODULE->num_kp; i++)
		if (!strcmp(THIS_MODULE->kp[i].name, name))
			return &THIS_MODULE->kp[i];

	KUNIT_FAIL_AND_ABORT(test, "there is no parameter %s", name);
	return NULL;
}

/* What is refused leaves the limit as it was. */
static void lkp_device_max_size(struct kunit *test)
{
	static const struct {
		const char *value;
		int ret;
		size_t limit;
	} rows[] = {
		{ "1", 0, 1 },
		{ "0", -EINVAL, 1 },
		{ "67108864", 0, 64 << 20 },
		{ "67108865", -EINVAL, 64 << 20 },
		{ "0x10", 0, 16 },
		{ "010\n", 0, 8 },
		{ "-1", -EINVAL, 8 },
		{ "4294967297", -EINVAL, 8 },
		{ "", -EINVAL, 8 },
		{ "many", -EINVAL, 8 },
		{ "1048576", 0, LKP_EXAMPLE_MESSAGE_MAX },
	};
	const struct kernel_param *param = lkp_device_parameter(test, "max_size");
	size_t i;

	KUNIT_EXPECT_EQ(test, lkp_example_limit(), LKP_EXAMPLE_MESSAGE_MAX);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		KUNIT_EXPECT_EQ_MSG(test, param->ops->set(rows[i].value, param),
				    rows[i].ret, "row %zu", i);
		KUNIT_EXPECT_EQ_MSG(test, lkp_example_limit(), rows[i].limit,
				    "row %zu", i);
	}
}

static void lkp_device_fail(struct kunit *test)
{
	static const struct {
		const char *value;
		int ret;
		enum lkp_example_step step;
		const char *shown;
	} rows[] = {
		{ "create", 0, LKP_EXAMPLE_STEP_CREATE, "create\n" },
		{ "update\n", 0, LKP_EXAMPLE_STEP_UPDATE, "update\n" },
		{ "device", 0, LKP_EXAMPLE_STEP_DEVICE, "device\n" },
		{ "devices", -EINVAL, LKP_EXAMPLE_STEP_DEVICE, "device\n" },
		{ "", -EINVAL, LKP_EXAMPLE_STEP_DEVICE, "device\n" },
		{ "none", 0, LKP_EXAMPLE_STEP_NONE, "none\n" },
	};
	const struct kernel_param *param = lkp_device_parameter(test, "fail");
	char *page = lkp_device_page(test);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		KUNIT_EXPECT_EQ_MSG(test, param->ops->set(rows[i].value, param),
				    rows[i].ret, "row %zu", i);
		KUNIT_EXPECT_TRUE_MSG(test, lkp_example_fails(rows[i].step),
				      "row %zu", i);
		param->ops->get(page, param);
		KUNIT_EXPECT_STREQ_MSG(test, page, rows[i].shown, "row %zu", i);
	}
	KUNIT_EXPECT_FALSE(test, lkp_example_fails(LKP_EXAMPLE_STEP_DEVICE));
}

/* Calls that look at no file need none. */
static long lkp_device_call(struct lkp_example_pin *pin, unsigned int cmd,
			    void __user *arg)
{
	return lkp_example_ioctl(NULL, pin, cmd, arg);
}

static void __user *lkp_device_user_page(struct kunit *test)
{
	unsigned long page = kunit_vm_mmap(test, NULL, 0, PAGE_SIZE,
					   PROT_READ | PROT_WRITE,
					   MAP_ANONYMOUS | MAP_PRIVATE, 0);

	KUNIT_ASSERT_FALSE(test, !page || IS_ERR_VALUE(page));
	return (void __user *)page;
}

static void lkp_device_ioctl(struct kunit *test)
{
	u64 __user *arg = lkp_device_user_page(test);
	struct lkp_example_pin pin = {};
	u64 generation = 0;

	KUNIT_EXPECT_EQ(test, lkp_device_call(&pin, 0, arg), -ENOTTY);
	KUNIT_EXPECT_EQ(test, lkp_device_call(&pin, _IO(LKP_EXAMPLE_IOC_MAGIC, 6),
					      arg), -ENOTTY);
	KUNIT_EXPECT_EQ(test, lkp_device_call(&pin, LKP_EXAMPLE_IOC_PIN, NULL), 0);
	KUNIT_EXPECT_EQ(test, lkp_device_call(&pin, LKP_EXAMPLE_IOC_PIN, NULL),
			-EALREADY);
	KUNIT_EXPECT_EQ(test, lkp_device_call(&pin, LKP_EXAMPLE_IOC_UNPIN, NULL),
			0);
	KUNIT_EXPECT_EQ(test, lkp_device_call(&pin, LKP_EXAMPLE_IOC_UNPIN, NULL),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, lkp_device_call(&pin, LKP_EXAMPLE_IOC_GENERATION,
					      NULL), -EFAULT);
	KUNIT_EXPECT_EQ(test, lkp_device_call(&pin, LKP_EXAMPLE_IOC_GENERATION,
					      arg), 0);
	KUNIT_EXPECT_EQ(test, copy_from_user(&generation, arg, sizeof(generation)),
			0);
	KUNIT_EXPECT_EQ(test, generation, 1);
}

static void lkp_device_info(struct kunit *test)
{
	static const struct {
		u32 size;
		long ret;
	} rows[] = {
		{ 0, -EINVAL },
		{ LKP_EXAMPLE_INFO_SIZE_V1 - 1, -EINVAL },
		{ LKP_EXAMPLE_INFO_SIZE_V1, 0 },
		{ LKP_EXAMPLE_INFO_SIZE_V1 + 1, 0 },
		{ PAGE_SIZE, 0 },
		{ PAGE_SIZE + 1, -E2BIG },
		{ U32_MAX, -E2BIG },
	};
	struct lkp_example_info __user *arg = lkp_device_user_page(test);
	struct lkp_example_info info;
	size_t i;

	KUNIT_EXPECT_EQ(test, lkp_device_call(NULL, LKP_EXAMPLE_IOC_INFO, NULL),
			-EFAULT);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		memset(&info, 0xee, sizeof(info));
		info.size = rows[i].size;
		KUNIT_ASSERT_EQ(test, copy_to_user(arg, &info, sizeof(info)), 0);
		KUNIT_EXPECT_EQ_MSG(test,
				    lkp_device_call(NULL, LKP_EXAMPLE_IOC_INFO, arg),
				    rows[i].ret, "row %zu", i);
		KUNIT_ASSERT_EQ(test, copy_from_user(&info, arg, sizeof(info)), 0);
		if (rows[i].ret) {
			KUNIT_EXPECT_EQ_MSG(test, info.size, rows[i].size,
					    "row %zu", i);
			continue;
		}
		KUNIT_EXPECT_EQ(test, info.size, LKP_EXAMPLE_INFO_SIZE_V1);
		KUNIT_EXPECT_EQ(test, info.abi_version, LKP_EXAMPLE_ABI_VERSION);
		KUNIT_EXPECT_EQ(test, info.generation, 1);
		KUNIT_EXPECT_EQ(test, info.message_size, strlen("hello"));
		KUNIT_EXPECT_EQ(test, info.message_max, LKP_EXAMPLE_MESSAGE_MAX);
		KUNIT_EXPECT_EQ(test, info.open_files, 0);
		KUNIT_EXPECT_EQ(test, info.pins, 0);
	}
}

static struct kunit_case lkp_device_tests[] = {
	KUNIT_CASE(lkp_device_update),
	KUNIT_CASE(lkp_device_without_message),
	KUNIT_CASE(lkp_device_newest),
	KUNIT_CASE(lkp_device_nonblock),
	KUNIT_CASE(lkp_device_woken),
	KUNIT_CASE(lkp_device_wait_signal),
	KUNIT_CASE(lkp_device_notifier),
	KUNIT_CASE(lkp_device_update_signal),
	KUNIT_CASE(lkp_device_pins),
	KUNIT_CASE(lkp_device_register),
	KUNIT_CASE(lkp_device_hold),
	KUNIT_CASE(lkp_device_max_size),
	KUNIT_CASE(lkp_device_fail),
	KUNIT_CASE(lkp_device_ioctl),
	KUNIT_CASE(lkp_device_info),
	{}
};

struct kunit_suite lkp_device_suite = {
	.name = "lkp_device",
	.init = lkp_device_init,
	.exit = lkp_device_exit,
	.test_cases = lkp_device_tests,
};
