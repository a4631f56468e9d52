// SPDX-License-Identifier: GPL-2.0-only
/*
 * packing.c - whether a packed module can be unpacked where it is loaded
 *
 * The system's modprobe unpacks it, with the libraries that it was built for:
 * it holds a line that says which, the one of "modprobe --version". Or, since
 * kmod 31, it leaves that to the kernel, where that says in /sys/module what it
 * unpacks. The kernel's own code for xz knows of no check but CRC32, while
 * xz(1) takes CRC64 if it is not told otherwise.
 */
#include "packing.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "root.h"

/* More than any modprobe. */
#define PROGRAM_LIMIT (64 << 20)
#define IN_KERNEL "/sys/module/compression"

static const struct packing {
	const char *name, *end, *without;
} packings[] = {
	{ "gzip", ".gz", " -ZLIB" },
	{ "xz", ".xz", " -XZ" },
	{ "zstd", ".zst", "-ZSTD " },
};

#define COUNT (sizeof(packings) / sizeof(packings[0]))

/* Whether the system's modprobe has a text in it. */
static bool modprobe_has(int root, const char *text)
{
	int fd = root_file_open(root, "/sbin/modprobe");
	struct buffer program = { 0 };
	bool found = false;

	if (fd < 0)
		return false;
	if (!buffer_read_file(&program, fd, PROGRAM_LIMIT) && program.size)
		found = memmem(program.data, program.size, text, strlen(text));
	buffer_free(&program);
	close(fd);
	return found;
}

static bool is_unread(int root, const struct packing *p)
{
	return modprobe_has(root, p->without);
}

/**
 * packing_check() - find what would keep a module from being unpacked
 * @m: the module
 * @k: the kernel
 * @root: its system, from root_open()
 * @f: findings are added here
 */
void packing_check(const struct module_file *m, const struct kernel_facts *k,
		   int root, struct findings *f)
{
	for (size_t i = 0; m->packed && i < COUNT; i++)
		if (!strcmp(m->packed, packings[i].name) &&
		    is_unread(root, &packings[i]))
			findings_add(f, "packing", ENOEXEC,
				     "it is packed by %s, which this system's modprobe does not read (modprobe --version): unpack it, or pack it otherwise, then run depmod",
				     m->packed);
	if (m->foreign_check && k->unpacks_xz && modprobe_has(root, IN_KERNEL))
		findings_add(f, "packing", EINVAL,
			     "it is packed by xz with another check than CRC32, which the kernel does not unpack: pack it by xz --check=crc32");
}

/**
 * packing_hint() - why depmod may have passed over a file
 * @root: the system, from root_open()
 * @path: the file
 *
 * Return: the packing that the system's kmod does not read, or NULL.
 */
const char *packing_hint(int root, const char *path)
{
	size_t len = strlen(path);

	for (size_t i = 0; i < COUNT; i++) {
		size_t end = strlen(packings[i].end);

		if (len > end && !strcmp(path + len - end, packings[i].end) &&
		    is_unread(root, &packings[i]))
			return packings[i].name;
	}
	return NULL;
}
