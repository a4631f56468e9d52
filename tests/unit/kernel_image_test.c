// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel_image_test.c - what a kernel's image unpacks to, and what it must not
 *
 * Usage: kernel_image_test DIR
 *
 * Each line of the table is an image as x86 has it, whose payload zstd has packed.
 * It is written to DIR/boot, and unpacked, with and without a thread. Prints TAP.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <zstd.h>

#include "kernel.h"
#include "root.h"

#define RELEASE "1"
#define SETUP 1024		/* one sector of setup behind the first one */
#define PROPER (300 << 10)	/* the kernel proper, which is no ELF file */

enum packing { KNOWN, UNKNOWN, CUT, MAGIC };

static const struct {
	const char *name;
	enum packing packing;
	unsigned int size;	/* of what is unpacked, as the payload says */
	bool good;
} images[] = {
	{ "what the kernel's build makes", UNKNOWN, PROPER, true },
	{ "with its size in the stream as well", KNOWN, PROPER, true },
	{ "a stream of another size", KNOWN, PROPER + 1, false },
	{ "a stream that ends too early", UNKNOWN, PROPER + 1, false },
	{ "a stream that goes on", UNKNOWN, PROPER - 1, false },
	{ "a stream that was cut", CUT, PROPER, false },
	{ "eight bytes that are to become 1 GiB", MAGIC, 1U << 30, false },
};

static char proper[PROPER];
static unsigned int reserved;	/* how often memory was, and how much at once */
static off_t most;

/* In place of the library's: what memory is taken, and how often. */
int fallocate(int fd, int mode, off_t offset, off_t len)
{
	reserved++;
	if (len > most)
		most = len;
	return syscall(SYS_fallocate, fd, mode, offset, len);
}

static void put_le32(unsigned char *at, unsigned int value)
{
	for (int i = 0; i < 4; i++)
		at[i] = value >> 8 * i;
}

static size_t pack(unsigned char *to, enum packing packing)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();
	size_t size;

	ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag,
			       packing == KNOWN);
	size = ZSTD_compress2(context, to, ZSTD_compressBound(PROPER), proper,
			      sizeof(proper));
	ZSTD_freeCCtx(context);
	if (ZSTD_isError(size))
		errx(2, "%s", ZSTD_getErrorName(size));
	return packing == CUT ? size / 2 : packing == MAGIC ? 4 : size;
}

/* Documentation/arch/x86/boot.rst: the fields that are looked at. */
static size_t write_image(const char *dir, size_t which)
{
	size_t limit = SETUP + ZSTD_compressBound(PROPER) + 4, size;
	unsigned char *image = calloc(1, limit);
	char path[4096];
	FILE *file;

	if (!image)
		err(2, "an image");
	image[0x1f1] = SETUP / 512 - 1;
	memcpy(image + 0x202, "HdrS", 4);
	image[0x206] = 15;
	image[0x207] = 2;
	size = pack(image + SETUP, images[which].packing);
	put_le32(image + 0x24c, size + 4);
	put_le32(image + SETUP + size, images[which].size);
	size += SETUP + 4;

	snprintf(path, sizeof(path), "%s/boot/vmlinuz-" RELEASE, dir);
	file = fopen(path, "we");
	if (!file || fwrite(image, 1, size, file) != size || fclose(file))
		err(2, "%s", path);
	free(image);
	return size;
}

static bool is_proper(int fd)
{
	static char found[PROPER];
	struct stat st;

	return !fstat(fd, &st) && st.st_size == PROPER &&
	       pread(fd, found, PROPER, 0) == PROPER &&
	       !memcmp(found, proper, PROPER);
}

/* What is wrong, or NULL. */
static const char *try(int root, size_t which, size_t size, bool begin)
{
	const bool good = images[which].good;
	struct kernel_image image;
	const char *wrong = NULL;
	struct stat st;

	reserved = 0;
	most = 0;
	if (kernel_image_find(&image, root, RELEASE))
		return "it is not found";
	if (begin)
		kernel_image_unpack_begin(&image);
	if (kernel_image_unpack(&image))
		wrong = "it cannot be booted";
	else if (good && !is_proper(image.proper_fd))
		wrong = "it is not unpacked";
	else if (!good && image.proper_fd >= 0)
		wrong = "it is unpacked";
	else if (good && pwrite(image.proper_fd, "x", 1, 0) >= 0)
		wrong = "what it has become can be changed";
	else if (fstat(image.fd, &st) || (size_t)st.st_size != size)
		wrong = "it is not booted as it is";
	else if (most > PROPER + 1)
		wrong = "more memory is taken than it can need";
	else if (good && reserved != 1)
		wrong = "it is not unpacked once";
	kernel_image_close(&image);
	return wrong;
}

int main(int argc, char *argv[])
{
	const size_t count = sizeof(images) / sizeof(images[0]);
	int root, status = 0;

	if (argc != 2)
		errx(2, "usage: kernel_image_test DIR");
	for (size_t i = 0; i < PROPER; i++)
		proper[i] = i * i >> 7;
	root = root_open(argv[1]);
	if (root < 0)
		err(2, "%s", argv[1]);
	printf("1..%zu\n", 2 * count);
	for (size_t i = 0; i < 2 * count; i++) {
		size_t size = write_image(argv[1], i / 2);
		const char *wrong = try(root, i / 2, size, i % 2);

		printf("%sok %zu - %s%s\n", wrong ? "not " : "", i + 1,
		       images[i / 2].name, i % 2 ? ", in a thread" : "");
		if (wrong)
			printf("# %s\n", wrong);
		status |= !!wrong;
	}
	close(root);
	return status;
}
