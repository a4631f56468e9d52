// SPDX-License-Identifier: GPL-2.0-only
/*
 * scriptlet_trace.c - a plugin of rpm that writes down which scriptlets ran
 *
 * A line "NAME STATUS" for each, as in "%preun(lkp-example-dkms-1-1.noarch) 0",
 * into /var/log/scriptlets. rpm itself calls this, whoever has called rpm. The
 * header of the interface is not public in older rpm, so the little of it that
 * is of use stands here.
 */
#include <stdio.h>

/* In the order of struct rpmPluginHooks_s. */
struct hooks {
	void *init, *cleanup;
	void *tsm_pre, *tsm_post;
	void *psm_pre, *psm_post;
	void *scriptlet_pre, *scriptlet_fork_post;
	int (*scriptlet_post)(void *plugin, const char *name, int type,
			      int status);
	void *fsm[8];
};

static int ran(void *plugin, const char *name, int type, int status)
{
	FILE *log = fopen("/var/log/scriptlets", "a");

	(void)plugin;
	(void)type;
	if (log) {
		fprintf(log, "%s %d\n", name, status);
		fclose(log);
	}
	return 0;
}

struct hooks scriptlet_trace_hooks = { .scriptlet_post = ran };
