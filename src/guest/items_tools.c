// SPDX-License-Identifier: GPL-2.0-only
/*
 * items_tools.c - the tools that load, unload and list modules, the system
 * calls behind them, and what the kernel shows of a module
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/module.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inspect.h"
#include "items.h"
#include "tools.h"

#define MODULE "lkp_example"
#define CLIENT "lkp_example_client"
#define SYS "/sys/module/" MODULE "/"

#define FOREIGN "/run/lkp_foreign.ko"

#define TAINT_FORCED_MODULE (1UL << 1)
#define TAINT_FORCED_RMMOD (1UL << 3)
#define TAINT_OUT_OF_TREE (1UL << 12)
#define TAINT_UNSIGNED (1UL << 13)

/* Gone from Linux 2.6, but for their numbers where they had one. */
static const struct {
	const char *name;
	long number;
} old_calls[] = {
#ifdef SYS_create_module
	{ "create_module", SYS_create_module },
	{ "get_kernel_syms", SYS_get_kernel_syms },
	{ "query_module", SYS_query_module },
#endif
	{ NULL, 0 }
};

static bool expect_loaded(struct guest *g, const char *module, bool wanted)
{
	if (is_loaded(module) == wanted)
		return true;
	return fail(g, "%s is %sloaded", module, wanted ? "not " : "");
}

/*
 * The module as of another kernel: one word of its vermagic is another. The
 * word is not the release, which says nothing where symbols have versions.
 */
static bool make_foreign(struct guest *g)
{
	char path[256], command[512];

	if (!module_file(g, MODULE, path))
		return false;
	/* The name has no character that means something to sh. */
	snprintf(command, sizeof(command),
		 "LC_ALL=C sed '/vermagic=/s/ mod_unload / mod_reload /' %s >" FOREIGN,
		 path);
	return expect_run(g, 0, "", ARGV("sh", "-c", command)) &&
	       expect_run(g, 0, " mod_reload ",
			  ARGV("modinfo", "-F", "vermagic", FOREIGN));
}

/* The tool has its own words for ENOEXEC, and the log says what does not fit. */
static bool refuse_foreign(struct guest *g)
{
	char wanted[128];
	struct utsname uts;

	uname(&uts);
	snprintf(wanted, sizeof(wanted), MODULE ": version magic '%s ",
		 uts.release);
	return expect_errno(g, "finit_module", load_file(FOREIGN, ""), ENOEXEC) &&
	       expect_contains(g, "log", log_text(g), wanted) &&
	       expect_contains(g, "log", log_text(g), " mod_reload ") &&
	       expect_contains(g, "log", log_text(g), "' should be '") &&
	       expect_run(g, 1,
			  "insmod: ERROR: could not insert module " FOREIGN
			  ": Invalid module format",
			  ARGV("insmod", FOREIGN)) &&
	       expect_loaded(g, MODULE, false) &&
	       expect_no_log(g, "Module loaded");
}

static bool check_foreign(struct guest *g)
{
	bool ok = make_foreign(g) && refuse_foreign(g);

	unlink(FOREIGN);
	return ok;
}

/* What was refused goes in, and module and kernel are marked for it. */
static bool force_foreign(struct guest *g)
{
	int fd = open(FOREIGN, O_RDONLY | O_CLOEXEC), err;
	bool first = !(read_taint() & TAINT_FORCED_MODULE);
	/* E: not signed, where the kernel looks for that. */
	const char *taint = kernel_option("CONFIG_MODULE_SIG") == 'n' ? "FO" :
								       "FOE";

	err = syscall(SYS_finit_module, fd, "", MODULE_INIT_IGNORE_VERMAGIC) ?
	      errno : 0;
	close(fd);
	if (kernel_option("CONFIG_MODULE_FORCE_LOAD") == 'n')
		return expect_errno(g, "finit_module by force", err, ENOEXEC);
	return expect_errno(g, "finit_module by force", err, 0) &&
	       expect_file(g, SYS "initstate", "live") &&
	       expect_file(g, SYS "taint", taint) &&
	       (read_taint() & TAINT_FORCED_MODULE ||
		fail(g, "the kernel is not tainted by force")) &&
	       (!first ||
		expect_log(g, MODULE ": bad vermagic: kernel tainted.")) &&
	       expect_errno(g, "delete_module", unload(MODULE, 0), 0) &&
	       expect_run(g, 0, "", ARGV("insmod", "-f", FOREIGN)) &&
	       expect_file(g, SYS "initstate", "live");
}

static bool check_forced_load(struct guest *g)
{
	bool ok = make_foreign(g) && force_foreign(g);

	unlink(FOREIGN);
	return ok;
}

/* What a process of another user does, in memory that both have. */
struct try {
	unsigned int limit_s;
	char *const *argv;
	const char *path;
	struct command cmd;
};

/* Not into that memory at once: who is which after a fork() is in the struct. */
static int try_command(void *arg)
{
	struct try *try = arg;
	struct command cmd;
	int err = -command_run(&cmd, try->limit_s, try->argv);

	try->cmd = cmd;
	return err;
}

static int try_load(void *arg)
{
	return load_file(((struct try *)arg)->path, "");
}

static int try_unload(void *arg)
{
	(void)arg;
	return unload(MODULE, 0);
}

static bool expect_denied(struct guest *g, struct try *try,
			  char *const argv[])
{
	try->limit_s = g->limit_s;
	try->argv = argv;
	if (as_user(NOBODY, NOBODY, try_command, try))
		return fail(g, "%s cannot be run as nobody", argv[0]);
	ktap_text(&g->ktap, "output", try->cmd.output);
	if (!WIFEXITED(try->cmd.status))
		return fail(g, "%s did not end by itself", argv[0]);
	return expect_number(g, "exit status", WEXITSTATUS(try->cmd.status),
			     1) &&
	       expect_contains(g, argv[0], try->cmd.output,
			       "Operation not permitted");
}

/* Root only, and for that the kernel needs no look into the file. */
static bool check_root_only(struct guest *g)
{
	struct try *try = mmap(NULL, sizeof(*try), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char path[256];
	bool ok;

	if (try == MAP_FAILED)
		return fail(g, "mmap: %s", strerror(errno));
	try->path = path;
	ok = module_file(g, MODULE, path) &&
	     expect_denied(g, try, ARGV("insmod", path)) &&
	     expect_errno(g, "finit_module as nobody",
			  as_user(NOBODY, NOBODY, try_load, try), EPERM) &&
	     expect_not_listed(g, MODULE) &&
	     expect_run(g, 0, "", ARGV("insmod", path)) &&
	     expect_denied(g, try, ARGV("rmmod", MODULE)) &&
	     expect_errno(g, "delete_module as nobody",
			  as_user(NOBODY, NOBODY, try_unload, try), EPERM) &&
	     expect_file(g, SYS "initstate", "live");
	munmap(try, sizeof(*try));
	return ok;
}

static unsigned int count_lines(const char *text, const char *part)
{
	unsigned int count = 0;

	for (; (text = strstr(text, part)); text += strlen(part))
		count++;
	return count;
}

static unsigned int count_in_log(struct guest *g, const char *part)
{
	return count_lines(log_text(g), part);
}

static bool check_rmmod(struct guest *g)
{
	static const char exiting[] = MODULE ": Module exiting ...\n";
	char path[256];

	return module_file(g, MODULE, path) &&
	       expect_number(g, "exits", count_in_log(g, exiting), 0) &&
	       expect_run(g, 0, "", ARGV("rmmod", MODULE)) &&
	       expect_not_listed(g, MODULE) &&
	       expect_number(g, "exits", count_in_log(g, exiting), 1) &&
	       expect_run(g, 0, "", ARGV("insmod", path)) &&
	       expect_file(g, SYS "initstate", "live") &&
	       expect_run(g, 0, "", ARGV("rmmod", path)) &&
	       expect_not_listed(g, MODULE) &&
	       expect_number(g, "exits", count_in_log(g, exiting), 2);
}

/* Whether a line of modules.dep is "DIR/module.ko...:...". */
static bool is_line_of(const char *line, const char *module)
{
	size_t len = strcspn(line, ":"), name = strlen(module);

	for (size_t i = 0; i < len; i++)
		if (line[i] == '/')
			return is_line_of(line + i + 1, module);
	return line[len] == ':' && !strncmp(line, module, name) &&
	       !strncmp(line + name, ".ko", 3);
}

static bool expect_dependency(struct guest *g, const char *module,
			      const char *needed)
{
	char path[256], line[1024], wanted[128];
	struct utsname uts;
	bool found = false;
	FILE *f;

	uname(&uts);
	snprintf(path, sizeof(path), "/lib/modules/%s/modules.dep",
		 uts.release);
	snprintf(wanted, sizeof(wanted), "/%s.ko", needed);
	f = fopen(path, "re");
	if (!f)
		return fail(g, "%s: %s", path, strerror(errno));
	while (!found && fgets(line, sizeof(line), f))
		found = is_line_of(line, module);
	fclose(f);
	if (!found)
		return fail(g, "%s has no line of %s", path, module);
	line[strcspn(line, "\n")] = '\0';
	return expect_contains(g, path, strchr(line, ':'), wanted);
}

static bool check_modprobe(struct guest *g)
{
	return expect_dependency(g, CLIENT, MODULE) &&
	       expect_loaded(g, MODULE, false) &&
	       expect_run(g, 0, "", ARGV("modprobe", CLIENT)) &&
	       expect_file(g, SYS "initstate", "live") &&
	       expect_file(g, "/sys/module/" CLIENT "/initstate", "live") &&
	       /* The first one was there to see the second one come. */
	       expect_log(g, MODULE ": module " CLIENT " is coming");
}

/* A dependency goes as well, unless something else uses it. */
static bool check_modprobe_remove(struct guest *g)
{
	int fd;
	bool ok;

	if (!expect_run(g, 0, "", ARGV("modprobe", CLIENT)) ||
	    !expect_run(g, 0, "", ARGV("modprobe", "-r", CLIENT)) ||
	    !expect_not_listed(g, CLIENT) || !expect_not_listed(g, MODULE) ||
	    !expect_run(g, 0, "", ARGV("modprobe", CLIENT)))
		return false;
	fd = open(DEVICE, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail(g, DEVICE ": %s", strerror(errno));
	ok = expect_run(g, 0, "", ARGV("modprobe", "-r", CLIENT)) &&
	     expect_not_listed(g, CLIENT) &&
	     expect_file(g, SYS "initstate", "live");
	close(fd);
	return ok;
}

/* What runs while the system boots: systemd's program, or Debian's script. */
static bool load_as_at_boot(struct guest *g)
{
	return expect_run(g, 0, "",
			  ARGV("sh", "-c",
			       "for t in /usr/lib/systemd /lib/systemd; do "
			       "[ ! -x $t/systemd-modules-load ] || "
			       "exec $t/systemd-modules-load; done; "
			       "exec /etc/init.d/kmod start"));
}

static bool create_file(struct guest *g, const char *dir, const char *path,
			const char *text)
{
	int fd, err;

	mkdir(dir, 0755);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return fail(g, "%s: %s", path, strerror(errno));
	close(fd);
	err = write_file(path, text);
	return !err || fail(g, "%s: %s", path, strerror(err));
}

/* A file in modprobe.d gives options to what is loaded, but loads nothing. */
static bool check_load_at_boot(struct guest *g)
{
	static const char load[] = "/etc/modules-load.d/lkp-check.conf";
	static const char options[] = "/etc/modprobe.d/lkp-check.conf";
	bool ok;

	if (access("/usr/lib/systemd/systemd-modules-load", X_OK) &&
	    access("/lib/systemd/systemd-modules-load", X_OK) &&
	    access("/etc/init.d/kmod", X_OK))
		return skip(g, "neither systemd-modules-load nor /etc/init.d/kmod is installed");
	ok = create_file(g, "/etc/modprobe.d", options,
			 "options " MODULE " int_param=7\n") &&
	     load_as_at_boot(g) && expect_not_listed(g, MODULE) &&
	     create_file(g, "/etc/modules-load.d", load, MODULE "\n") &&
	     load_as_at_boot(g) && expect_file(g, SYS "initstate", "live") &&
	     expect_log(g, MODULE ": Int param: 7");
	unlink(load);
	unlink(options);
	return ok;
}

static bool expect_lsmod(struct guest *g, const char *name, unsigned long size,
			 const char *used)
{
	char command[128], wanted[128], *to;
	struct command cmd;

	snprintf(command, sizeof(command), "lsmod | grep '^%s '", name);
	if (!run(g, &cmd, ARGV("sh", "-c", command)))
		return false;
	/* Columns are as wide as the tool likes: one blank will do. */
	to = cmd.output;
	for (const char *from = cmd.output; *from; from++)
		if (*from != ' ' || from[1] != ' ')
			*to++ = *from;
	while (to > cmd.output && (to[-1] == '\n' || to[-1] == ' '))
		to--;
	*to = '\0';
	snprintf(wanted, sizeof(wanted), "%s %lu %s", name, size, used);
	return expect_text(g, "lsmod", cmd.output, wanted);
}

static bool expect_line(struct guest *g, const char *module, int count,
			const char *users)
{
	char path[128], taint[32], wanted[40];
	struct module_line line;
	unsigned long long size;

	if (!find_module_line(module, &line))
		return fail(g, "/proc/modules has no %s", module);
	snprintf(path, sizeof(path), "/sys/module/%s/coresize", module);
	if (!read_number(path, 10, &size))
		return fail(g, "%s: %s", path, strerror(errno));
	snprintf(path, sizeof(path), "/sys/module/%s/taint", module);
	if (!read_file(path, taint, sizeof(taint)))
		return fail(g, "%s: %s", path, strerror(errno));
	snprintf(wanted, sizeof(wanted), "(%s)", taint);
	if (!line.address)
		return fail(g, "/proc/modules has no address of %s", module);
	return expect_number(g, "its size", line.size, size) &&
	       expect_number(g, "its usage count", line.count, count) &&
	       expect_text(g, "its users", line.users, users) &&
	       expect_text(g, "its state", line.state, "Live") &&
	       expect_text(g, "its taint", line.taint, wanted);
}

static bool check_lsmod(struct guest *g)
{
	unsigned long long size;
	bool ok;
	int fd;

	if (!read_number(SYS "coresize", 10, &size) || !size)
		return fail(g, SYS "coresize: %s", strerror(errno));
	if (!expect_line(g, MODULE, 0, "-") ||
	    !expect_lsmod(g, MODULE, size, "0"))
		return false;
	fd = open(DEVICE, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail(g, DEVICE ": %s", strerror(errno));
	ok = expect_line(g, MODULE, 1, "-") &&
	     expect_lsmod(g, MODULE, size, "1");
	close(fd);
	return ok && expect_run(g, 0, "", ARGV("modprobe", CLIENT)) &&
	       expect_line(g, MODULE, 1, CLIENT ",") &&
	       expect_line(g, CLIENT, 0, "-") &&
	       expect_lsmod(g, MODULE, size, "1 " CLIENT);
}

/* How many files a directory has; -1 if it is none. */
static int count_files(const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;
	int count = 0;

	if (!dir)
		return -1;
	while ((entry = readdir(dir)))
		count += strcmp(entry->d_name, ".") &&
			 strcmp(entry->d_name, "..");
	closedir(dir);
	return count;
}

static bool check_sys_module(struct guest *g)
{
	static const char *const readable[] = {
		"coresize", "initsize", "initstate", "refcnt", "taint",
		"version", "srcversion",
	};
	static const char *const directories[] = { "parameters", "sections",
						   "notes" };
	char path[128];

	for (size_t i = 0; i < sizeof(readable) / sizeof(readable[0]); i++) {
		snprintf(path, sizeof(path), SYS "%s", readable[i]);
		if (!expect_mode(g, path, S_IFREG | 0444))
			return false;
	}
	for (size_t i = 0; i < sizeof(directories) / sizeof(directories[0]);
	     i++) {
		snprintf(path, sizeof(path), SYS "%s", directories[i]);
		if (count_files(path) < 1)
			return fail(g, "%s has no files", path);
	}
	return expect_mode(g, SYS "uevent", S_IFREG | 0200) &&
	       expect_file(g, SYS "initstate", "live") &&
	       expect_file(g, SYS "refcnt", "0") &&
	       /* All that is for init is gone after it. */
	       expect_file(g, SYS "initsize", "0") &&
	       expect_number(g, "holders", count_files(SYS "holders"), 0) &&
	       expect_run(g, 0, "", ARGV("modprobe", CLIENT)) &&
	       expect_file(g, SYS "refcnt", "1") &&
	       expect_mode(g, SYS "holders/" CLIENT "/initstate",
			   S_IFREG | 0444) &&
	       expect_number(g, "holders", count_files(SYS "holders"), 1);
}

/* One field of modinfo, as it is; "" for one that is there but empty. */
static bool expect_modinfo(struct guest *g, const char *module,
			   const char *field, const char *wanted)
{
	struct command cmd;

	if (!run(g, &cmd, ARGV("modinfo", "-F", (char *)field,
			       (char *)module)))
		return false;
	ktap_text(&g->ktap, "output", cmd.output);
	cmd.output[strcspn(cmd.output, "\n")] = '\0';
	return expect_text(g, field, cmd.output, wanted);
}

/* Without MODULE_VERSION() there is none, unless the kernel wants all. */
static bool expect_no_srcversion(struct guest *g, const char *module)
{
	return kernel_option("CONFIG_MODULE_SRCVERSION_ALL") != 'n' ||
	       !has_test_module(g, module) ||
	       expect_modinfo(g, module, "srcversion", "");
}

/* modinfo reads the file, the kernel shows what it has loaded from it. */
static bool check_modinfo(struct guest *g)
{
	char srcversion[64], version[64], vermagic[160];
	struct utsname uts;

	uname(&uts);
	snprintf(vermagic, sizeof(vermagic), "vermagic:       %s ",
		 uts.release);
	if (!read_file(SYS "srcversion", srcversion, sizeof(srcversion)) ||
	    !read_file(SYS "version", version, sizeof(version)))
		return fail(g, SYS ": %s", strerror(errno));
	return expect_run(g, 0, "filename:       /",
			  ARGV("modinfo", MODULE)) &&
	       expect_run(g, 0, vermagic, ARGV("modinfo", MODULE)) &&
	       expect_run(g, 0, "depends:        \n",
			  ARGV("modinfo", MODULE)) &&
	       expect_run(g, 0, "parm:           int_param:A sample integer, printed at load time (int)\n",
			  ARGV("modinfo", MODULE)) &&
	       expect_modinfo(g, MODULE, "description",
			      "Linux kernel programming example: a message behind a device") &&
	       expect_modinfo(g, MODULE, "author",
			      "The lkp-example maintainers") &&
	       expect_modinfo(g, MODULE, "license", "GPL") &&
	       expect_modinfo(g, MODULE, "srcversion", srcversion) &&
	       expect_modinfo(g, MODULE, "version", version) &&
	       expect_modinfo(g, CLIENT, "depends", MODULE) &&
	       expect_no_srcversion(g, "lkp_test_empty_exit");
}

static bool check_twice(struct guest *g)
{
	char path[256];

	return module_file(g, MODULE, path) &&
	       expect_run(g, 1, ": File exists", ARGV("insmod", path)) &&
	       expect_errno(g, "finit_module", load_file(path, ""), EEXIST) &&
	       /* modprobe is content with a module that is loaded, or says: */
	       expect_run(g, 0, "", ARGV("modprobe", MODULE)) &&
	       expect_run(g, 1, "could not insert '" MODULE
			  "': Module already in kernel",
			  ARGV("modprobe", "--first-time", MODULE)) &&
	       expect_run(g, 0, "", ARGV("rmmod", MODULE)) &&
	       expect_run(g, 1, "rmmod: ERROR: Module " MODULE
			  " is not currently loaded", ARGV("rmmod", MODULE)) &&
	       expect_errno(g, "delete_module", unload(MODULE, 0), ENOENT);
}

/* The older system call: the file's bytes come from memory. */
static int load_memory(const char *path, const char *parameters)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err = 0;
	struct stat st;
	void *image;

	if (fd < 0 || fstat(fd, &st))
		return errno;
	image = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (image == MAP_FAILED)
		return errno;
	if (syscall(SYS_init_module, image, (unsigned long)st.st_size,
		    parameters))
		err = errno;
	munmap(image, st.st_size);
	return err;
}

struct calls {
	unsigned int init_module, finit_module, delete_module;
};

/* Run a program and count its system calls, as strace would. */
static bool trace(struct guest *g, struct calls *calls, char *const argv[])
{
	struct __ptrace_syscall_info info;
	pid_t pid = fork();
	int status;

	*calls = (struct calls){ 0 };
	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		execvp(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_SETOPTIONS, pid, NULL,
		   PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD))
		return fail(g, "%s cannot be traced", argv[0]);
	while (!ptrace(PTRACE_SYSCALL, pid, NULL, NULL) &&
	       waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info),
			   &info) <= 0 ||
		    info.op != PTRACE_SYSCALL_INFO_ENTRY)
			continue;
		calls->init_module += info.entry.nr == SYS_init_module;
		calls->finit_module += info.entry.nr == SYS_finit_module;
		calls->delete_module += info.entry.nr == SYS_delete_module;
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return fail(g, "%s does not succeed", argv[0]);
	return true;
}

static bool check_system_calls(struct guest *g)
{
	struct calls calls;
	char path[256];

	return module_file(g, MODULE, path) &&
	       expect_errno(g, "init_module", load_memory(path, "int_param=5"),
			    0) &&
	       expect_log(g, MODULE ": Int param: 5") &&
	       expect_errno(g, "delete_module", unload(MODULE, 0), 0) &&
	       expect_not_listed(g, MODULE) &&
	       expect_errno(g, "finit_module", load_file(path, "int_param=6"),
			    0) &&
	       expect_log(g, MODULE ": Int param: 6") &&
	       expect_errno(g, "delete_module", unload(MODULE, 0), 0) &&
	       trace(g, &calls, ARGV("insmod", path)) &&
	       expect_number(g, "insmod's finit_module", calls.finit_module,
			     1) &&
	       expect_number(g, "insmod's init_module", calls.init_module, 0) &&
	       expect_file(g, SYS "initstate", "live") &&
	       trace(g, &calls, ARGV("rmmod", MODULE)) &&
	       expect_number(g, "rmmod's delete_module", calls.delete_module,
			     1) &&
	       expect_not_listed(g, MODULE);
}

static bool check_old_calls(struct guest *g)
{
	struct utsname uts;

	uname(&uts);
	if (!old_calls[0].name)
		return skip(g, "%s never had create_module(2)", uts.machine);
	for (size_t i = 0; old_calls[i].name; i++) {
		long ret = syscall(old_calls[i].number, "lkp_test", 4096);

		if (!expect_errno(g, old_calls[i].name, ret < 0 ? errno : 0,
				  ENOSYS))
			return false;
	}
	return true;
}

/* With the flag in both ways that there are; rmmod -f is the second. */
static bool force_out(struct guest *g, const char *victim)
{
	if (!expect_run(g, 0, "", ARGV("modprobe", (char *)victim, "hold=y")) ||
	    !expect_file(g, "/sys/module/lkp_test_victim/refcnt", "1") ||
	    !expect_errno(g, "delete_module", unload(victim, 0), EAGAIN) ||
	    !expect_errno(g, "delete_module by force", unload(victim, O_TRUNC),
			  0) ||
	    !expect_not_listed(g, victim) ||
	    !expect_log(g, "lkp_test_victim: Module exiting ..."))
		return false;
	if (!(read_taint() & TAINT_FORCED_RMMOD))
		return fail(g, "the kernel is not tainted by it");
	return expect_run(g, 0, "",
			  ARGV("modprobe", (char *)victim, "hold=y")) &&
	       expect_run(g, 1, "is in use", ARGV("rmmod", (char *)victim)) &&
	       expect_run(g, 0, "", ARGV("rmmod", "-f", (char *)victim)) &&
	       expect_not_listed(g, victim);
}

/* No force removes a module that another one depends on. */
static bool check_forced_unload(struct guest *g)
{
	static const char victim[] = "lkp_test_victim";

	if (!expect_run(g, 0, "", ARGV("modprobe", CLIENT)) ||
	    !expect_errno(g, "delete_module by force", unload(MODULE, O_TRUNC),
			  EAGAIN) ||
	    !expect_run(g, 1, "Resource temporarily unavailable",
			ARGV("rmmod", "-f", MODULE)) ||
	    !expect_file(g, SYS "initstate", "live") ||
	    !expect_no_log(g, "Module exiting"))
		return false;
	if (kernel_option("CONFIG_MODULE_FORCE_UNLOAD") == 'n')
		return skip(g, "CONFIG_MODULE_FORCE_UNLOAD is not set");
	if (!has_test_module(g, victim))
		return no_test_module(g, victim);
	return force_out(g, victim);
}

/* Once per boot, when a module is the first to set the flag. */
static bool expect_taint_message(struct guest *g, unsigned long flag,
				 const char *message)
{
	bool first = !(g->taint & flag);

	if (!(read_taint() & flag))
		return fail(g, "no module has set taint flag %#lx", flag);
	if (!expect_number(g, message, count_in_log(g, message), first))
		return false;
	/* On a host the log may have been overwritten since. */
	return g->host ||
	       expect_number(g, message, count_lines(g->log.text, message), 1);
}

/*
 * A signature by a key that this kernel trusts (a host may have one) avoids the
 * E, nothing avoids the O.
 */
static bool check_taint_flags(struct guest *g)
{
	struct module_line line;
	struct command cmd;
	bool is_signed;

	if (!run(g, &cmd, ARGV("modinfo", "-F", "signer", MODULE)))
		return false;
	is_signed = g->host && cmd.output[0] != '\n' && cmd.output[0];
	if (!find_module_line(MODULE, &line))
		return fail(g, "/proc/modules has no " MODULE);
	if (!expect_taint_message(g, TAINT_OUT_OF_TREE,
				  ": loading out-of-tree module taints kernel.\n"))
		return false;
	if (kernel_option("CONFIG_MODULE_SIG") != 'y' || is_signed)
		return expect_contains(g, SYS "taint", line.taint, "O");
	return expect_file(g, SYS "taint", "OE") &&
	       expect_text(g, "/proc/modules", line.taint, "(OE)") &&
	       expect_taint_message(g, TAINT_UNSIGNED,
				    ": module verification failed: signature and/or required key missing - tainting kernel\n");
}

static const struct item items[] = {
	{ 29, "foreign", NULL, check_foreign, 0 },
	{ 30, "forced_load", NULL, check_forced_load, VM_ONLY | TAINTS },
	{ 31, "root_only", NULL, check_root_only, 0 },
	{ 32, "rmmod", MODULE, check_rmmod, 0 },
	{ 33, "modprobe", NULL, check_modprobe, 0 },
	{ 34, "modprobe_remove", NULL, check_modprobe_remove, 0 },
	{ 35, "load_at_boot", NULL, check_load_at_boot, VM_ONLY },
	{ 36, "lsmod", MODULE, check_lsmod, 0 },
	{ 37, "sys_module", MODULE, check_sys_module, 0 },
	{ 38, "modinfo", MODULE, check_modinfo, 0 },
	{ 39, "twice", MODULE, check_twice, 0 },
	{ 40, "system_calls", NULL, check_system_calls, 0 },
	{ 41, "old_calls", NULL, check_old_calls, 0 },
	{ 42, "forced_unload", NULL, check_forced_unload, VM_ONLY | TAINTS },
	{ 43, "taint_flags", MODULE, check_taint_flags, 0 },
};

const struct item_list items_tools = ITEM_LIST(items);
