/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * verdict.h - what the run of a virtual machine proves
 */
#ifndef LKP_VERDICT_H
#define LKP_VERDICT_H

#include "vm.h"

enum verdict_kind {
	VERDICT_PROVEN,	/* loads, works, unloads */
	VERDICT_BROKEN,	/* it does not, and that is the module's doing */
	VERDICT_REFUSED, /* it does, but this host would not load it */
	VERDICT_NO_HARDWARE, /* it finds no device: not to be told here */
	VERDICT_UNTESTED, /* nothing was run: it cannot be, here */
	VERDICT_ERROR,	/* the run proves nothing */
};

struct verdict {
	enum verdict_kind kind;
	unsigned int passed, failed, skipped;
	char reason[1024];	/* empty when proven */
};

bool verdict_is_bad(const struct verdict *v);
void verdict_of(struct verdict *v, const struct vm *vm);

#endif
