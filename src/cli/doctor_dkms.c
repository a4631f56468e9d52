// SPDX-License-Identifier: GPL-2.0-only
/*
 * doctor_dkms.c - why DKMS may not have built a module
 *
 * /var/lib/dkms has a directory for each package and each of its versions, with
 * a link to the source, and a directory for each kernel it was built for.
 */
#include <stdio.h>
#include <string.h>

#include "buffer.h"
#include "dkms.h"
#include "doctor.h"
#include "kernel.h"
#include "kernel_config.h"
#include "root.h"

#define COMPILER "CONFIG_CC_VERSION_TEXT=\""

static bool has_rpm(const struct doctor *d)
{
	return root_has(d->root, "/usr/bin/rpm") && !root_has(d->root, "/usr/bin/dpkg");
}

/* The compiler that a kernel was built by, and its modules must be. */
static bool compiler_missing(const struct doctor *d, const char *release,
			     char *name, size_t size)
{
	struct buffer config;
	char path[300];
	const char *at = NULL;

	if (!kernel_config_read(&config, d->root, release))
		at = strstr(buffer_text(&config), COMPILER);
	at = at ? at + strlen(COMPILER) : "";
	snprintf(name, size, "%.*s", (int)strcspn(at, " \""), at);
	buffer_free(&config);
	snprintf(path, sizeof(path), "/usr/bin/%s", name);
	return name[0] && !root_has(d->root, path);
}

static void look_at_kernel(struct doctor *d, const char *package,
			   const char *version, const char *release)
{
	char path[600], compiler[100];

	snprintf(path, sizeof(path), DKMS_TREE "/%s/%s/%s", package, version,
		 release);
	if (root_has(d->root, path))
		return;
	snprintf(path, sizeof(path), "/lib/modules/%s/build/Makefile", release);
	if (!root_has(d->root, path)) {
		doctor_say(d, "headers_missing",
			   "%s %s is not built for kernel %s: the headers of this kernel are not installed\n%s%s",
			   package, version, release, has_rpm(d) ?
			   "dnf install kernel-devel-" :
			   "apt-get install linux-headers-", release);
		return;
	}
	if (compiler_missing(d, release, compiler, sizeof(compiler))) {
		doctor_say(d, "compiler_missing",
			   "%s %s is not built for kernel %s: its compiler, %s, is not installed\ninstall the package that has /usr/bin/%s, then: dkms autoinstall -k %s",
			   package, version, release, compiler, compiler,
			   release);
		return;
	}
	snprintf(path, sizeof(path), DKMS_TREE "/%s/%s/build/make.log", package,
		 version);
	if (root_has(d->root, path))
		doctor_say(d, "build_failed",
			   "%s %s is not built for kernel %s: the build failed\nread %s",
			   package, version, release, path);
	else
		doctor_say(d, "not_built",
			   "%s %s is not built for kernel %s\ndkms autoinstall -k %s",
			   package, version, release, release);
}

static void look_at_version(struct doctor *d, const char *package,
			    const char *version, char *const *releases)
{
	char path[600];

	snprintf(path, sizeof(path), DKMS_TREE "/%s/%s/source/dkms.conf", package,
		 version);
	if (!root_has(d->root, path)) {
		doctor_say(d, "source_gone",
			   "DKMS knows %s %s, whose source is gone: it will be built for no other kernel\ninstall its package again, or: dkms remove %s/%s --all",
			   package, version, package, version);
		return;
	}
	for (; *releases; releases++)
		if (kernel_has_image(d->root, *releases))
			look_at_kernel(d, package, version, *releases);
}

static void look_at_package(struct doctor *d, const char *package,
			    char *const *releases)
{
	struct dirent *entry;
	char path[300];
	DIR *list;

	snprintf(path, sizeof(path), DKMS_TREE "/%s", package);
	list = root_dir_list(d->root, path);
	/* "kernel-..." are links to what is installed, others are of DKMS. */
	while (list && (entry = readdir(list)))
		if (entry->d_name[0] != '.' && entry->d_type == DT_DIR &&
		    strcmp(entry->d_name, "original_module"))
			look_at_version(d, package, entry->d_name, releases);
	if (list)
		closedir(list);
}

/**
 * doctor_look_at_dkms() - look at all that DKMS is to build
 * @d: the visit
 * @releases: the kernels of the system, ending in NULL
 */
void doctor_look_at_dkms(struct doctor *d, char *const *releases)
{
	DIR *list = root_dir_list(d->root, DKMS_TREE);
	struct dirent *entry;
	bool any = false;

	while (list && (entry = readdir(list))) {
		if (entry->d_name[0] == '.' || entry->d_type != DT_DIR)
			continue;
		look_at_package(d, entry->d_name, releases);
		any = true;
	}
	if (list)
		closedir(list);
	if (any && !root_has(d->root, "/usr/sbin/dkms"))
		doctor_say(d, "dkms_missing",
			   "there are modules to build in " DKMS_TREE ", and no dkms, which builds them\n%s install dkms",
			   has_rpm(d) ? "dnf" : "apt-get");
}
