/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * confine.h - a process that can do nothing to its host
 */
#ifndef LKP_CONFINE_H
#define LKP_CONFINE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/**
 * struct confinement - what a confined process may still have
 * @memory_mb: address space
 * @kvm: /dev/kvm, if its group may use it
 * @keep: open files besides standard input, output and error
 * @count: how many
 */
struct confinement {
	unsigned int memory_mb;
	bool kvm;
	const int *keep;
	size_t count;
};

pid_t confine_fork(void);
int confine(const struct confinement *c);

#endif
