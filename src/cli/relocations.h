/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * relocations.h - can a kernel put a module's addresses in?
 */
#ifndef LKP_RELOCATIONS_H
#define LKP_RELOCATIONS_H

#include "findings.h"
#include "module_file.h"

void check_relocations(const struct module_file *m, struct findings *f);

#endif
