// SPDX-License-Identifier: GPL-2.0-only
/*
 * smoke_record.c - what the smoke test of a kernel has found
 *
 * The script smoke-test of lkp-example-dkms writes a file for each kernel that
 * has run, in lines "name=value". It also has the SHA-256 of the module's file:
 * what another build has come to is no news of this one. Where no module could be
 * built there is no such sum, and the reason is why; that is news while there is
 * none.
 */
#include "smoke_record.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"
#include "key.h"
#include "root.h"

#define RECORDS "/var/lib/lkp-example/smoke-test"
/* Far more than a record has. */
#define SIZE_LIMIT 8192

static void copy_value(char *to, size_t size, const char *text,
		       const char *name)
{
	size_t len = strlen(name);

	for (; *text; text += strcspn(text, "\n"), text += *text == '\n')
		if (!strncmp(text, name, len) && text[len] == '=')
			snprintf(to, size, "%.*s",
				 (int)strcspn(text + len + 1, "\n"),
				 text + len + 1);
}

/* The system may be one that nobody should trust. */
static bool is_plain(const struct smoke_record *r)
{
	return *r->verdict &&
	       !r->verdict[strspn(r->verdict, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] &&
	       !r->time[strspn(r->time, "0123456789-:TZ")];
}

static bool is_of(int root, const char *module_path, const char *sum)
{
	char now[KEY_SIZE];
	bool same;
	int fd;

	if (!*module_path)
		return !*sum;
	fd = root_file_open(root, module_path);
	if (fd < 0)
		return false;
	same = !key_of_file(now, fd, "module") && !strcmp(now, sum);
	close(fd);
	return same;
}

/**
 * smoke_record_read() - read what the smoke test has found
 * @r: result; empty if there is none
 * @root: from root_open()
 * @release: the kernel
 * @module_path: the module that is installed, inside the system; empty if none is
 *
 * Return: true if there is a record, and it is of this module, or of there being
 * none.
 */
bool smoke_record_read(struct smoke_record *r, int root, const char *release,
		       const char *module_path)
{
	struct buffer text = { .limit = SIZE_LIMIT };
	char path[512], sum[KEY_SIZE] = "";
	int fd;

	*r = (struct smoke_record){ 0 };
	snprintf(path, sizeof(path), RECORDS "/%s", release);
	fd = root_file_open(root, path);
	if (fd < 0)
		return false;
	if (!buffer_read_all(&text, fd)) {
		copy_value(r->verdict, sizeof(r->verdict), buffer_text(&text),
			   "verdict");
		copy_value(r->reason, sizeof(r->reason), buffer_text(&text),
			   "reason");
		copy_value(r->time, sizeof(r->time), buffer_text(&text),
			   "time");
		copy_value(sum, sizeof(sum), buffer_text(&text), "sha256");
	}
	close(fd);
	buffer_free(&text);
	if (is_plain(r) && is_of(root, module_path, sum))
		return true;
	*r = (struct smoke_record){ 0 };
	return false;
}
