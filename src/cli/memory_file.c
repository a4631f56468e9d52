// SPDX-License-Identifier: GPL-2.0-only
/*
 * memory_file.c - files in memory, which nobody can change any more
 *
 * A memory file (memfd_create(2)) has no name: however this process ends,
 * nothing of it stays behind. What the virtual machine is given is sealed, so
 * that it is what was looked at before, and so that a machine that has broken
 * out of its emulator has nothing to write to.
 */
#include "memory_file.h"

#include <fcntl.h>
#include <sys/mman.h>

/**
 * memory_file_create() - make a file in memory
 * @name: what it is called in /proc/PID/fd
 *
 * Return: a file descriptor, or -1 with errno set.
 */
int memory_file_create(const char *name)
{
	return memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

/**
 * memory_file_seal() - let nobody change a file any more, nor allow it again
 * @fd: from memory_file_create()
 *
 * Return: 0, or -1 with errno set.
 */
int memory_file_seal(int fd)
{
	return fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK |
		     F_SEAL_GROW | F_SEAL_SEAL);
}
