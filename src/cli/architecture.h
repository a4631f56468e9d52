/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * architecture.h - the kinds of machine that are known, and how to have one
 */
#ifndef LKP_ARCHITECTURE_H
#define LKP_ARCHITECTURE_H

#include <gelf.h>
#include <stdbool.h>

/**
 * struct architecture - a kind of machine, and the virtual one of that kind
 * @name: as Debian calls it
 * @machine: of its ELF files
 * @class: their width
 * @data: their byte order
 * @runs: the name of another whose programs its kernels run as well, or NULL
 * @qemu: the program that has it
 * @packages: where that program is, as a command to install it
 * @board: QEMU's -machine
 * @cpu: its -cpu, emulated
 * @kvm_cpu: the one for KVM; NULL if KVM was never tried with it
 * @options: those that give it two channels, the chardevs "console" and
 * "report", and what else it needs; ending in NULL
 * @console: the kernel's name for the first
 * @report: the device file of the second, in the machine
 * @parallel: its emulated processors run at the same time, see exec_qemu()
 * @kernel_args: what its kernels have to be told besides, or ""
 */
struct architecture {
	const char *name;
	GElf_Half machine;
	unsigned char class, data;
	const char *runs;
	const char *qemu;
	const char *packages;
	const char *board;
	const char *cpu;
	const char *kvm_cpu;
	const char *options[9];
	const char *console;
	const char *report;
	bool parallel;
	const char *kernel_args;
};

const struct architecture *architecture_of_header(const GElf_Ehdr *header);
const struct architecture *architecture_of_file(int fd);
const struct architecture *architecture_of_host(void);
const struct architecture *architecture_of_kernel(int root,
						  const char *release);
bool architecture_runs(const struct architecture *kernel,
		       const struct architecture *program);

#endif
