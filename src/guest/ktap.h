/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ktap.h - write a test report in KTAP, the kernel's test format
 *
 * The report goes to a channel of its own, which kernel messages do not
 * share, so that a line of the log can never be taken for a result.
 */
#ifndef LKP_GUEST_KTAP_H
#define LKP_GUEST_KTAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

/* The last line of a whole report: whoever reads it knows that it is whole. */
#define KTAP_FINISHED "# finished"
/* "# begin NAME": what the guest is about to do, should it never come back. */
#define KTAP_BEGIN "# begin "

struct ktap {
	FILE *out;
	unsigned int planned;
	unsigned int done;
	unsigned int failed;
};

void ktap_start(struct ktap *k, FILE *out, unsigned int planned);
void ktap_begin(struct ktap *k, const char *group, const char *name);
void ktap_diag(struct ktap *k, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void ktap_text(struct ktap *k, const char *label, const char *text);
void ktap_result(struct ktap *k, bool ok, const char *group, const char *name);
void ktap_skip(struct ktap *k, const char *group, const char *name,
	       const char *reason);
void ktap_finish(struct ktap *k);

#endif
