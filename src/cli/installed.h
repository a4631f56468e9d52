/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * installed.h - a module as it is installed for a kernel, and as it is loaded
 */
#ifndef LKP_INSTALLED_H
#define LKP_INSTALLED_H

#include <limits.h>
#include <stdbool.h>

#include "buffer.h"

/**
 * struct installed - a module as it is installed for a kernel
 * @path: its file, inside the system; empty if there is none
 * @built_in: it is a part of the kernel itself, and has no file
 * @indexed: modprobe finds it
 * @unread: if not, how its file is packed, if depmod does not read that
 * @present: its file is there, and is a module
 * @is_signed: a signature is appended to it
 * @signer: whose, if that is said
 * @vermagic: what kernel it was built for
 * @srcversion: checksum of its sources; may be empty
 * @build_id: the ELF note with the checksum of its code; may be empty
 */
struct installed {
	char path[PATH_MAX];
	bool built_in;
	bool indexed;
	const char *unread;
	bool present;
	bool is_signed;
	char signer[128];
	char vermagic[256];
	char srcversion[64];
	struct buffer build_id;
};

enum loaded {
	LOADED_NOT,
	LOADED_SAME,	/* the file that is installed */
	LOADED_OTHER,	/* another one of this name */
	LOADED_UNKNOWN,	/* one of this name; what tells it is missing */
};

int installed_find(struct installed *m, int root, const char *release,
		   const char *name);
bool installed_is_ready(int root, const char *release, const char *name);
void installed_warn_missing(int root, const char *release, const char *name);
void installed_free(struct installed *m);
enum loaded installed_is_loaded(const struct installed *m, const char *name);

#endif
