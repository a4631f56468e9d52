// SPDX-License-Identifier: GPL-2.0-only
/*
 * bare_kernel.c - the exported symbols of a kernel that is no ELF file
 *
 * The image of many architectures is what lies in memory, without a table of
 * sections. But the exported symbols are easy to tell (RO_DATA in
 * asm-generic/vmlinux.lds.h): a table of entries of three references each, of
 * which the second is to the name, in the order of the names; behind it another,
 * of those for the GPL only; behind these the checksums of both, and behind
 * these the names. References are addresses, and it is not known where the image
 * begins; or they say how far away it is what they refer to.
 *
 * One symbol that every kernel exports is looked for first.
 */
#include "bare_kernel.h"

#include <stdio.h>
#include <string.h>

#include "binary_number.h"

/* It may be the end of another name: linkers save the room. */
static const char landmark[] = "register_chrdev_region";

/* How often the name may stand in an image: there are other tables of names. */
#define LANDMARKS_MAX 16
#define NAME_MAX_SIZE 512
/* Bytes that look like a table by chance are fewer. */
#define ENTRIES_MIN 256

struct bare {
	const char *image;
	size_t size;
	size_t width;		/* of a reference */
	bool big_endian;
	bool relative;
	uint64_t base;		/* the address of the image, if it is not */
};

static uint64_t number_at(const struct bare *b, size_t offset)
{
	return binary_number(b->image + offset, b->width, b->big_endian);
}

/* Where the name of an entry is; beyond the image if it has none. */
static uint64_t name_of(const struct bare *b, size_t entry)
{
	size_t offset = entry + b->width;
	uint64_t value = number_at(b, offset);

	if (b->relative)
		return offset + (int64_t)(int32_t)value;
	return b->width == 4 ? (uint32_t)(value - b->base) : value - b->base;
}

static bool is_entry(const struct bare *b, size_t entry)
{
	return entry <= b->size && b->size - entry >= 3 * b->width;
}

/* The name of an entry; NULL if it is none. */
static const char *entry_name(const struct bare *b, size_t entry)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.$";
	uint64_t at = is_entry(b, entry) ? name_of(b, entry) : b->size;
	const char *name;
	size_t len;

	if (at >= b->size)
		return NULL;
	name = b->image + at;
	len = strnlen(name, b->size - at);
	if (!len || len == b->size - at || len > NAME_MAX_SIZE ||
	    strspn(name, letters) != len)
		return NULL;
	return name;
}

static bool in_order(const char *a, const char *b)
{
	return a && b && strcmp(a, b) < 0;
}

/* The first entry of the table that this one is in. */
static size_t first_entry(const struct bare *b, size_t entry)
{
	const size_t step = 3 * b->width;
	const char *name = entry_name(b, entry);

	while (entry >= step) {
		const char *before = entry_name(b, entry - step);

		if (!in_order(before, name))
			break;
		name = before;
		entry -= step;
	}
	return entry;
}

/* The end of the table that begins with this entry. */
static size_t end_of_table(const struct bare *b, size_t entry)
{
	const size_t step = 3 * b->width;
	const char *name = entry_name(b, entry);

	while (name) {
		const char *next = entry_name(b, entry + step);

		entry += step;
		if (!in_order(name, next))
			break;
		name = next;
	}
	return entry;
}

static struct part part_of(const struct bare *b, size_t from, size_t to)
{
	return (struct part){ b->image + from, b->base + from, to - from };
}

/* From the first name of a table to the end of the last one. */
static void note_names(const struct bare *b, size_t from, size_t to,
		       size_t *first, size_t *end)
{
	for (; from < to; from += 3 * b->width) {
		size_t at = name_of(b, from);
		size_t behind = at + strlen(b->image + at) + 1;

		if (at < *first)
			*first = at;
		if (behind > *end)
			*end = behind;
	}
}

/* Both tables, what is behind them, and the names. */
static bool note_tables(const struct bare *b, size_t entry, struct tables *t)
{
	const size_t from = first_entry(b, entry);
	const size_t middle = end_of_table(b, from);
	const size_t end = end_of_table(b, middle);
	const size_t crcs = (middle - from) / (3 * b->width) * 4;
	const size_t gpl_crcs = (end - middle) / (3 * b->width) * 4;
	size_t names = b->size, names_end = 0;

	if (end - from < ENTRIES_MIN * 3 * b->width)
		return false;
	note_names(b, from, end, &names, &names_end);
	*t = (struct tables){
		.all = part_of(b, from, middle),
		.gpl = part_of(b, middle, end),
		.strings = part_of(b, names, names_end),
		.width = b->width,
	};
	/* They fit, or there are none. */
	if (end + crcs + gpl_crcs > names)
		return true;
	t->crcs = part_of(b, end, end + crcs);
	t->gpl_crcs = part_of(b, end + crcs, end + crcs + gpl_crcs);
	return true;
}

/* Whether a reference to the name is here, with neighbours as in a table. */
static bool refers(struct bare *b, size_t offset, size_t name)
{
	const size_t step = 3 * b->width;
	const size_t entry = offset - b->width;

	if (b->relative && name_of(b, entry) != name)
		return false;
	if (!b->relative)
		b->base = number_at(b, offset) - name;
	if (entry < step)
		return false;
	return in_order(entry_name(b, entry - step), b->image + name) &&
	       in_order(b->image + name, entry_name(b, entry + step));
}

static bool search_reference(struct bare *b, size_t name, struct tables *t)
{
	for (size_t at = b->width; at + 2 * b->width <= b->size; at += b->width)
		if (refers(b, at, name) && note_tables(b, at - b->width, t))
			return true;
	return false;
}

static bool search_by(struct bare b, struct tables *t)
{
	const char *at = b.image, *end = b.image + b.size;

	for (size_t i = 0; i < LANDMARKS_MAX; i++) {
		at = memmem(at, end - at, landmark, sizeof(landmark));
		if (!at)
			break;
		if (search_reference(&b, at - b.image, t))
			return true;
		at++;
	}
	return false;
}

/**
 * bare_kernel_search() - find the exported symbols of a kernel
 * @t: result
 * @image: the kernel as it lies in memory
 * @size: its size
 * @word: the bytes of an address
 * @big_endian: its byte order
 *
 * Whether there are checksums is not certain: what is behind the tables may be
 * something else. And flags are not found.
 *
 * Return: true if they are found.
 */
bool bare_kernel_search(struct tables *t, const char *image, size_t size,
			size_t word, bool big_endian)
{
	const struct bare relative = {
		.image = image, .size = size, .width = 4,
		.big_endian = big_endian, .relative = true,
	};
	const struct bare absolute = {
		.image = image, .size = size, .width = word,
		.big_endian = big_endian,
	};

	return search_by(relative, t) || search_by(absolute, t);
}
