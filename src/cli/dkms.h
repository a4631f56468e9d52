/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dkms.h - what DKMS has built, and whether it signs that
 */
#ifndef LKP_DKMS_H
#define LKP_DKMS_H

#include <stdbool.h>
#include <stddef.h>

/* A directory for each package, with one for each of its versions. */
#define DKMS_TREE "/var/lib/dkms"

/* The key that it signs by, and the certificate to be enrolled. */
#define DKMS_KEY DKMS_TREE "/mok.key"
#define DKMS_CERTIFICATE DKMS_TREE "/mok.pub"

bool dkms_has_built(char *package, size_t size, int root, const char *release,
		    const char *module);
bool dkms_signs(int root);

#endif
