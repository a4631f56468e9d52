/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * machine_options.h - options that say which machine is to be booted, and how
 */
#ifndef LKP_MACHINE_OPTIONS_H
#define LKP_MACHINE_OPTIONS_H

#include <argp.h>

#include "vm.h"

/**
 * struct machine_options - what --kernel, --root and --accel say
 * @kernel: the release of its kernel; NULL if it was not named
 * @root: the system that it is made of; to be set to that for no option
 * @accel: how it runs
 */
struct machine_options {
	const char *kernel;
	const char *root;
	enum vm_accel accel;
};

/* A child parser, whose input that is; ending the list of children. */
extern const struct argp_child machine_options[];

#endif
