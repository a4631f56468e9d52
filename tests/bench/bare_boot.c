// SPDX-License-Identifier: GPL-2.0-only
/*
 * bare_boot.c - how long verify's machine takes if there is nothing to verify
 *
 * Usage: bare-boot ROOT RELEASE INIT
 *
 * The kernel of the system in ROOT is booted by what lkp-example verify boots
 * it by: the same image, the same QEMU with the same arguments, the same
 * command line of the kernel. Its initramfs holds INIT and nothing else. What
 * is measured is QEMU alone, from its start to its end; that the image was
 * unpacked before and the initramfs made is not counted, so that verify is held
 * against the least that any boot takes.
 *
 * Prints two numbers, in seconds: how long it took, and the processor time.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "architecture.h"
#include "initramfs.h"
#include "kernel.h"
#include "root.h"
#include "seconds.h"
#include "vm.h"

/* The kernel's last words, if it was told to power off. */
#define LAST_WORDS "reboot: Power down"

static int initramfs_of(const char *init)
{
	int fd = open(init, O_RDONLY | O_CLOEXEC);
	struct initramfs ir;

	if (fd < 0)
		err(2, "%s", init);
	if (initramfs_start(&ir) || initramfs_add_file(&ir, "/init", 0755, fd))
		errx(2, "there is no initramfs to boot");
	close(fd);
	fd = initramfs_finish(&ir);
	if (fd < 0)
		errx(2, "there is no initramfs to boot");
	return fd;
}

int main(int argc, char *argv[])
{
	/* As verify has it. */
	struct vm vm = {
		.accel = VM_ACCEL_TCG,
		.guest_args = "-t 60 -c quick -d 60 lkp_example",
		.memory_mb = 512,
		.console_limit_mb = 2,
		.start_limit_s = 180,
		.silence_limit_s = 90,
		.total_limit_s = 210,
	};
	struct kernel_image image;
	int root;

	if (argc != 4)
		errx(2, "usage: %s ROOT RELEASE INIT", argv[0]);
	root = root_open(argv[1]);
	if (root < 0)
		err(2, "%s", argv[1]);
	vm.arch = architecture_of_kernel(root, argv[2]);
	if (!vm.arch || kernel_image_find(&image, root, argv[2]) ||
	    kernel_image_unpack(&image))
		return 2;
	vm.kernel_fd = image.fd;
	vm.initramfs_fd = initramfs_of(argv[3]);
	if (vm_run(&vm))
		return 2;
	if (vm.end != VM_STOPPED ||
	    !strstr(buffer_text(&vm.console), LAST_WORDS)) {
		fputs(buffer_text(&vm.console), stderr);
		errx(2, "the machine did not power off: its console is above");
	}
	printf("%.3f %.3f\n", vm.seconds, processor_seconds());
	vm_free(&vm);
	kernel_image_close(&image);
	return 0;
}
