// SPDX-License-Identifier: GPL-2.0-only
/*
 * verify.c - lkp-example verify: prove modules on a kernel before it is booted
 *
 * Takes the kernel, the modules and the modprobe of an installed system, boots
 * them in a throw-away virtual machine, and says what came of it.
 */
#include <argp.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "beside.h"
#include "commands.h"
#include "guest.h"
#include "kernel.h"
#include "root.h"
#include "verdict.h"
#include "vm.h"

enum {
	STATUS_PROVEN = 0,
	STATUS_BROKEN = 1,
	STATUS_ERROR = 2,
};

/* modprobe's time in the guest, and what the machine gets on top of it. */
#define LOAD_LIMIT_S 60
#define STRESS_S 60
#define SILENCE_MARGIN_S 30
#define START_LIMIT_S 180

/* With the whole system along, which is in memory twice while it boots. */
#define MEMORY_MB 512
#define WHOLE_MEMORY_MB 2048

struct options {
	const char *root;
	const char *kernel;
	const char *guest;
	const char *log_dir;
	const char *script;
	const char *checks;
	enum vm_accel accel;
	unsigned int load_limit_s;
	bool icount;
	unsigned int stress_s;
	bool quiet;
	char **modules;
};

enum {
	OPT_ACCEL = 0x100,
	OPT_CHECKS,
	OPT_GUEST,
	OPT_ICOUNT,
	OPT_LOG,
	OPT_SCRIPT,
	OPT_STRESS_SECONDS,
	OPT_TIMEOUT,
};

static const struct argp_option argp_options[] = {
	{ "kernel", 'k', "VERSION", 0,
	  "Kernel to prove the modules on (default: the only one installed)", 0 },
	{ "root", 'r', "DIR", 0,
	  "Take kernel and modules from the system in DIR (default: /)", 0 },
	{ "log", OPT_LOG, "DIR", 0,
	  "Keep the kernel's messages and the report in DIR", 0 },
	{ "script", OPT_SCRIPT, "FILE", 0,
	  "Instead of the checks, run FILE as root in the machine, with the "
	  "system's programs; it may load the MODULEs, and its exit status "
	  "counts", 0 },
	{ "checks", OPT_CHECKS, "WHICH", 0,
	  "Which checks to run: quick, those of the modules (default); full, "
	  "those, every item of lkp-example-guide(7) and bad_input; the number "
	  "of an item; bad_input, stress or speed, the checks of this group; "
	  "GROUP.NAME, one of them; or several of these with commas between. "
	  "All but quick need the system's programs in the machine", 0 },
	{ "stress-seconds", OPT_STRESS_SECONDS, "SECONDS", 0,
	  "How long the checks of the group stress go on: that many seconds, "
	  "and 50 cycles of load and unload for every three (default: 60)", 0 },
	{ "icount", OPT_ICOUNT, NULL, 0,
	  "Let the machine's clock count instructions, one nanosecond each: "
	  "what is measured does not depend on how busy this host is", 0 },
	{ "timeout", OPT_TIMEOUT, "SECONDS", 0,
	  "How long loading, unloading or the script may take in the guest "
	  "(default: 60)", 0 },
	{ "accel", OPT_ACCEL, "auto|kvm|tcg", 0,
	  "How to run the machine (default: auto, KVM where it works)", 0 },
	{ "guest", OPT_GUEST, "FILE", 0,
	  "The guest program (default: beside this command)", 0 },
	{ "quiet", 'q', NULL, 0, "Print the verdict only", 0 },
	{ 0 }
};

/* "quick", "91", "stress" or "stress.wakeups"; the guest knows the names. */
static bool check_word_valid(const char *word, size_t len)
{
	static const char *const words[] = {
		"quick", "full", "bad_input", "stress", "speed",
	};
	size_t first;

	if (len && strspn(word, "0123456789") >= len)
		return true;
	first = strcspn(word, ".,");
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strlen(words[i]) != first || strncmp(word, words[i], first))
			continue;
		if (first >= len)
			return true;
		word += first + 1;
		len -= first + 1;
		return i > 1 && len &&
		       strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789_") >= len;
	}
	return false;
}

static bool checks_valid(const char *which)
{
	for (;; which++) {
		size_t len = strcspn(which, ",");

		if (!check_word_valid(which, len))
			return false;
		which += len;
		if (!*which)
			return true;
	}
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	char *end;

	switch (key) {
	case 'k':
		o->kernel = arg;
		break;
	case 'r':
		o->root = arg;
		break;
	case 'q':
		o->quiet = true;
		break;
	case OPT_LOG:
		o->log_dir = arg;
		break;
	case OPT_SCRIPT:
		o->script = arg;
		break;
	case OPT_CHECKS:
		if (!checks_valid(arg))
			argp_error(state, "--checks takes quick, full, numbers of items and groups (bad_input, stress, speed), not '%s'",
				   arg);
		o->checks = arg;
		break;
	case OPT_GUEST:
		o->guest = arg;
		break;
	case OPT_TIMEOUT:
		o->load_limit_s = strtoul(arg, &end, 10);
		if (*end || !o->load_limit_s || o->load_limit_s > 3600)
			argp_error(state, "--timeout takes 1 to 3600 seconds, not '%s'",
				   arg);
		break;
	case OPT_STRESS_SECONDS:
		o->stress_s = strtoul(arg, &end, 10);
		if (*end || !o->stress_s || o->stress_s > 86400)
			argp_error(state, "--stress-seconds takes 1 to 86400, not '%s'",
				   arg);
		break;
	case OPT_ICOUNT:
		o->icount = true;
		break;
	case OPT_ACCEL:
		if (!strcmp(arg, "auto"))
			o->accel = VM_ACCEL_AUTO;
		else if (!strcmp(arg, "kvm"))
			o->accel = VM_ACCEL_KVM;
		else if (!strcmp(arg, "tcg"))
			o->accel = VM_ACCEL_TCG;
		else
			argp_error(state, "--accel takes auto, kvm or tcg, not '%s'",
				   arg);
		break;
	case ARGP_KEY_ARGS:
		o->modules = state->argv + state->next;
		break;
	case ARGP_KEY_SUCCESS:
		if (o->icount && o->accel == VM_ACCEL_KVM)
			argp_error(state, "--icount needs --accel tcg");
		if (o->icount)
			o->accel = VM_ACCEL_TCG;
		break;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "name at least one module");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	argp_options, parse_option, "MODULE...",
	"Load, check and unload modules in a throw-away virtual machine that "
	"boots the kernel they are installed for.\v"
	"Exit status: 0 proven, 1 broken, 2 usage or an error of our own.",
	NULL, NULL, NULL
};

/* Names end up on a kernel command line, releases in paths. */
static bool plain_word(const char *word)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+~-";

	return *word && *word != '-' && *word != '.' &&
	       !word[strspn(word, allowed)];
}

static bool check_names(const struct options *o)
{
	size_t total = 0;

	for (size_t i = 0; o->modules[i]; i++) {
		total += strlen(o->modules[i]) + 1;
		if (!plain_word(o->modules[i])) {
			warnx("'%s' is no name of a module", o->modules[i]);
			return false;
		}
	}
	if (o->kernel && !plain_word(o->kernel)) {
		warnx("'%s' is no kernel version", o->kernel);
		return false;
	}
	if (total > 512) {
		warnx("too many modules for one run: %zu characters, at most 512",
		      total);
		return false;
	}
	return true;
}

static void print_line(void *arg, const char *line)
{
	const struct options *o = arg;

	if (o->quiet)
		return;
	if (!strncmp(line, "# ", 2) && strncmp(line, "# begin ", 8) &&
	    strcmp(line, "# finished"))
		printf("    %s\n", line + 2);
	else if (!strncmp(line, "ok ", 3) || !strncmp(line, "not ok ", 7))
		printf("  %s\n", line);
	fflush(stdout);
}

static int save(const char *dir, const char *name, const struct buffer *content)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "we");
	if (!f) {
		warn("%s", path);
		return -1;
	}
	fwrite(buffer_text(content), 1, content->size, f);
	if (fclose(f)) {
		warn("%s", path);
		return -1;
	}
	return 0;
}

static int save_logs(const struct options *o, const struct vm *vm)
{
	if (!o->log_dir)
		return 0;
	if (mkdir(o->log_dir, 0777) && errno != EEXIST) {
		warn("%s", o->log_dir);
		return -1;
	}
	return save(o->log_dir, "console.log", &vm->console) ||
	       save(o->log_dir, "report.ktap", &vm->report) ? -1 : 0;
}

static void print_names(FILE *out, char *const modules[])
{
	for (size_t i = 0; modules[i]; i++)
		fprintf(out, "%s%s", i ? ", " : "", modules[i]);
}

static int print_verdict(const struct options *o, const char *release,
			 const struct vm *vm, const struct verdict *v)
{
	static const int status[] = {
		[VERDICT_PROVEN] = STATUS_PROVEN,
		[VERDICT_BROKEN] = STATUS_BROKEN,
		[VERDICT_ERROR] = STATUS_ERROR,
	};

	print_names(stdout, o->modules);
	printf(" on %s: ", release);
	if (v->kind == VERDICT_PROVEN)
		printf("proven, %s (%u checks", o->script ?
		       "the script succeeds" : "loads, works and unloads",
		       v->passed);
	else if (v->kind == VERDICT_BROKEN)
		printf("BROKEN, %s (%u of %u checks passed", v->reason,
		       v->passed, v->passed + v->failed + v->skipped);
	else
		printf("ERROR, %s (nothing proven", v->reason);
	printf("; booted with %s, %.1f s)\n",
	       vm->accel == VM_ACCEL_KVM ? "KVM" : "TCG", vm->seconds);
	if (fflush(stdout) || ferror(stdout)) {
		warn("standard output");
		return STATUS_ERROR;
	}
	return status[v->kind];
}

static int boot(const struct options *o, const char *release, int root,
		const char *guest)
{
	struct kernel_image image;
	struct verdict verdict;
	struct buffer args = { 0 };
	char limit[32];
	bool whole = o->script || strcmp(o->checks, "quick");
	struct vm vm = {
		.accel = o->accel,
		.icount = o->icount,
		.memory_mb = whole ? WHOLE_MEMORY_MB : MEMORY_MB,
		.start_limit_s = START_LIMIT_S,
		.silence_limit_s = o->load_limit_s + SILENCE_MARGIN_S,
		.on_line = print_line,
		.arg = (void *)o,
	};
	int ret = STATUS_ERROR;

	if (kernel_image_open(&image, root, release))
		return STATUS_ERROR;
	vm.kernel_fd = image.fd;
	vm.initramfs_fd = guest_initramfs(root, release, o->modules, guest,
					  o->script, whole);
	if (vm.initramfs_fd < 0)
		goto close_image;
	snprintf(limit, sizeof(limit), "-t %u", o->load_limit_s);
	buffer_add(&args, limit, strlen(limit));
	if (o->script) {
		buffer_add(&args, " -s", 3);
	} else {
		buffer_add(&args, " -c ", 4);
		buffer_add(&args, o->checks, strlen(o->checks));
		snprintf(limit, sizeof(limit), " -d %u", o->stress_s);
		buffer_add(&args, limit, strlen(limit));
	}
	for (size_t i = 0; o->modules[i]; i++) {
		buffer_add(&args, " ", 1);
		buffer_add(&args, o->modules[i], strlen(o->modules[i]));
	}
	vm.guest_args = buffer_text(&args);
	if (!o->quiet) {
		printf("booting %s (%s)\n", release,
		       image.pvh ? "entered directly, PVH" : image.path);
		fflush(stdout);
	}
	if (vm_run(&vm))
		goto free_vm;
	verdict_of(&verdict, &vm);
	ret = print_verdict(o, release, &vm, &verdict);
	if (save_logs(o, &vm))
		ret = STATUS_ERROR;
free_vm:
	vm_free(&vm);
	buffer_free(&args);
	close(vm.initramfs_fd);
close_image:
	kernel_image_close(&image);
	return ret;
}

/**
 * command_verify() - lkp-example verify
 * @argc: number of arguments, the subcommand's name included
 * @argv: the arguments
 *
 * Return: the exit status.
 */
int command_verify(int argc, char **argv)
{
	struct options o = { .root = "/", .load_limit_s = LOAD_LIMIT_S,
			     .checks = "quick", .stress_s = STRESS_S };
	char guest[4096];
	char *release;
	int root, ret = STATUS_ERROR;

	argp_err_exit_status = STATUS_ERROR;
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	if (!check_names(&o))
		return STATUS_ERROR;
	if (!o.guest) {
		if (!beside_us(guest, sizeof(guest), "lkp-guest"))
			err(STATUS_ERROR, "/proc/self/exe");
		o.guest = guest;
	}
	root = root_open(o.root);
	if (root < 0)
		err(STATUS_ERROR, "%s", o.root);
	release = o.kernel ? strdup(o.kernel) : kernel_default(root);
	if (release)
		ret = boot(&o, release, root, o.guest);
	free(release);
	close(root);
	return ret;
}
