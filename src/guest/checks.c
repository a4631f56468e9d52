// SPDX-License-Identifier: GPL-2.0-only
/*
 * checks.c - the checks that serve any module, and the loop that runs checks
 *
 * Modules are loaded and unloaded by the modprobe of the system that is
 * verified, with its modules.dep, its modprobe.d and its (maybe compressed)
 * module files: they are a part of what has to work.
 */
#include "checks.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "tools.h"

#define MODPROBE "/sbin/modprobe"
#define SCRIPT "/lkp-script"

/* Flags of /proc/sys/kernel/tainted that no module may set. */
static const struct {
	unsigned int bit;
	const char *meaning;
} bad_taint[] = {
	{ 1, "a module was loaded by force" },
	{ 3, "a module was unloaded by force" },
	{ 4, "machine check" },
	{ 5, "bad page" },
	{ 7, "the kernel has oopsed" },
	{ 9, "the kernel has warned" },
	{ 14, "a processor was locked up" },
};

static bool module_path(const struct guest *g, const char *file, char *path,
			size_t size)
{
	size_t len = snprintf(path, size, "/sys/module/%s/%s", g->module, file);

	/* The kernel knows a module by its name with underscores. */
	for (char *p = path + strlen("/sys/module/"); *p && *p != '/'; p++)
		if (*p == '-')
			*p = '_';
	return len < size;
}

static bool module_exists(const struct guest *g)
{
	char path[256];

	return module_path(g, "", path, sizeof(path)) && !access(path, F_OK);
}

/* Where in the kernel a process that does not return stands. */
static void report_stack(struct guest *g, pid_t pid)
{
	char path[64], text[4096];

	snprintf(path, sizeof(path), "/proc/%d/wchan", (int)pid);
	if (read_file(path, text, sizeof(text)))
		ktap_diag(&g->ktap, "waits in: %s", text);
	snprintf(path, sizeof(path), "/proc/%d/stack", (int)pid);
	if (read_file(path, text, sizeof(text)))
		ktap_text(&g->ktap, "stack", text);
}

/*
 * What the kernel has answered to init_module(2) is at the end of what modprobe
 * says, in the C locale's words.
 */
static bool says_no_device(const char *output)
{
	char words[64];
	const char *found;

	snprintf(words, sizeof(words), ": %s\n", strerror(ENODEV));
	found = strstr(output, words);
	return found && !found[strlen(words)];
}

/* Run modprobe and report the kernel's messages and every complaint. */
static bool run_modprobe(struct guest *g, char *const argv[])
{
	struct command cmd;
	char how[128];
	int err;

	kmsg_update(&g->log);
	kmsg_mark(&g->log);
	err = command_run(&cmd, g->limit_s, argv);
	if (err) {
		ktap_diag(&g->ktap, "reason: cannot run modprobe: %s",
			  strerror(-err));
		return false;
	}
	kmsg_update(&g->log);
	ktap_text(&g->ktap, "dmesg", kmsg_since_mark(&g->log));
	if (command_succeeded(&cmd)) {
		ktap_text(&g->ktap, "modprobe", cmd.output);
		return true;
	}
	if (cmd.output[0])
		ktap_text(&g->ktap, "reason", cmd.output);
	else
		ktap_diag(&g->ktap, "reason: modprobe %s",
			  command_describe(&cmd, how, sizeof(how)));
	if (says_no_device(cmd.output))
		ktap_diag(&g->ktap, "cause: ENODEV");
	if (cmd.timed_out) {
		ktap_diag(&g->ktap, "limit: %u s", g->limit_s);
		report_stack(g, cmd.pid);
	}
	return false;
}

/**
 * load_module() - load the module by the system's own modprobe
 * @g: the guest
 * @options: parameters "name=value", at most eight, ending in NULL; or NULL
 *
 * Return: whether modprobe succeeded; if not, the report says why.
 */
bool load_module(struct guest *g, char *const options[])
{
	char *argv[12] = { MODPROBE, "--first-time", (char *)g->module };

	for (size_t i = 0; options && options[i] && i < 8; i++)
		argv[3 + i] = options[i];
	g->loaded = run_modprobe(g, argv);
	return g->loaded;
}

/* What lsmod would show: to start it takes longer than most checks. */
static void show_modules(struct guest *g)
{
	char text[4096];

	if (read_file("/proc/modules", text, sizeof(text)))
		ktap_text(&g->ktap, "/proc/modules", text);
}

/** check_load() - modprobe loads the module */
bool check_load(struct guest *g)
{
	if (!load_module(g, NULL))
		return false;
	show_modules(g);
	return true;
}

/** check_live() - the kernel lists the module as live */
bool check_live(struct guest *g)
{
	char path[256], state[32];

	module_path(g, "initstate", path, sizeof(path));
	if (!read_file(path, state, sizeof(state))) {
		ktap_diag(&g->ktap, "reason: %s: %s", path, strerror(errno));
		return false;
	}
	if (strcmp(state, "live")) {
		ktap_diag(&g->ktap, "reason: %s says '%s', not 'live'", path,
			  state);
		return false;
	}
	return true;
}

/** check_unload() - modprobe -r unloads the module */
bool check_unload(struct guest *g)
{
	char *argv[] = { MODPROBE, "-r", (char *)g->module, NULL };
	bool ok = run_modprobe(g, argv);

	g->loaded = !ok;
	return ok;
}

/** check_gone() - nothing of the module is left in /sys/module */
bool check_gone(struct guest *g)
{
	if (g->loaded || module_exists(g)) {
		ktap_diag(&g->ktap, "reason: /sys/module/%s is still there",
			  g->module);
		return false;
	}
	return true;
}

/** check_taint() - the kernel has noticed nothing bad since we began */
bool check_taint(struct guest *g)
{
	unsigned long fresh = read_taint() & ~g->taint;
	bool ok = true;

	for (size_t i = 0; i < sizeof(bad_taint) / sizeof(bad_taint[0]); i++) {
		if (!(fresh & 1UL << bad_taint[i].bit))
			continue;
		ktap_diag(&g->ktap, "reason: %s (taint flag %u)",
			  bad_taint[i].meaning, bad_taint[i].bit);
		ok = false;
	}
	return ok;
}

/* A script of the user, with its own idea of what to try. */
static bool check_script(struct guest *g)
{
	char *argv[] = { SCRIPT, NULL };
	struct command cmd;
	char how[128];
	int err = command_run(&cmd, g->limit_s, argv);

	if (err) {
		ktap_diag(&g->ktap, "reason: cannot run the script: %s",
			  strerror(-err));
		return false;
	}
	ktap_text(&g->ktap, "script", cmd.output);
	if (command_succeeded(&cmd))
		return true;
	ktap_diag(&g->ktap, "reason: the script %s",
		  command_describe(&cmd, how, sizeof(how)));
	return false;
}

static const struct check script_checks[] = {
	{ "run", check_script, ALWAYS },
	{ "taint", check_taint, ALWAYS },
};

const struct check_list script_check_list = CHECK_LIST("script", script_checks);

static const struct check any_checks[] = {
	{ "load", check_load, ALWAYS },
	{ "live", check_live, NEEDS_MODULE },
	{ "unload", check_unload, NEEDS_MODULE },
	{ "gone", check_gone, ALWAYS },
	{ "taint", check_taint, ALWAYS },
};

static const struct check_list any_check_list = CHECK_LIST(NULL, any_checks);

/**
 * checks_for() - the checks of a module
 * @module: its name
 *
 * Return: its own list, or the list that serves any module.
 */
const struct check_list *checks_for(const char *module)
{
	if (!strcmp(module, lkp_example_check_list.module))
		return &lkp_example_check_list;
	return &any_check_list;
}

/**
 * report_result() - report a check that was run, or skipped after all
 * @g: the guest; its reason to skip is reset
 * @ok: whether the check held
 * @group: what was checked
 * @name: the check
 */
void report_result(struct guest *g, bool ok, const char *group,
		   const char *name)
{
	if (ok && g->skip[0])
		ktap_skip(&g->ktap, group, name, g->skip);
	else
		ktap_result(&g->ktap, ok, group, name);
	g->skip[0] = '\0';
}

/**
 * checks_run() - run the checks of one module and report each result
 * @g: the guest; its module is set
 * @list: from checks_for()
 */
void checks_run(struct guest *g, const struct check_list *list)
{
	g->loaded = false;
	g->taint = read_taint();
	for (size_t i = 0; i < list->count; i++) {
		const struct check *c = &list->checks[i];

		if (c->when == NEEDS_MODULE && !g->loaded) {
			ktap_skip(&g->ktap, g->module, c->name,
				  "the module is not loaded");
			continue;
		}
		ktap_begin(&g->ktap, g->module, c->name);
		report_result(g, c->run(g), g->module, c->name);
	}
}
