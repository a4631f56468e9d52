// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz_kernel.c - the image of a kernel: what it unpacks to, and exports
 */
#include <stdlib.h>
#include <unistd.h>

#include "fuzz.h"
#include "kernel.h"
#include "kernel_facts.h"
#include "root.h"

#define RELEASE "6.12"
#define PATH "boot/vmlinuz-" RELEASE

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int root = fuzz_root(PATH, data, size);
	struct kernel_image image;
	struct kernel_facts facts;

	if (kernel_image_find(&image, root, RELEASE))
		return 0;
	if (!kernel_image_unpack(&image)) {
		if (!kernel_facts_read(&facts, &image, root, RELEASE))
			symbols_find(&facts.exported, "register_chrdev_region");
		kernel_facts_free(&facts);
	}
	kernel_image_close(&image);
	return 0;
}
