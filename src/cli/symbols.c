// SPDX-License-Identifier: GPL-2.0-only
/*
 * symbols.c - names that a kernel or a module exports, or that one needs
 */
#include "symbols.h"

#include <stdlib.h>
#include <string.h>

/**
 * symbols_add() - add a symbol
 * @s: the list
 * @name: its name
 *
 * Return: where to note the rest, valid until the next one is added; NULL if
 * there is no memory.
 */
struct symbol *symbols_add(struct symbols *s, const char *name)
{
	if (s->count == s->size) {
		size_t size = s->size ? 2 * s->size : 64;
		struct symbol *grown = reallocarray(s->list, size,
						    sizeof(*grown));

		if (!grown)
			return NULL;
		s->list = grown;
		s->size = size;
	}
	s->list[s->count] = (struct symbol){ .name = name };
	return &s->list[s->count++];
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct symbol *)a)->name,
		      ((const struct symbol *)b)->name);
}

/**
 * symbols_sort() - make a list ready for symbols_find()
 * @s: the list
 */
void symbols_sort(struct symbols *s)
{
	if (s->count)
		qsort(s->list, s->count, sizeof(*s->list), by_name);
}

/**
 * symbols_find() - find a symbol
 * @s: a sorted list
 * @name: its name
 *
 * Return: the symbol, or NULL.
 */
const struct symbol *symbols_find(const struct symbols *s, const char *name)
{
	struct symbol key = { .name = name };

	if (!s->count)
		return NULL;
	return bsearch(&key, s->list, s->count, sizeof(*s->list), by_name);
}

/**
 * symbols_free() - release a list; it is empty afterwards
 * @s: the list
 */
void symbols_free(struct symbols *s)
{
	free(s->list);
	*s = (struct symbols){ 0 };
}
