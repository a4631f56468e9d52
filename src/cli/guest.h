/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * guest.h - the initramfs of the throw-away virtual machine
 */
#ifndef LKP_GUEST_H
#define LKP_GUEST_H

int guest_initramfs(int root, const char *release, char *const modules[],
		    const char *program);

#endif
