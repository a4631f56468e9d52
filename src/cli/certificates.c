// SPDX-License-Identifier: GPL-2.0-only
/*
 * certificates.c - the keys by which signatures of modules are believed
 *
 * Some are in the kernel's image, which kernel_facts.c reads. Others are in the
 * firmware of this machine: the owner's (MOK, by mokutil(1)), and those of
 * Secure Boot (db). The firmware keeps them in "signature lists": a kind, three
 * sizes, and entries that are all of the same size. What is in a list is
 * anybody's: no size in it is believed.
 */
#include "certificates.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "binary_number.h"
#include "buffer.h"

#define EFI "/sys/firmware/efi/"
#define MOK EFI "mok-variables/MokListRT"
#define MOK_VARIABLE EFI "efivars/MokListRT-605dab50-e046-4300-abb6-3dd810dd8b23"
#define DB_VARIABLE EFI "efivars/db-d719b2cb-3d3a-4596-a3bc-dad00e67656f"

/* Far more than firmware has room for. */
#define SIZE_LIMIT (1UL << 20)

/* A variable of the firmware begins with its attributes. */
#define ATTRIBUTES 4

#define GUID_SIZE 16
#define LIST_HEADER (GUID_SIZE + 3 * 4)

/* EFI_CERT_X509_GUID: the entries of the list are certificates. */
static const unsigned char x509_guid[GUID_SIZE] = {
	0xa1, 0x59, 0xc0, 0xa5, 0xe4, 0x94, 0xa7, 0x4a,
	0x87, 0xb5, 0xab, 0x15, 0x5c, 0x2b, 0xf0, 0x72,
};

/**
 * certificates_add() - add a certificate
 * @c: the list
 * @der: the certificate
 * @size: its size
 * @keeper: who believes in it; a word that stays
 *
 * Return: 0; or -errno: -EINVAL if it is no certificate, -ENOSPC if there are
 * too many.
 */
int certificates_add(struct certificates *c, const void *der, size_t size,
		     const char *keeper)
{
	const gnutls_datum_t datum = { (unsigned char *)der, size };
	gnutls_x509_crt_t crt;

	if (c->count == CERTIFICATES_MAX)
		return -ENOSPC;
	if (gnutls_x509_crt_init(&crt))
		return -ENOMEM;
	if (gnutls_x509_crt_import(crt, &datum, GNUTLS_X509_FMT_DER)) {
		gnutls_x509_crt_deinit(crt);
		return -EINVAL;
	}
	c->list[c->count++] = (struct certificate){ crt, keeper };
	return 0;
}

static uint32_t le32(const char *at)
{
	return binary_number(at, 4, false);
}

/* One list: kind, size of all, of what follows here, of an entry. */
static void add_list(struct certificates *c, const char *list, size_t size,
		     const char *keeper)
{
	size_t at = LIST_HEADER, more = le32(list + GUID_SIZE + 4);
	size_t entry = le32(list + GUID_SIZE + 8);

	if (memcmp(list, x509_guid, GUID_SIZE) || entry <= GUID_SIZE ||
	    more > size - at)
		return;
	/* Each entry begins with who has put it there. */
	for (at += more; entry <= size - at; at += entry)
		certificates_add(c, list + at + GUID_SIZE, entry - GUID_SIZE,
				 keeper);
}

static void add_lists(struct certificates *c, const char *at, size_t left,
		      const char *keeper)
{
	while (left >= LIST_HEADER) {
		size_t size = le32(at + GUID_SIZE);

		if (size < LIST_HEADER || size > left)
			return;
		add_list(c, at, size, keeper);
		at += size;
		left -= size;
	}
}

/* Whether there is such a file, that can be read. */
static int add_file(struct certificates *c, const char *path, size_t skip,
		    const char *keeper)
{
	struct buffer content = { .limit = SIZE_LIMIT };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return -errno;
	ret = buffer_read_all(&content, fd);
	if (!ret && content.size > skip)
		add_lists(c, content.data + skip, content.size - skip, keeper);
	buffer_free(&content);
	close(fd);
	return ret;
}

/**
 * certificates_add_enrolled() - add those of this machine's firmware
 * @c: the list
 *
 * The list of the owner's keys may be longer than a variable: the kernel shows
 * the whole of it elsewhere, since 5.10.
 */
void certificates_add_enrolled(struct certificates *c)
{
	if (add_file(c, MOK, 0, "this machine's owner (MOK)"))
		add_file(c, MOK_VARIABLE, ATTRIBUTES,
			 "this machine's owner (MOK)");
	add_file(c, DB_VARIABLE, ATTRIBUTES, "this machine's firmware (db)");
}

/**
 * certificates_free() - release all
 * @c: the list
 */
void certificates_free(struct certificates *c)
{
	for (size_t i = 0; i < c->count; i++)
		gnutls_x509_crt_deinit(c->list[i].crt);
	c->count = 0;
}
