/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * store.h - results that are kept
 */
#ifndef LKP_STORE_H
#define LKP_STORE_H

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>

#include "result.h"

/* Where they are, inside the system. */
#define STORE "/var/lib/lkp-example/results"

/**
 * struct store - the place of one result
 * @dir: the directory, -1 if there is none
 * @lock: held from store_lock() to store_close(), -1 if nothing can be written
 * @error: why nothing can be written, an errno; 0 if it can
 * @offset: what of the lock file is locked for this result
 * @name: the name of its file
 */
struct store {
	int dir;
	int lock;
	int error;
	off_t offset;
	char name[NAME_MAX + 1];
};

bool store_has(int root, const char *release, char *const modules[]);
int store_open(struct store *s, int root, const char *release,
	       char *const modules[]);
bool store_lock(struct store *s, bool wait);
bool store_get(const struct store *s, struct result *r);
int store_put(const struct store *s, const struct result *r);
void store_close(struct store *s);
json_t *store_load_all(int root);

#endif
