/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * doctor.h - what may stand in the way of a module, and what to do about it
 */
#ifndef LKP_DOCTOR_H
#define LKP_DOCTOR_H

#include <jansson.h>
#include <stdbool.h>

#include "kernel_facts.h"

/**
 * struct doctor - a visit
 * @root: the system, from root_open()
 * @running: the kernel that runs, if it is that of the system; else NULL
 * @results: what verify has found and still holds, from kept_that_hold()
 * @diagnoses: what was found: an array of objects
 * @failed: something could not be looked at, which was said
 */
struct doctor {
	int root;
	const char *running;
	json_t *results;
	json_t *diagnoses;
	bool failed;
};

void doctor_say(struct doctor *d, const char *class, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void doctor_look_at_initramfs(struct doctor *d, const char *release);
void doctor_look_at_dkms(struct doctor *d, char *const *releases);
void doctor_look_at_module(struct doctor *d, const char *release,
			   const char *path, const struct kernel_facts *k);

#endif
