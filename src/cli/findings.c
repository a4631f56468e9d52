// SPDX-License-Identifier: GPL-2.0-only
/*
 * findings.c - what the static checks have found
 */
#include "findings.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

/**
 * findings_add() - add a finding
 * @f: the list
 * @check: the check, a word that stays
 * @error: the errno that the kernel will refuse the module with, or 0
 * @fmt: as in printf(3)
 */
void findings_add(struct findings *f, const char *check, int error,
		  const char *fmt, ...)
{
	struct finding *new = &f->list[f->count];
	va_list ap;

	if (f->count == FINDINGS_MAX) {
		f->more++;
		return;
	}
	f->count++;
	new->check = check;
	new->error = error;
	va_start(ap, fmt);
	vsnprintf(new->text, sizeof(new->text), fmt, ap);
	va_end(ap);
}

/**
 * findings_refusal() - why the kernel will refuse the module
 * @f: the list
 *
 * Return: the finding that it comes to first, or NULL.
 */
const struct finding *findings_refusal(const struct findings *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->list[i].error)
			return &f->list[i];
	return NULL;
}

/**
 * findings_errno() - how the kernel's manual calls the error of a finding
 * @f: the finding
 *
 * Return: "ENOEXEC" and the like; NULL for a remark. (The C library has this
 * since glibc 2.32 only.)
 */
const char *findings_errno(const struct finding *f)
{
	switch (f->error) {
	case 0:
		return NULL;
	case EBADMSG:
		return "EBADMSG";
	case EKEYREJECTED:
		return "EKEYREJECTED";
	case EINVAL:
		return "EINVAL";
	case ENOENT:
		return "ENOENT";
	default:
		return "ENOEXEC";
	}
}
