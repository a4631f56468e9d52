// SPDX-License-Identifier: GPL-2.0-only
/*
 * init.c - process 1 of the throw-away virtual machine
 *
 * The kernel starts it from the initramfs, which holds nothing but this
 * program, the modprobe of the system that is verified and the modules. It
 * mounts what they need, checks each module, reports, and powers the machine
 * off. Its arguments stand behind "--" on the kernel's command line:
 *
 *	-r DEVICE	where the report goes, a serial line of its own
 *	-t SECONDS	how long modprobe, or the script, may take
 *	-x		run the script /lkp-script instead of the checks (not -s,
 *			which systemd would take for its rescue mode)
 *	-i		let systemd start the system; what is to be done is done
 *			beside it
 *	-c CHECKS	which checks, as words with commas between: "quick" for
 *			those of the modules (the default), "full" for those,
 *			all items of the guide and the groups that belong to it;
 *			the number of an item; the name of a group (see
 *			groups.h); or GROUP.NAME, one of its checks
 *	-e		do what comes over the serial line instead (session.c)
 *	-d SECONDS	how long each check of the group stress goes on
 *	MODULE...	what to check
 *
 * On a running system the same program is
 *
 *	lkp-guest selftest [NUMBER,...]	check items on this kernel, as root
 *	lkp-guest items			list the items that have a check
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <termios.h>
#include <unistd.h>

#include "checks.h"
#include "groups.h"
#include "items.h"
#include "session.h"
#include "tools.h"

/* syslog(2) type: which messages the console shows */
#define SYSLOG_ACTION_CONSOLE_LEVEL 8
/* What has been on the console before this line is not the module's. */
#define CONSOLE_MARK "<5>lkp-guest: checks begin\n"

static void mount_system(void)
{
	static const struct {
		const char *type, *where;
	} mounts[] = {
		{ "proc", "/proc" },
		{ "sysfs", "/sys" },
		{ "devtmpfs", "/dev" },
		{ "tmpfs", "/run" },
		{ "debugfs", "/sys/kernel/debug" },
		{ "tracefs", "/sys/kernel/tracing" },
	};

	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		mkdir(mounts[i].where, 0755);
		/* What is missing fails the check that needs it. */
		mount(mounts[i].type, mounts[i].where, mounts[i].type, 0, NULL);
	}
}

/*
 * Each unloading waits for grace periods, which take some ticks of a clock with
 * nothing to do. The hurried ones are whole as well, and what does not wait for
 * them as it has to is sooner without the module. Where the kernel does not let
 * us, all is as it was, and slower.
 */
static void hurry_grace_periods(void)
{
	write_file("/sys/kernel/rcu_expedited", "1");
}

/* Standard input, output and error are there whatever the kernel gave us. */
static void open_standard_files(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

static void mark_console(void)
{
	int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);

	klogctl(SYSLOG_ACTION_CONSOLE_LEVEL, NULL, 8);
	if (fd < 0)
		return;
	if (write(fd, CONSOLE_MARK, strlen(CONSOLE_MARK)) < 0)
		ktap_diag(&(struct ktap){ .out = stderr }, "/dev/kmsg: %s",
			  strerror(errno));
	close(fd);
}

static FILE *open_report(const char *path, int mode)
{
	int fd = open(path, mode | O_NOCTTY | O_CLOEXEC);
	struct termios tio;

	if (fd < 0)
		return NULL;
	if (!tcgetattr(fd, &tio)) {
		cfmakeraw(&tio);
		tcsetattr(fd, TCSANOW, &tio);
	}
	return fdopen(fd, "w");
}

static void power_off(void)
{
	sync();
	reboot(RB_POWER_OFF);
	/* Not reached, but process 1 must not return: that is a panic. */
	for (;;)
		pause();
}

/* From then on there is somebody to ask: "systemctl is-system-running --wait". */
#define SYSTEMD_LISTENS "/run/systemd/private"

/*
 * The system's own process 1 takes our place, and we go on as a process that it
 * does not know. It ends none but those that it has started.
 */
static void start_system(unsigned int limit_s)
{
	static char *systemd[] = { "/lib/systemd/systemd", NULL };
	pid_t pid = fork();

	if (!pid) {
		setsid();
		while (limit_s-- && access(SYSTEMD_LISTENS, F_OK))
			sleep(1);
		return;
	}
	if (pid > 0)
		execv(systemd[0], systemd);
	fprintf(stderr, "lkp-guest: the system cannot be started: %s\n",
		strerror(errno));
	power_off();
}

/* What to run: a script, or checks of modules and of items. */
struct job {
	bool script;
	bool quick;		/* the checks of each module */
	const char *items;	/* which items, as for items_run() */
	const char *groups;	/* which others, as for groups_run() */
	char **modules;
};

static const struct check_list *list_for(const struct job *job,
					 const char *module)
{
	return job->script ? &script_check_list : checks_for(module);
}

/* Words with commas between: items and groups look for their own ones. */
static void choose_checks(struct job *job, const char *which)
{
	const char *word = which;

	job->quick = false;
	job->items = which;
	job->groups = which;
	for (size_t len; *word; word += len + (word[len] == ',')) {
		len = strcspn(word, ",");
		if (len == 5 && !strncmp(word, "quick", len))
			job->quick = true;
		if (len != 4 || strncmp(word, "full", len))
			continue;
		job->quick = true;
		job->items = ALL_ITEMS;
	}
}

static void do_job(struct guest *g, const struct job *job, FILE *report)
{
	unsigned int planned = items_count(job->items) +
			       groups_count(job->groups);
	struct utsname uts;

	for (char **m = job->modules; job->quick && *m; m++)
		planned += list_for(job, *m)->count;
	ktap_start(&g->ktap, report, planned);
	uname(&uts);
	ktap_diag(&g->ktap, "kernel: %s %s", uts.release, uts.machine);
	if (kmsg_open(&g->log))
		ktap_diag(&g->ktap, "/dev/kmsg: %s", strerror(errno));
	if (!g->host)
		mark_console();
	for (char **m = job->modules; job->quick && *m; m++) {
		g->module = *m;
		checks_run(g, list_for(job, *m));
	}
	items_run(g, job->items);
	groups_run(g, job->groups);
	ktap_finish(&g->ktap);
}

static int print_usage(const char *name)
{
	fprintf(stderr, "usage: %s selftest [NUMBER,...]\n"
		"       %s items\n"
		"Checks lkp_example, which is installed, on the kernel that runs.\n",
		name, name);
	return 2;
}

static int selftest(const char *name, const char *items)
{
	struct guest g = { .limit_s = 60, .host = true };
	const struct job job = { .items = items };

	if (!items_valid(items)) {
		fprintf(stderr, "%s: '%s' is no list of items, 1 to 142\n",
			name, items);
		return 2;
	}
	if (geteuid()) {
		fprintf(stderr, "%s: loading modules needs root\n", name);
		return 2;
	}
	if (access("/proc/modules", R_OK)) {
		fprintf(stderr, "%s: this kernel loads no modules (/proc/modules: %s)\n",
			name, strerror(errno));
		return 2;
	}
	if (is_loaded("lkp_example") || is_loaded("lkp_example_probe")) {
		fprintf(stderr, "%s: the modules are loaded, and may be in use: unload them first (modprobe -r lkp_example_client lkp_example_probe lkp_example)\n",
			name);
		return 2;
	}
	do_job(&g, &job, stdout);
	return g.ktap.failed ? 1 : 0;
}

static int on_host(int argc, char *argv[])
{
	if (argc == 2 && !strcmp(argv[1], "items")) {
		items_list();
		return 0;
	}
	if (argc >= 2 && argc <= 3 && !strcmp(argv[1], "selftest"))
		return selftest(argv[0], argc == 3 ? argv[2] : ALL_ITEMS);
	return print_usage(argv[0]);
}

int main(int argc, char *argv[])
{
	static char *script_only[] = { "script", NULL };
	struct guest g = { .limit_s = 60, .stress_s = 60 };
	struct job job = { .quick = true };
	const char *device = "/dev/console";
	bool session = false;
	FILE *report;
	int opt;

	if (getpid() != 1)
		return on_host(argc, argv);
	mount_system();
	hurry_grace_periods();
	/* It is in the initramfs as a file that the booting kernel cannot run. */
	chmod("/sbin/modprobe", 0755);
	open_standard_files();
	setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
	/* What modprobe says is read. */
	setenv("LC_ALL", "C", 1);
	while ((opt = getopt(argc, argv, "c:d:eir:t:x")) != -1) {
		if (opt == 'r')
			device = optarg;
		else if (opt == 't')
			g.limit_s = strtoul(optarg, NULL, 10);
		else if (opt == 'd')
			g.stress_s = strtoul(optarg, NULL, 10);
		else if (opt == 'x')
			job.script = true;
		else if (opt == 'e')
			session = true;
		else if (opt == 'i')
			start_system(g.limit_s);
		else if (opt == 'c')
			choose_checks(&job, optarg);
	}
	job.modules = job.script ? script_only : argv + optind;
	report = open_report(device, session ? O_RDWR : O_WRONLY);
	if (!report) {
		fprintf(stderr, "lkp-guest: %s: %s\n", device, strerror(errno));
		power_off();
	}
	if (session)
		session_serve(fileno(report));
	else
		do_job(&g, &job, report);
	tcdrain(fileno(report));
	power_off();
}
