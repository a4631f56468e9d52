/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vm.h - boot a kernel in a throw-away virtual machine
 */
#ifndef LKP_VM_H
#define LKP_VM_H

#include <stdbool.h>

#include "architecture.h"
#include "buffer.h"

enum vm_accel {
	VM_ACCEL_AUTO,	/* KVM where it is known to work, else TCG */
	VM_ACCEL_KVM,
	VM_ACCEL_TCG,
};

/* How a machine came to its end. */
enum vm_end {
	VM_STOPPED,	/* by itself: power off, or a panic */
	VM_NO_START,	/* silent from the start: nothing was reported in time */
	VM_SILENT,	/* it had begun to report, and then said no more */
	VM_ENDLESS,	/* it went on reporting, longer than all checks take */
	VM_FLOOD,	/* it has said more than is read; the rest is not known */
	VM_FAILED,	/* QEMU could not run it */
};

struct vm {
	/* What to run. */
	const struct architecture *arch;
	int kernel_fd;
	int initramfs_fd;
	const char *guest_args;		/* for process 1 */
	enum vm_accel accel;
	bool icount;	/* the guest's clock counts instructions; needs TCG */
	const char *cpu;	/* what is emulated; NULL for what is usual */
	unsigned int processors;	/* a thread for each; 0 for what is usual */
	unsigned int memory_mb;
	unsigned int console_limit_mb;	/* what the kernel may say */
	unsigned int start_limit_s;	/* until the first report */
	unsigned int silence_limit_s;	/* from one line of it to the next */
	unsigned int total_limit_s;	/* from the first one to the end */
	/* Called once, when QEMU has been started; may be NULL. */
	void (*on_start)(void *arg);
	void *start_arg;
	/* Called with each line of the report as it comes; may be NULL. */
	void (*on_line)(void *arg, const char *line);
	void *arg;
	/*
	 * If it is not 0: instead of being read here, the report goes there, and
	 * what comes from there goes to process 1. When somebody closes its other
	 * end, the machine is ended. After the first report there are no limits of
	 * time, for there is somebody who waits.
	 */
	int session_fd;

	/* What came of it. */
	enum vm_end end;
	double seconds;
	struct buffer console;
	struct buffer report;
	struct buffer qemu_errors;
};

const char *vm_accel_name(enum vm_accel accel);
bool vm_accel_parse(enum vm_accel *accel, const char *name);
bool vm_available(const struct architecture *arch);
int vm_run(struct vm *vm);
void vm_free(struct vm *vm);

#endif
