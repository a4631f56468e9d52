// SPDX-License-Identifier: GPL-2.0-only
/*
 * lessons.c - the lessons of lkp-example-guide(7), inside of the program
 *
 * src/man/guide.awk makes them of the manual page when the program is compiled,
 * and says how they are written.
 */
#include "lessons.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"

#define WORD "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-/"

__asm__(".section .rodata\n"
	".global lessons_text, lesson_shell\n"
	"lessons_text:\n"
	".incbin \"" LESSONS "\"\n"
	".byte 0\n"
	"lesson_shell:\n"
	".incbin \"" LESSON_SHELL "\"\n"
	".byte 0\n"
	".previous\n");

/*
 * Programs for who looks around in the machine, besides those that the lessons
 * use; which of them the system has is seen then.
 */
static const char for_people[] =
	"bash sh awk basename cat chmod clear cmp cp cut date diff dmesg du echo env "
	"expr file find free getent grep gzip head hexdump hostname id kill less ln ls "
	"lsmod mkdir mknod more mount mv nano od ps pwd readelf reset rm rmdir sed seq "
	"setpriv sleep sort stat strace strings stty sysctl tail tee timeout top touch "
	"tput tr true tty umount uname uniq vi vim.tiny watch wc which xargs xxd xz zstd";

static void *grow(void *array, size_t count, size_t size)
{
	/* By powers of two. */
	if (count & (count - 1))
		return array;
	array = realloc(array, (count ? 2 * count : 1) * size);
	if (!array)
		err(EXIT_TROUBLE, "the lessons");
	return array;
}

static void add_part(struct lesson *lesson, enum lesson_kind kind, char *text)
{
	lesson->parts = grow(lesson->parts, lesson->count,
			     sizeof(*lesson->parts));
	lesson->parts[lesson->count++] = (struct lesson_part){
		.kind = kind, .text = text,
	};
}

/* A command goes on in the next line. */
static void add_line(struct lesson *lesson, const char *line)
{
	struct lesson_part *last = &lesson->parts[lesson->count - 1];
	size_t size = strlen(last->text);

	last->text = realloc(last->text, size + strlen(line) + 2);
	if (!last->text)
		err(EXIT_TROUBLE, "the lessons");
	last->text[size] = '\n';
	strcpy(last->text + size + 1, line);
}

static char *copy(const char *text, size_t size)
{
	char *line = strndup(text, size);

	if (!line)
		err(EXIT_TROUBLE, "the lessons");
	return line;
}

/**
 * lessons() - the lessons, in their order
 * @count: how many there are, with the first one
 *
 * Return: an array; the first one has the commands that prepare for all.
 */
const struct lesson *lessons(size_t *count)
{
	static struct lesson *all;
	static size_t known;
	const char *text = known ? "" : lessons_text, *section = "";

	if (!known) {
		all = grow(NULL, 0, sizeof(*all));
		all[known++] = (struct lesson){ .section = "", .title = "" };
	}
	for (size_t size; *text; text += size) {
		char *line;

		size = strcspn(text, "\n");
		line = copy(text + 1, size - 1);
		size += text[size] == '\n';
		if (*text == 'S') {
			section = line;
		} else if (*text == 'L') {
			all = grow(all, known, sizeof(*all));
			all[known++] = (struct lesson){
				.number = atoi(line), .section = section,
				.title = line + 4,
			};
		} else if (*text == '>') {
			/* Its blanks are the author's, but for the first. */
			add_line(&all[known - 1], line + 1);
			free(line);
		} else if (*text == LESSON_ROOT || *text == LESSON_USER) {
			add_part(&all[known - 1], *text, copy(line + 1, size));
			free(line);
		} else {
			add_part(&all[known - 1], *text, line);
		}
	}
	*count = known;
	return all;
}

/* Each word may be the name of a program. */
static void add_words(char ***words, size_t *count, const char *text)
{
	while (*(text += strcspn(text, WORD))) {
		size_t size = strspn(text, WORD);

		*words = grow(*words, *count, sizeof(**words));
		(*words)[(*count)++] = copy(text, size);
		text += size;
	}
}

/**
 * lessons_words() - what may be names of programs that the lessons need
 *
 * Return: the words, ending in NULL; to be kept.
 */
char **lessons_words(void)
{
	size_t count = 0, known;
	const struct lesson *all = lessons(&known);
	char **words = NULL;

	add_words(&words, &count, for_people);
	add_words(&words, &count, lesson_shell);
	for (size_t i = 0; i < known; i++)
		for (size_t j = 0; j < all[i].count; j++)
			if (all[i].parts[j].kind == LESSON_ROOT ||
			    all[i].parts[j].kind == LESSON_USER)
				add_words(&words, &count,
					  all[i].parts[j].text);
	words = grow(words, count, sizeof(*words));
	words[count] = NULL;
	return words;
}
