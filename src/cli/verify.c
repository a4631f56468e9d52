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
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "guest.h"
#include "host.h"
#include "inspection.h"
#include "kernel.h"
#include "kernel_facts.h"
#include "machine_options.h"
#include "output.h"
#include "queue.h"
#include "result.h"
#include "root.h"
#include "store.h"
#include "verdict.h"
#include "vm.h"

enum {
	STATUS_PROVEN = 0,
	STATUS_BROKEN = 1,
	STATUS_ERROR = 2,
	STATUS_UNTESTED = 77,
};

/* modprobe's time in the guest, and what the machine gets on top of it. */
#define LOAD_LIMIT_S 60
#define STRESS_S 60
#define SILENCE_MARGIN_S 30
#define START_LIMIT_S 180
/* Nobody waits for what is queued, and it gets the time that others leave. */
#define QUEUED_PATIENCE 10
/* With KASAN, emulated, a kernel takes several times as long. */
#define KASAN_PATIENCE 6

/* The items and all groups, and what --stress-seconds adds to these. */
#define WHOLE_LIMIT_S 1800
#define STRESS_LIMIT 30

/* With the whole system along, which is in memory twice while it boots. */
#define MEMORY_MB 512
#define WHOLE_MEMORY_MB 2048

/* What the kernel says in a boot, and in hours of stress. */
#define CONSOLE_MB 2
#define WHOLE_CONSOLE_MB 64

struct options {
	struct machine_options machine;
	const char *guest;
	const char *log_dir;
	const char *script;
	bool init;
	const char *checks;
	unsigned int load_limit_s;
	bool icount;
	unsigned int stress_s;
	bool quiet;
	bool verbose;
	bool all;
	bool again;
	bool queued;
	json_t *json;	/* the results, if they are for a program */
	char **modules;
};

enum {
	OPT_AGAIN = 0x100,
	OPT_ALL,
	OPT_CHECKS,
	OPT_GUEST,
	OPT_ICOUNT,
	OPT_INIT,
	OPT_JSON,
	OPT_LOG,
	OPT_QUEUED,
	OPT_SCRIPT,
	OPT_STRESS_SECONDS,
	OPT_TIMEOUT,
};

static const struct argp_option argp_options[] = {
	{ "all", OPT_ALL, NULL, 0,
	  "Prove them on each kernel that is installed and has an image, the "
	  "newest first", 0 },
	{ "log", OPT_LOG, "DIR", 0,
	  "Keep the kernel's messages and the report in DIR; with --all, in "
	  "DIR/VERSION", 0 },
	{ "script", OPT_SCRIPT, "FILE", 0,
	  "Instead of the checks, run FILE as root in the machine, with the "
	  "system's programs; it may load the MODULEs, and its exit status "
	  "counts", 0 },
	{ "init", OPT_INIT, NULL, 0,
	  "With --script: let systemd start the system, and run FILE beside it", 0 },
	{ "checks", OPT_CHECKS, "WHICH", 0,
	  "Which checks to run: quick, those of the modules (default); full, "
	  "those, every item of lkp-example-guide(7) and bad_input; the number "
	  "of an item; bad_input, stress, speed, or on a debug kernel sanitizer, "
	  "fuzz or coverage, the checks of this group; "
	  "GROUP.NAME, one of them; or several of these with commas between. "
	  "All but quick need the system's programs in the machine", 0 },
	{ "stress-seconds", OPT_STRESS_SECONDS, "SECONDS", 0,
	  "How long the checks of the group stress go on: that many seconds, "
	  "and 50 cycles of load and unload for every three, but not more than "
	  "1000 (default: 60)", 0 },
	{ "icount", OPT_ICOUNT, NULL, 0,
	  "Let the machine's clock count instructions, one nanosecond each: "
	  "what is measured does not depend on how busy this host is", 0 },
	{ "timeout", OPT_TIMEOUT, "SECONDS", 0,
	  "How long loading, unloading or the script may take in the guest "
	  "(default: 60)", 0 },
	{ "guest", OPT_GUEST, "FILE", 0,
	  "The guest program (default: the one that came with this command, or for "
	  "a kernel of another architecture the one in the system)", 0 },
	{ "again", OPT_AGAIN, NULL, 0,
	  "Boot the machine even if the result for just this kernel, these "
	  "modules and these checks is kept from an earlier time", 0 },
	{ "queued", OPT_QUEUED, NULL, 0,
	  "As the unit lkp-example-verify@VERSION.service does it: when the "
	  "package manager has finished, and if memory is not short, prove on "
	  "kernel VERSION the MODULEs of /etc/lkp-example/verify-modules, or "
	  "those of lkp-example; the exit status does not tell the verdict", 0 },
	{ "json", OPT_JSON, NULL, 0,
	  "Print the verdicts as one JSON document, and nothing else", 0 },
	{ "quiet", 'q', NULL, 0, "Print the verdict only", 0 },
	{ "verbose", 'v', NULL, 0,
	  "Say why a kernel is left out, or a result not kept", 0 },
	{ 0 }
};

/* "quick", "91", "stress" or "stress.wakeups"; the guest knows the names. */
static bool check_word_valid(const char *word, size_t len)
{
	static const char *const words[] = {
		"quick", "full", "bad_input", "stress", "speed", "sanitizer",
		"fuzz", "coverage",
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
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->machine;
		break;
	case 'q':
		o->quiet = true;
		break;
	case 'v':
		o->verbose = true;
		break;
	case OPT_AGAIN:
		o->again = true;
		break;
	case OPT_ALL:
		o->all = true;
		break;
	case OPT_QUEUED:
		o->queued = true;
		o->quiet = true;
		break;
	case OPT_JSON:
		if (!o->json)
			o->json = json_array();
		if (!o->json)
			argp_failure(state, STATUS_ERROR, ENOMEM, "--json");
		o->quiet = true;
		break;
	case OPT_LOG:
		o->log_dir = arg;
		break;
	case OPT_SCRIPT:
		o->script = arg;
		break;
	case OPT_INIT:
		o->init = true;
		break;
	case OPT_CHECKS:
		if (!checks_valid(arg))
			argp_error(state, "--checks takes quick, full, numbers of items and groups (bad_input, stress, speed, sanitizer, fuzz, coverage), not '%s'",
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
	case ARGP_KEY_ARGS:
		o->modules = state->argv + state->next;
		break;
	case ARGP_KEY_SUCCESS:
		if (o->icount && o->machine.accel == VM_ACCEL_KVM)
			argp_error(state, "--icount needs --accel tcg");
		if (o->icount)
			o->machine.accel = VM_ACCEL_TCG;
		if (o->init && !o->script)
			argp_error(state, "--init needs --script");
		if (o->queued && (!o->machine.kernel || o->modules || o->json))
			argp_error(state, "--queued needs --kernel, and takes neither a module nor --json");
		if (o->all && o->machine.kernel)
			argp_error(state, "--all and --kernel exclude each other");
		break;
	case ARGP_KEY_NO_ARGS:
		if (!o->queued)
			argp_error(state, "name at least one module");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	argp_options, parse_option, "MODULE...\n--queued --kernel=VERSION",
	"Load, check and unload modules in a throw-away virtual machine that "
	"boots the kernel they are installed for.\v"
	"What is proven, broken or without hardware is kept in the system, "
	"below " STORE ", and is not computed again while kernel, modules, "
	"their options, modprobe, the checks and the rules of the verdict are "
	"the same. With --script, --guest, --log, --icount or other --checks "
	"than quick nothing is kept, nor taken from there.\n\n"
	"Exit status: 0 proven, 1 broken or refused on this host, 2 usage or "
	"an error of our own, 77 cannot be tested here; of several kernels the "
	"first of 2, 1, 77 and 0 that one of them has.",
	machine_options, NULL, NULL
};

static bool check_modules(char *const modules[])
{
	size_t total = 0;

	for (; *modules; modules++) {
		total += strlen(*modules) + 1;
		if (!kernel_word_valid(*modules)) {
			warnx("'%s' is no name of a module", *modules);
			return false;
		}
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
	    strcmp(line, "# finished")) {
		fputs("    ", stdout);
		line += 2;
	} else if (!strncmp(line, "ok ", 3) || !strncmp(line, "not ok ", 7)) {
		fputs("  ", stdout);
	} else {
		return;
	}
	output_escaped(line, strlen(line));
	putchar('\n');
	output_flush();
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

/* It may be there, and then has to be a directory that we may write in. */
static int make_dir(const char *dir)
{
	char inside[4100];

	snprintf(inside, sizeof(inside), "%s/.", dir);
	if (!mkdir(dir, 0777) ||
	    (errno == EEXIST && !access(inside, W_OK | X_OK)))
		return 0;
	warn("%s", dir);
	return -1;
}

/* Before the machine boots: a log that cannot be kept is no result. */
static int make_log_dir(const struct options *o, const char *release,
			char *dir, size_t size)
{
	*dir = '\0';
	if (!o->log_dir)
		return 0;
	snprintf(dir, size, "%s/%s", o->log_dir, o->all ? release : ".");
	return make_dir(o->log_dir) || make_dir(dir) ? -1 : 0;
}

static int save_logs(const char *dir, const struct vm *vm)
{
	if (!*dir)
		return 0;
	return save(dir, "console.log", &vm->console) ||
	       save(dir, "report.ktap", &vm->report) ? -1 : 0;
}

/* What process 1 is told. */
static void add_guest_args(struct buffer *args, const struct options *o)
{
	char text[32];

	snprintf(text, sizeof(text), "-t %u", o->load_limit_s);
	buffer_add(args, text, strlen(text));
	if (o->script) {
		buffer_add(args, " -x", 3);
		if (o->init)
			buffer_add(args, " -i", 3);
	} else {
		buffer_add(args, " -c ", 4);
		buffer_add(args, o->checks, strlen(o->checks));
		snprintf(text, sizeof(text), " -d %u", o->stress_s);
		buffer_add(args, text, strlen(text));
	}
	for (size_t i = 0; o->modules[i]; i++) {
		buffer_add(args, " ", 1);
		buffer_add(args, o->modules[i], strlen(o->modules[i]));
	}
}

/* All but the checks of verify itself need the system's programs. */
static bool is_whole(const struct options *o)
{
	return o->script || strcmp(o->checks, "quick");
}

/* What the files alone tell; the first reason to refuse goes into refusal. */
static void print_inspection(const struct options *o, size_t index,
			     const struct inspection *i, char *refusal,
			     size_t size)
{
	const struct finding *first = findings_refusal(&i->findings);

	if (first && !refusal[0])
		snprintf(refusal, size, "; %s: %s", o->modules[index],
			 first->text);
	for (size_t n = 0; !o->quiet && n < i->findings.count; n++) {
		const struct finding *f = &i->findings.list[n];

		printf("  %s: %s: ", o->modules[index], f->check);
		output_escaped(f->text, strlen(f->text));
		putchar('\n');
	}
}

/* What the static checks look at, and the reason that they have found. */
struct static_run {
	const struct options *options;
	int root;
	const char *release;
	const struct kernel_image *image;
	char refusal[400];
};

/*
 * The static checks: they say why before the kernel says that. The verdict is
 * not theirs: what the kernel does with the modules counts. So they are made
 * while it boots.
 */
static void inspect_modules(void *arg)
{
	static struct inspection inspection;
	struct static_run *run = arg;
	const struct options *o = run->options;
	struct kernel_facts facts;
	int failed;

	if (o->script)
		return;
	failed = kernel_facts_read(&facts, run->image, run->root, run->release);
	if (failed && !o->quiet)
		printf("  %s: its symbols cannot be read, so the modules are not held against them before\n",
		       run->image->path);
	if (failed && failed != -ENOENT)
		goto free_facts;
	for (size_t i = 0; o->modules[i]; i++) {
		if (!inspection_of_installed(&inspection, run->root,
					     run->release, o->modules[i],
					     &facts))
			print_inspection(o, i, &inspection, run->refusal,
					 sizeof(run->refusal));
		inspection_free(&inspection);
	}
free_facts:
	kernel_facts_free(&facts);
}

static void add_reason(struct verdict *v, const char *more)
{
	size_t len = strlen(v->reason);

	snprintf(v->reason + len, sizeof(v->reason) - len, "%s", more);
}

/*
 * How long all of it may take: far longer than it does, for the host may be
 * busy. Each module is loaded and unloaded, which has a limit of its own, and
 * all else is far quicker; or there is a script.
 */
static unsigned int total_limit(const struct options *o)
{
	unsigned int limit = o->load_limit_s + SILENCE_MARGIN_S;

	if (o->script)
		return limit + SILENCE_MARGIN_S;
	for (size_t i = 0; o->modules[i]; i++)
		limit += 2 * o->load_limit_s;
	if (is_whole(o))
		limit += WHOLE_LIMIT_S + STRESS_LIMIT * o->stress_s;
	return limit;
}

/* -1 if there is an error of our own. */
static int boot(const struct options *o, struct result *r, int root,
		struct kernel_image *image, int initramfs_fd)
{
	const unsigned int patience = o->queued ? QUEUED_PATIENCE :
				      image->kasan ? KASAN_PATIENCE : 1;
	struct static_run checks = {
		.options = o,
		.root = root,
		.release = r->release,
		.image = image,
	};
	char log_dir[4096];
	struct vm vm = {
		.arch = r->arch,
		.accel = o->machine.accel,
		.icount = o->icount,
		.guest_args = r->guest_args,
		.initramfs_fd = initramfs_fd,
		.memory_mb = is_whole(o) ? WHOLE_MEMORY_MB : MEMORY_MB,
		.console_limit_mb = is_whole(o) ? WHOLE_CONSOLE_MB :
						  CONSOLE_MB,
		.start_limit_s = START_LIMIT_S * patience,
		.silence_limit_s = (o->load_limit_s + SILENCE_MARGIN_S) *
				   patience,
		.total_limit_s = total_limit(o) * patience,
		.on_start = inspect_modules,
		.start_arg = &checks,
		.on_line = print_line,
		.arg = (void *)o,
	};
	int ret = -1;

	if (make_log_dir(o, r->release, log_dir, sizeof(log_dir)) ||
	    kernel_image_unpack(image))
		return -1;
	if (!vm_available(r->arch)) {
		inspect_modules(&checks);
		r->verdict = (struct verdict){ .kind = VERDICT_UNTESTED,
			.reason = "QEMU is not installed" };
		add_reason(&r->verdict, checks.refusal);
		return 0;
	}
	vm.kernel_fd = image->fd;
	if (!o->quiet) {
		printf("booting %s (%s)\n", r->release,
		       image->pvh ? "entered directly, PVH" : image->path);
		output_flush();
	}
	if (vm_run(&vm))
		goto free_vm;
	verdict_of(&r->verdict, &vm);
	if (r->verdict.kind == VERDICT_BROKEN)
		add_reason(&r->verdict, checks.refusal);
	r->accel = vm.accel;
	r->seconds = vm.seconds;
	result_set_date(r);
	ret = save_logs(log_dir, &vm);
free_vm:
	vm_free(&vm);
	return ret;
}

/*
 * A run that is for its output, or whose script, guest program, clock or checks
 * the user chose, is a test, and wants to be run. So it is not taken from the
 * store, nor does it come to stand there.
 */
static bool may_be_kept(const struct options *o)
{
	return !is_whole(o) && !o->guest && !o->log_dir && !o->icount;
}

/* Not to be allowed to write is nothing to talk about: most users are not. */
static void tell_not_kept(const struct options *o, int error)
{
	static bool told;
	bool usual = error == EACCES || error == EPERM || error == EROFS ||
		     error == ENOENT;

	if (!told && (!usual || o->verbose))
		warnx("the result is not kept in " STORE ": %s",
		      strerror(error));
	told = true;
}

static bool take_kept(const struct options *o, const struct store *s,
		      struct result *r)
{
	struct result kept = *r;

	if (o->again || !store_get(s, &kept) ||
	    (o->machine.accel != VM_ACCEL_AUTO && o->machine.accel != kept.accel))
		return false;
	*r = kept;
	return true;
}

static int boot_unless_kept(const struct options *o, struct result *r, int root,
			    struct kernel_image *image, int initramfs_fd)
{
	struct store s;
	int ret = 0;

	if (key_of_run(r->key, r->arch, image->fd, initramfs_fd,
		       r->guest_args) ||
	    store_open(&s, root, r->release, r->modules))
		return -1;
	if (!store_lock(&s, false)) {
		if (!o->quiet) {
			puts("waiting for another lkp-example, which proves the same");
			output_flush();
		}
		store_lock(&s, true);
	}
	if (take_kept(o, &s, r))
		goto close_store;
	if (s.lock < 0)
		tell_not_kept(o, s.error);
	ret = boot(o, r, root, image, initramfs_fd);
	if (ret || (r->verdict.kind != VERDICT_PROVEN &&
		    r->verdict.kind != VERDICT_BROKEN &&
		    r->verdict.kind != VERDICT_NO_HARDWARE))
		goto close_store;
	if (s.lock >= 0 && store_put(&s, r))
		tell_not_kept(o, errno);
close_store:
	store_close(&s);
	return ret;
}

/*
 * What loads in the machine may be refused here. That is found out each time,
 * and not kept: a key is enrolled without the module being changed.
 */
static void judge_by_host(const struct options *o, struct result *r, int root,
			  struct kernel_image *image)
{
	const char *by = host_wants_signatures(root, r->release);
	struct verdict *v = &r->verdict;
	struct kernel_facts facts = { 0 };
	struct refusal why;
	char text[sizeof(why.cause) + sizeof(why.cure) + 8];

	if (!by || o->script || (v->kind != VERDICT_PROVEN && v->kind != VERDICT_UNTESTED))
		return;
	if ((image->proper_fd < 0 && kernel_image_unpack(image)) ||
	    kernel_facts_read(&facts, image, root, r->release))
		goto free_facts;
	if (host_refuses_any(&why, root, r->release, o->modules, &facts,
			     by) <= 0)
		goto free_facts;
	snprintf(text, sizeof(text), "%s%s; %s",
		 v->kind == VERDICT_UNTESTED ? "; " : "", why.cause, why.cure);
	add_reason(v, text);
	if (v->kind == VERDICT_PROVEN)
		v->kind = VERDICT_REFUSED;
free_facts:
	kernel_facts_free(&facts);
}

/* As far as can be told before: no result is kept, be it one that holds or not. */
static bool will_boot(const struct options *o, const struct result *r, int root)
{
	return o->again || !may_be_kept(o) ||
	       !store_has(root, r->release, r->modules);
}

static int prove(const struct options *o, struct result *r, int root)
{
	struct kernel_image image;
	int initramfs_fd, ret = -1;

	r->arch = architecture_of_kernel(root, r->release);
	if (!r->arch) {
		r->verdict = (struct verdict){ .kind = VERDICT_UNTESTED,
			.reason = "no machine of its architecture is known" };
		return 0;
	}
	if (kernel_image_find(&image, root, r->release))
		return -1;
	if (will_boot(o, r, root))
		kernel_image_unpack_begin(&image);
	initramfs_fd = guest_initramfs(root, r->release, r->arch, r->modules,
				       o->guest, o->script, is_whole(o));
	if (initramfs_fd < 0)
		goto close_image;
	if (may_be_kept(o))
		ret = boot_unless_kept(o, r, root, &image, initramfs_fd);
	else
		ret = boot(o, r, root, &image, initramfs_fd);
	if (!ret)
		judge_by_host(o, r, root, &image);
	close(initramfs_fd);
close_image:
	kernel_image_close(&image);
	return ret;
}

/* Of an error that was said already, nothing but a list has another line. */
static void say_result(const struct options *o, const struct result *r)
{
	if (o->queued)
		fputs(queue_log_level(verdict_is_bad(&r->verdict)),
		      stdout);
	if (o->json)
		json_array_append_new(o->json, result_to_json(r));
	else if (o->all || *r->date || r->verdict.kind != VERDICT_ERROR)
		result_print(r, o->script ? "the script succeeds" :
					    "loads, works and unloads");
	output_flush();
}

static int verify_kernel(const struct options *o, int root, const char *release)
{
	static const int status[] = {
		[VERDICT_PROVEN] = STATUS_PROVEN,
		[VERDICT_BROKEN] = STATUS_BROKEN,
		[VERDICT_REFUSED] = STATUS_BROKEN,
		[VERDICT_NO_HARDWARE] = STATUS_UNTESTED,
		[VERDICT_UNTESTED] = STATUS_UNTESTED,
		[VERDICT_ERROR] = STATUS_ERROR,
	};
	struct buffer args = { 0 };
	struct result r = {
		.release = release,
		.modules = o->modules,
		.checks = o->script ? "script" : o->checks,
		.verdict = { .kind = VERDICT_ERROR,
			     .reason = "standard error says why" },
	};
	int err;

	add_guest_args(&args, o);
	r.guest_args = buffer_text(&args);
	err = prove(o, &r, root);
	say_result(o, &r);
	buffer_free(&args);
	return err ? STATUS_ERROR : status[r.verdict.kind];
}

/* An error of our own hides what may be broken, and that what is untested. */
static int worse_status(int a, int b)
{
	static const int by_weight[] = { STATUS_ERROR, STATUS_BROKEN,
					 STATUS_UNTESTED };

	for (size_t i = 0; i < sizeof(by_weight) / sizeof(by_weight[0]); i++)
		if (a == by_weight[i] || b == by_weight[i])
			return by_weight[i];
	return STATUS_PROVEN;
}

static int verify_all(const struct options *o, int root)
{
	char **list = kernel_list(root);
	int status = STATUS_PROVEN;
	unsigned int count = 0;

	for (size_t i = 0; list && list[i]; i++) {
		if (kernel_has_image(root, list[i])) {
			status = worse_status(status,
					      verify_kernel(o, root, list[i]));
			count++;
		} else if (o->verbose) {
			warnx("kernel %s is left out: it has modules, but no image",
			      list[i]);
		}
	}
	if (list && !count)
		warnx("the system has no kernel: none of those in /lib/modules has an image");
	kernel_list_free(list);
	return count ? status : STATUS_ERROR;
}

struct queued_run {
	const struct options *options;
	int root;
};

static void verify_set(void *arg, char *const modules[])
{
	const struct queued_run *run = arg;
	struct options o = *run->options;

	o.modules = (char **)modules;
	if (check_modules(o.modules))
		verify_kernel(&o, run->root, o.machine.kernel);
}

/* Nobody waits for the verdict: it is in the store, and in the journal. */
static int verify_queued(const struct options *o, int root)
{
	struct queued_run run = { .options = o, .root = root };
	enum queue_answer answer = queue_begin(root, MEMORY_MB);

	if (answer == QUEUE_LATER)
		return STATUS_PROVEN;
	if (answer == QUEUE_NOW && !kernel_has_image(root, o->machine.kernel))
		printf("kernel %s has no image (any more)\n", o->machine.kernel);
	else if (answer == QUEUE_NOW &&
		 !queue_each_set(root, o->machine.kernel, verify_set, &run))
		printf("no module to verify is installed for kernel %s\n",
		       o->machine.kernel);
	queue_done(root, o->machine.kernel);
	return STATUS_PROVEN;
}

static int verify(const struct options *o, int root)
{
	char *release;
	int status;

	if (o->queued)
		return verify_queued(o, root);
	if (o->all)
		return verify_all(o, root);
	release = o->machine.kernel ? strdup(o->machine.kernel) : kernel_default(root);
	if (!release)
		return STATUS_ERROR;
	status = verify_kernel(o, root, release);
	free(release);
	return status;
}

/* The document that --json promises, and nothing else is on standard output. */
static void print_json(json_t *results)
{
	json_t *all = json_pack("{s:s, s:O}", "lkp-example",
				LKP_EXAMPLE_VERSION, "results", results);

	json_dumpf(all, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6) |
		   JSON_ENSURE_ASCII);
	putchar('\n');
	json_decref(all);
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
	struct options o = { .machine.root = "/", .load_limit_s = LOAD_LIMIT_S,
			     .checks = "quick", .stress_s = STRESS_S };
	int root, status;

	argp_err_exit_status = STATUS_ERROR;
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	if (!o.queued && !check_modules(o.modules)) {
		json_decref(o.json);
		return STATUS_ERROR;
	}
	root = root_open(o.machine.root);
	if (root < 0)
		err(STATUS_ERROR, "%s", o.machine.root);
	status = verify(&o, root);
	close(root);
	if (o.json)
		print_json(o.json);
	json_decref(o.json);
	if (output_flush())
		return STATUS_ERROR;
	return status;
}
