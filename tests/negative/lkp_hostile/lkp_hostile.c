// SPDX-License-Identifier: GPL-2.0-only
/*
 * lkp_hostile - a module that attacks its host, in a virtual machine only
 *
 *	# modprobe lkp_hostile mode=MODE
 *
 * It owns the kernel of the machine, and so can do to the devices of the
 * machine whatever a processor can. The tests see that this is all it can do.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/smp.h>
#include <linux/string.h>

/* Of the serial lines: data, and the register that says when there is room. */
#define CONSOLE_PORT 0x3f8
#define REPORT_PORT 0x2f8
#define STATUS_REGISTER 5
#define HAS_ROOM 0x20

/* Whoever has one of virtio's devices may have any: of a disk, a network, 9p. */
#define VENDOR_VIRTIO 0x1af4
#define CLASS_NETWORK 0x02
#define CLASS_STORAGE 0x01
#define SUBCLASS_AHCI 0x0106

static char *mode = "none";
module_param(mode, charp, 0444);
MODULE_PARM_DESC(mode, "none, terminal, flood, lines, line, steady, nul, memory, exit, ports or devices");

static bool lkp_hostile_is(const char *name)
{
	return !strcmp(mode, name);
}

static void lkp_hostile_say(unsigned int port, const char *text)
{
	for (; *text; text++) {
		while (!(inb(port + STATUS_REGISTER) & HAS_ROOM))
			cpu_relax();
		outb(*text, port);
	}
}

/* As fast as it goes: QEMU's serial line always has room. */
static void lkp_hostile_pour(unsigned int port, const char *text)
{
	for (;;)
		outsb(port, text, strlen(text));
}

/* One processor says the same for ever, the others stand still. */
static void lkp_hostile_seize(void *said_by)
{
	local_irq_disable();
	while (smp_processor_id() != *(int *)said_by)
		cpu_relax();
	if (lkp_hostile_is("flood"))
		lkp_hostile_pour(CONSOLE_PORT, "lkp_hostile: a flood\r\n");
	if (lkp_hostile_is("lines"))
		lkp_hostile_pour(REPORT_PORT, "# one line more\n");
	if (lkp_hostile_is("line"))
		lkp_hostile_pour(REPORT_PORT, "one line that has no end ");
	for (;;) {
		lkp_hostile_say(REPORT_PORT, "# still here\n");
		mdelay(1000);
	}
}

static void lkp_hostile_seize_all(void)
{
	int cpu = get_cpu();

	on_each_cpu(lkp_hostile_seize, &cpu, 0);
}

/* What a terminal would obey, on each way by which a text comes to one. */
static int lkp_hostile_terminal(void)
{
	lkp_hostile_say(REPORT_PORT,
			"# reason: \033]0;owned\007\033[2J\302\23331m\233m\n");
	lkp_hostile_say(REPORT_PORT, "# \033[5mreport\n");
	lkp_hostile_say(CONSOLE_PORT, "\r\nBUG: \033[7mconsole\r\n");
	pr_info("\033[8mmessage\n");
	return -EIO;
}

/* All of it, and it is not given back. */
static int lkp_hostile_memory(void)
{
	unsigned long megabytes = 0;
	LIST_HEAD(pages);
	struct page *page;

	for (int order = 8; order >= 0; order--) {
		while ((page = alloc_pages(GFP_KERNEL | __GFP_NOWARN |
					   __GFP_NORETRY | __GFP_ZERO, order))) {
			list_add(&page->lru, &pages);
			megabytes += order == 8;
			cond_resched();
		}
	}
	pr_info("%lu MB are taken\n", megabytes);
	/* And now what others have: somebody is killed for it, maybe we. */
	while ((page = alloc_page(GFP_KERNEL | __GFP_NOWARN)))
		list_add(&page->lru, &pages);
	return 0;
}

/* QEMU's devices to leave it by, which this machine does not have. */
static void lkp_hostile_exit(void)
{
	outb(0x2a, 0xf4);
	outb(0x2a, 0x501);
	outw(0x2a, 0x402);
}

/* There is one that switches it off. */
static void lkp_hostile_ports(void)
{
	for (unsigned int port = 0; port < 0x10000; port++) {
		outb(0xff, port);
		outl(0xffffffff, port);
	}
}

/* Anything but the board itself, and its disk controller without a disk. */
static int lkp_hostile_devices(void)
{
	struct pci_dev *dev = NULL;
	int ret = 0;

	for_each_pci_dev(dev) {
		unsigned int class = dev->class >> 16;

		pr_info("%04x:%04x is of class %06x\n", dev->vendor,
			dev->device, dev->class);
		if (dev->vendor == VENDOR_VIRTIO || class == CLASS_NETWORK ||
		    (class == CLASS_STORAGE && dev->class >> 8 != SUBCLASS_AHCI))
			ret = -EBUSY;
	}
	return ret;
}

static int __init lkp_hostile_init(void)
{
	pr_info("mode %s\n", mode);
	if (lkp_hostile_is("terminal"))
		return lkp_hostile_terminal();
	if (lkp_hostile_is("flood") || lkp_hostile_is("lines") ||
	    lkp_hostile_is("line") || lkp_hostile_is("steady"))
		lkp_hostile_seize_all();
	/* A complaint, which a string in C would end before. */
	if (lkp_hostile_is("nul")) {
		outb('\0', CONSOLE_PORT);
		pr_err("BUG: behind a NUL\n");
	}
	if (lkp_hostile_is("memory"))
		return lkp_hostile_memory();
	if (lkp_hostile_is("exit"))
		lkp_hostile_exit();
	if (lkp_hostile_is("ports"))
		lkp_hostile_ports();
	if (lkp_hostile_is("devices"))
		return lkp_hostile_devices();
	return 0;
}
module_init(lkp_hostile_init);

static void __exit lkp_hostile_exit_module(void)
{
}
module_exit(lkp_hostile_exit_module);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The lkp-example maintainers");
MODULE_DESCRIPTION("A module that attacks its host");
