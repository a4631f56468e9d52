// SPDX-License-Identifier: GPL-2.0-only
/*
 * screen.c - text for a person at a terminal, or for a file
 *
 * A terminal of any kind will do: lines go up, and nothing is written over. What
 * is longer than its window stops at the end of each page.
 */
#include "screen.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "live.h"
#include "output.h"

#define COLUMNS 78
#define TAB 8
/* A window that is smaller shows what it can. */
#define LEAST_COLUMNS 20
#define LEAST_ROWS 5

/**
 * screen_measure() - how large the window is, which may change
 * @s: the screen
 */
void screen_measure(struct screen *s)
{
	struct winsize window;

	s->columns = COLUMNS;
	s->rows = 0;
	if (!s->terminal || ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) ||
	    !window.ws_col || !window.ws_row)
		return;
	s->rows = window.ws_row;
	s->columns = window.ws_col;
}

/**
 * screen_start() - find out what there is
 * @s: the screen
 * @stop: from live_start()
 * @batch: what is printed is for a file, whatever standard output is
 */
void screen_start(struct screen *s, int stop, bool batch)
{
	const char *term = getenv("TERM");

	*s = (struct screen){
		.stop = stop,
		.terminal = !batch && isatty(STDIN_FILENO) &&
			    isatty(STDOUT_FILENO),
	};
	s->bold = s->terminal && term && strcmp(term, "dumb");
	screen_measure(s);
}

/* How many columns a line takes. */
static unsigned int width(const char *line, size_t size)
{
	unsigned int columns = 0;

	for (size_t i = 0; i < size; i++) {
		if (line[i] == '\t')
			columns += TAB - columns % TAB;
		/* Of a character of several bytes, the first one counts. */
		else if ((line[i] & 0xc0) != 0x80)
			columns++;
	}
	return columns;
}

/* Before a line that does not fit below what nobody has read yet. */
static void make_room(struct screen *s, unsigned int columns)
{
	unsigned int rows = columns ? (columns - 1) / s->columns + 1 : 1;
	char line[16];

	if (s->rows >= LEAST_ROWS && s->used &&
	    s->used + rows > s->rows - 1)
		if (screen_ask(s, "-- more: Enter, or q to quit -- ", line,
			       sizeof(line)) == SCREEN_END || *line == 'q')
			s->left = true;
	s->used += rows;
}

static void print_line(struct screen *s, unsigned int indent,
		       const char *line, size_t size, bool bold)
{
	make_room(s, indent + width(line, size));
	if (s->left)
		return;
	printf("%*s", indent, "");
	if (bold && s->bold)
		fputs("\033[1m", stdout);
	/* None of those that do something to a terminal. */
	for (size_t i = 0; i < size; i++)
		putchar(iscntrl((unsigned char)line[i]) && line[i] != '\t' ?
				'?' : line[i]);
	if (bold && s->bold)
		fputs("\033[0m", stdout);
	putchar('\n');
	/* Nobody reads it. */
	if (output_flush())
		s->left = true;
}

/**
 * screen_line() - print a line as it is
 * @s: the screen
 * @indent: so many blanks before it
 * @line: the line, without its newline
 * @size: of @line, in bytes
 */
void screen_line(struct screen *s, unsigned int indent, const char *line,
		 size_t size)
{
	print_line(s, indent, line, size, false);
}

/**
 * screen_heading() - print a line that is to be seen
 * @s: the screen
 * @indent: so many blanks before it
 * @line: the line
 */
void screen_heading(struct screen *s, unsigned int indent, const char *line)
{
	print_line(s, indent, line, strlen(line), true);
}

/**
 * screen_text() - print a paragraph, filled
 * @s: the screen
 * @text: its words, in one line
 */
void screen_text(struct screen *s, const char *text)
{
	unsigned int most = s->columns < COLUMNS ? s->columns : COLUMNS;

	if (most < LEAST_COLUMNS)
		most = LEAST_COLUMNS;
	while (*text) {
		size_t size = 0, word;

		while (text[size] && (word = strcspn(text + size + !!size, " ")) &&
		       (!size || size + 1 + word <= most))
			size += word + !!size;
		print_line(s, 0, text, size, false);
		text += size;
		text += strspn(text, " ");
	}
}

/* The first line of what was typed; the last one may have no newline. */
static bool take_line(struct screen *s, char *line, size_t size)
{
	char *end = memchr(s->typed, '\n', s->size);
	size_t len = end ? (size_t)(end - s->typed) : s->size;

	if (!end && !(s->ended && s->size) && s->size < sizeof(s->typed))
		return false;
	snprintf(line, size, "%.*s", (int)len, s->typed);
	if (end)
		len++;
	s->size -= len;
	memmove(s->typed, s->typed + len, s->size);
	return true;
}

/**
 * screen_ask() - print a question, and wait for a line
 * @s: the screen
 * @prompt: the question
 * @line: the answer
 * @size: of @line, in bytes
 *
 * Return: whether there is one.
 */
enum screen_answer screen_ask(struct screen *s, const char *prompt, char *line,
			      size_t size)
{
	ssize_t n;

	if (s->left || (s->ended && !s->size))
		return SCREEN_END;
	/* Where that is all that one sees. */
	if (s->rows && (s->rows < LEAST_ROWS || s->columns < LEAST_COLUMNS))
		prompt = "too small: make it larger; q: ";
	fputs(prompt, stdout);
	fflush(stdout);
	while (!take_line(s, line, size)) {
		if (s->ended || live_wait(s->stop, STDIN_FILENO, -1) !=
				LIVE_READY)
			n = 0;
		else
			n = read(STDIN_FILENO, s->typed + s->size,
				 sizeof(s->typed) - s->size);
		if (n > 0) {
			s->size += n;
			continue;
		}
		s->ended = true;
		if (s->size)
			continue;
		putchar('\n');
		output_flush();
		return SCREEN_END;
	}
	if (!s->terminal)
		putchar('\n');
	s->used = 0;
	screen_measure(s);
	return SCREEN_LINE;
}
