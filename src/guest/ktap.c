// SPDX-License-Identifier: GPL-2.0-only
/*
 * ktap.c - write a test report in KTAP, the kernel's test format
 *
 * Format: Documentation/dev-tools/ktap.rst of the kernel. Each line is flushed
 * at once: the next thing that happens may be an oops.
 */
#include "ktap.h"

#include <string.h>

/**
 * ktap_start() - begin a report
 * @k: the report
 * @out: where it goes
 * @planned: how many results will follow; a reader holds the report against it
 */
void ktap_start(struct ktap *k, FILE *out, unsigned int planned)
{
	*k = (struct ktap){ .out = out, .planned = planned };
	fprintf(out, "KTAP version 1\n1..%u\n", planned);
	fflush(out);
}

/**
 * ktap_begin() - say what comes next
 * @k: the report
 * @group: the module that is checked
 * @name: the check
 *
 * If the kernel hangs or panics, this line is what tells in which check.
 */
void ktap_begin(struct ktap *k, const char *group, const char *name)
{
	fprintf(k->out, KTAP_BEGIN "%s.%s\n", group, name);
	fflush(k->out);
}

/**
 * ktap_diag() - one diagnostic line
 * @k: the report
 * @fmt: printf() format of a text without a newline
 */
void ktap_diag(struct ktap *k, const char *fmt, ...)
{
	va_list ap;

	fputs("# ", k->out);
	va_start(ap, fmt);
	vfprintf(k->out, fmt, ap);
	va_end(ap);
	fputc('\n', k->out);
	fflush(k->out);
}

/**
 * ktap_text() - a text of several lines as diagnostics
 * @k: the report
 * @label: stands before each line, so that a reader finds them
 * @text: the text; may be empty
 */
void ktap_text(struct ktap *k, const char *label, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		if (len)
			ktap_diag(k, "%s: %.*s", label, (int)len, text);
		text += len;
		text += *text == '\n';
	}
}

/**
 * ktap_result() - the result of one check
 * @k: the report
 * @ok: whether the check held
 * @group: the module that is checked
 * @name: the check
 */
void ktap_result(struct ktap *k, bool ok, const char *group, const char *name)
{
	k->done++;
	k->failed += !ok;
	fprintf(k->out, "%sok %u %s.%s\n", ok ? "" : "not ", k->done, group,
		name);
	fflush(k->out);
}

/**
 * ktap_skip() - a check that was not run
 * @k: the report
 * @group: the module that is checked
 * @name: the check
 * @reason: why it was not run
 */
void ktap_skip(struct ktap *k, const char *group, const char *name,
	       const char *reason)
{
	k->done++;
	fprintf(k->out, "ok %u %s.%s # SKIP %s\n", k->done, group, name,
		reason);
	fflush(k->out);
}

/**
 * ktap_finish() - end a report
 * @k: the report
 */
void ktap_finish(struct ktap *k)
{
	fprintf(k->out, KTAP_FINISHED "\n");
	fflush(k->out);
}
