/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tools.h - what checks are written with: do something, expect something
 *
 * Each expect_...() returns whether it holds; if it does not, the report says
 * what is wrong, with which value. So a check reads
 *
 *	return expect_errno(g, "open", open_device(O_RDWR), EACCES) &&
 *	       expect_file(g, "/sys/module/x/refcnt", "0");
 */
#ifndef LKP_GUEST_TOOLS_H
#define LKP_GUEST_TOOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "checks.h"
#include "command.h"

#define DEVICE "/dev/lkp_example"
#define NOBODY 65534

/* The check fails (returns false), or is skipped (returns true). */
bool fail(struct guest *g, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool skip(struct guest *g, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Files. */
bool on_machine(const char *name);
bool on_x86(void);
bool read_file(const char *path, char *buf, size_t size);
int write_file(const char *path, const char *text);
int write_device(const char *text, size_t size);
bool expect_file(struct guest *g, const char *path, const char *wanted);
bool expect_mode(struct guest *g, const char *path, mode_t wanted);
bool expect_no_file(struct guest *g, const char *path);
bool expect_write(struct guest *g, const char *text, size_t size, int wanted);

/* Values. */
bool expect_errno(struct guest *g, const char *what, int got, int wanted);
bool expect_number(struct guest *g, const char *what, long long got,
		   long long wanted);
bool expect_read_to_edge(struct guest *g, int fd, char *start,
			 const char *all);
bool expect_text(struct guest *g, const char *what, const char *got,
		 const char *wanted);
bool expect_contains(struct guest *g, const char *what, const char *text,
		     const char *wanted);

/* The kernel's log since the check began. */
const char *log_text(struct guest *g);
bool expect_log(struct guest *g, const char *line);
bool expect_no_log(struct guest *g, const char *part);
bool expect_messages(struct guest *g, const char *const lines[]);

/* Programs of the system, by their names. */
bool run(struct guest *g, struct command *cmd, char *const argv[]);
bool expect_run(struct guest *g, int status, const char *output,
		char *const argv[]);
#define ARGV(...) ((char *[]){ __VA_ARGS__, NULL })

/* Modules, without modprobe: an errno, or 0. */
int load_file(const char *path, const char *parameters);
int unload(const char *module, unsigned int flags);
bool is_loaded(const char *module);
bool find_module_file(struct guest *g, const char *module, char *path,
		      size_t size);

/* kill(2), but of nobody if the fork() that pid is from has failed. */
int send_signal(pid_t pid, int sig);

/* Call fn in a process of another user, and return what it returns, 0-254. */
int as_user(uid_t uid, gid_t gid, int (*fn)(void *arg), void *arg);

/* An option of the kernel that runs: 'y', 'm', 'n', or 0 if nobody knows. */
char kernel_option(const char *name);
unsigned long read_taint(void);
long memory_kb(const char *name);
long quarantine_kb(void);

#endif
