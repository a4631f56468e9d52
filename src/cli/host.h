/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * host.h - what this machine lets its kernels load
 */
#ifndef LKP_HOST_H
#define LKP_HOST_H

#include <stdbool.h>

#include "kernel_facts.h"
#include "signature.h"

/**
 * struct refusal - why this machine will not load a module
 * @class: of such reasons, a word; NULL if nothing was found
 * @cause: what stands in the way
 * @cure: what to do about it
 */
struct refusal {
	const char *class;
	char cause[512];
	char cure[640];
};

const char *host_wants_signatures(int root, const char *release);
bool host_refuses(struct refusal *r, int root, const char *release,
		  const char *name, const struct signature *s, const char *by);
int host_refuses_any(struct refusal *r, int root, const char *release,
		     char *const modules[], const struct kernel_facts *k,
		     const char *by);

#endif
