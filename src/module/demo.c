// SPDX-License-Identifier: GPL-2.0-only
/*
 * Demonstrations, in /sys/kernel/debug/lkp_example/: a file that is read does
 * something and reports what came of it.
 *
 *	memory		the allocators and their limits
 *	context		who is running, and on which stack
 *	timer		the same from a timer, where nobody may sleep
 *
 * Files that are only read and have mode 0400 work even when the kernel is
 * locked down for Secure Boot.  Addresses are printed by %p alone, which
 * hashes them.  Without debugfs the demonstrations are not there, and all
 * else is.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/completion.h>
#include <linux/debugfs.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/vmalloc.h>

#include "compat.h"
#include "internal.h"

static struct dentry *lkp_example_dir;

/* kmalloc(): contiguous in physical memory, and so limited. */
static void lkp_example_show_kmalloc(struct seq_file *m, size_t size)
{
	void *memory = kmalloc(size, GFP_KERNEL | __GFP_NOWARN);

	seq_printf(m, "kmalloc %zu: %s\n", size,
		   !memory ? "NULL" : is_vmalloc_addr(memory) ?
		   "from vmalloc" : "ok");
	kfree(memory);
}

/* Between how many neighbours is there no page frame next to the other? */
static unsigned long lkp_example_count_gaps(char *memory, unsigned long pages)
{
	unsigned long gaps = 0;
	unsigned long i;

	for (i = 1; i < pages; i++) {
		unsigned long last = vmalloc_to_pfn(memory + (i - 1) * PAGE_SIZE);

		if (vmalloc_to_pfn(memory + i * PAGE_SIZE) != last + 1)
			gaps++;
	}

	return gaps;
}

/* vmalloc(): contiguous for the processor only, page by page elsewhere. */
static void lkp_example_show_vmalloc(struct seq_file *m, size_t size)
{
	unsigned long pages = DIV_ROUND_UP(size, PAGE_SIZE);
	char *memory = vmalloc(size);

	seq_printf(m, "vmalloc %zu: %s, %lu pages with %lu gaps\n", size,
		   !memory ? "NULL" : is_vmalloc_addr(memory) ?
		   "ok" : "not from vmalloc", pages,
		   memory ? lkp_example_count_gaps(memory, pages) : 0);
	vfree(memory);
}

static void lkp_example_show_kzalloc(struct seq_file *m, size_t size)
{
	void *memory = kzalloc(size, GFP_KERNEL);

	seq_printf(m, "kzalloc %zu: %s\n", size,
		   !memory ? "NULL" : memchr_inv(memory, 0, size) ?
		   "not zero" : "all zero");
	kfree(memory);
}

static void lkp_example_show_page(struct seq_file *m)
{
	unsigned long page = __get_free_page(GFP_KERNEL);

	seq_printf(m, "__get_free_page %lu: %s\n", PAGE_SIZE,
		   !page ? "0" : offset_in_page(page) ? "not aligned" : "ok");
	free_page(page);
}

static int memory_show(struct seq_file *m, void *unused)
{
	lkp_example_show_kmalloc(m, KMALLOC_MAX_SIZE);
	lkp_example_show_kmalloc(m, KMALLOC_MAX_SIZE + 1);
	lkp_example_show_vmalloc(m, KMALLOC_MAX_SIZE + 1);
	lkp_example_show_kzalloc(m, 1000);
	lkp_example_show_page(m);
	seq_printf(m, "THREAD_SIZE %lu\n", (unsigned long)THREAD_SIZE);

	return 0;
}
DEFINE_SHOW_ATTRIBUTE(memory);

/* For the kernel a thread has the pid, and a process is a group of them. */
static int context_show(struct seq_file *m, void *unused)
{
	int local;

	seq_printf(m, "comm %s\npid %d\ntgid %d\nin_task %d\nlocal variable %p\n",
		   current->comm, task_pid_nr(current), task_tgid_nr(current),
		   !!in_task(), &local);

	return 0;
}
DEFINE_SHOW_ATTRIBUTE(context);

#define LKP_EXAMPLE_TIMER_MS	10
#define LKP_EXAMPLE_TIMER_BYTES	64

/* One report at a time: guards what the timer leaves behind. */
static DEFINE_MUTEX(lkp_example_timer_lock);
static DECLARE_COMPLETION(lkp_example_timer_done);
static bool lkp_example_timer_in_task;
static bool lkp_example_timer_got_memory;

static void lkp_example_timer_run(struct timer_list *unused)
{
	/* GFP_ATOMIC: GFP_KERNEL may sleep, and an interrupt may not. */
	void *memory = kmalloc(LKP_EXAMPLE_TIMER_BYTES, GFP_ATOMIC);

	lkp_example_timer_in_task = in_task();
	lkp_example_timer_got_memory = memory;
	kfree(memory);

	pr_info("timer: in_task %d, interrupted %s, GFP_ATOMIC allocation %s\n",
		lkp_example_timer_in_task, current->comm,
		lkp_example_timer_got_memory ? "ok" : "failed");
	complete(&lkp_example_timer_done);
}

static DEFINE_TIMER(lkp_example_timer, lkp_example_timer_run);

static int timer_show(struct seq_file *m, void *unused)
{
	int ret;

	ret = mutex_lock_interruptible(&lkp_example_timer_lock);
	if (ret)
		return ret;

	reinit_completion(&lkp_example_timer_done);
	mod_timer(&lkp_example_timer,
		  jiffies + msecs_to_jiffies(LKP_EXAMPLE_TIMER_MS));

	/* After this it has run or never will, whatever signal came. */
	ret = wait_for_completion_interruptible(&lkp_example_timer_done);
	timer_delete_sync(&lkp_example_timer);
	if (!ret)
		seq_printf(m, "in_task %d\nGFP_ATOMIC allocation %s\n",
			   lkp_example_timer_in_task,
			   lkp_example_timer_got_memory ? "ok" : "failed");
	mutex_unlock(&lkp_example_timer_lock);

	return ret;
}
DEFINE_SHOW_ATTRIBUTE(timer);

/**
 * lkp_example_demo_init - create the files of the demonstrations
 *
 * Nothing depends on them: without debugfs this does nothing.
 *
 * Context: Process context. May sleep.
 */
void lkp_example_demo_init(void)
{
	lkp_example_dir = debugfs_create_dir("lkp_example", NULL);
	debugfs_create_file("memory", 0400, lkp_example_dir, NULL,
			    &memory_fops);
	debugfs_create_file("context", 0400, lkp_example_dir, NULL,
			    &context_fops);
	debugfs_create_file("timer", 0400, lkp_example_dir, NULL, &timer_fops);
}

/**
 * lkp_example_demo_exit - remove the files of the demonstrations
 *
 * Context: Process context. Waits for whoever reads them.
 */
void lkp_example_demo_exit(void)
{
	debugfs_remove_recursive(lkp_example_dir);
}
