/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * packing.h - whether a packed module can be unpacked where it is loaded
 */
#ifndef LKP_PACKING_H
#define LKP_PACKING_H

#include "kernel_facts.h"
#include "module_file.h"

void packing_check(const struct module_file *m, const struct kernel_facts *k,
		   int root, struct findings *f);
const char *packing_hint(int root, const char *path);

#endif
