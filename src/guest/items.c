// SPDX-License-Identifier: GPL-2.0-only
/*
 * items.c - run the checks of the guide's items: see items.h
 */
#include "items.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools.h"

/* A user of a module comes before it. */
static const char *const modules[] = {
	"lkp_example_client", "lkp_example_probe", "lkp_example",
};

/* The sections of the guide that have checks, in its order. */
static const struct {
	const char *file;
	const struct item_list *list;
} sections[] = {
	{ "items_lifecycle.c", &items_lifecycle },
	{ "items_tools.c", &items_tools },
	{ "items_parameters.c", &items_parameters },
	{ "items_memory.c", &items_memory },
	{ "items_message.c", &items_message },
	{ "items_userspace.c", &items_userspace },
	{ "items_usage.c", &items_usage },
	{ "items_symbols.c", &items_symbols },
	{ "items_probe.c", &items_probe },
	{ "items_log.c", &items_log },
	{ "items_elf.c", &items_elf },
};

#define ITEMS_LAST 142

static bool selected(const char *selection, unsigned int number)
{
	char *end;

	if (!selection)
		return false;
	if (!strcmp(selection, ALL_ITEMS))
		return true;
	for (; selection; selection = strchr(selection, ',')) {
		selection += *selection == ',';
		if (strtoul(selection, &end, 10) == number && end > selection)
			return true;
	}
	return false;
}

/**
 * items_valid() - whether a selection can be understood
 * @selection: ALL_ITEMS, or numbers of items with commas between them
 *
 * Return: true if so.
 */
bool items_valid(const char *selection)
{
	char *end;

	if (!strcmp(selection, ALL_ITEMS))
		return true;
	for (;; selection = end + 1) {
		unsigned long number = strtoul(selection, &end, 10);

		if (end == selection || number < 1 || number > ITEMS_LAST)
			return false;
		if (*end != ',')
			return !*end;
	}
}

/**
 * items_count() - how many results there will be
 * @selection: which items, or NULL
 *
 * Return: the number of items that have a check and are selected.
 */
size_t items_count(const char *selection)
{
	size_t count = 0;

	for (size_t s = 0; s < sizeof(sections) / sizeof(sections[0]); s++)
		for (size_t i = 0; i < sections[s].list->count; i++)
			count += selected(selection,
					  sections[s].list->items[i].number);
	return count;
}

/** items_list() - print number, name and source file of each check */
void items_list(void)
{
	for (size_t s = 0; s < sizeof(sections) / sizeof(sections[0]); s++)
		for (size_t i = 0; i < sections[s].list->count; i++)
			printf("%03u %s %s\n",
			       sections[s].list->items[i].number,
			       sections[s].list->items[i].name,
			       sections[s].file);
}

static bool prepare(struct guest *g, const struct item *item)
{
	g->module = item->module;
	return !item->module || load_module(g, NULL);
}

static bool clean_up(struct guest *g)
{
	for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
		int err;

		if (!is_loaded(modules[i]))
			continue;
		err = unload(modules[i], 0);
		if (err)
			return fail(g, "%s cannot be unloaded after the check: %s",
				    modules[i], strerror(err));
	}
	return true;
}

/**
 * item_run() - run one check and report its result
 * @g: the guest
 * @group: what is checked, in the report
 * @name: what the check is called there
 * @item: the check
 */
void item_run(struct guest *g, const char *group, const char *name,
	      const struct item *item)
{
	bool ok;

	if (g->host && item->flags & VM_ONLY) {
		ktap_skip(&g->ktap, group, name,
			  "only in a virtual machine that is thrown away");
		return;
	}
	ktap_begin(&g->ktap, group, name);
	g->taint = read_taint();
	kmsg_update(&g->log);
	kmsg_mark(&g->log);
	ok = prepare(g, item) && item->run(g);
	ok = clean_up(g) && ok;
	if (!(item->flags & TAINTS))
		ok = check_taint(g) && ok;
	report_result(g, ok, group, name);
}

static void run_item(struct guest *g, const struct item *item)
{
	char name[80];

	snprintf(name, sizeof(name), "%03u_%s", item->number, item->name);
	item_run(g, "item", name, item);
}

/**
 * items_run() - run the checks of items and report each result
 * @g: the guest
 * @selection: which items, or NULL
 */
void items_run(struct guest *g, const char *selection)
{
	for (size_t s = 0; s < sizeof(sections) / sizeof(sections[0]); s++)
		for (size_t i = 0; i < sections[s].list->count; i++) {
			const struct item *item = &sections[s].list->items[i];

			if (selected(selection, item->number))
				run_item(g, item);
		}
}
