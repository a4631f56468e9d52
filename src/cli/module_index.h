/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * module_index.h - the modules that a system has for a kernel
 */
#ifndef LKP_MODULE_INDEX_H
#define LKP_MODULE_INDEX_H

#include <libkmod.h>
#include <stddef.h>

/**
 * struct module_index - the modules that a system has for a kernel
 * @root: the system, from root_open()
 * @release: the kernel's release string
 * @fd: /lib/modules/RELEASE
 * @prefix: how libkmod names this directory
 * @ctx: for libkmod
 */
struct module_index {
	int root;
	const char *release;
	int fd;
	char prefix[64];
	struct kmod_ctx *ctx;
};

int module_index_open(struct module_index *in, int root, const char *release);
int module_index_path(const struct module_index *in, struct kmod_module *mod,
		      char *path, size_t size);
int module_index_find(const struct module_index *in, const char *name,
		      char *path, size_t size);
void module_index_warn(const char *name, const char *release, int error);
void module_index_close(struct module_index *in);

#endif
