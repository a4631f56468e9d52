// SPDX-License-Identifier: GPL-2.0-only
/*
 * groups.c - run the checks that are no items of the guide: see groups.h
 */
#include "groups.h"

#include <stdio.h>
#include <string.h>

#include "items.h"

extern const struct item_list checks_bad_input, checks_stress, checks_speed,
			      checks_sanitizer, checks_fuzz, checks_coverage;

static const struct {
	const char *name;
	const struct item_list *list;
	bool full;	/* belongs to "full" */
} groups[] = {
	{ "bad_input", &checks_bad_input, true },
	{ "stress", &checks_stress, false },
	{ "speed", &checks_speed, false },
	{ "sanitizer", &checks_sanitizer, false },
	{ "fuzz", &checks_fuzz, false },
	{ "coverage", &checks_coverage, false },
};

#define GROUPS (sizeof(groups) / sizeof(groups[0]))

/* One word of a selection: "stress", "stress.wakeups" or "full". */
static bool word_selects(const char *word, size_t group, const char *check)
{
	size_t len = strlen(groups[group].name), whole = strcspn(word, ",");

	if (whole == strlen(FULL_GROUPS) && !strncmp(word, FULL_GROUPS, whole))
		return groups[group].full;
	if (strncmp(word, groups[group].name, len))
		return false;
	if (whole == len)
		return true;
	return word[len] == '.' && whole - len - 1 == strlen(check) &&
	       !strncmp(word + len + 1, check, whole - len - 1);
}

static bool selected(const char *selection, size_t group, const char *check)
{
	for (; selection; selection = strchr(selection, ',')) {
		selection += *selection == ',';
		if (word_selects(selection, group, check))
			return true;
	}
	return false;
}

/**
 * groups_count() - how many results there will be
 * @selection: which checks, or NULL
 *
 * Return: the number of checks that are selected.
 */
size_t groups_count(const char *selection)
{
	size_t count = 0;

	for (size_t n = 0; n < GROUPS; n++)
		for (size_t i = 0; i < groups[n].list->count; i++)
			count += selected(selection, n,
					  groups[n].list->items[i].name);
	return count;
}

/**
 * groups_run() - run checks and report each result
 * @g: the guest
 * @selection: which checks, or NULL
 */
void groups_run(struct guest *g, const char *selection)
{
	for (size_t n = 0; n < GROUPS; n++)
		for (size_t i = 0; i < groups[n].list->count; i++) {
			const struct item *item = &groups[n].list->items[i];

			if (selected(selection, n, item->name))
				item_run(g, groups[n].name, item->name, item);
		}
}
