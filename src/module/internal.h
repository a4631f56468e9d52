/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the source files of lkp_example.ko know of each other.  What other
 * modules may use is in api.h, and what programs may use in
 * uapi/lkp_example.h.
 */
#ifndef _LKP_EXAMPLE_INTERNAL_H
#define _LKP_EXAMPLE_INTERNAL_H

#include <linux/poll.h>
#include <linux/types.h>

#include "api.h"

struct attribute_group;
struct lkp_message;

/* params.c */

/* The steps of the init function that the parameter "fail" can make fail. */
enum lkp_example_step {
	LKP_EXAMPLE_STEP_NONE,
	LKP_EXAMPLE_STEP_CREATE,
	LKP_EXAMPLE_STEP_UPDATE,
	LKP_EXAMPLE_STEP_DEVICE,
};

void lkp_example_print_parameters(void);
size_t lkp_example_limit(void);
bool lkp_example_fails(enum lkp_example_step step);

/* share.c */
void lkp_example_share(struct lkp_message *msg);
void lkp_example_unshare(void);
int lkp_example_publish(struct lkp_snapshot *snapshot);
bool lkp_example_is_newest(const struct lkp_snapshot *snapshot);
int lkp_example_wait(u64 *generation, bool nonblock);
void lkp_example_poll_wait(struct file *file, poll_table *wait);

/* notify.c */
void lkp_example_notify(struct lkp_snapshot *snapshot);

/* clients.c */
ssize_t lkp_example_clients_show(char *buf);
ssize_t lkp_example_hold_show(char *buf);
int lkp_example_hold(const char *name);
void lkp_example_release(void);

/* pin.c */

/**
 * struct lkp_example_pin - a right to keep the module that can be used once
 * @flags: bit 0 says whether it is used; all zero at first
 */
struct lkp_example_pin {
	unsigned long flags;
};

int lkp_example_pin(struct lkp_example_pin *pin);
int lkp_example_unpin(struct lkp_example_pin *pin);
bool lkp_example_is_pinned(const struct lkp_example_pin *pin);
unsigned int lkp_example_pins(void);

/* device.c */
int lkp_example_device_register(void);
void lkp_example_device_unregister(void);
unsigned int lkp_example_open_files(void);

/* ioctl.c */
long lkp_example_ioctl(struct file *file, struct lkp_example_pin *pin,
		       unsigned int cmd, void __user *arg);

/* sysfs.c */
extern const struct attribute_group *lkp_example_groups[];

/* levels.c */
void lkp_example_print_levels(void);

/* demo.c */
void lkp_example_demo_init(void);
void lkp_example_demo_exit(void);

/* watch.c */
#ifdef CONFIG_MODULES
int lkp_example_watch_init(void);
void lkp_example_watch_exit(void);
#else
static inline int lkp_example_watch_init(void)
{
	return 0;
}

static inline void lkp_example_watch_exit(void)
{
}
#endif

#endif /* _LKP_EXAMPLE_INTERNAL_H */
