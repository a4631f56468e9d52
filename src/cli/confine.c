// SPDX-License-Identifier: GPL-2.0-only
/*
 * confine.c - a process that can do nothing to its host
 *
 * A module that is tried owns its virtual machine. Should it break out of the
 * emulator as well, it finds itself in a process that is nobody's: without
 * capabilities and without a way to new ones, in name spaces of its own, with a
 * network that has no interface, no other process, and nothing mounted that can
 * be written, with few open files and a limit on memory. QEMU is told to
 * forbid itself other system calls besides (-sandbox).
 *
 * Name spaces are where the host permits them: some let only root have them,
 * and a container often nobody. To be without them is no error; to keep root's
 * rights is one.
 */
#include "confine.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NAME_SPACES (CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC)
/* "nobody" on every Linux, and the kernel's own number for it: no name service. */
#define NOBODY 65534
/* QEMU has some thirty. */
#define OPEN_FILES 128

/* linux/mount.h has it from 5.12 on, and sys/mount.h; not both at once. */
#define MOUNT_SETATTR 442
#define MOUNT_READ_ONLY 1

struct mount_attributes {
	uint64_t set, clear, propagation, user_ns;
};

/**
 * confine_fork() - fork(), into name spaces of its own
 *
 * The child is in all of them; or, where the host permits none to us, in none.
 *
 * Return: as fork().
 */
pid_t confine_fork(void)
{
	/* As root of one more name space, root could not become another user. */
	int flags = geteuid() ? NAME_SPACES | CLONE_NEWUSER : NAME_SPACES;
	pid_t pid = syscall(SYS_clone, SIGCHLD | flags, 0, 0, 0, 0);

	return pid < 0 ? fork() : pid;
}

static bool is_kept(const struct confinement *c, int fd)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->keep[i] == fd)
			return true;
	return fd <= STDERR_FILENO;
}

/* Whoever has called us may have left files open to us. */
static int close_others(const struct confinement *c)
{
	DIR *list = opendir("/proc/self/fd");
	struct dirent *entry;

	if (!list)
		return -1;
	while ((entry = readdir(list))) {
		int fd = atoi(entry->d_name);

		fcntl(fd, F_SETFD, is_kept(c, fd) ? 0 : FD_CLOEXEC);
	}
	closedir(list);
	return 0;
}

/*
 * Nothing that is mounted can be written any more: in our own name space, which
 * has us as process 1. In the host's, this would be the end of the host. Linux
 * can do it from 5.12 on.
 */
static void mount_read_only(void)
{
	struct mount_attributes attributes = {
		.set = MOUNT_READ_ONLY,
		.propagation = MS_PRIVATE,
	};

	if (getpid() != 1)
		return;
	syscall(MOUNT_SETATTR, AT_FDCWD, "/", AT_RECURSIVE, &attributes,
		sizeof(attributes));
}

/* The group that may use /dev/kvm, if it is by the group that one may. */
static size_t kvm_group(gid_t *group)
{
	struct stat st;

	if (stat("/dev/kvm", &st) || (st.st_mode & 06) == 06 ||
	    (st.st_mode & 060) != 060)
		return 0;
	*group = st.st_gid;
	return 1;
}

/*
 * Root of a name space that knows no other user is an ordinary user outside,
 * and is nobody in one more name space.
 */
static int become_nobody(bool kvm)
{
	gid_t group = NOBODY;
	size_t groups = kvm ? kvm_group(&group) : 0;

	if (geteuid())
		return 0;
	if (!setgroups(groups, &group) &&
	    !setresgid(NOBODY, NOBODY, NOBODY) &&
	    !setresuid(NOBODY, NOBODY, NOBODY))
		return 0;
	return unshare(CLONE_NEWUSER);
}

static int limit(int what, rlim_t value)
{
	struct rlimit limits;

	if (getrlimit(what, &limits))
		return -1;
	if (limits.rlim_max > value)
		limits.rlim_max = value;
	limits.rlim_cur = limits.rlim_max;
	return setrlimit(what, &limits);
}

static int set_limits(const struct confinement *c)
{
	return limit(RLIMIT_CORE, 0) || limit(RLIMIT_FSIZE, 0) ||
	       limit(RLIMIT_NOFILE, OPEN_FILES) ||
	       limit(RLIMIT_AS, (rlim_t)c->memory_mb << 20) ? -1 : 0;
}

/**
 * confine() - give up, for good, what a confined process has no need of
 * @c: what it may keep
 *
 * To be called in the child of confine_fork(), before execve().
 *
 * Return: 0, or -1 with errno set.
 */
int confine(const struct confinement *c)
{
	mount_read_only();
	if (close_others(c) || become_nobody(c->kvm) ||
	    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || set_limits(c))
		return -1;
	/* Only now: whoever changes his identity loses it. */
	return prctl(PR_SET_PDEATHSIG, SIGKILL);
}
