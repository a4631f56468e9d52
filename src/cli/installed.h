/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * installed.h - the modules that a system has for a kernel
 */
#ifndef LKP_INSTALLED_H
#define LKP_INSTALLED_H

#include <libkmod.h>
#include <stddef.h>

/**
 * struct installed - the modules that a system has for a kernel
 * @root: the system, from root_open()
 * @release: the kernel's release string
 * @fd: /lib/modules/RELEASE
 * @prefix: how libkmod names this directory
 * @ctx: for libkmod
 */
struct installed {
	int root;
	const char *release;
	int fd;
	char prefix[64];
	struct kmod_ctx *ctx;
};

int installed_open(struct installed *in, int root, const char *release);
int installed_path(const struct installed *in, struct kmod_module *mod,
		   char *path, size_t size);
int installed_find(const struct installed *in, const char *name, char *path,
		   size_t size);
void installed_close(struct installed *in);

#endif
