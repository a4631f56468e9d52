// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel_config.c - how a kernel was configured
 */
#include "kernel_config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "root.h"

/* More than any configuration. */
#define LIMIT (16 << 20)

/* Debian and its like; Fedora and its like. */
static const char *const paths[] = {
	"/boot/config-%s",
	"/lib/modules/%s/config",
};

/**
 * kernel_config_read() - read the configuration of a kernel
 * @config: result, to be released by buffer_free() in any case
 * @root: its system, from root_open()
 * @release: the kernel
 *
 * Return: 0; or -errno if it is not there or cannot be read.
 */
int kernel_config_read(struct buffer *config, int root, const char *release)
{
	char path[300];
	int fd = -1, ret;

	*config = (struct buffer){ 0 };
	for (size_t i = 0; fd < 0 && i < sizeof(paths) / sizeof(paths[0]);
	     i++) {
		snprintf(path, sizeof(path), paths[i], release);
		fd = root_file_open(root, path);
	}
	if (fd < 0)
		return -errno;
	ret = buffer_read_file(config, fd, LIMIT);
	close(fd);
	return ret;
}

/**
 * kernel_config_has() - whether an option is switched on
 * @config: from kernel_config_read(); has none if that has failed
 * @option: its name, without CONFIG_
 *
 * Return: true if it is "y".
 */
bool kernel_config_has(const struct buffer *config, const char *option)
{
	char line[128];

	snprintf(line, sizeof(line), "\nCONFIG_%s=y\n", option);
	return strstr(buffer_text(config), line);
}
