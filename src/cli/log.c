// SPDX-License-Identifier: GPL-2.0-only
/*
 * log.c - lkp-example log: what the modules say in the kernel's log
 *
 * /dev/kmsg gives one record a read(): "level,sequence,time,flags;text\n", then
 * lines of details that begin with a space. The level has the facility above
 * its three bits; 0 is the kernel.
 */
#include <argp.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <unistd.h>

#include "commands.h"
#include "live.h"
#include "number.h"
#include "output.h"

#define KMSG "/dev/kmsg"
#define PRINTK "/proc/sys/kernel/printk"
#define PREFIX "lkp_example"
/* syslog(2) type: which messages the console shows */
#define SYSLOG_ACTION_CONSOLE_LEVEL 8
/* Longer than any record. */
#define RECORD_SIZE 16384

static const char *const level_names[] = {
	"emerg", "alert", "crit", "err", "warn", "notice", "info", "debug",
};

#define LEVELS (sizeof(level_names) / sizeof(level_names[0]))

struct options {
	unsigned long level;
	unsigned long console;	/* 0: leave it */
	bool filter;
	bool follow;
	bool show_console;
	bool json;
};

struct record {
	unsigned int level;
	unsigned long long sequence, time_us;
	const char *text;	/* "MODULE: ..." */
	size_t module_len;
};

enum {
	OPT_CONSOLE = 0x100,
	OPT_SET_CONSOLE,
	OPT_JSON,
};

static const struct argp_option argp_options[] = {
	{ "level", 'l', "N|NAME", 0,
	  "Only messages that are as urgent as that: 0 to 7, or emerg, alert, "
	  "crit, err, warn, notice, info, debug", 0 },
	{ "follow", 'f', NULL, 0, "Go on with what comes, until Ctrl-C", 0 },
	{ "console", OPT_CONSOLE, NULL, 0,
	  "Instead of messages, show which ones the console gets", 0 },
	{ "set-console", OPT_SET_CONSOLE, "N", 0,
	  "Let the console get messages below level N, 1 to 8", 0 },
	{ "json", OPT_JSON, NULL, 0,
	  "Print an object a line: sequence, time, in seconds since the boot, "
	  "level, level_name, module and text; with --console, an object of "
	  "console, default, minimum and boot", 0 },
	{ 0 }
};

static bool level_parse(unsigned long *level, const char *text)
{
	for (size_t i = 0; i < LEVELS; i++)
		if (!strcmp(text, level_names[i])) {
			*level = i;
			return true;
		}
	return number_parse(level, text, 0, LEVELS - 1);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'l':
		if (!level_parse(&o->level, arg))
			argp_error(state, "--level takes 0 to 7, emerg, alert, crit, err, warn, notice, info or debug, not '%s'",
				   arg);
		o->filter = true;
		break;
	case 'f':
		o->follow = true;
		break;
	case OPT_CONSOLE:
		o->show_console = true;
		break;
	case OPT_SET_CONSOLE:
		if (!number_parse(&o->console, arg, 1, LEVELS))
			argp_error(state, "--set-console takes 1 to 8, not '%s'",
				   arg);
		break;
	case OPT_JSON:
		o->json = true;
		break;
	case ARGP_KEY_ARG:
		argp_error(state, "this takes no argument, and '%s' is one",
			   arg);
		break;
	case ARGP_KEY_SUCCESS:
		if ((o->show_console || o->console) &&
		    (o->filter || o->follow))
			argp_error(state, "--console and --set-console print no messages: leave out --level and --follow");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	argp_options, parse_option, NULL,
	"Print what the modules lkp_example, lkp_example_client and "
	"lkp_example_probe have said in the kernel's log: the time since the "
	"boot, the level and the text. Control characters, the backslash and "
	"what is not ASCII are \\xHH, as in " KMSG ".\v"
	"Exit status: 0 printed or set, 1 the console has another level than the "
	"one that was asked for, 2 usage or an error.",
	NULL, NULL, NULL
};

/* False: not a message of ours. */
static bool record_parse(struct record *r, char *line)
{
	static const char name_chars[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
	unsigned int priority;
	char *text = strchr(line, ';');

	if (!text || sscanf(line, "%u,%llu,%llu", &priority, &r->sequence,
			    &r->time_us) != 3)
		return false;
	text++;
	text[strcspn(text, "\n")] = '\0';
	r->text = text;
	r->level = priority % LEVELS;
	r->module_len = strspn(text, name_chars);
	return priority < LEVELS && !strncmp(text, PREFIX, strlen(PREFIX)) &&
	       text[r->module_len] == ':';
}

static int print_record(const struct options *o, const struct record *r)
{
	if (!o->json) {
		printf("[%5llu.%06llu] %-6s %s\n", r->time_us / 1000000,
		       r->time_us % 1000000, level_names[r->level], r->text);
		return 0;
	}
	return output_json(json_pack("{s:I, s:f, s:i, s:s, s:s%, s:s}",
				     "sequence", (json_int_t)r->sequence,
				     "time", r->time_us / 1e6,
				     "level", (int)r->level,
				     "level_name", level_names[r->level],
				     "module", r->text, r->module_len,
				     "text", r->text));
}

/* Print what there is by now. Return: 0, or -errno. */
static int print_records(const struct options *o, int fd)
{
	char line[RECORD_SIZE];
	int ret = 0;

	while (!ret) {
		ssize_t n = read(fd, line, sizeof(line) - 1);
		struct record r;

		/* EPIPE: newer ones have replaced it; the next one is read. */
		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (n < 0 && errno != EAGAIN) {
			ret = -errno;
			warn(KMSG);
			return ret;
		}
		if (n <= 0)
			return output_flush();
		line[n] = '\0';
		if (record_parse(&r, line) &&
		    (!o->filter || r.level <= o->level))
			ret = print_record(o, &r);
	}
	return ret;
}

static int follow(const struct options *o, int fd)
{
	int stop = live_start();
	int ret;

	if (stop < 0)
		return EXIT_TROUBLE;
	do {
		ret = print_records(o, fd);
	} while (!ret && live_wait(stop, fd, -1) == LIVE_READY);
	close(stop);
	return ret && ret != -EPIPE ? EXIT_TROUBLE : 0;
}

static int print_log(const struct options *o)
{
	int fd = open(KMSG, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	int ret;

	if (fd < 0 && (errno == EPERM || errno == EACCES)) {
		warnx("the kernel's log is for root here (sysctl kernel.dmesg_restrict): run this by sudo");
		return EXIT_TROUBLE;
	}
	if (fd < 0) {
		warn(KMSG);
		return EXIT_TROUBLE;
	}
	if (o->follow)
		ret = follow(o, fd);
	else
		ret = print_records(o, fd) ? EXIT_TROUBLE : 0;
	close(fd);
	return ret;
}

/* The four numbers, in the order of the file. */
struct printk {
	int console, normal, least, boot;
};

static int read_printk(struct printk *p)
{
	FILE *f = fopen(PRINTK, "re");
	int n;

	if (!f) {
		warn(PRINTK);
		return -1;
	}
	n = fscanf(f, "%d %d %d %d", &p->console, &p->normal, &p->least,
		   &p->boot);
	fclose(f);
	if (n == 4)
		return 0;
	warnx(PRINTK " has not the four numbers that it should have");
	return -1;
}

static const char *level_name(int level)
{
	return level >= 0 && level < (int)LEVELS ? level_names[level] : "?";
}

static int show_console(const struct options *o)
{
	struct printk p;
	int last;

	if (read_printk(&p))
		return EXIT_TROUBLE;
	if (o->json)
		return output_json(json_pack("{s:i, s:i, s:i, s:i}",
					     "console", p.console,
					     "default", p.normal,
					     "minimum", p.least,
					     "boot", p.boot)) ?
		       EXIT_TROUBLE : 0;
	last = p.console > (int)LEVELS ? (int)LEVELS - 1 : p.console - 1;
	printf("console level %d: ", p.console);
	if (last < 0)
		puts("nothing is shown");
	else
		printf("shows emerg to %s\n", level_name(last));
	printf("a message without a level: %d, %s\n", p.normal,
	       level_name(p.normal));
	printf("the least console level: %d\n", p.least);
	printf("the console level at boot: %d\n", p.boot);
	return output_flush() ? EXIT_TROUBLE : 0;
}

static int set_console(unsigned long level)
{
	struct printk p;

	if (klogctl(SYSLOG_ACTION_CONSOLE_LEVEL, NULL, level)) {
		if (errno == EPERM)
			warnx("setting the console level is for root: run this by sudo");
		else
			warn("setting the console level");
		return EXIT_TROUBLE;
	}
	if (read_printk(&p))
		return EXIT_TROUBLE;
	if (p.console == (int)level)
		return 0;
	warnx("the console level is now %d, not %lu: it can be no less than %d, the third number of /proc/sys/kernel/printk",
	      p.console, level, p.least);
	return EXIT_REFUSED;
}

/**
 * command_log() - lkp-example log
 * @argc: number of arguments, the subcommand's name included
 * @argv: the arguments
 *
 * Return: the exit status.
 */
int command_log(int argc, char **argv)
{
	struct options o = { 0 };
	int ret = 0;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	if (!o.console && !o.show_console)
		return print_log(&o);
	if (o.console)
		ret = set_console(o.console);
	if (o.show_console && ret != EXIT_TROUBLE) {
		int shown = show_console(&o);

		ret = shown ? shown : ret;
	}
	return ret;
}
