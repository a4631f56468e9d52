// SPDX-License-Identifier: GPL-2.0-only
/*
 * machine.c - boot a kernel, measure something in it, and print the figures
 *
 * Usage: machine [-c CPU] [-p PROCESSORS] [-w] ROOT RELEASE GUEST PROGRAM
 *		WHAT MODULE...
 *
 * The machine is the one of lkp-example verify, with the kernel RELEASE of the
 * system in ROOT, its MODULEs and the guest program GUEST; that runs PROGRAM as its
 * script, which finds WHAT at the end of the kernel's command line. The machine's
 * clock counts instructions; with -p it does not, and each of its PROCESSORS has
 * a thread of its own. -c is another model of the processor, -w takes all
 * programs of the system along.
 *
 * Prints the lines of the program that begin with "figure|", and all others on
 * standard error. Exit status: 0 if the program ended with 0, or else 2.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "architecture.h"
#include "guest.h"
#include "kernel.h"
#include "root.h"
#include "verdict.h"
#include "vm.h"

#define FIGURE "# script: figure|"
#define LIMIT_S 1800

static void print_line(void *arg, const char *line)
{
	(void)arg;
	if (!strncmp(line, FIGURE, strlen(FIGURE)))
		puts(strchr(line, ':') + 2);
	else
		fprintf(stderr, "%s\n", line);
}

static _Noreturn void usage(void)
{
	errx(2, "usage: machine [-c CPU] [-p PROCESSORS] [-w] ROOT RELEASE GUEST PROGRAM WHAT MODULE...");
}

int main(int argc, char *argv[])
{
	struct vm vm = {
		.accel = VM_ACCEL_TCG,
		.icount = true,
		.memory_mb = 1024,
		.console_limit_mb = 16,
		.start_limit_s = 600,
		.silence_limit_s = LIMIT_S,
		.total_limit_s = LIMIT_S,
		.on_line = print_line,
	};
	char guest_args[128];
	struct kernel_image image;
	struct verdict verdict;
	bool whole = false;
	int opt, root;

	while ((opt = getopt(argc, argv, "c:p:w")) != -1) {
		if (opt == 'c')
			vm.cpu = optarg;
		else if (opt == 'p')
			vm.processors = strtoul(optarg, NULL, 10);
		else if (opt == 'w')
			whole = true;
		else
			usage();
	}
	argv += optind;
	if (argc - optind < 6)
		usage();
	vm.icount = !vm.processors;
	if (whole)
		vm.memory_mb = 3072;
	root = root_open(argv[0]);
	if (root < 0)
		err(2, "%s", argv[0]);
	vm.arch = architecture_of_kernel(root, argv[1]);
	if (!vm.arch || kernel_image_find(&image, root, argv[1]) ||
	    kernel_image_unpack(&image))
		return 2;
	vm.kernel_fd = image.fd;
	vm.initramfs_fd = guest_initramfs(root, argv[1], vm.arch, argv + 5,
					  argv[2], argv[3], whole);
	if (vm.initramfs_fd < 0)
		return 2;
	snprintf(guest_args, sizeof(guest_args), "-t %d -x %s", LIMIT_S,
		 argv[4]);
	vm.guest_args = guest_args;
	if (vm_run(&vm))
		return 2;
	verdict_of(&verdict, &vm);
	if (verdict.kind != VERDICT_PROVEN) {
		fputs(buffer_text(&vm.console), stderr);
		errx(2, "it was not measured: %s", verdict.reason);
	}
	vm_free(&vm);
	kernel_image_close(&image);
	return fflush(stdout) ? 2 : 0;
}
