/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * author.h - whose project it is
 */
#ifndef LKP_AUTHOR_H
#define LKP_AUTHOR_H

struct author {
	char name[128];
	char address[128];
};

int author_find(struct author *a, const char *given);

#endif
