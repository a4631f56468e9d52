/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * guest.h - the initramfs of the throw-away virtual machine
 */
#ifndef LKP_GUEST_H
#define LKP_GUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "architecture.h"

/* Where a script of the user is found in the guest. */
#define GUEST_SCRIPT "/lkp-script"

int guest_program(char *path, size_t size);
int guest_initramfs(int root, const char *release,
		    const struct architecture *arch, char *const modules[],
		    const char *program, const char *script, bool whole);
int guest_session_initramfs(int root, const char *release,
			    const struct architecture *arch,
			    char *const modules[], char *const programs[]);

#endif
