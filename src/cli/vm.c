// SPDX-License-Identifier: GPL-2.0-only
/*
 * vm.c - boot a kernel in a throw-away virtual machine
 *
 * The machine has two channels, one for the kernel's messages and one for the
 * report (architecture.c), no disk and no network. It gets no file of the host: kernel and
 * initramfs are passed as open files. QEMU dies with this process, however it
 * ends, so that nothing has to be cleaned up. It is confined (confine.h), and
 * there is a limit to the time it takes and to what it says.
 */
#include "vm.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "confine.h"
#include "kvm.h"
#include "output.h"

/* Far more than any check has to say; a flood ends the machine. */
#define REPORT_LIMIT (2 << 20)
#define ERRORS_LIMIT (64 << 10)
/* For what is translated to be emulated; QEMU itself would take up to 1 GB. */
#define TRANSLATED_MB 256
/*
 * For libraries, stacks and heaps: some 250 MB of address space are used on two
 * processors, and heaps come with processors.
 */
#define QEMU_MB 768
/* A machine that has reported everything gets this long to power off. */
#define POWER_OFF_LIMIT_S 10
#define REPORT_END "# finished\n"
/* And one that has ended by itself is read for so long. */
#define LAST_WORDS_MS 1000

/*
 * quiet until the checks begin (the guest program raises the level); a panic
 * ends the machine. But for what an architecture needs, nothing else differs
 * from a normal boot.
 */
#define KERNEL_ARGS "console=%s loglevel=4 panic=-1%s -- -r %s %s"

enum { CONSOLE, REPORT, ERRORS, CHANNELS };

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/**
 * vm_accel_name() - an accelerator as QEMU names it
 * @accel: KVM or TCG
 *
 * Return: the name.
 */
const char *vm_accel_name(enum vm_accel accel)
{
	return accel == VM_ACCEL_KVM ? "kvm" : "tcg";
}

/**
 * vm_accel_parse() - the accelerator that a user names
 * @accel: result
 * @name: auto, kvm or tcg
 *
 * Return: whether it is one of these.
 */
bool vm_accel_parse(enum vm_accel *accel, const char *name)
{
	if (!strcmp(name, "auto"))
		*accel = VM_ACCEL_AUTO;
	else if (!strcmp(name, "kvm"))
		*accel = VM_ACCEL_KVM;
	else if (!strcmp(name, "tcg"))
		*accel = VM_ACCEL_TCG;
	else
		return false;
	return true;
}

static unsigned int file_mb(int fd)
{
	struct stat st;

	return fstat(fd, &st) ? 0 : (st.st_size >> 20) + 1;
}

/* QEMU maps what the machine is given, and makes a copy of some of it. */
static unsigned int address_space_mb(const struct vm *vm)
{
	return vm->memory_mb + TRANSLATED_MB + QEMU_MB +
	       2 * (file_mb(vm->kernel_fd) + file_mb(vm->initramfs_fd));
}

/*
 * In the child: become QEMU, with the far ends of the channels.
 *
 * The emulator's processors take turns in one thread: with a thread for each,
 * QEMU 7.2 lets one run half-patched code while the other patches it (probes,
 * static keys), and the kernel oopses for no fault of its own. A boot takes as
 * long either way; but not where one that waits for another has no instruction
 * to say so, and spins until its turn is over. Kernels of these architectures
 * patch while all the others stand still.
 */
static void exec_qemu(const struct vm *vm, const int far[CHANNELS])
{
	const struct architecture *arch = vm->arch;
	const bool kvm = vm->accel == VM_ACCEL_KVM;
	char kernel[32], initramfs[32], console[64], report[64];
	const bool parallel = (arch->parallel || vm->processors) && !vm->icount;
	char accel[48], append[1024], memory[16], processors[16];
	const char *argv[48] = {
		arch->qemu, "-accel", accel,
		"-cpu", kvm ? arch->kvm_cpu : vm->cpu ?: arch->cpu,
		"-m", memory, "-smp", processors, "-machine", arch->board,
		"-nodefaults", "-no-user-config", "-display", "none",
		"-no-reboot", "-sandbox",
		"on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny",
		"-chardev", console, "-chardev", report,
		"-kernel", kernel, "-initrd", initramfs, "-append", append,
	};
	static const char *const counting[] = {
		"-icount", "shift=0,sleep=off", "-seed", "1",
		"-rtc", "base=2026-01-01,clock=vm", NULL
	};
	size_t argc = 0;
	char ended;
	const int keep[] = { vm->kernel_fd, vm->initramfs_fd, far[CONSOLE],
			     far[REPORT] };
	const struct confinement confinement = {
		.memory_mb = address_space_mb(vm),
		.kvm = kvm,
		.keep = keep,
		.count = sizeof(keep) / sizeof(keep[0]),
	};

	snprintf(memory, sizeof(memory), "%u", vm->memory_mb);
	/* Where they count instructions, one that stands still would use up time. */
	snprintf(processors, sizeof(processors), "%u",
		 vm->icount ? 1 : vm->processors ?: 2);
	snprintf(kernel, sizeof(kernel), "/proc/self/fd/%d", vm->kernel_fd);
	snprintf(initramfs, sizeof(initramfs), "/proc/self/fd/%d",
		 vm->initramfs_fd);
	snprintf(console, sizeof(console), "socket,id=console,fd=%d",
		 far[CONSOLE]);
	snprintf(report, sizeof(report), "socket,id=report,fd=%d", far[REPORT]);
	if (kvm)
		snprintf(accel, sizeof(accel), "kvm");
	else
		snprintf(accel, sizeof(accel), "tcg,thread=%s,tb-size=%d",
			 parallel ? "multi" : "single", TRANSLATED_MB);
	snprintf(append, sizeof(append), KERNEL_ARGS, arch->console,
		 arch->kernel_args, arch->report, vm->guest_args);

	while (argv[argc])
		argc++;
	for (size_t i = 0; arch->options[i]; i++)
		argv[argc++] = arch->options[i];
	/* What counts can be repeated: chance and the time of day are the same. */
	for (size_t i = 0; vm->icount && counting[i]; i++)
		argv[argc++] = counting[i];

	dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
	dup2(far[ERRORS], STDOUT_FILENO);
	dup2(far[ERRORS], STDERR_FILENO);
	if (confine(&confinement)) {
		dprintf(STDERR_FILENO, "it cannot be confined: %s\n",
			strerror(errno));
		_exit(127);
	}
	/* From here on it dies with us; before, its other ends were closed. */
	if (!recv(far[ERRORS], &ended, 1, MSG_DONTWAIT))
		_exit(127);
	execvp(argv[0], (char *const *)argv);
	dprintf(STDERR_FILENO, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static pid_t start_qemu(const struct vm *vm, int near[CHANNELS])
{
	int far[CHANNELS];
	pid_t pid;

	for (int i = 0; i < CHANNELS; i++) {
		int pair[2];

		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
			err(2, "socketpair");
		near[i] = pair[0];
		far[i] = pair[1];
	}
	pid = confine_fork();
	if (pid < 0)
		err(2, "fork");
	if (!pid) {
		for (int i = 0; i < CHANNELS; i++)
			close(near[i]);
		exec_qemu(vm, far);
	}
	for (int i = 0; i < CHANNELS; i++)
		close(far[i]);
	return pid;
}

/* Hand on the lines that are whole by now; true if there was one. */
static bool hand_on_lines(struct vm *vm, size_t *done)
{
	const char *text = buffer_text(&vm->report);
	const char *end;
	bool some = false;

	while ((end = strchr(text + *done, '\n'))) {
		char *line = strndup(text + *done, end - text - *done);

		if (vm->on_line && line)
			vm->on_line(vm->arg, line);
		free(line);
		*done = end + 1 - text;
		some = true;
	}
	return some;
}

static bool report_is_whole(const struct vm *vm)
{
	size_t len = strlen(REPORT_END);

	return vm->report.size >= len &&
	       !memcmp(vm->report.data + vm->report.size - len, REPORT_END, len);
}

/* A NUL would hide from us what comes behind it. */
static void replace_nuls(struct buffer *b, size_t from)
{
	char *nul;

	while ((nul = memchr(b->data + from, '\0', b->size - from))) {
		*nul = '?';
		from = nul - b->data + 1;
	}
}

/* Take what can be read now; true if that is more than we take. */
static bool take(struct buffer *b, struct pollfd *pfd)
{
	size_t before = b->size;

	if (!pfd->revents)
		return false;
	if (buffer_read(b, pfd->fd) <= 0)
		pfd->fd = -1;
	else
		replace_nuls(b, before);
	return b->size == b->limit;
}

static bool write_all(int fd, const char *data, size_t size)
{
	while (size) {
		ssize_t n = send(fd, data, size, MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			data += n;
			size -= n;
		}
	}
	return true;
}

/*
 * Read the console, and hand on what the two sides of a session say, until one of
 * them has gone. The first report has been read.
 */
static enum vm_end follow_session(struct vm *vm, struct pollfd *pfds,
				  struct buffer *into[])
{
	struct pollfd fds[] = {
		pfds[CONSOLE], pfds[REPORT], pfds[ERRORS],
		{ .fd = vm->session_fd, .events = POLLIN },
	};
	struct pollfd *other = &fds[CHANNELS];
	char chunk[4096];
	ssize_t n;

	if (!write_all(vm->session_fd, vm->report.data, vm->report.size))
		return VM_STOPPED;
	while (fds[REPORT].fd >= 0) {
		poll(fds, CHANNELS + 1, -1);
		if (take(into[CONSOLE], &fds[CONSOLE]) ||
		    take(into[ERRORS], &fds[ERRORS]))
			return VM_FLOOD;
		if (fds[REPORT].revents) {
			n = read(fds[REPORT].fd, chunk, sizeof(chunk));
			if (n <= 0)
				break;
			if (!write_all(other->fd, chunk, n))
				return VM_STOPPED;
		}
		if (other->revents) {
			n = read(other->fd, chunk, sizeof(chunk));
			if (n <= 0 || !write_all(fds[REPORT].fd, chunk, n))
				return VM_STOPPED;
		}
	}
	/* Its kernel may have said why. */
	while (fds[CONSOLE].fd >= 0 && poll(fds, 1, LAST_WORDS_MS) > 0)
		if (take(into[CONSOLE], &fds[CONSOLE]))
			return VM_FLOOD;
	return VM_STOPPED;
}

/* Read all channels until QEMU has closed them, or a limit is reached. */
static enum vm_end follow(struct vm *vm, const int near[CHANNELS])
{
	struct buffer *into[] = { &vm->console, &vm->report, &vm->qemu_errors };
	struct pollfd pfds[CHANNELS];
	double limit = now() + vm->start_limit_s, last = 0;
	size_t done = 0;

	for (int i = 0; i < CHANNELS; i++)
		pfds[i] = (struct pollfd){ .fd = near[i], .events = POLLIN };
	while (pfds[CONSOLE].fd >= 0 || pfds[REPORT].fd >= 0 ||
	       pfds[ERRORS].fd >= 0) {
		poll(pfds, CHANNELS, 100);
		for (int i = 0; i < CHANNELS; i++)
			if (take(into[i], &pfds[i]))
				return VM_FLOOD;
		if (vm->session_fd && vm->report.size)
			return follow_session(vm, pfds, into);
		if (!last && vm->report.size)
			last = now() + vm->total_limit_s;
		if (hand_on_lines(vm, &done))
			limit = now() + (report_is_whole(vm) ?
						 POWER_OFF_LIMIT_S :
						 vm->silence_limit_s);
		if (last && now() > last)
			return VM_ENDLESS;
		if (now() > limit)
			return report_is_whole(vm) ? VM_STOPPED :
			       done		   ? VM_SILENT :
						     VM_NO_START;
	}
	return VM_STOPPED;
}

static void run_once(struct vm *vm)
{
	double start = now();
	int near[CHANNELS];
	int status;
	pid_t pid;

	vm_free(vm);
	vm->console.limit = (size_t)vm->console_limit_mb << 20;
	vm->report.limit = REPORT_LIMIT;
	vm->qemu_errors.limit = ERRORS_LIMIT;
	pid = start_qemu(vm, near);
	if (vm->on_start)
		vm->on_start(vm->start_arg);
	vm->on_start = NULL;
	vm->end = follow(vm, near);
	kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (vm->end == VM_STOPPED && WIFEXITED(status) && WEXITSTATUS(status))
		vm->end = VM_FAILED;
	for (int i = 0; i < CHANNELS; i++)
		close(near[i]);
	vm->seconds = now() - start;
}

static const char *last_line(struct buffer *b)
{
	const char *text = buffer_text(b), *end = text + strlen(text);

	while (end > text && end[-1] == '\n')
		end--;
	while (end > text && end[-1] != '\n')
		end--;
	return *end ? end : "(nothing)";
}

/*
 * A machine in which nothing has begun has said nothing about a module, so it
 * may be started once more, without that a fault goes unnoticed. A kernel starts
 * in some seconds, but of some hundred starts, one may hang.
 */
static void run_twice(struct vm *vm)
{
	unsigned int limit = vm->start_limit_s;
	unsigned int first = limit / 3;
	char end[256];

	vm->start_limit_s = first;
	run_once(vm);
	vm->start_limit_s = limit;
	if (vm->end != VM_NO_START)
		return;
	escape(end, sizeof(end), last_line(&vm->console));
	warnx("the machine did not start in %u s, and is started once more; the end of its console: %s",
	      first, end);
	run_once(vm);
}

/**
 * vm_available() - whether there is a program that runs machines
 * @arch: what kind of machines
 *
 * Return: true if there is; else false, after a message the first time.
 */
bool vm_available(const struct architecture *arch)
{
	static bool told;
	const char *path = getenv("PATH") ?: "/bin:/usr/bin";

	for (size_t len; *path; path += len + (path[len] == ':')) {
		char file[PATH_MAX];

		len = strcspn(path, ":");
		snprintf(file, sizeof(file), "%.*s/%s", (int)len, path,
			 arch->qemu);
		if (!access(file, X_OK))
			return true;
	}
	if (!told)
		warnx("there is no %s in PATH: install it by %s", arch->qemu,
		      arch->packages);
	told = true;
	return false;
}

/* A processor can be lent only to a machine of its own kind. */
static bool has_kvm(const struct architecture *arch)
{
	const struct architecture *host = architecture_of_host();

	return arch->kvm_cpu && host && architecture_runs(host, arch);
}

/**
 * vm_run() - boot the machine and follow it to its end
 * @vm: what to run; its results are filled in
 *
 * With VM_ACCEL_AUTO, @vm->accel becomes the accelerator that was used. KVM
 * is given a short time only: there are hosts where it exists and hangs. What
 * came of it is remembered until the host boots again. A machine that does not
 * start is started once more.
 *
 * Return: 0 when the machine ran, whatever it did; -1 after a message when
 * QEMU did not run it.
 */
int vm_run(struct vm *vm)
{
	char reason[1024];

	if (vm->accel == VM_ACCEL_KVM && !has_kvm(vm->arch)) {
		warnx("KVM cannot run a machine of %s on this host: take --accel tcg",
		      vm->arch->name);
		return -1;
	}
	if (vm->accel == VM_ACCEL_AUTO) {
		unsigned int limit = vm->start_limit_s;

		if (has_kvm(vm->arch) && kvm_works() != KVM_NO) {
			vm->accel = VM_ACCEL_KVM;
			vm->start_limit_s = KVM_START_LIMIT_S;
			run_once(vm);
			vm->start_limit_s = limit;
			if (vm->end != VM_FAILED)
				kvm_remember(vm->report.size > 0);
			if (vm->report.size)
				return 0;
		}
		vm->accel = VM_ACCEL_TCG;
	}
	run_twice(vm);
	if (vm->end == VM_FAILED) {
		escape(reason, sizeof(reason), vm->qemu_errors.size ?
		       buffer_text(&vm->qemu_errors) : "it gave no reason");
		warnx("QEMU failed: %s", reason);
		return -1;
	}
	return 0;
}

/**
 * vm_free() - release the results
 * @vm: the machine; may be run again
 */
void vm_free(struct vm *vm)
{
	buffer_free(&vm->console);
	buffer_free(&vm->report);
	buffer_free(&vm->qemu_errors);
}
