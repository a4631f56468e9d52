/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * inspection.h - a module, what it depends on, and the kernel, held together
 */
#ifndef LKP_INSPECTION_H
#define LKP_INSPECTION_H

#include <limits.h>

#include "findings.h"
#include "kernel_facts.h"
#include "module_file.h"

#define USED_MAX 32

/**
 * struct inspection - what the files tell about a module on a kernel
 * @name: the module's name
 * @path: its file
 * @module: what is in it
 * @used: the modules that it depends on
 * @used_count: how many
 * @findings: what stands in its way
 */
struct inspection {
	char name[64];
	char path[PATH_MAX];
	struct module_file module;
	struct module_file used[USED_MAX];
	size_t used_count;
	struct findings findings;
};

int inspection_of_installed(struct inspection *i, int root,
			    const char *release, const char *name,
			    const struct kernel_facts *k);
int inspection_of_file(struct inspection *i, int root, const char *release,
		       const char *file, const struct kernel_facts *k);
void inspection_free(struct inspection *i);

#endif
