/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * checks.h - what is checked of a module, in which order
 *
 * A module that the project knows has checks of its own (checks_NAME.c); any
 * other module is loaded and unloaded.
 */
#ifndef LKP_GUEST_CHECKS_H
#define LKP_GUEST_CHECKS_H

#include <stdbool.h>
#include <stddef.h>

#include "kmsg.h"
#include "ktap.h"

struct guest {
	struct ktap ktap;
	struct kmsg log;
	const char *module;
	unsigned int limit_s;	/* for one run of modprobe */
	unsigned int stress_s;	/* for one check of the group stress */
	bool loaded;		/* by us, and not unloaded since */
	unsigned long taint;	/* flags of the kernel when we began */
	bool host;		/* not in a virtual machine: see items.h */
	char skip[160];		/* why the check that runs is skipped after all */
};

enum check_when {
	ALWAYS,
	NEEDS_MODULE,	/* skipped unless the module is loaded */
};

/**
 * struct check - one check of a module
 * @name: word in the report
 * @run: says what is wrong by ktap_diag() and returns false, or returns true
 * @when: whether it can be run at all
 */
struct check {
	const char *name;
	bool (*run)(struct guest *g);
	enum check_when when;
};

struct check_list {
	const char *module;
	const struct check *checks;
	size_t count;
};

#define CHECK_LIST(name, array) \
	{ .module = (name), .checks = (array), \
	  .count = sizeof(array) / sizeof((array)[0]) }

extern const struct check_list lkp_example_check_list;
extern const struct check_list script_check_list;

const struct check_list *checks_for(const char *module);
void checks_run(struct guest *g, const struct check_list *list);

/* Checks that serve any module (checks.c). */
bool check_load(struct guest *g);
bool check_live(struct guest *g);
bool check_unload(struct guest *g);
bool check_gone(struct guest *g);
bool check_taint(struct guest *g);

/* Tools for checks (checks.c); more are in tools.h. */
bool load_module(struct guest *g, char *const options[]);
void report_result(struct guest *g, bool ok, const char *group,
		   const char *name);

#endif
