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
 *	-s		run the script /lkp-script instead of the checks
 *	MODULE...	what to check
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
	};

	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		mkdir(mounts[i].where, 0755);
		/* What is missing fails the check that needs it. */
		mount(mounts[i].type, mounts[i].where, mounts[i].type, 0, NULL);
	}
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

static FILE *open_report(const char *path)
{
	int fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
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

static const struct check_list *list_for(bool script, const char *module)
{
	return script ? &script_check_list : checks_for(module);
}

int main(int argc, char *argv[])
{
	static char *script_only[] = { "script", NULL };
	struct guest g = { .limit_s = 60 };
	const char *device = "/dev/console";
	unsigned int planned = 0;
	bool script = false;
	char **modules;
	struct utsname uts;
	FILE *report;
	int opt;

	if (getpid() != 1) {
		fprintf(stderr, "%s: this is process 1 of a virtual machine; "
			"it does nothing elsewhere\n", argv[0]);
		return 2;
	}
	mount_system();
	open_standard_files();
	while ((opt = getopt(argc, argv, "r:st:")) != -1) {
		if (opt == 'r')
			device = optarg;
		else if (opt == 't')
			g.limit_s = strtoul(optarg, NULL, 10);
		else if (opt == 's')
			script = true;
	}
	modules = argv + optind;
	report = open_report(device);
	if (!report) {
		fprintf(stderr, "lkp-guest: %s: %s\n", device, strerror(errno));
		power_off();
	}

	if (script)
		modules = script_only;
	for (char **m = modules; *m; m++)
		planned += list_for(script, *m)->count;
	ktap_start(&g.ktap, report, planned);
	uname(&uts);
	ktap_diag(&g.ktap, "kernel: %s %s", uts.release, uts.machine);
	if (kmsg_open(&g.log))
		ktap_diag(&g.ktap, "/dev/kmsg: %s", strerror(errno));
	mark_console();
	for (char **m = modules; *m; m++) {
		g.module = *m;
		checks_run(&g, list_for(script, *m));
	}
	ktap_finish(&g.ktap);
	tcdrain(fileno(report));
	power_off();
}
