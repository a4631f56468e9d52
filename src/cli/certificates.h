/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * certificates.h - the keys by which signatures of modules are believed
 */
#ifndef LKP_CERTIFICATES_H
#define LKP_CERTIFICATES_H

#include <gnutls/x509.h>
#include <stddef.h>

#define CERTIFICATES_MAX 64

/**
 * struct certificate - a key, and whose it is
 * @crt: the certificate
 * @keeper: who believes in it: "the kernel", or a list of the firmware
 */
struct certificate {
	gnutls_x509_crt_t crt;
	const char *keeper;
};

/**
 * struct certificates - some of them
 * @list: the first ones
 * @count: how many stand in @list
 */
struct certificates {
	struct certificate list[CERTIFICATES_MAX];
	size_t count;
};

int certificates_add(struct certificates *c, const void *der, size_t size,
		     const char *keeper);
void certificates_add_enrolled(struct certificates *c);
void certificates_free(struct certificates *c);

#endif
