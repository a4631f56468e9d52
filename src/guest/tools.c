// SPDX-License-Identifier: GPL-2.0-only
/*
 * tools.c - what checks are written with: see tools.h
 */
#include "tools.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#define PREFIX "lkp_example: "

/**
 * fail() - say why the check fails
 * @g: the guest
 * @fmt: printf() format of the reason
 *
 * Return: false, for the check to return.
 */
bool fail(struct guest *g, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	for (char *p = text; (p = strchr(p, '\n')); )
		*p = '|';
	ktap_diag(&g->ktap, "reason: %s", text);
	return false;
}

/**
 * skip() - say why the check cannot be made here
 * @g: the guest
 * @fmt: printf() format of the reason; it names the kernel option that misses
 *
 * Return: true, for the check to return; the report says SKIP.
 */
bool skip(struct guest *g, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(g->skip, sizeof(g->skip), fmt, ap);
	va_end(ap);
	return true;
}

/**
 * on_machine() - whether the kernel is one for a kind of machine
 * @name: how the name of that begins, as uname(2) has it
 *
 * Return: true if it is.
 */
bool on_machine(const char *name)
{
	struct utsname uts;

	return !uname(&uts) && !strncmp(uts.machine, name, strlen(name));
}

/**
 * on_x86() - whether the kernel is one for x86, of 64 or of 32 bits
 *
 * What Debian's kernels for it are known to do is asked for exactly; of other
 * machines what holds on each of them.
 *
 * Return: true if it is.
 */
bool on_x86(void)
{
	return on_machine("x86_64") || on_machine("i686");
}

/**
 * read_file() - the start of a small file, without its last newline
 * @path: the file
 * @buf: for the text
 * @size: of @buf, in bytes
 *
 * Return: whether the file could be read; errno says why not.
 */
bool read_file(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return false;
	n = read(fd, buf, size - 1);
	close(fd);
	if (n < 0)
		return false;
	buf[n] = '\0';
	if (n && buf[n - 1] == '\n')
		buf[n - 1] = '\0';
	return true;
}

/**
 * write_file() - one write() of a text to a file that exists
 * @path: the file
 * @text: the text
 *
 * Return: 0, or the errno of open() or write(); EIO when it was cut.
 */
int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	size_t size = strlen(text);
	ssize_t n;
	int err;

	if (fd < 0)
		return errno;
	n = write(fd, text, size);
	err = n < 0 ? errno : (size_t)n == size ? 0 : EIO;
	close(fd);
	return err;
}

/**
 * write_device() - one write() to the device
 * @text: the message; may hold NUL bytes
 * @size: its length in bytes
 *
 * Return: 0, or the errno of open() or write(); EIO when it was cut.
 */
int write_device(const char *text, size_t size)
{
	int fd = open(DEVICE, O_WRONLY | O_CLOEXEC);
	ssize_t n;
	int err;

	if (fd < 0)
		return errno;
	n = write(fd, text, size);
	err = n < 0 ? errno : (size_t)n == size ? 0 : EIO;
	close(fd);
	return err;
}

/** expect_file() - the file holds this text, but for a last newline */
bool expect_file(struct guest *g, const char *path, const char *wanted)
{
	char text[4096];

	if (!read_file(path, text, sizeof(text)))
		return fail(g, "%s: %s", path, strerror(errno));
	return expect_text(g, path, text, wanted);
}

/** expect_mode() - the file has this type and these permissions */
bool expect_mode(struct guest *g, const char *path, mode_t wanted)
{
	struct stat st;

	if (stat(path, &st))
		return fail(g, "%s: %s", path, strerror(errno));
	if ((st.st_mode & (S_IFMT | 07777)) != wanted)
		return fail(g, "%s has mode %#o, not %#o", path,
			    (unsigned int)st.st_mode, (unsigned int)wanted);
	return true;
}

/** expect_no_file() - there is no such file */
bool expect_no_file(struct guest *g, const char *path)
{
	if (!access(path, F_OK))
		return fail(g, "%s is there", path);
	if (errno != ENOENT)
		return fail(g, "%s: %s", path, strerror(errno));
	return true;
}

/** expect_write() - a write() to the device gives this errno, or 0 */
bool expect_write(struct guest *g, const char *text, size_t size, int wanted)
{
	int err = write_device(text, size);

	if (err == wanted)
		return true;
	return fail(g, "writing %zu bytes to " DEVICE " gives '%s', not '%s'",
		    size, strerror(err), strerror(wanted));
}

/** expect_errno() - this gave that errno; 0 is success */
bool expect_errno(struct guest *g, const char *what, int got, int wanted)
{
	if (got == wanted)
		return true;
	return fail(g, "%s gives '%s' (%d), not '%s' (%d)", what,
		    strerror(got), got, strerror(wanted), wanted);
}

/** expect_number() - this is that number */
bool expect_number(struct guest *g, const char *what, long long got,
		   long long wanted)
{
	if (got == wanted)
		return true;
	return fail(g, "%s is %lld, not %lld", what, got, wanted);
}

/** expect_text() - this is that text */
bool expect_text(struct guest *g, const char *what, const char *got,
		 const char *wanted)
{
	if (!strcmp(got, wanted))
		return true;
	return fail(g, "%s holds '%.200s', not '%s'", what, got, wanted);
}

/*
 * expect_read_to_edge() - a read that only begins in good memory is a short one
 *
 * Three bytes before a page that nobody may write to, five are asked for. On
 * x86 three are read; elsewhere it may be less, because what the processor
 * copies in one piece is there as a whole or not at all.
 */
bool expect_read_to_edge(struct guest *g, int fd, char *start, const char *all)
{
	const int room = 3;
	ssize_t size = read(fd, start, 5);
	char rest[64] = "";

	if (size > room || size < (on_x86() ? room : 1))
		return fail(g, "a read across the edge is %zd, of %d bytes before it",
			    size, room);
	return expect_number(g, "the bytes read", !memcmp(start, all, size),
			     1) &&
	       expect_number(g, "the rest", read(fd, rest, sizeof(rest) - 1),
			     strlen(all) - size) &&
	       expect_text(g, "the rest", rest, all + size);
}

/** expect_contains() - this text has that one inside */
bool expect_contains(struct guest *g, const char *what, const char *text,
		     const char *wanted)
{
	if (strstr(text, wanted))
		return true;
	return fail(g, "%s has no '%s': '%.200s'", what, wanted, text);
}

/**
 * log_text() - the kernel's log since the check began
 * @g: the guest
 *
 * Return: lines without their prefix; valid until the next call.
 */
const char *log_text(struct guest *g)
{
	kmsg_update(&g->log);
	return kmsg_since_mark(&g->log);
}

/** expect_log() - this whole line stands in the log since the check began */
bool expect_log(struct guest *g, const char *line)
{
	size_t len = strlen(line);
	const char *text = log_text(g);

	for (const char *at = text; (at = strstr(at, line)); at += len)
		if ((at == text || at[-1] == '\n') && at[len] == '\n')
			return true;
	return fail(g, "the log has no line '%s'", line);
}

/** expect_no_log() - no line of the log since the check began has this part */
bool expect_no_log(struct guest *g, const char *part)
{
	const char *found = strstr(log_text(g), part);

	if (!found)
		return true;
	return fail(g, "the log has '%.*s'", (int)strcspn(found, "\n"), found);
}

/**
 * expect_messages() - lkp_example has logged these lines
 * @g: the guest
 * @lines: without the module's name, in order, ending in NULL; others may
 *	   stand between them, but none of these twice
 *
 * Return: whether it has.
 */
bool expect_messages(struct guest *g, const char *const lines[])
{
	const char *log = kmsg_since_mark(&g->log);

	for (size_t i = 0; lines[i]; i++) {
		char wanted[128];
		const char *found;

		snprintf(wanted, sizeof(wanted), PREFIX "%s\n", lines[i]);
		found = strstr(log, wanted);
		if (!found)
			return fail(g, "the log has no line '" PREFIX
				    "%s' %s%s", lines[i],
				    i ? "after " : "at all",
				    i ? lines[i - 1] : "");
		if (strstr(kmsg_since_mark(&g->log), wanted) != found ||
		    strstr(found + 1, wanted))
			return fail(g, "the line '" PREFIX
				    "%s' stands twice in the log", lines[i]);
		log = found + strlen(wanted);
	}
	return true;
}

/**
 * run() - run a program of the system and show it in the report
 * @g: the guest
 * @cmd: result
 * @argv: name and arguments, ending in NULL
 *
 * Return: whether it ended by itself, with whatever status; if not, the
 *	   report says why.
 */
bool run(struct guest *g, struct command *cmd, char *const argv[])
{
	char line[256] = "", how[128];
	int err;

	for (size_t i = 0; argv[i]; i++) {
		size_t len = strlen(line);

		snprintf(line + len, sizeof(line) - len, " %s", argv[i]);
	}
	ktap_text(&g->ktap, "run", line + 1);
	err = command_run(cmd, g->limit_s, argv);
	if (err)
		return fail(g, "%s: %s", argv[0], strerror(-err));
	if (cmd->timed_out || WIFSIGNALED(cmd->status))
		return fail(g, "%s %s", argv[0],
			    command_describe(cmd, how, sizeof(how)));
	return true;
}

/**
 * expect_run() - a program of the system ends with this status and output
 * @g: the guest
 * @status: the exit status
 * @output: a part of its standard output or error; "" for any
 * @argv: name and arguments, ending in NULL
 *
 * Return: whether it does.
 */
bool expect_run(struct guest *g, int status, const char *output,
		char *const argv[])
{
	struct command cmd;

	if (!run(g, &cmd, argv))
		return false;
	ktap_text(&g->ktap, "output", cmd.output);
	if (WEXITSTATUS(cmd.status) != status)
		return fail(g, "%s ends with status %d, not %d: %.200s",
			    argv[0], WEXITSTATUS(cmd.status), status,
			    cmd.output);
	return expect_contains(g, argv[0], cmd.output, output);
}

/**
 * load_file() - load a module from a file, by finit_module(2)
 * @path: the file, not compressed
 * @parameters: its parameters, "" for none
 *
 * Return: 0, or an errno.
 */
int load_file(const char *path, const char *parameters)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int err;

	if (fd < 0)
		return errno;
	err = syscall(SYS_finit_module, fd, parameters, 0) ? errno : 0;
	close(fd);
	return err;
}

/**
 * unload() - unload a module, by delete_module(2), without waiting
 * @module: its name
 * @flags: O_TRUNC by force, 0 otherwise
 *
 * Return: 0, or an errno.
 */
int unload(const char *module, unsigned int flags)
{
	return syscall(SYS_delete_module, module, O_NONBLOCK | flags) ?
	       errno : 0;
}

/** is_loaded() - whether the kernel lists the module */
bool is_loaded(const char *module)
{
	char path[128];

	/* A module that is built in has a directory, too, but no state. */
	snprintf(path, sizeof(path), "/sys/module/%s/initstate", module);
	return !access(path, F_OK);
}

/**
 * find_module_file() - the file of an installed module, not compressed
 * @g: the guest
 * @module: its name
 * @path: result: the module's file, or a decompressed copy in /run
 * @size: of @path, in bytes
 *
 * Return: whether there is one; if not, the report says why.
 */
bool find_module_file(struct guest *g, const char *module, char *path,
		      size_t size)
{
	static const struct {
		const char *suffix, *tool;
	} packed[] = { { ".xz", "xz" }, { ".zst", "zstd" }, { ".gz", "gzip" } };
	struct command cmd;

	if (!run(g, &cmd, ARGV("modinfo", "-n", (char *)module)))
		return false;
	cmd.output[strcspn(cmd.output, "\n")] = '\0';
	if (!command_succeeded(&cmd) || cmd.output[0] != '/')
		return fail(g, "modinfo -n %s: %s", module, cmd.output);
	snprintf(path, size, "%s", cmd.output);
	for (size_t i = 0; i < sizeof(packed) / sizeof(packed[0]); i++) {
		char from[256], command[768];
		size_t len = strlen(path), tail = strlen(packed[i].suffix);

		if (len <= tail || strcmp(path + len - tail, packed[i].suffix))
			continue;
		snprintf(from, sizeof(from), "%.255s", path);
		/* Neither name has a character that means something to sh. */
		snprintf(command, sizeof(command), "%s -dc %s >/run/%s.ko",
			 packed[i].tool, from, module);
		snprintf(path, size, "/run/%s.ko", module);
		return expect_run(g, 0, "", ARGV("sh", "-c", command));
	}
	return true;
}

/**
 * send_signal() - kill(2) of one process; a pid of -1 would be all there are
 * @pid: what fork() has returned
 * @sig: the signal
 *
 * Return: 0, or -1 with errno; ESRCH if there was no process from the start.
 */
int send_signal(pid_t pid, int sig)
{
	if (pid > 0)
		return kill(pid, sig);
	errno = ESRCH;
	return -1;
}

/**
 * as_user() - call a function in a process of another user
 * @uid: the user
 * @gid: its only group
 * @fn: returns 0 to 254, an errno for example
 * @arg: its argument
 *
 * Return: what @fn returned, or 255 when it could not be called.
 */
int as_user(uid_t uid, gid_t gid, int (*fn)(void *arg), void *arg)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return 255;
	if (!pid) {
		if (setgroups(0, NULL) || setgid(gid) || setuid(uid))
			_exit(255);
		_exit(fn(arg));
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return 255;
	return WEXITSTATUS(status);
}

/**
 * kernel_option() - how the kernel that runs was configured
 * @name: with "CONFIG_"
 *
 * Return: the first character of its value, 'n' when it is not set, or 0
 *	   when the system does not have the configuration.
 */
char kernel_option(const char *name)
{
	static const char *const paths[] = { "/boot/config-%s",
					     "/usr/lib/modules/%s/config" };
	size_t len = strlen(name);
	struct utsname uts;
	char line[512], value = 'n';
	FILE *f = NULL;

	uname(&uts);
	for (size_t i = 0; !f && i < 2; i++) {
		snprintf(line, sizeof(line), paths[i], uts.release);
		f = fopen(line, "re");
	}
	if (!f)
		return 0;
	while (fgets(line, sizeof(line), f))
		if (!strncmp(line, name, len) && line[len] == '=')
			value = line[len + 1];
	fclose(f);
	return value;
}

/** read_taint() - the flags of /proc/sys/kernel/tainted */
unsigned long read_taint(void)
{
	char text[32];

	if (!read_file("/proc/sys/kernel/tainted", text, sizeof(text)))
		return ~0UL;
	return strtoul(text, NULL, 10);
}

/**
 * memory_kb() - a line of /proc/meminfo
 * @name: with its colon
 *
 * Return: the number that stands there, in KiB, or -1.
 */
long memory_kb(const char *name)
{
	char text[8192];
	char *line;

	if (!read_file("/proc/meminfo", text, sizeof(text)))
		return -1;
	line = strstr(text, name);
	return line ? strtol(line + strlen(name), NULL, 10) : -1;
}

/**
 * quarantine_kb() - what KASAN keeps back of the memory that was freed
 *
 * It does so to see who still uses it. On such a kernel, kmemleak finds what is lost.
 *
 * Return: the most it can be, in KiB; 0 on a kernel without KASAN.
 */
long quarantine_kb(void)
{
	return kernel_option("CONFIG_KASAN") == 'y' ? memory_kb("MemTotal:") / 32 : 0;
}
