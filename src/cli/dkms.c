// SPDX-License-Identifier: GPL-2.0-only
/*
 * dkms.c - what DKMS has built, and whether it signs that
 */
#include "dkms.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"
#include "module_name.h"
#include "root.h"

/* It is a script, of 100 to 200 kB. */
#define PROGRAM "/usr/sbin/dkms"
#define PROGRAM_MAX (4 << 20)

/* The next directory of a list whose name is that of no link; NULL at its end. */
static const char *next_dir(DIR *list)
{
	struct dirent *entry;

	while (list && (entry = readdir(list)))
		if (entry->d_name[0] != '.' && entry->d_type == DT_DIR)
			return entry->d_name;
	return NULL;
}

/* What it builds for a kernel is in DIR/ARCHITECTURE/module. */
static bool any_has_module(int root, const char *dir, const char *module)
{
	DIR *list = root_dir_list(root, dir);
	bool found = false;
	const char *name;
	char path[800], file[1024];

	while (!found && (name = next_dir(list)))
		found = snprintf(path, sizeof(path), "%s/%s/module", dir,
				 name) < (int)sizeof(path) &&
			module_name_find(file, sizeof(file), root, path,
					 module);
	if (list)
		closedir(list);
	return found;
}

/* Of one package: sets @version to that which has the module. */
static bool find_version(char *version, size_t size, int root,
			 const char *package, const char *release,
			 const char *module)
{
	bool found = false;
	const char *name;
	char path[600];
	DIR *list;

	snprintf(path, sizeof(path), DKMS_TREE "/%s", package);
	list = root_dir_list(root, path);
	while (!found && (name = next_dir(list))) {
		if (snprintf(path, sizeof(path), DKMS_TREE "/%s/%s/%s", package,
			     name, release) >= (int)sizeof(path) ||
		    !any_has_module(root, path, module))
			continue;
		found = true;
		snprintf(version, size, "%s", name);
	}
	if (list)
		closedir(list);
	return found;
}

/* It becomes a part of a command. */
static bool is_plain(const char *text)
{
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr("-._+~", *text))
			return false;
	return true;
}

/**
 * dkms_has_built() - whether DKMS has built a module
 * @package: result: of which package and version, "PACKAGE/VERSION", as its
 *	commands want it
 * @size: of @package
 * @root: the system, from root_open()
 * @release: the kernel it was built for
 * @module: its name
 *
 * Return: true if it has; not if the names are none that a shell would take.
 */
bool dkms_has_built(char *package, size_t size, int root, const char *release,
		    const char *module)
{
	DIR *list = root_dir_list(root, DKMS_TREE);
	bool found = false;
	char version[256];
	const char *name;

	while (!found && (name = next_dir(list))) {
		found = is_plain(name) &&
			find_version(version, sizeof(version), root, name,
				     release, module) &&
			is_plain(version) &&
			snprintf(package, size, "%s/%s", name, version) <
			(int)size;
	}
	if (list)
		closedir(list);
	return found;
}

/**
 * dkms_signs() - whether the DKMS of a system signs what it builds
 * @root: the system, from root_open()
 *
 * It does from 3.0.4 on, by itself. Its version may be that of a package, or of
 * a distribution; what it does stands in it.
 *
 * Return: true if it does.
 */
bool dkms_signs(int root)
{
	int fd = root_file_open(root, PROGRAM);
	struct buffer program = { .limit = PROGRAM_MAX };
	bool answer;

	if (fd < 0)
		return false;
	answer = !buffer_read_all(&program, fd) &&
		 strstr(buffer_text(&program), "mok_signing_key");
	buffer_free(&program);
	close(fd);
	return answer;
}
