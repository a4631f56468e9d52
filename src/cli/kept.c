// SPDX-License-Identifier: GPL-2.0-only
/*
 * kept.c - which of the results that are kept still hold
 *
 * A result is of one kernel, of these files and these options: it holds as long
 * as a machine that is put together now would be the same, byte by byte.
 */
#include "kept.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"
#include "installed.h"
#include "kernel.h"
#include "key.h"
#include "store.h"

/* Whether modules are of that kernel, and can be booted with it. */
static bool all_there(int root, const char *release, char *const modules[])
{
	for (; *modules; modules++)
		if (!installed_is_ready(root, release, *modules))
			return false;
	return true;
}

/* The key that a run would have now. */
static int key_of_now(char key[KEY_SIZE], int root, const char *release,
		      char *const modules[], const char *guest_args)
{
	const struct architecture *arch;
	struct kernel_image image;
	int fd, ret = -1;

	if (!kernel_has_image(root, release) ||
	    !all_there(root, release, modules))
		return -1;
	arch = architecture_of_kernel(root, release);
	if (!arch || kernel_image_find(&image, root, release))
		return -1;
	fd = guest_initramfs(root, release, arch, modules, NULL, NULL, false);
	if (fd >= 0) {
		ret = key_of_run(key, arch, image.fd, fd, guest_args);
		close(fd);
	}
	kernel_image_close(&image);
	return ret;
}

/* Whether a result is of what is installed now. */
static bool holds(int root, json_t *result)
{
	const char *release, *key, *guest_args;
	char now[KEY_SIZE], **modules;
	json_t *names, *name;
	bool same = false;
	size_t i;

	if (json_unpack(result, "{s:s, s:s, s:s, s:o}", "kernel", &release,
			"key", &key, "arguments", &guest_args, "modules",
			&names) || !json_is_array(names))
		return false;
	modules = calloc(json_array_size(names) + 1, sizeof(*modules));
	if (!modules)
		return false;
	json_array_foreach(names, i, name) {
		modules[i] = (char *)json_string_value(name);
		if (!modules[i])
			goto free_modules;
	}
	same = !key_of_now(now, root, release, modules, guest_args) &&
	       !strcmp(now, key);
free_modules:
	free(modules);
	return same;
}

/**
 * kept_that_hold() - the results that are of what is installed now
 * @root: from root_open()
 *
 * Those of what was changed since, or is not there any more, are left out.
 *
 * Return: a new JSON array, empty if there is none.
 */
json_t *kept_that_hold(int root)
{
	json_t *all = store_load_all(root);

	for (size_t i = json_array_size(all); i-- > 0;)
		if (!holds(root, json_array_get(all, i)))
			json_array_remove(all, i);
	return all;
}

static const char *text_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name)) ?: "";
}

static bool is_about(const json_t *result, const char *release,
		     const char *module)
{
	json_t *names = json_object_get(result, "modules"), *name;
	size_t i;

	if (strcmp(text_of(result, "kernel"), release))
		return false;
	json_array_foreach(names, i, name)
		if (!strcmp(json_string_value(name), module))
			return true;
	return false;
}

/**
 * kept_newest() - the newest result of a module on a kernel
 * @results: from kept_that_hold()
 * @release: the kernel
 * @module: the module's name
 *
 * Return: the result, which belongs to @results; NULL if there is none.
 */
json_t *kept_newest(json_t *results, const char *release, const char *module)
{
	json_t *result, *newest = NULL;
	size_t i;

	json_array_foreach(results, i, result)
		if (is_about(result, release, module) &&
		    (!newest || strcmp(text_of(result, "date"),
				       text_of(newest, "date")) > 0))
			newest = result;
	return newest;
}
