// SPDX-License-Identifier: GPL-2.0-only
/*
 * key.c - what a result belongs to
 *
 * A machine is of one kind (its row in architecture.c is among the rules), and
 * is given a kernel, an initramfs and arguments, and nothing else of what a
 * system is. The initramfs holds the modules with all that they depend
 * on, their options, modprobe, and the guest program with the checks. So the
 * SHA-256 of these tells whether a run would be the same as an earlier
 * one; size and time of files would only make it likely.
 */
#include "key.h"

#include <err.h>
#include <errno.h>
#include <gcrypt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static gcry_md_hd_t start(void)
{
	gcry_md_hd_t md;

	if (!gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P)) {
		gcry_check_version(NULL);
		/* There are no secrets here. */
		gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
		gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
	}
	if (gcry_md_open(&md, GCRY_MD_SHA256, 0)) {
		warnx("libgcrypt gives no SHA-256: there is no memory left");
		return NULL;
	}
	return md;
}

static void finish(gcry_md_hd_t md, char key[KEY_SIZE])
{
	const unsigned char *digest = gcry_md_read(md, GCRY_MD_SHA256);

	for (size_t i = 0; i < (KEY_SIZE - 1) / 2; i++)
		snprintf(key + 2 * i, 3, "%02x", digest[i]);
	gcry_md_close(md);
}

/* With the NUL: "a" and "bc" are not "ab" and "c". */
static void add_text(gcry_md_hd_t md, const char *text)
{
	gcry_md_write(md, text, strlen(text) + 1);
}

static int add_content(gcry_md_hd_t md, int fd, const char *what, off_t *size)
{
	char chunk[65536];
	ssize_t n;

	*size = 0;
	while ((n = pread(fd, chunk, sizeof(chunk), *size))) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			warn("cannot read the %s again", what);
			return -1;
		}
		gcry_md_write(md, chunk, n);
		*size += n;
	}
	return 0;
}

/* A file, and how long it was. */
static int add_file(gcry_md_hd_t md, int fd, const char *what)
{
	char text[32];
	off_t size;

	if (add_content(md, fd, what, &size))
		return -1;
	snprintf(text, sizeof(text), "%lld", (long long)size);
	add_text(md, text);
	return 0;
}

/**
 * key_of_run() - the key of what a machine is given
 * @key: result
 * @arch: what kind of machine it is
 * @kernel_fd: the kernel's image
 * @initramfs_fd: the initramfs
 * @guest_args: the arguments of process 1
 *
 * Return: 0, or -1 after a message.
 */
int key_of_run(char key[KEY_SIZE], const struct architecture *arch,
	       int kernel_fd, int initramfs_fd, const char *guest_args)
{
	gcry_md_hd_t md = start();

	if (!md)
		return -1;
	add_text(md, LKP_EXAMPLE_VERSION);
	add_text(md, VERDICT_RULES);
	add_text(md, arch->name);
	add_text(md, guest_args);
	if (add_file(md, kernel_fd, "kernel's image") ||
	    add_file(md, initramfs_fd, "initramfs")) {
		gcry_md_close(md);
		return -1;
	}
	finish(md, key);
	return 0;
}

/**
 * key_of_file() - the key of a file
 * @key: result: the SHA-256 of what is in it
 * @fd: the file
 * @what: what it is, for a message
 *
 * Return: 0, or -1 after a message.
 */
int key_of_file(char key[KEY_SIZE], int fd, const char *what)
{
	gcry_md_hd_t md = start();
	off_t size;

	if (!md)
		return -1;
	if (add_content(md, fd, what, &size)) {
		gcry_md_close(md);
		return -1;
	}
	finish(md, key);
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/**
 * key_of_modules() - the key of a set of modules
 * @key: result; the order of the modules does not matter to it
 * @modules: their names, ending in NULL
 *
 * Return: 0, or -1 after a message.
 */
int key_of_modules(char key[KEY_SIZE], char *const modules[])
{
	gcry_md_hd_t md = NULL;
	size_t count = 0;
	char **sorted;

	while (modules[count])
		count++;
	sorted = calloc(count + 1, sizeof(*sorted));
	if (!sorted) {
		warn("the list of modules");
		return -1;
	}
	memcpy(sorted, modules, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), compare_names);
	md = start();
	for (size_t i = 0; md && i < count; i++)
		add_text(md, sorted[i]);
	free(sorted);
	if (!md)
		return -1;
	finish(md, key);
	return 0;
}
