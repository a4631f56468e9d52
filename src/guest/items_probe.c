// SPDX-License-Identifier: GPL-2.0-only
/*
 * items_probe.c - kernel probes, as lkp_example_probe makes them visible
 *
 * Its own target is called as often as a check likes, and by nobody else, so
 * that most counts are exact on any machine. Those of a function of the kernel
 * are exact in the virtual machine alone, where nothing else runs.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "items.h"
#include "kallsyms.h"
#include "tools.h"

#define MODULE "lkp_example_probe"
#define KPROBES "/sys/kernel/debug/kprobes/"
#define FILES "/sys/kernel/debug/lkp_example_probe/"
#define STATS FILES "stats"
#define LOOKUP FILES "lookup"
#define TARGET FILES "target"
#define OVERRIDE FILES "override"
#define PARAMETERS "/sys/module/lkp_example_probe/parameters/"
#define SYMBOL_FILE PARAMETERS "symbol"
#define OWN "lkp_example_probe_target"
#define KPTR_RESTRICT "/proc/sys/kernel/kptr_restrict"

/* A write that is to give this errno, or 0. */
static bool put(struct guest *g, const char *path, const char *text, int wanted)
{
	char what[256];

	snprintf(what, sizeof(what), "writing '%s' to %s", text, path);
	return expect_errno(g, what, write_file(path, text), wanted);
}

/* The first word behind "key:" in stats; "" when there is none. */
static void stats_word(const char *key, char *word, size_t size)
{
	size_t len = strlen(key);
	char text[8192];

	word[0] = '\0';
	if (!read_file(STATS, text, sizeof(text)))
		return;
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		if (strncmp(line, key, len) || line[len] != ':')
			continue;
		line += len + 1;
		line += strspn(line, " ");
		line[strcspn(line, " ")] = '\0';
		snprintf(word, size, "%s", line);
		return;
	}
}

static bool expect_stat(struct guest *g, const char *key, const char *wanted)
{
	char word[128], what[64];

	stats_word(key, word, sizeof(word));
	snprintf(what, sizeof(what), "%s in stats", key);
	return expect_text(g, what, word, wanted);
}

static bool expect_counts(struct guest *g, const char *hits,
			  const char *post_hits, const char *returns)
{
	return expect_stat(g, "hits", hits) &&
	       expect_stat(g, "post_hits", post_hits) &&
	       expect_stat(g, "returns", returns);
}

/* The rows of the histogram: all returns, and those of at least @least_ns. */
struct histogram {
	unsigned long long least_ns;
	unsigned long long sum, slow, total;
};

static bool read_histogram(struct guest *g, struct histogram *h)
{
	char text[8192];
	bool rows = false;

	h->sum = 0;
	h->slow = 0;
	h->total = 0;
	if (!read_file(STATS, text, sizeof(text)))
		return fail(g, STATS ": %s", strerror(errno));
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		unsigned long long from, below, count;

		if (strstr(line, "from ns")) {
			rows = true;
		} else if (sscanf(line, " total %llu", &count) == 1) {
			h->total = count;
		} else if (rows && sscanf(line, "%llu %llu %llu |", &from, &below,
					&count) == 3) {
			h->sum += count;
			h->slow += from >= h->least_ns ? count : 0;
		}
	}
	return true;
}

static bool expect_histogram(struct guest *g, unsigned int returns)
{
	struct histogram h = { 0 };

	return read_histogram(g, &h) &&
	       expect_number(g, "the sum of the histogram", h.sum, returns) &&
	       expect_number(g, "the total of the histogram", h.total, returns);
}

/* How many lines of the log, since the check began, begin like this. */
static bool expect_lines(struct guest *g, const char *start,
			 unsigned int wanted)
{
	const char *text = log_text(g);
	unsigned int count = 0;
	char what[192];

	for (const char *at = text; (at = strstr(at, start)); at++)
		count += at == text || at[-1] == '\n';
	snprintf(what, sizeof(what), "the number of lines '%s...'", start);
	return expect_number(g, what, count, wanted);
}

/* Not nanosleep(): that may be what is probed. */
static void pause_ms(int ms)
{
	poll(NULL, 0, ms);
}

/* A process that sleeps in hrtimer_nanosleep(), and then ends with 0. */
static pid_t start_sleeper(unsigned int ms)
{
	const struct timespec time = { ms / 1000, ms % 1000 * 1000000L };
	pid_t pid = fork();

	if (!pid)
		_exit(nanosleep(&time, NULL) ? 1 : 0);
	return pid;
}

static bool expect_end(struct guest *g, pid_t pid)
{
	int status;

	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return fail(g, "no process to wait for: %s", strerror(errno));
	return expect_number(g, "how the process ended", status, 0);
}

/* Entries of a type, 'k' or 'r', for a function in the kernel's own list. */
static int listed(const char *function, char type)
{
	FILE *f = fopen(KPROBES "list", "re");
	size_t len = strlen(function);
	char line[512], found, name[256];
	int count = 0;

	if (!f)
		return -1;
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "%*x %c %255s", &found, name) == 2 &&
		    found == type && !strncmp(name, function, len) &&
		    (name[len] == '+' || !name[len]))
			count++;
	fclose(f);
	return count;
}

static bool expect_listed(struct guest *g, const char *function, int wanted)
{
	return expect_number(g, "the number of kprobes in the kernel's list",
			     listed(function, 'k'), wanted) &&
	       expect_number(g, "the number of kretprobes in the kernel's list",
			     listed(function, 'r'), wanted);
}

/* Whoever reads a file of ours has it, and so has the module. */
static bool open_file_holds(struct guest *g)
{
	int fd = open(STATS, O_RDONLY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return fail(g, STATS ": %s", strerror(errno));
	ok = expect_errno(g, "unloading while stats is open",
			  unload(MODULE, 0), EAGAIN);
	close(fd);
	return ok;
}

/* A call that began with the probe returns when it is long gone. */
static bool sleeper_comes_back(struct guest *g)
{
	pid_t sleeper;
	bool ok;

	if (!put(g, SYMBOL_FILE, "hrtimer_nanosleep", 0))
		return false;
	sleeper = start_sleeper(1500);
	pause_ms(300);
	ok = expect_errno(g, "unloading while a process sleeps in the probed function",
			  unload(MODULE, 0), 0) &&
	     expect_listed(g, "hrtimer_nanosleep", 0);
	return expect_end(g, sleeper) && ok;
}

/*
 * On riscv ftrace has the first instructions of functions, and without
 * CONFIG_KPROBES_ON_FTRACE it lets no probe have them.
 */
static bool entries_are_taken(void)
{
	return on_machine("riscv") &&
	       kernel_option("CONFIG_DYNAMIC_FTRACE") == 'y' &&
	       kernel_option("CONFIG_KPROBES_ON_FTRACE") != 'y';
}

static bool expect_taken(struct guest *g)
{
	return put(g, SYMBOL_FILE, OWN, EINVAL) &&
	       expect_file(g, SYMBOL_FILE, "none") &&
	       skip(g, "CONFIG_KPROBES_ON_FTRACE is not set, and ftrace has the entries of functions");
}

static bool check_registered(struct guest *g)
{
	if (entries_are_taken())
		return expect_taken(g);
	return expect_file(g, SYMBOL_FILE, "none") &&
	       expect_log(g, MODULE ": ready, probing: none") &&
	       expect_listed(g, OWN, 0) &&
	       put(g, SYMBOL_FILE, OWN, 0) &&
	       expect_listed(g, OWN, 1) &&
	       put(g, SYMBOL_FILE, "none", 0) &&
	       expect_listed(g, OWN, 0) &&
	       open_file_holds(g) &&
	       sleeper_comes_back(g);
}

/* ENDBR is four bytes, and stays in place. */
static unsigned int probe_offset(void)
{
	return kernel_option("CONFIG_X86_KERNEL_IBT") == 'y' ? 4 : 0;
}

/*
 * On powerpc that is behind what sets the table of contents up and saves the
 * return address, which not every function begins with.
 */
static bool is_probe_offset(unsigned int offset)
{
	return on_machine("ppc") ? offset <= 16 && offset % 4 == 0 :
				   offset == probe_offset();
}

static bool look_up(struct guest *g, const char *name, const char *module)
{
	struct symbol symbol = SYMBOL(name, module);
	unsigned int offset = probe_offset();
	char text[512], wanted[512];
	int err = kallsyms_find(&symbol, 1);

	if (!expect_errno(g, "/proc/kallsyms", err, 0) ||
	    !expect_number(g, name, symbol.count, 1) ||
	    !put(g, LOOKUP, name, 0))
		return false;
	if (!read_file(LOOKUP, text, sizeof(text)))
		return fail(g, LOOKUP ": %s", strerror(errno));
	ktap_diag(&g->ktap, "lookup: %s; kallsyms: %016lx %c", text,
		  symbol.address, symbol.type);
	if (sscanf(text, "%*s %*s +%u", &offset) == 1 &&
	    !is_probe_offset(offset))
		return fail(g, "%s is probed at +%u", name, offset);
	snprintf(wanted, sizeof(wanted), "%0*lx %s +%u",
		 (int)(2 * sizeof(symbol.address)), symbol.address, name,
		 offset);
	return expect_text(g, "lookup", text, wanted) &&
	       expect_listed(g, name, 0);
}

/* Give CAP_SYSLOG up; 0, or an errno. */
static int drop_cap_syslog(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data))
		return errno;
	data[CAP_TO_INDEX(CAP_SYSLOG)].effective &= ~CAP_TO_MASK(CAP_SYSLOG);
	data[CAP_TO_INDEX(CAP_SYSLOG)].permitted &= ~CAP_TO_MASK(CAP_SYSLOG);
	return syscall(SYS_capset, &header, data) ? errno : 0;
}

/* 0 when "lookup" gives no address away; ENODATA when it says nothing. */
static int lookup_is_zero(void)
{
	char zeros[64], text[512];

	snprintf(zeros, sizeof(zeros), "%0*d vfs_read ",
		 (int)(2 * sizeof(long)), 0);

	if (!read_file(LOOKUP, text, sizeof(text)))
		return errno;
	if (!text[0])
		return ENODATA;
	return strncmp(text, zeros, strlen(zeros)) ? ENOTEMPTY : 0;
}

/* Root without the capability sees neither addresses nor values. */
static int look_without_cap(void *unused)
{
	char word[64];
	int err = drop_cap_syslog();

	(void)unused;
	if (!err)
		err = lookup_is_zero();
	if (err)
		return err;
	stats_word("last_return", word, sizeof(word));
	return strcmp(word, "-") ? ENOTEMPTY : 0;
}

static int look_as_other(void *path)
{
	char text[512];

	return read_file(path, text, sizeof(text)) ? 0 : errno;
}

static bool only_for_root(struct guest *g)
{
	static char *const paths[] = { SYMBOL_FILE, STATS, LOOKUP, TARGET,
				       OVERRIDE };

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (!expect_mode(g, paths[i], S_IFREG | 0600) ||
		    !expect_errno(g, paths[i],
				  as_user(NOBODY, NOBODY, look_as_other,
					  paths[i]), EACCES))
			return false;
	return true;
}

static bool expect_hidden(struct guest *g, const char *from, int err)
{
	if (err == ENOTEMPTY)
		return fail(g, "an address, or a value, is shown %s", from);
	return expect_errno(g, "what is shown", err, 0);
}

/* There is something to hide: an address, and a value that was returned. */
static bool hidden(struct guest *g)
{
	char saved[32];
	bool ok;

	if (!put(g, SYMBOL_FILE, OWN, 0) || !put(g, TARGET, "21", 0) ||
	    !expect_stat(g, "last_return", "42") ||
	    !put(g, LOOKUP, "vfs_read", 0) ||
	    !expect_hidden(g, "without CAP_SYSLOG",
			   as_user(0, 0, look_without_cap, NULL)))
		return false;
	if (!read_file(KPTR_RESTRICT, saved, sizeof(saved)))
		return fail(g, KPTR_RESTRICT ": %s", strerror(errno));
	ok = put(g, KPTR_RESTRICT, "2", 0) &&
	     expect_hidden(g, "with kptr_restrict=2", lookup_is_zero());
	return put(g, KPTR_RESTRICT, saved, 0) && ok;
}

#define FORBIDDEN_SIZE 128
/* On x86 the kernel has many more of its own: a shorter list has lost some. */
#define BLACKLIST_LEAST_X86 100

/* Functions of a name in the list of what must not be probed; and its size. */
static int blacklisted(const char *function, unsigned int *lines)
{
	FILE *f = fopen(KPROBES "blacklist", "re");
	char line[512], name[FORBIDDEN_SIZE];
	int count = 0;

	*lines = 0;
	if (!f)
		return -1;
	while (fgets(line, sizeof(line), f)) {
		*lines += 1;
		if (sscanf(line, "0x%*x-0x%*x %127s", name) == 1)
			count += !strcmp(name, function);
	}
	fclose(f);
	return count;
}

/* The only function of its name, and one that is there by that name. */
static bool is_one(const char *name)
{
	struct symbol symbol = SYMBOL(name, "");
	unsigned int lines;

	return blacklisted(name, &lines) == 1 && !kallsyms_find(&symbol, 1) &&
	       symbol.count == 1 && (symbol.type | 0x20) == 't';
}

/* A function that must not be probed: on x86 do_int3, which a probe runs by. */
static bool find_forbidden(struct guest *g, char name[FORBIDDEN_SIZE])
{
	FILE *f = fopen(KPROBES "blacklist", "re");
	bool found = is_one(strcpy(name, "do_int3"));
	char line[512];

	if (!f)
		return fail(g, KPROBES "blacklist: %s", strerror(errno));
	while (!on_x86() && !found && fgets(line, sizeof(line), f))
		found = sscanf(line, "0x%*x-0x%*x %127s", name) == 1 &&
			is_one(name);
	fclose(f);
	return found || fail(g, "the blacklist has no function of one name");
}

/* Neither is exported; on machines but x86 the first may be no function. */
static const char *hidden_function(void)
{
	struct symbol first = SYMBOL("flush_tlb_all", "");

	return on_x86() || (!kallsyms_find(&first, 1) && first.count == 1) ?
	       "flush_tlb_all" : "schedule_tail";
}

static bool check_lookup(struct guest *g)
{
	char forbidden[FORBIDDEN_SIZE];

	if (entries_are_taken())
		return expect_taken(g);
	return find_forbidden(g, forbidden) &&
	       look_up(g, hidden_function(), "") &&
	       look_up(g, "vfs_read", "") &&
	       look_up(g, "hrtimer_nanosleep", "") &&
	       look_up(g, OWN, MODULE) &&
	       put(g, LOOKUP, forbidden, EINVAL) &&
	       expect_file(g, LOOKUP, "") &&
	       put(g, LOOKUP, "no_such_function", ENOENT) &&
	       expect_file(g, LOOKUP, "") &&
	       only_for_root(g) && hidden(g);
}

/* Call the target all the time, until somebody kills us. */
static pid_t start_load(void)
{
	pid_t pid = fork();

	if (!pid)
		for (;;)
			write_file(TARGET, "3 2000");
	return pid;
}

/* Counts are those of the probe that is there now, and of no other. */
static bool moves_under_load(struct guest *g)
{
	pid_t load = start_load();
	bool ok = true;

	if (load < 0)
		return fail(g, "fork: %s", strerror(errno));
	for (int i = 0; ok && i < 5; i++)
		ok = put(g, SYMBOL_FILE, OWN, 0) &&
		     put(g, SYMBOL_FILE, "vfs_read", 0);
	send_signal(load, SIGKILL);
	waitpid(load, NULL, 0);
	return ok && put(g, SYMBOL_FILE, OWN, 0) &&
	       put(g, TARGET, "1 1000", 0) &&
	       expect_counts(g, "1000", "1000", "1000");
}

static bool check_fields(struct guest *g)
{
	char offset[16];

	if (entries_are_taken())
		return expect_taken(g);
	if (!put(g, PARAMETERS "maxactive", "7", 0) ||
	    !put(g, SYMBOL_FILE, OWN, 0) || !put(g, TARGET, "5 99", 0))
		return false;
	stats_word("offset", offset, sizeof(offset));
	if (!isdigit((unsigned char)*offset) ||
	    !is_probe_offset(strtoul(offset, NULL, 10)))
		return fail(g, OWN " is probed at +%s", offset);
	return expect_stat(g, "symbol", OWN) &&
	       expect_stat(g, "maxactive", "7") &&
	       expect_stat(g, "missed_hits", "0") &&
	       expect_stat(g, "missed_returns", "0") &&
	       expect_counts(g, "99", "99", "99") &&
	       put(g, SYMBOL_FILE, "no_such_function", ENOENT) &&
	       expect_stat(g, "symbol", OWN) &&
	       expect_counts(g, "99", "99", "99") &&
	       put(g, STATS, "0", 0) &&
	       expect_counts(g, "0", "0", "0") &&
	       expect_stat(g, "last_return", "-") &&
	       expect_histogram(g, 0) &&
	       moves_under_load(g);
}

/* A handler before the first instruction, and one behind it. */
static bool check_handlers(struct guest *g)
{
	if (entries_are_taken())
		return expect_taken(g);
	return put(g, SYMBOL_FILE, OWN, 0) &&
	       expect_counts(g, "0", "0", "0") &&
	       put(g, TARGET, "21", 0) &&
	       expect_counts(g, "1", "1", "1") &&
	       put(g, TARGET, "5 99", 0) &&
	       expect_counts(g, "100", "100", "100") &&
	       put(g, TARGET, "1 0", ERANGE) &&
	       expect_counts(g, "100", "100", "100") &&
	       put(g, SYMBOL_FILE, "none", 0) &&
	       put(g, TARGET, "21", 0) &&
	       put(g, PARAMETERS "post", "0", 0) &&
	       put(g, SYMBOL_FILE, OWN, 0) &&
	       put(g, TARGET, "21 3", 0) &&
	       expect_counts(g, "3", "off", "3");
}

/* What the caller of the target got. */
static bool expect_result(struct guest *g, const char *wanted)
{
	char text[256];

	if (!read_file(TARGET, text, sizeof(text)))
		return fail(g, TARGET ": %s", strerror(errno));
	if (strncmp(text, wanted, strlen(wanted)))
		return fail(g, "the target says '%s', not '%s...'", text,
			    wanted);
	return true;
}

/* The handler sees what the function returned; its caller does not. */
static bool check_override(struct guest *g)
{
	if (entries_are_taken())
		return expect_taken(g);
	return put(g, TARGET, "21", 0) &&
	       expect_result(g, OWN "(21) = 42 (1 calls, ") &&
	       expect_file(g, OVERRIDE, "none") &&
	       put(g, OVERRIDE, "7", 0) &&
	       expect_file(g, OVERRIDE, "7") &&
	       put(g, TARGET, "21", 0) &&
	       expect_result(g, OWN "(21) = 42 ") &&
	       put(g, SYMBOL_FILE, OWN, 0) &&
	       put(g, TARGET, "21", 0) &&
	       expect_result(g, OWN "(21) = 7 ") &&
	       expect_stat(g, "last_return", "42") &&
	       put(g, OVERRIDE, "none", 0) &&
	       put(g, TARGET, "21", 0) &&
	       expect_result(g, OWN "(21) = 42 ");
}

/* A call that sleeps is known by how long it took. */
static bool duration_of_sleep(struct guest *g)
{
	struct histogram h = { .least_ns = 1 << 26 };	/* 67 ms */

	return put(g, SYMBOL_FILE, "hrtimer_nanosleep", 0) &&
	       expect_end(g, start_sleeper(100)) &&
	       expect_counts(g, "1", "1", "1") &&
	       expect_stat(g, "last_return", "0") &&
	       read_histogram(g, &h) &&
	       expect_number(g, "the number of calls of 67 ms and more", h.slow,
			     1);
}

/* One instance follows one call: of three at once, two are missed. */
static bool sleepers_missed(struct guest *g)
{
	pid_t sleepers[3];
	bool ok = true;

	if (!put(g, PARAMETERS "maxactive", "1", 0) ||
	    !put(g, SYMBOL_FILE, "hrtimer_nanosleep", 0))
		return false;
	for (int i = 0; i < 3; i++)
		sleepers[i] = start_sleeper(1000);
	for (int i = 0; i < 3; i++)
		ok = expect_end(g, sleepers[i]) && ok;
	return ok && expect_counts(g, "3", "3", "1") &&
	       expect_stat(g, "missed_returns", "2");
}

static bool check_kretprobe(struct guest *g)
{
	if (entries_are_taken())
		return expect_taken(g);
	if (!put(g, SYMBOL_FILE, OWN, 0) || !put(g, TARGET, "21", 0) ||
	    !expect_stat(g, "last_return", "42") ||
	    !put(g, TARGET, "-7 99", 0) ||
	    !expect_stat(g, "last_return", "-14") ||
	    !expect_stat(g, "returns", "100") || !expect_histogram(g, 100))
		return false;
	/* Others may sleep as well. */
	if (g->host)
		return true;
	return duration_of_sleep(g) && sleepers_missed(g);
}

static bool expect_blacklisted(struct guest *g, const char *function,
			       int wanted)
{
	unsigned int lines;
	int count = blacklisted(function, &lines);
	char what[128];

	snprintf(what, sizeof(what), "the number of entries of %s in the blacklist",
		 function);
	return expect_number(g, what, count, wanted);
}

/* To probe it, to look it up, to load for it: refused, with a line for each. */
static bool check_blacklist(struct guest *g)
{
	/* A variable is known to the kernel with all symbols only. */
	int no_function = kernel_option("CONFIG_KALLSYMS_ALL") == 'y' ?
			  EINVAL : ENOENT;
	char name[FORBIDDEN_SIZE], wanted[512];
	unsigned int lines;
	int count;

	if (entries_are_taken())
		return expect_taken(g);
	if (!find_forbidden(g, name))
		return false;
	count = blacklisted(name, &lines);
	ktap_diag(&g->ktap, "blacklist: %u entries, %s among them", lines,
		  name);
	snprintf(wanted, sizeof(wanted),
		 MODULE ": %s: blacklisted, or no code to probe: error -22",
		 name);
	if (on_x86() && lines < BLACKLIST_LEAST_X86)
		return fail(g, "the blacklist has %u entries", lines);
	if (!expect_number(g, "the number of its entries", count, 1) ||
	    !put(g, SYMBOL_FILE, OWN, 0) ||
	    !put(g, SYMBOL_FILE, name, EINVAL) || !expect_log(g, wanted))
		return false;
	snprintf(wanted, sizeof(wanted), MODULE ": %s", name);
	if (!expect_lines(g, wanted, 1) ||
	    !expect_file(g, SYMBOL_FILE, OWN) ||
	    !put(g, LOOKUP, name, EINVAL) || !expect_lines(g, wanted, 2))
		return false;
	snprintf(wanted, sizeof(wanted), "symbol=%s", name);
	return put(g, SYMBOL_FILE, "jiffies", no_function) &&
	       expect_lines(g, MODULE ": jiffies", 1) &&
	       put(g, PARAMETERS "maxactive", "5000", 0) &&
	       put(g, SYMBOL_FILE, "vfs_read", EINVAL) &&
	       expect_log(g, MODULE ": maxactive=5000: the limit is 4096: error -22") &&
	       expect_lines(g, MODULE ": maxactive=5000", 1) &&
	       expect_file(g, SYMBOL_FILE, OWN) &&
	       expect_errno(g, "unloading", unload(MODULE, 0), 0) &&
	       expect_run(g, 1, "Invalid argument",
			  ARGV("modprobe", MODULE, wanted)) &&
	       expect_no_file(g, "/sys/module/" MODULE);
}

/* Inlined wherever it is used, a function is not there to be probed. */
static bool check_no_function(struct guest *g)
{
	struct symbol inlined = SYMBOL("get_current", "");
	int err = kallsyms_find(&inlined, 1);

	return expect_errno(g, "/proc/kallsyms", err, 0) &&
	       expect_number(g, "the number of get_current", inlined.count, 0) &&
	       put(g, SYMBOL_FILE, "get_current", ENOENT) &&
	       expect_log(g, MODULE ": get_current: no such function, or "
			  "inlined wherever it is used: error -2") &&
	       put(g, SYMBOL_FILE, "no_such_function", ENOENT) &&
	       expect_lines(g, MODULE ": no_such_function", 1) &&
	       put(g, LOOKUP, "no_such_function", ENOENT) &&
	       expect_lines(g, MODULE ": no_such_function", 2) &&
	       expect_file(g, SYMBOL_FILE, "none");
}

/* A probe in the handler of a probe would be hit again and again. */
static bool check_nokprobe(struct guest *g)
{
	static const char *const handlers[] = {
		"lkp_probe_pre", "lkp_probe_post", "lkp_probe_entry",
		"lkp_probe_return", "lkp_probe_return_target",
	};

	if (entries_are_taken())
		return expect_taken(g);
	for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++)
		if (!expect_blacklisted(g, handlers[i], 1) ||
		    !put(g, SYMBOL_FILE, handlers[i], EINVAL))
			return false;
	if (!put(g, SYMBOL_FILE, "lkp_probe_create", 0) ||
	    !expect_blacklisted(g, "lkp_probe_create", 0) ||
	    !expect_errno(g, "unloading", unload(MODULE, 0), 0))
		return false;
	return expect_blacklisted(g, handlers[0], 0);
}

static const struct item items[] = {
	{ 111, "kprobe_registered", MODULE, check_registered, 0 },
	{ 112, "kprobe_lookup", MODULE, check_lookup, 0 },
	{ 113, "kprobe_fields", MODULE, check_fields, 0 },
	{ 114, "kprobe_handlers", MODULE, check_handlers, 0 },
	{ 116, "kprobe_override", MODULE, check_override, 0 },
	{ 117, "kretprobe", MODULE, check_kretprobe, 0 },
	{ 118, "kprobe_blacklist", MODULE, check_blacklist, 0 },
	{ 119, "kprobe_no_function", MODULE, check_no_function, 0 },
	{ 120, "nokprobe", MODULE, check_nokprobe, 0 },
};

const struct item_list items_probe = ITEM_LIST(items);
