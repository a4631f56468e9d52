// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvm.c - whether KVM works on this host
 *
 * That /dev/kvm can be opened proves little: in some clouds a guest starts and
 * then hangs. Only a kernel that booted is an answer, and it is kept, with the
 * identity of the host's own boot, in the user's cache directory.
 */
#include "kvm.h"

#include <fcntl.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buffer.h"

#define BOOT_ID "/proc/sys/kernel/random/boot_id"

/* "$XDG_CACHE_HOME/lkp-example" or "~/.cache/lkp-example"; it is made. */
static bool cache_file(char *path, size_t size)
{
	const char *cache = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");
	size_t len;

	if (cache && cache[0] == '/')
		len = snprintf(path, size, "%s/lkp-example", cache);
	else if (home && home[0] == '/')
		len = snprintf(path, size, "%s/.cache/lkp-example", home);
	else
		return false;
	if (len + sizeof("/kvm") > size)
		return false;
	for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	mkdir(path, 0755);
	strcat(path, "/kvm");
	return true;
}

static void read_line(const char *path, char *line, size_t size)
{
	FILE *f = fopen(path, "re");

	line[0] = '\0';
	if (!f)
		return;
	if (fgets(line, size, f))
		line[strcspn(line, "\n")] = '\0';
	fclose(f);
}

/**
 * kvm_works() - whether to use KVM
 *
 * Return: the remembered answer if there is one for this boot of the host.
 */
enum kvm_answer kvm_works(void)
{
	char path[512], boot[64], known[128];
	size_t len;
	int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	int version = fd < 0 ? -1 : ioctl(fd, KVM_GET_API_VERSION, 0);

	if (fd >= 0)
		close(fd);
	if (version != KVM_API_VERSION)
		return KVM_NO;
	if (!cache_file(path, sizeof(path)))
		return KVM_MAYBE;
	read_line(BOOT_ID, boot, sizeof(boot));
	read_line(path, known, sizeof(known));
	len = strlen(boot);
	if (!len || strncmp(known, boot, len) || known[len] != ' ')
		return KVM_MAYBE;
	return strcmp(known + len + 1, "works") ? KVM_NO : KVM_YES;
}

/**
 * kvm_remember() - keep the answer for as long as the host is up
 * @works: whether a kernel has booted under KVM
 *
 * Failure to keep it costs a new trial the next time, and is not reported.
 */
void kvm_remember(bool works)
{
	char path[512], boot[64];
	FILE *f;

	if (!cache_file(path, sizeof(path)))
		return;
	read_line(BOOT_ID, boot, sizeof(boot));
	f = fopen(path, "we");
	if (!f)
		return;
	fprintf(f, "%s %s\n", boot, works ? "works" : "hangs");
	fclose(f);
}
