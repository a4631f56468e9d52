// SPDX-License-Identifier: GPL-2.0-only
/*
 * doctor_module.c - why a module that is there may not load, or another may
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "doctor.h"
#include "host.h"
#include "inspection.h"
#include "installed.h"
#include "kept.h"
#include "module_index.h"
#include "packing.h"
#include "root.h"

/* Is the file the one that modprobe takes? */
static bool is_taken(struct doctor *d, const char *release, const char *name,
		     const char *path)
{
	struct module_index in;
	char taken[PATH_MAX];
	int ret;

	if (module_index_open(&in, d->root, release))
		return false;
	ret = module_index_find(&in, name, taken, sizeof(taken));
	module_index_close(&in);
	if (!ret && !strcmp(taken, path))
		return true;
	if (!ret)
		doctor_say(d, "shadowed",
			   "%s is there twice for kernel %s: modprobe takes %s, and not %s\nremove the one that is not wanted, then: depmod %s",
			   name, release, taken, path, release);
	else if (packing_hint(d->root, path))
		doctor_say(d, "packing",
			   "modprobe does not find %s for kernel %s: %s is packed by %s, which the system's depmod and modprobe do not read\nunpack it, or pack it otherwise, then: depmod %s",
			   name, release, path, packing_hint(d->root, path),
			   release);
	else
		doctor_say(d, "not_indexed",
			   "modprobe does not find %s for kernel %s: %s is not in modules.dep\ndepmod %s",
			   name, release, path, release);
	return false;
}

static void look_at_file(struct doctor *d, const char *release,
			 const struct inspection *i)
{
	const struct finding *refusal = findings_refusal(&i->findings);

	if (refusal)
		doctor_say(d, refusal->check,
			   "kernel %s will refuse %s: %s\nbuild and install it again: dkms install --force -k %s MODULE/VERSION",
			   release, i->name, refusal->text, release);
}

static void look_at_signature(struct doctor *d, const char *release,
			      const char *name, const struct signature *s)
{
	const char *by = host_wants_signatures(d->root, release);
	struct refusal why;

	if (by && host_refuses(&why, d->root, release, name, s, by))
		doctor_say(d, why.class, "%s\n%s", why.cause, why.cure);
}

/* What verify has found, and what has not changed since. */
static void look_at_result(struct doctor *d, const char *release,
			   const char *name)
{
	json_t *result = kept_newest(d->results, release, name);
	const char *verdict, *reason;

	if (!result || json_unpack(result, "{s:s, s:s}", "verdict", &verdict,
				   "reason", &reason) ||
	    strcmp(verdict, "broken"))
		return;
	doctor_say(d, "broken",
		   "%s is broken on kernel %s: %.800s\nmend it before that kernel is booted; lkp-example verify --again --kernel %s %s tells more",
		   name, release, reason, release, name);
}

static void look_at_loaded(struct doctor *d, const char *release,
			   const char *name)
{
	struct installed m;

	if (installed_find(&m, d->root, release, name))
		return;
	if (installed_is_loaded(&m, name) == LOADED_OTHER)
		doctor_say(d, "old_code_loaded",
			   "the %s that is loaded is not the one that is installed: the old code runs\nend what uses it, then: modprobe -r %s && modprobe %s; or reboot",
			   name, name, name);
	installed_free(&m);
}

/**
 * doctor_look_at_module() - look at a module that is there
 * @d: the visit
 * @release: the kernel it is there for
 * @path: its file, inside the system
 * @k: the kernel, or NULL if that could not be read
 *
 * What is about the running kernel is looked at if that is this one.
 */
void doctor_look_at_module(struct doctor *d, const char *release,
			   const char *path, const struct kernel_facts *k)
{
	static struct inspection i;
	const char *base = strrchr(path, '/') + 1;
	bool here = d->running && !strcmp(d->running, release);
	char name[256];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(base, "."), base);
	if (!is_taken(d, release, name, path))
		return;
	if (!inspection_of_installed(&i, d->root, release, name, k)) {
		look_at_file(d, release, &i);
		if ((k || !i.module.is_signed) &&
		    !findings_refusal(&i.findings))
			look_at_signature(d, release, name,
					  &i.module.signature);
	} else {
		d->failed = true;
	}
	inspection_free(&i);
	look_at_result(d, release, name);
	if (here)
		look_at_loaded(d, release, name);
}
