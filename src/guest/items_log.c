// SPDX-License-Identifier: GPL-2.0-only
/*
 * items_log.c - the kernel's log: who may write to it, at which level, how
 * long it remembers, and who may read
 *
 * There are two ways to it, and a check often takes both: /dev/kmsg gives
 * "level,sequence,time,flags;text" for each record, and klogctl(), which is
 * syslog(2), a text with "<level>[time] " at the start of each line.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <unistd.h>

#include "items.h"
#include "tools.h"

#define LEVELS "/sys/class/misc/lkp_example/levels"
#define TIMER "/sys/kernel/debug/lkp_example/timer"
#define PRINTK "/proc/sys/kernel/printk"
#define PRINTK_DEVKMSG "/proc/sys/kernel/printk_devkmsg"
#define DMESG_RESTRICT "/proc/sys/kernel/dmesg_restrict"
#define NAME "lkp_example: "

/* What syslog(2) can do: it has names for these in the kernel alone. */
enum {
	LOG_READ = 2,
	LOG_READ_ALL,
	LOG_READ_CLEAR,
	LOG_CLEAR,
	LOG_CONSOLE_OFF,
	LOG_CONSOLE_ON,
	LOG_CONSOLE_LEVEL,
	LOG_SIZE_UNREAD,
	LOG_SIZE_BUFFER,
	LOG_UNKNOWN,
};

/* The errno of klogctl(), or 0. */
static int log_call(int type, char *buf, int len)
{
	return klogctl(type, buf, len) < 0 ? errno : 0;
}

/* The whole text of a type that reads; the caller frees it. NULL: errno. */
static char *log_read(int type)
{
	int size = klogctl(LOG_SIZE_BUFFER, NULL, 0);
	/* With the times, text is longer than what it was made of. */
	char *text = size > 0 ? malloc(4 * size + 1) : NULL;
	int len;

	if (!text)
		return NULL;
	len = klogctl(type, text, 4 * size);
	if (len < 0) {
		free(text);
		return NULL;
	}
	text[len] = '\0';
	return text;
}

/* Whether a type that reads gives a text that has this part: 1, 0 or -1. */
static int log_has(int type, const char *part)
{
	char *text = log_read(type);
	int has = text ? !!strstr(text, part) : -1;

	free(text);
	return has;
}

/* Where the log ends now; read_records() goes on from there. */
static int kmsg_begin(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
	return fd;
}

/*
 * The level of the one record whose text begins like this; -1 if there is
 * none, -2 if there are several. Above the level is the facility, 0 for the
 * kernel: nobody else's record is meant.
 */
static int level_of(const char *records, const char *start)
{
	int level = -1;

	for (const char *line = records; line && *line; ) {
		const char *text = strchr(line, ';');
		char *end;
		unsigned long prefix = strtoul(line, &end, 10);

		if (text && *end == ',' && prefix < 8 &&
		    !strncmp(text + 1, start, strlen(start)))
			level = level == -1 ? (int)prefix : -2;
		line = strchr(line, '\n');
		line += !!line;
	}
	return level;
}

/* The records that came since kmsg_begin(), as they are. */
static void read_records(int fd, char *buf, size_t size)
{
	size_t len = 0;
	ssize_t n;

	while (len + 1 < size &&
	       ((n = read(fd, buf + len, size - 1 - len)) > 0 ||
		(n < 0 && errno == EPIPE)))
		len += n > 0 ? n : 0;
	buf[len] = '\0';
}

/* Have the module print its messages, and get the records. */
static bool print_levels(struct guest *g, char *records, size_t size)
{
	int fd = kmsg_begin();
	int err;

	if (fd < 0)
		return fail(g, "/dev/kmsg: %s", strerror(errno));
	err = write_file(LEVELS, "1");
	read_records(fd, records, size);
	close(fd);
	return expect_errno(g, "writing 1 to " LEVELS, err, 0);
}

static bool write_kmsg(struct guest *g, const char *line)
{
	return expect_errno(g, "writing to /dev/kmsg",
			    write_file("/dev/kmsg", line), 0);
}

/* The init function, a process that reads, and a timer. */
static bool check_contexts(struct guest *g)
{
	static const char *const lines[] = {
		"Module loaded ...", "The answer is 42 ...", NULL
	};
	static const char wanted[] = NAME "timer: in_task 0, interrupted ";
	char text[256];

	if (!expect_messages(g, lines) || !expect_no_log(g, NAME "timer:"))
		return false;
	if (!read_file(TIMER, text, sizeof(text)))
		return fail(g, TIMER ": %s", strerror(errno));
	return expect_text(g, "timer", text,
			   "in_task 0\nGFP_ATOMIC allocation ok") &&
	       expect_contains(g, "the log", log_text(g), wanted);
}

static const char *const level_texts[] = {
	"emergency", "alert", "critical", "error",
	"warning", "notice", "information", "debugging",
};

/* One line in the text of syslog(2): "<3>[    1.234567] lkp_example: ..." */
static bool has_prefix(const char *log, int level, const char *text)
{
	const char *at = strstr(log, text);
	char prefix[8];

	snprintf(prefix, sizeof(prefix), "<%d>[", level);
	while (at > log && at[-1] != '\n')
		at--;
	return at && !strncmp(at, prefix, strlen(prefix));
}

static bool check_levels(struct guest *g)
{
	char records[16384], *log;
	bool ok;

	if (!expect_errno(g, "clearing the log",
			  log_call(LOG_CLEAR, NULL, 0), 0) ||
	    !print_levels(g, records, sizeof(records)))
		return false;
	ktap_text(&g->ktap, "kmsg", records);
	log = log_read(LOG_READ_ALL);
	ok = log || fail(g, "klogctl: %s", strerror(errno));
	for (int level = 0; ok && level < 8; level++) {
		char text[128], what[160];

		snprintf(text, sizeof(text), NAME "a message at level %d, %s\n",
			 level, level_texts[level]);
		snprintf(what, sizeof(what), "the level of the one '%.*s'",
			 (int)strcspn(text, "\n"), text);
		ok = expect_number(g, what, level_of(records, text), level);
		if (ok && !has_prefix(log, level, text))
			ok = fail(g, "syslog(2) has no '<%d>[...] %s'", level,
				  text);
	}
	free(log);
	return ok;
}

/* A character that nobody types, and a digit, before the text. */
static bool check_literal(struct guest *g)
{
	char records[16384];

	if (!expect_errno(g, "clearing the log",
			  log_call(LOG_CLEAR, NULL, 0), 0) ||
	    !print_levels(g, records, sizeof(records)))
		return false;
	/* In /dev/kmsg the backslash would be a "\x5c". */
	return expect_number(g, "whether the log tells of \\001 and 3",
			     log_has(LOG_READ_ALL,
				     "] " NAME "KERN_ERR is the character \\001, then '3'\n"),
			     1);
}

/* The four values of kernel.printk, and what was there before. */
static bool read_printk(struct guest *g, int v[4])
{
	char text[128];

	if (!read_file(PRINTK, text, sizeof(text)) ||
	    sscanf(text, "%d %d %d %d", &v[0], &v[1], &v[2], &v[3]) != 4)
		return fail(g, PRINTK " has no four values");
	return true;
}

static bool write_printk(struct guest *g, const int v[4])
{
	char text[64];

	snprintf(text, sizeof(text), "%d %d %d %d", v[0], v[1], v[2], v[3]);
	return expect_errno(g, PRINTK, write_file(PRINTK, text), 0);
}

static bool expect_printk(struct guest *g, int index, int wanted)
{
	static const char *const names[] = {
		"the console level", "the default level", "the least level",
		"the level at boot",
	};
	int v[4];

	return read_printk(g, v) &&
	       expect_number(g, names[index], v[index], wanted);
}

/* Run a check that changes kernel.printk, and restore it. */
static bool with_printk(struct guest *g,
			bool (*run)(struct guest *g, const int saved[4]))
{
	int saved[4], after[4];
	bool ok;

	if (!read_printk(g, saved))
		return false;
	ktap_diag(&g->ktap, "kernel.printk: %d %d %d %d", saved[0], saved[1],
		  saved[2], saved[3]);
	ok = run(g, saved);
	if (!write_printk(g, saved) || !read_printk(g, after))
		return false;
	if (memcmp(saved, after, sizeof(saved)))
		return fail(g, PRINTK " cannot be restored");
	return ok;
}

static bool change_variables(struct guest *g, const int saved[4])
{
	static const int others[4] = { 5, 3, 2, 6 };

	for (int i = 0; i < 4; i++)
		if (saved[i] < 0 || saved[i] > 15)
			return fail(g, "value %d of " PRINTK " is %d", i + 1,
				    saved[i]);
	return write_printk(g, others) && expect_printk(g, 0, 5) &&
	       expect_printk(g, 1, 3) && expect_printk(g, 2, 2) &&
	       expect_printk(g, 3, 6);
}

static bool check_variables(struct guest *g)
{
	return with_printk(g, change_variables);
}

/* The message without a level gets the second value; those with one do not. */
static bool bare_at(struct guest *g, int level)
{
	char records[16384];

	return print_levels(g, records, sizeof(records)) &&
	       expect_number(g, "the level of the message without one",
			     level_of(records, NAME "a message without a level\n"),
			     level) &&
	       expect_number(g, "the level of the message at level 6",
			     level_of(records, NAME "a message at level 6, "), 6);
}

static bool change_default(struct guest *g, const int saved[4])
{
	const int other[4] = { saved[0], 5, saved[2], saved[3] };

	/* The kernel's own default, unless somebody has chosen another one. */
	if (kernel_option("CONFIG_MESSAGE_LOGLEVEL_DEFAULT") == '4' &&
	    !expect_number(g, "the default level", saved[1], 4))
		return false;
	return bare_at(g, saved[1]) && write_printk(g, other) && bare_at(g, 5);
}

static bool check_default(struct guest *g)
{
	return with_printk(g, change_default);
}

/* 2 to the power of CONFIG_LOG_BUF_SHIFT; 0 if that is not known. */
static long configured_size(struct guest *g)
{
	struct command cmd;

	if (!run(g, &cmd, ARGV("sh", "-c",
			       "sed -n 's/^CONFIG_LOG_BUF_SHIFT=//p' "
			       "\"/boot/config-$(uname -r)\"")) ||
	    !isdigit((unsigned char)cmd.output[0]))
		return 0;
	return 1L << atoi(cmd.output);
}

/* How large the buffer is, and how much of it nobody has read yet. */
static bool check_sizes(struct guest *g)
{
	static const char line[] = "<6>lkp-guest: a line to be counted\n";
	long wanted = configured_size(g), before, after;
	int size = klogctl(LOG_SIZE_BUFFER, NULL, 0);
	char *text;
	int n = 1;

	if (size <= 0)
		return fail(g, "the size of the buffer is %d", size);
	if (wanted && !expect_number(g, "the size of the buffer", size, wanted))
		return false;
	text = malloc(1 << 20);
	if (!text)
		return fail(g, "out of memory");
	/* A read waits for a line when there is none: there is one. */
	while (n > 0 && klogctl(LOG_SIZE_UNREAD, NULL, 0) > 0)
		n = klogctl(LOG_READ, text, 1 << 20);
	free(text);
	before = klogctl(LOG_SIZE_UNREAD, NULL, 0);
	if (!expect_number(g, "how much is unread after reading", before, 0) ||
	    !write_kmsg(g, line))
		return false;
	after = klogctl(LOG_SIZE_UNREAD, NULL, 0);
	ktap_diag(&g->ktap, "buffer: %d bytes; unread after a line of %zu characters: %ld",
		  size, strlen(line), after);
	if (after < (long)strlen("lkp-guest: a line to be counted\n") ||
	    after > 256)
		return fail(g, "%ld bytes are unread after one line", after);
	return expect_errno(g, "an unknown type",
			    log_call(LOG_UNKNOWN, NULL, 0), EINVAL);
}

static bool set_level(struct guest *g, int level, int err)
{
	char what[64];

	snprintf(what, sizeof(what), "the console level %d", level);
	return expect_errno(g, what, log_call(LOG_CONSOLE_LEVEL, NULL, level),
			    err);
}

static int turn(int type)
{
	return log_call(type, NULL, 0);
}

/* Type 6 remembers the level, and type 7 goes back to it; but type 8 forgets. */
static bool off_and_on(struct guest *g)
{
	return set_level(g, 5, 0) &&
	       expect_errno(g, "type 6", turn(LOG_CONSOLE_OFF), 0) &&
	       expect_printk(g, 0, 1) &&
	       expect_errno(g, "type 6", turn(LOG_CONSOLE_OFF), 0) &&
	       expect_errno(g, "type 7", turn(LOG_CONSOLE_ON), 0) &&
	       expect_printk(g, 0, 5) &&
	       expect_errno(g, "type 7", turn(LOG_CONSOLE_ON), 0) &&
	       expect_printk(g, 0, 5) &&
	       expect_errno(g, "type 6", turn(LOG_CONSOLE_OFF), 0) &&
	       set_level(g, 3, 0) &&
	       expect_errno(g, "type 7", turn(LOG_CONSOLE_ON), 0) &&
	       expect_printk(g, 0, 3);
}

static bool change_level(struct guest *g, const int saved[4])
{
	const int least_one[4] = { saved[0], saved[1], 1, saved[3] };
	const int least_four[4] = { saved[0], saved[1], 4, saved[3] };

	if (!write_printk(g, least_one))
		return false;
	for (int level = 1; level <= 8; level++)
		if (!set_level(g, level, 0) || !expect_printk(g, 0, level))
			return false;
	if (!set_level(g, 0, EINVAL) || !set_level(g, 9, EINVAL) ||
	    !expect_printk(g, 0, 8) || !off_and_on(g))
		return false;
	/* The third value is as low as this call goes. */
	return write_printk(g, least_four) && set_level(g, 1, 0) &&
	       expect_printk(g, 0, 4);
}

static bool check_console_level(struct guest *g)
{
	return with_printk(g, change_level);
}

/* Whether a type that reads finds a text, after what. */
static bool expect_mark(struct guest *g, const char *after, int type,
			const char *mark, bool wanted)
{
	char what[128];

	snprintf(what, sizeof(what), "%s, what type %d finds of '%s'", after,
		 type, mark);
	return expect_number(g, what, log_has(type, mark), wanted);
}

/* To clear the log is to remember where it was: nothing is lost. */
static bool clears(struct guest *g)
{
	static const char first[] = "lkp-guest: before type 4";
	static const char second[] = "lkp-guest: before type 5";
	char *text = NULL;
	int fd, has;

	if (!write_kmsg(g, "<6>lkp-guest: before type 4\n") ||
	    !expect_mark(g, "at first", LOG_READ_ALL, first, true) ||
	    !expect_mark(g, "after type 3", LOG_READ_ALL, first, true) ||
	    !expect_run(g, 0, first, ARGV("sh", "-c", "dmesg | tail -n 1")) ||
	    !expect_mark(g, "after type 3", LOG_READ_CLEAR, first, true) ||
	    !expect_mark(g, "after type 4", LOG_READ_ALL, first, false))
		return false;
	if (!write_kmsg(g, "<6>lkp-guest: before type 5\n") ||
	    !expect_mark(g, "after type 4", LOG_READ_ALL, second, true) ||
	    !expect_errno(g, "type 5", log_call(LOG_CLEAR, NULL, 0), 0) ||
	    !expect_mark(g, "after type 5", LOG_READ_ALL, second, false) ||
	    !expect_run(g, 1, "",
			ARGV("sh", "-c", "dmesg >/run/dmesg || exit 3; "
			     "grep -F 'lkp-guest: before' /run/dmesg")))
		return false;
	fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	text = malloc(1 << 20);
	if (fd >= 0 && text)
		read_records(fd, text, 1 << 20);
	has = fd >= 0 && text && strstr(text, first) && strstr(text, second);
	if (fd >= 0)
		close(fd);
	free(text);
	return expect_number(g, "what /dev/kmsg finds of both after all", has, 1);
}

/* More than the buffer holds, of the least important level. */
static bool flood(struct guest *g)
{
	long size = klogctl(LOG_SIZE_BUFFER, NULL, 0);
	char line[512] = "<7>lkp-guest: ";

	memset(line + strlen(line), '.', 400);
	for (long sent = 0; sent < size + size / 2; sent += 400)
		if (!write_kmsg(g, line))
			return false;
	return true;
}

/* One buffer for all: the least important line drives the emergency out. */
static bool overwrites(struct guest *g)
{
	static const char mark[] = "lkp-guest: an old emergency";
	char record[1024];
	int fd = kmsg_begin();
	ssize_t n;
	int err;

	if (fd < 0)
		return fail(g, "/dev/kmsg: %s", strerror(errno));
	if (!write_kmsg(g, "<0>lkp-guest: an old emergency\n") ||
	    !expect_mark(g, "at first", LOG_READ_ALL, mark, true) || !flood(g)) {
		close(fd);
		return false;
	}
	/* Who stands at what was overwritten is told so, once. */
	n = read(fd, record, sizeof(record));
	err = n < 0 ? errno : 0;
	close(fd);
	return expect_errno(g, "reading what was overwritten", err, EPIPE) &&
	       expect_mark(g, "after the flood", LOG_READ_ALL, mark, false);
}

/* Without a limit to what programs may log, and not on the console. */
static bool flooded(struct guest *g, const int saved[4])
{
	const int silent[4] = { 1, saved[1], saved[2], saved[3] };
	char limit[32];
	bool ok;

	if (!read_file(PRINTK_DEVKMSG, limit, sizeof(limit) - 1))
		return fail(g, PRINTK_DEVKMSG ": %s", strerror(errno));
	/* This one wants the newline. */
	strcat(limit, "\n");
	ok = expect_errno(g, PRINTK_DEVKMSG,
			  write_file(PRINTK_DEVKMSG, "on\n"), 0) &&
	     write_printk(g, silent) && clears(g) && overwrites(g);
	return expect_errno(g, PRINTK_DEVKMSG,
			    write_file(PRINTK_DEVKMSG, limit), 0) && ok;
}

static bool check_buffer(struct guest *g)
{
	return with_printk(g, flooded);
}

static int read_as_other(void *unused)
{
	char buf[4096];

	(void)unused;
	return log_call(LOG_READ_ALL, buf, sizeof(buf));
}

static int open_as_other(void *unused)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	(void)unused;
	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static bool others_get(struct guest *g, const char *restrict_, int err)
{
	return expect_errno(g, DMESG_RESTRICT,
			    write_file(DMESG_RESTRICT, restrict_), 0) &&
	       expect_errno(g, "syslog(2) as nobody",
			    as_user(NOBODY, NOBODY, read_as_other, NULL), err) &&
	       expect_errno(g, "opening /dev/kmsg as nobody",
			    as_user(NOBODY, NOBODY, open_as_other, NULL), err) &&
	       expect_run(g, err ? 1 : 0, err ? strerror(err) : "",
			  ARGV("sh", "-c",
			       "setpriv --reuid 65534 --regid 65534 "
			       "--clear-groups dmesg 2>&1 >/run/dmesg; "
			       "status=$?; [ $status != 0 ] || "
			       "[ -s /run/dmesg ] || exit 2; exit $status"));
}

static bool check_restrict(struct guest *g)
{
	char saved[32];
	bool ok;

	if (!read_file(DMESG_RESTRICT, saved, sizeof(saved)))
		return fail(g, DMESG_RESTRICT ": %s", strerror(errno));
	/* There must be something to read. */
	ok = write_kmsg(g, "<6>lkp-guest: who may read this?\n") &&
	     others_get(g, "1", EPERM) && others_get(g, "0", 0);
	if (!expect_errno(g, DMESG_RESTRICT, write_file(DMESG_RESTRICT, saved),
			  0))
		return false;
	switch (kernel_option("CONFIG_SECURITY_DMESG_RESTRICT")) {
	case 'y':
		return expect_text(g, DMESG_RESTRICT, saved, "1") && ok;
	case 'n':
		return expect_text(g, DMESG_RESTRICT, saved, "0") && ok;
	default:
		return ok;
	}
}

/* Level 0 goes to every terminal; others read a log that is there. */
static const struct item items[] = {
	{ 122, "printk_contexts", "lkp_example", check_contexts, 0 },
	{ 123, "printk_levels", "lkp_example", check_levels, VM_ONLY },
	{ 124, "printk_level_literal", "lkp_example", check_literal, VM_ONLY },
	{ 127, "printk_variables", NULL, check_variables, VM_ONLY },
	{ 128, "printk_default", "lkp_example", check_default, VM_ONLY },
	{ 131, "syslog_sizes", NULL, check_sizes, VM_ONLY },
	{ 132, "syslog_console_level", NULL, check_console_level, VM_ONLY },
	{ 133, "log_buffer", NULL, check_buffer, VM_ONLY },
	{ 134, "dmesg_restrict", NULL, check_restrict, VM_ONLY },
};

const struct item_list items_log = ITEM_LIST(items);
