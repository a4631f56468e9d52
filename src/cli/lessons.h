/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lessons.h - the lessons of lkp-example-guide(7)
 */
#ifndef LKP_LESSONS_H
#define LKP_LESSONS_H

#include <stddef.h>

enum lesson_kind {
	LESSON_TEXT = 'T',	/* a paragraph, in one line */
	LESSON_LINE = 'V',	/* a line as it stands */
	LESSON_ROOT = '#',	/* a command */
	LESSON_USER = '$',	/* one for a user who is not root */
};

struct lesson_part {
	enum lesson_kind kind;
	char *text;
};

/**
 * struct lesson - one of them
 * @number: its number, from 1; 0 for what prepares for all
 * @section: "A. LIFE CYCLE OF A MODULE"
 * @title: its title
 * @parts: what it has
 * @count: how many
 */
struct lesson {
	unsigned int number;
	const char *section;
	const char *title;
	struct lesson_part *parts;
	size_t count;
};

extern const char lessons_text[];	/* the page, for lessons.c */
extern const char lesson_shell[];	/* what its shell begins with */

const struct lesson *lessons(size_t *count);
char **lessons_words(void);

#endif
