/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * signature.h - whose signature a module has, and does it fit
 */
#ifndef LKP_SIGNATURE_H
#define LKP_SIGNATURE_H

#include <stdbool.h>

#include "certificates.h"

enum signature_state {
	SIGNATURE_NONE,		/* there is none */
	SIGNATURE_UNREADABLE,	/* it is no whole one */
	SIGNATURE_OTHER_KIND,	/* by a method that is not known here */
	SIGNATURE_UNKNOWN_KEY,	/* by a key that is not known here */
	SIGNATURE_REJECTED,	/* by a key that is, but not of this file */
	SIGNATURE_GOOD,
};

/**
 * struct signature - what is known of a signature
 * @state: what it is worth
 * @signer: whose it is said to be: a name, or what stands for one; may be empty
 * @keeper: who believes in the signer, if anybody does; else NULL
 */
struct signature {
	enum signature_state state;
	char signer[256];
	const char *keeper;
};

void signature_check(struct signature *s, const gnutls_datum_t *message,
		     const gnutls_datum_t *content,
		     const struct certificates *known);
bool signature_is_by(const struct signature *s, gnutls_x509_crt_t crt);
const char *signature_word(const struct signature *s);

#endif
