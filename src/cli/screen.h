/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * screen.h - text for a person at a terminal, or for a file
 */
#ifndef LKP_SCREEN_H
#define LKP_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

enum screen_answer {
	SCREEN_LINE,	/* a line was typed */
	SCREEN_END,	/* there will be no more, or we are to end */
};

struct screen {
	int stop;	/* from live_start() */
	bool terminal;	/* both sides: there is somebody, who reads by pages */
	bool bold;
	unsigned int rows, columns;
	unsigned int used;	/* rows since somebody has said to go on */
	bool ended;	/* nothing more is typed */
	bool left;	/* somebody wants to see no more */
	char typed[4096];	/* and not taken yet */
	size_t size;
};

void screen_start(struct screen *s, int stop, bool batch);
void screen_measure(struct screen *s);
void screen_line(struct screen *s, unsigned int indent, const char *line,
		 size_t size);
void screen_heading(struct screen *s, unsigned int indent, const char *line);
void screen_text(struct screen *s, const char *text);
enum screen_answer screen_ask(struct screen *s, const char *prompt, char *line,
			      size_t size);

#endif
