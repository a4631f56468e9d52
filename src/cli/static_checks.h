/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * static_checks.h - would a kernel load a module, as far as its file tells?
 */
#ifndef LKP_STATIC_CHECKS_H
#define LKP_STATIC_CHECKS_H

#include <stddef.h>

#include "findings.h"
#include "kernel_facts.h"
#include "module_file.h"

void static_checks(const struct module_file *m, const struct kernel_facts *k,
		   const struct module_file *used, size_t used_count,
		   const char *name, struct findings *f);

#endif
