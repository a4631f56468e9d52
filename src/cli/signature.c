// SPDX-License-Identifier: GPL-2.0-only
/*
 * signature.c - whose signature a module has, and does it fit
 *
 * A PKCS#7 message without content; its signers are named by the issuer and the
 * serial number of their certificate, or by the identifier of their key. The
 * kernel looks for that name among the certificates that it has, and so do we
 * (crypto/asymmetric_keys/pkcs7_trust.c). When a certificate was valid does not
 * matter to it.
 */
#include "signature.h"

#include <gnutls/pkcs7.h>
#include <stdio.h>
#include <string.h>

/* More than anybody makes. */
#define SIGNERS_MAX 8

/* What is signed is data, and not another message. */
#define DATA "1.2.840.113549.1.7.1"

/* Which methods are good enough is for the kernel to say, not for us. */
#define ANY_METHOD (GNUTLS_VERIFY_ALLOW_BROKEN | \
		    GNUTLS_VERIFY_ALLOW_SIGN_WITH_SHA1)

static bool same(const void *a, size_t a_size, const gnutls_datum_t *b)
{
	return b->data && a_size == b->size && !memcmp(a, b->data, a_size);
}

static bool has_serial(gnutls_x509_crt_t crt,
		       const gnutls_pkcs7_signature_info_st *info)
{
	gnutls_datum_t issuer;
	unsigned char serial[128];
	size_t size = sizeof(serial);
	bool answer;

	if (gnutls_x509_crt_get_serial(crt, serial, &size) ||
	    !same(serial, size, &info->signer_serial) ||
	    gnutls_x509_crt_get_raw_issuer_dn(crt, &issuer))
		return false;
	answer = same(issuer.data, issuer.size, &info->issuer_dn);
	gnutls_free(issuer.data);
	return answer;
}

static bool has_identifier(gnutls_x509_crt_t crt,
			   const gnutls_pkcs7_signature_info_st *info)
{
	unsigned char id[128];
	size_t size = sizeof(id);

	return !gnutls_x509_crt_get_subject_key_id(crt, id, &size, NULL) &&
	       same(id, size, &info->issuer_keyid);
}

static const struct certificate *
find_signer(const struct certificates *known,
	    const gnutls_pkcs7_signature_info_st *info)
{
	for (size_t i = 0; known && i < known->count; i++)
		if (has_serial(known->list[i].crt, info) ||
		    has_identifier(known->list[i].crt, info))
			return &known->list[i];
	return NULL;
}

static void add_hex(char *to, size_t size, const gnutls_datum_t *number)
{
	size_t len = strlen(to);

	for (size_t i = 0; i < number->size && len + 3 < size; i++)
		len += snprintf(to + len, size - len, "%02x", number->data[i]);
}

/* "CN=DKMS module signing key, serial 1f00..." */
static void name_signer(struct signature *s,
			const gnutls_pkcs7_signature_info_st *info)
{
	gnutls_datum_t text;

	if (!info->issuer_dn.data) {
		snprintf(s->signer, sizeof(s->signer), "key ");
		add_hex(s->signer, sizeof(s->signer), &info->issuer_keyid);
		return;
	}
	if (gnutls_x509_rdn_get2(&info->issuer_dn, &text, 0)) {
		snprintf(s->signer, sizeof(s->signer), "serial ");
	} else {
		snprintf(s->signer, sizeof(s->signer), "%.160s, serial ",
			 text.data);
		gnutls_free(text.data);
	}
	add_hex(s->signer, sizeof(s->signer), &info->signer_serial);
}

/* Errors that say nothing of the signature, but of what GnuTLS can do. */
static bool is_other_kind(int error)
{
	return error == GNUTLS_E_UNSUPPORTED_SIGNATURE_ALGORITHM ||
	       error == GNUTLS_E_UNKNOWN_PK_ALGORITHM ||
	       error == GNUTLS_E_UNKNOWN_HASH_ALGORITHM ||
	       error == GNUTLS_E_UNKNOWN_ALGORITHM ||
	       error == GNUTLS_E_ECC_UNSUPPORTED_CURVE ||
	       error == GNUTLS_E_UNIMPLEMENTED_FEATURE ||
	       error == GNUTLS_E_INSUFFICIENT_SECURITY ||
	       error == GNUTLS_E_CONSTRAINT_ERROR;
}

static enum signature_state check_signer(struct signature *s,
					 gnutls_pkcs7_t message, unsigned int i,
					 const gnutls_datum_t *content,
					 const struct certificates *known)
{
	gnutls_pkcs7_signature_info_st info;
	const struct certificate *signer;
	int ret = gnutls_pkcs7_get_signature_info(message, i, &info);

	if (ret)
		return SIGNATURE_OTHER_KIND;
	name_signer(s, &info);
	signer = find_signer(known, &info);
	gnutls_pkcs7_signature_info_deinit(&info);
	/* A message may bring certificates by which another is believed in. */
	if (!signer)
		return gnutls_pkcs7_get_crt_count(message) > 0 ?
		       SIGNATURE_OTHER_KIND : SIGNATURE_UNKNOWN_KEY;
	s->keeper = signer->keeper;
	ret = gnutls_pkcs7_verify_direct(message, signer->crt, i, content,
					 ANY_METHOD);
	if (!ret)
		return SIGNATURE_GOOD;
	return is_other_kind(ret) ? SIGNATURE_OTHER_KIND : SIGNATURE_REJECTED;
}

/* One signer who is known is enough; one who has not signed this is too many. */
static void check_signers(struct signature *s, gnutls_pkcs7_t message,
			  const gnutls_datum_t *content,
			  const struct certificates *known)
{
	int count = gnutls_pkcs7_get_signature_count(message);

	s->state = SIGNATURE_OTHER_KIND;
	for (int i = 0; i < count && i < SIGNERS_MAX; i++) {
		struct signature one = { 0 };

		one.state = check_signer(&one, message, i, content, known);
		if (!i || one.state > s->state)
			*s = one;
		if (one.state == SIGNATURE_REJECTED) {
			*s = one;
			return;
		}
	}
}

/**
 * signature_check() - judge the signature of a module
 * @s: result
 * @message: the signature, a PKCS#7 message
 * @content: the module, as it was signed
 * @known: the certificates to look for the signer in, or NULL
 */
void signature_check(struct signature *s, const gnutls_datum_t *message,
		     const gnutls_datum_t *content,
		     const struct certificates *known)
{
	gnutls_pkcs7_t parsed;
	const char *type;

	*s = (struct signature){ .state = SIGNATURE_UNREADABLE };
	if (gnutls_pkcs7_init(&parsed))
		return;
	if (gnutls_pkcs7_import(parsed, message, GNUTLS_X509_FMT_DER))
		goto free_message;
	type = gnutls_pkcs7_get_embedded_data_oid(parsed);
	if (type && !strcmp(type, DATA))
		check_signers(s, parsed, content, known);
free_message:
	gnutls_pkcs7_deinit(parsed);
}

/**
 * signature_is_by() - whether a signature is said to be by a certificate's key
 * @s: the signature
 * @crt: the certificate
 *
 * Return: true if it bears that name.
 */
bool signature_is_by(const struct signature *s, gnutls_x509_crt_t crt)
{
	unsigned char serial[128], id[128];
	gnutls_pkcs7_signature_info_st info = {
		.signer_serial = { serial, sizeof(serial) },
	}, other = {
		.issuer_keyid = { id, sizeof(id) },
	};
	struct signature by_serial = { 0 }, by_id = { 0 };
	size_t serial_size = sizeof(serial), id_size = sizeof(id);

	if (!gnutls_x509_crt_get_serial(crt, serial, &serial_size) &&
	    !gnutls_x509_crt_get_raw_issuer_dn(crt, &info.issuer_dn)) {
		info.signer_serial.size = serial_size;
		name_signer(&by_serial, &info);
		gnutls_free(info.issuer_dn.data);
	}
	if (!gnutls_x509_crt_get_subject_key_id(crt, id, &id_size, NULL)) {
		other.issuer_keyid.size = id_size;
		name_signer(&by_id, &other);
	}
	return *s->signer && (!strcmp(s->signer, by_serial.signer) ||
			      !strcmp(s->signer, by_id.signer));
}

/**
 * signature_word() - what a signature is worth, as programs read it
 * @s: the signature
 *
 * Return: a word.
 */
const char *signature_word(const struct signature *s)
{
	static const char *const words[] = {
		[SIGNATURE_NONE] = "none",
		[SIGNATURE_UNREADABLE] = "unreadable",
		[SIGNATURE_OTHER_KIND] = "unknown_method",
		[SIGNATURE_UNKNOWN_KEY] = "unknown_key",
		[SIGNATURE_REJECTED] = "rejected",
		[SIGNATURE_GOOD] = "good",
	};

	return words[s->state];
}
