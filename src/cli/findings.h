/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * findings.h - what the static checks have found
 */
#ifndef LKP_FINDINGS_H
#define LKP_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>

#define FINDINGS_MAX 16

/**
 * struct finding - one thing about a module that matters when it is loaded
 * @check: the check that has found it, a word
 * @error: the errno that the kernel refuses it with; 0 is a remark
 * @text: what it is, a sentence without its full stop
 */
struct finding {
	const char *check;
	int error;
	char text[320];
};

/**
 * struct findings - all of them, those that refuse in the kernel's own order
 * @list: the first ones
 * @count: how many stand in @list
 * @more: how many did not fit
 */
struct findings {
	struct finding list[FINDINGS_MAX];
	size_t count, more;
};

void findings_add(struct findings *f, const char *check, int error,
		  const char *fmt, ...) __attribute__((format(printf, 4, 5)));
const struct finding *findings_refusal(const struct findings *f);
const char *findings_errno(const struct finding *f);

#endif
