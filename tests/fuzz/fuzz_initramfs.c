// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz_initramfs.c - an initramfs: archives, packed and not, one behind the other
 */
#include "doctor.h"
#include "fuzz.h"

#define RELEASE "6.12"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct doctor d = {
		.root = fuzz_root("boot/initrd.img-" RELEASE, data, size),
		.diagnoses = json_array(),
	};

	doctor_look_at_initramfs(&d, RELEASE);
	json_decref(d.diagnoses);
	return 0;
}
