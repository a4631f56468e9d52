// SPDX-License-Identifier: GPL-2.0-only
/*
 * tour.c - lkp-example tour: the guide, alive
 *
 * Goes through the lessons of lkp-example-guide(7): shows each, and runs its
 * commands in a throw-away virtual machine, so that what they print is what comes
 * out then and there. The machine has the kernel and the modules of this system, and
 * those of its programs that the lessons use.
 */
#include <argp.h>
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/utsname.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "guest.h"
#include "kernel.h"
#include "lessons.h"
#include "live.h"
#include "machine_options.h"
#include "number.h"
#include "output.h"
#include "root.h"
#include "screen.h"
#include "session.h"

#define INDENT 4
/* For one command, in a transcript; a person interrupts it. */
#define LIMIT_S 60
#define ALL_PROMPT "[Enter] next, b back, r run again, s shell, l list, NUMBER, q quit: "
#define SHOWN_LINE 256

struct options {
	struct machine_options machine;
	const char *lesson;
	bool batch;
	bool list;
};

struct tour {
	const struct options *options;
	const struct lesson *lessons;
	size_t count;
	struct kernel_image image;
	struct session session;
	struct screen screen;
	struct buffer line;	/* of what a command prints, not whole yet */
	int stop;
	char release[128];	/* as the machine says */
	bool incomplete;	/* a command has not come to its end */
	bool over;	/* a signal wants us to end */
	bool gone;	/* the machine has ended */
};

enum {
	OPT_BATCH = 0x100,
	OPT_LIST,
};

static const struct argp_option argp_options[] = {
	{ "batch", OPT_BATCH, NULL, 0,
	  "Ask nothing, and print all lessons, or LESSON, with what their commands "
	  "print", 0 },
	{ "list", OPT_LIST, NULL, 0, "List the lessons", 0 },
	{ 0 }
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->machine;
		break;
	case OPT_BATCH:
		o->batch = true;
		break;
	case OPT_LIST:
		o->list = true;
		break;
	case ARGP_KEY_ARG:
		if (o->lesson)
			argp_error(state, "one LESSON at a time, and '%s' is a second one",
				   arg);
		o->lesson = arg;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	argp_options, parse_option, "[LESSON]",
	"Go through the lessons of lkp-example-guide(7) in a throw-away virtual "
	"machine: what there is to know, the commands, and what they print now. "
	"LESSON, where to begin, is a number, the letter of a section, or words "
	"of a title. The machine has the kernel that runs, if it is not told "
	"otherwise. Nothing of this system is changed, and root is not needed.\v"
	"Exit status: 0 done; 1 with --batch, a command did not end in time, or a "
	"lesson has stopped its machine twice; 2 usage or an error.",
	machine_options, NULL, NULL
};

static void list_lessons(const struct lesson *all, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		if (all[i].section != all[i - 1].section)
			puts(all[i].section);
		printf("  %03u %s\n", all[i].number, all[i].title);
	}
}

/* One title has these words: its number. Otherwise, 0 after a message. */
static size_t find_title(const struct lesson *all, size_t count,
			 const char *words)
{
	/* A number that is none of a lesson is no word. */
	bool is_word = words[strspn(words, "0123456789")];
	size_t found = 0, hits = 0;
	char shown[SHOWN_LINE];

	escape(shown, sizeof(shown), words);
	for (size_t i = 1; is_word && i < count; i++) {
		if (!strcasestr(all[i].title, words))
			continue;
		if (hits == 1)
			warnx("'%s' is in the titles of several lessons; take one by its number:",
			      shown);
		if (hits == 1)
			fprintf(stderr, "  %03u %s\n", all[found].number,
				all[found].title);
		found = i;
		if (hits++)
			fprintf(stderr, "  %03u %s\n", all[i].number,
				all[i].title);
	}
	if (!hits)
		warnx("there is no lesson '%s': take a number from 1 to %zu, the letter of a section, or words of a title ('lkp-example tour --list')",
		      shown, count - 1);
	return hits == 1 ? found : 0;
}

/* The lessons that @name means, from the first to the last; 0 if none. */
static size_t find_lesson(const struct lesson *all, size_t count,
			  const char *name, size_t *last)
{
	unsigned long number;

	if (number_parse(&number, name, 1, count - 1)) {
		*last = number;
		return number;
	}
	for (size_t i = 1; strlen(name) == 1 && i < count; i++) {
		if (toupper((unsigned char)*name) != *all[i].section)
			continue;
		*last = i;
		while (*last + 1 < count &&
		       all[*last + 1].section == all[i].section)
			++*last;
		return i;
	}
	*last = find_title(all, count, name);
	return *last;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* What has come, while nothing else is waited for. */
enum event {
	EVENT_FRAME,
	EVENT_GONE,	/* the machine */
	EVENT_INTERRUPT,
	EVENT_END,	/* we are to end */
	EVENT_TIMEOUT,
};

/* ^C is for a command, if there is somebody who can type something else. */
static enum event read_signal(struct tour *t)
{
	struct signalfd_siginfo info;

	if (read(t->stop, &info, sizeof(info)) == sizeof(info) &&
	    info.ssi_signo == SIGINT && !t->options->batch &&
	    t->session.greeted)
		return EVENT_INTERRUPT;
	t->over = true;
	return EVENT_END;
}

/* @limit: as now() has it; 0: none */
static enum event wait_for_frame(struct tour *t, struct frame *f, double limit)
{
	while (!session_next(&t->session, f)) {
		struct pollfd fds[] = {
			{ .fd = t->stop, .events = POLLIN },
			{ .fd = t->session.fd, .events = POLLIN },
		};
		double left = limit ? limit - now() : 0;

		if (limit && left <= 0)
			return EVENT_TIMEOUT;
		if (poll(fds, 2, limit ? (int)(left * 1000) + 1 : -1) < 0 &&
		    errno != EINTR)
			return EVENT_END;
		if (fds[0].revents)
			return read_signal(t);
		if (fds[1].revents && !session_read(&t->session)) {
			t->gone = true;
			return EVENT_GONE;
		}
	}
	return EVENT_FRAME;
}

/* As an interactive shell says it, without the number of a line. */
static void print_output_line(struct tour *t, const char *line, size_t size)
{
	static const char *const numbered[] = { "bash: line ",
						"bash: eval: line " };
	char text[SHOWN_LINE * 16];

	while (size && isspace((unsigned char)line[size - 1]))
		size--;
	for (size_t i = 0; i < sizeof(numbered) / sizeof(numbered[0]); i++) {
		size_t skip = strlen(numbered[i]);
		int len;

		if (size < skip || strncmp(line, numbered[i], skip))
			continue;
		while (skip < size && isdigit((unsigned char)line[skip]))
			skip++;
		len = snprintf(text, sizeof(text), "bash%.*s",
			       (int)(size - skip), line + skip);
		size = len < (int)sizeof(text) ? (size_t)len :
						 sizeof(text) - 1;
		line = text;
	}
	screen_line(&t->screen, INDENT, line, size);
}

static void print_output(struct tour *t, const char *data, size_t size)
{
	const char *text, *end;

	if (buffer_add(&t->line, data, size))
		err(EXIT_TROUBLE, "the output of a command");
	text = buffer_text(&t->line);
	while ((end = memchr(text, '\n', t->line.data + t->line.size - text))) {
		print_output_line(t, text, end - text);
		text = end + 1;
	}
	t->line.size -= text - t->line.data;
	memmove(t->line.data, text, t->line.size);
}

static void end_output(struct tour *t)
{
	if (t->line.size)
		print_output_line(t, t->line.data, t->line.size);
	t->line.size = 0;
}

static void say(struct tour *t, const char *text)
{
	screen_line(&t->screen, INDENT, text, strlen(text));
}

/* An interrupt is for the command; a second one ends it with the shell. */
static bool interrupt(struct tour *t, unsigned int *interrupts)
{
	if (*interrupts == 2) {
		t->over = true;
		return false;
	}
	session_send(&t->session,
		     (*interrupts)++ ? FRAME_KILL : FRAME_INTERRUPT, NULL, 0);
	return true;
}

/* Run a text in the shell; false if we are to end, or the machine has. */
static bool run(struct tour *t, const char *text)
{
	double limit = t->options->batch ? now() + LIMIT_S : 0;
	unsigned int interrupts = 0;
	bool killed = false;
	struct frame f;

	if (!session_send(&t->session, FRAME_RUN, text, strlen(text))) {
		t->gone = true;
		return false;
	}
	for (;;) {
		switch (wait_for_frame(t, &f, limit)) {
		case EVENT_FRAME:
			if (f.kind == FRAME_OUTPUT)
				print_output(t, f.data, f.size);
			if (f.kind != FRAME_ENDED)
				break;
			end_output(t);
			return true;
		case EVENT_INTERRUPT:
			if (!interrupt(t, &interrupts))
				return false;
			break;
		case EVENT_TIMEOUT:
			t->incomplete = true;
			end_output(t);
			say(t, "(it did not end in time)");
			if (killed)
				return false;
			killed = true;
			limit = now() + LIMIT_S;
			session_send(&t->session, FRAME_KILL, NULL, 0);
			break;
		default:
			end_output(t);
			return false;
		}
	}
}

/* A command for another user is one of root that becomes that user. */
static bool run_part(struct tour *t, const struct lesson_part *part)
{
	struct buffer text = { 0 };
	bool ok = true;

	if (part->kind == LESSON_ROOT)
		return run(t, part->text);
	ok = !buffer_add(&text, "as_user '", 9);
	for (const char *c = part->text; *c && ok; c++)
		ok = *c == '\'' ? !buffer_add(&text, "'\\''", 4) :
				  !buffer_add(&text, c, 1);
	ok = ok && !buffer_add(&text, "'", 1) && run(t, text.data);
	buffer_free(&text);
	return ok;
}

/* The prompt and the command, which may have several lines. */
static void show_command(struct tour *t, const struct lesson_part *part)
{
	const char *text = part->text;
	char prompt = part->kind;

	for (;;) {
		size_t size = strcspn(text, "\n");
		char line[SHOWN_LINE];

		snprintf(line, sizeof(line), "%c %.*s", prompt, (int)size, text);
		screen_heading(&t->screen, INDENT, line);
		if (!text[size])
			return;
		text += size + 1;
		prompt = '>';
	}
}

/* A shell that knows what those of all lessons know. */
static bool start_shell(struct tour *t)
{
	/* Of one that is gone, the next line hears. */
	session_send(&t->session, FRAME_SHELL, NULL, 0);
	return run(t, lesson_shell) && run(t, "begin_lesson");
}

static bool start_machine(struct tour *t)
{
	const struct lesson *first = t->lessons;
	struct frame f;
	enum event event;

	if (!t->options->batch) {
		puts("Starting a throw-away virtual machine...");
		output_flush();
	}
	if (session_start(&t->session))
		return false;
	event = wait_for_frame(t, &f, 0);
	if (event != EVENT_FRAME || f.kind != FRAME_HELLO)
		return false;
	snprintf(t->release, sizeof(t->release), "%.*s", (int)f.size, f.data);
	for (size_t i = 0; i < first->count; i++)
		if (!run_part(t, &first->parts[i]))
			return false;
	printf("Linux %s runs in it. What happens there changes nothing here.\n",
	       t->release);
	return !output_flush();
}

static void heading(struct tour *t, const struct lesson *lesson)
{
	char title[SHOWN_LINE];

	screen_line(&t->screen, 0, "", 0);
	if (lesson == t->lessons + 1 || lesson->section != lesson[-1].section ||
	    !t->options->batch) {
		screen_heading(&t->screen, 0, lesson->section);
		screen_line(&t->screen, 0, "", 0);
	}
	snprintf(title, sizeof(title), "%03u. %s", lesson->number,
		 lesson->title);
	screen_heading(&t->screen, 0, title);
}

/* Show a lesson; false if it has not come to its end. */
static bool show_lesson(struct tour *t, const struct lesson *lesson)
{
	bool after_command = false, after_text = false;

	t->screen.used = 0;
	heading(t, lesson);
	if (!start_shell(t))
		return false;
	for (size_t i = 0; i < lesson->count; i++) {
		const struct lesson_part *part = &lesson->parts[i];
		bool command = part->kind == LESSON_ROOT ||
			       part->kind == LESSON_USER;

		/* A block has a blank line before it, a paragraph as well. */
		if (!i || part->kind == LESSON_TEXT || after_text ||
		    command != after_command)
			screen_line(&t->screen, 0, "", 0);
		after_text = part->kind == LESSON_TEXT;
		after_command = command;
		if (command) {
			show_command(t, part);
			if (!run_part(t, part))
				return false;
		} else if (part->kind == LESSON_TEXT) {
			screen_text(&t->screen, part->text);
		} else {
			screen_line(&t->screen, INDENT, part->text,
				    strlen(part->text));
		}
	}
	return true;
}

static bool restart_machine(struct tour *t)
{
	session_end(&t->session);
	t->line.size = 0;
	t->gone = false;
	return start_machine(t);
}

/*
 * A lesson that has stopped its machine is shown once more in another one: now and
 * then it was the emulator.
 */
static int batch(struct tour *t, size_t first, size_t last)
{
	unsigned int tries = 0;

	for (size_t i = first; i <= last; i++) {
		if (show_lesson(t, &t->lessons[i]) && !t->screen.left) {
			tries = 0;
			continue;
		}
		if (t->over || t->screen.left)
			return EXIT_TROUBLE;
		say(t, "(the virtual machine has stopped, and is started again)");
		if (!restart_machine(t))
			return EXIT_TROUBLE;
		if (!tries++) {
			i--;
		} else {
			t->incomplete = true;
			tries = 0;
		}
	}
	return t->incomplete ? EXIT_REFUSED : 0;
}

/* The terminal, as it was before a shell of the guest has it. */
static struct termios terminal_before;

static void restore_terminal(void)
{
	tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal_before);
}

static int window_text(char *text, size_t size)
{
	struct winsize window = { .ws_row = 24, .ws_col = 80 };

	ioctl(STDOUT_FILENO, TIOCGWINSZ, &window);
	return snprintf(text, size, "%u %u %s", window.ws_row, window.ws_col,
			getenv("TERM") ?: "dumb");
}

static bool send_window(struct tour *t, enum frame_request kind)
{
	char text[128];
	int len = window_text(text, sizeof(text));

	return len < (int)sizeof(text) &&
	       session_send(&t->session, kind, text, len);
}

/* What the guest's terminal shows; false when its shell has ended. */
static bool show_screen(struct tour *t)
{
	struct frame f;

	while (session_next(&t->session, &f)) {
		if (f.kind == FRAME_CLOSED)
			return false;
		if (f.kind == FRAME_SCREEN)
			output_bytes(f.data, f.size);
	}
	output_flush();
	return true;
}

/* Both sides of it, until one of them goes. */
static void follow_terminal(struct tour *t, int resized)
{
	struct pollfd fds[] = {
		{ .fd = t->stop, .events = POLLIN },
		{ .fd = t->session.fd, .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = resized, .events = POLLIN },
	};
	struct signalfd_siginfo info;
	char keys[256];
	ssize_t n;

	while (show_screen(t)) {
		if (poll(fds, sizeof(fds) / sizeof(fds[0]), -1) < 0)
			continue;
		if (fds[0].revents) {
			t->over = true;
			return;
		}
		if (fds[1].revents && !session_read(&t->session)) {
			t->gone = true;
			return;
		}
		if (fds[2].revents) {
			n = read(STDIN_FILENO, keys, sizeof(keys));
			if (n <= 0 || !session_send(&t->session, FRAME_KEYS,
						    keys, n))
				return;
		}
		if (fds[3].revents &&
		    read(resized, &info, sizeof(info)) == sizeof(info))
			send_window(t, FRAME_WINDOW);
	}
}

static void shell(struct tour *t)
{
	struct termios raw;
	sigset_t window;
	int resized;

	if (!t->screen.terminal || tcgetattr(STDIN_FILENO, &terminal_before)) {
		puts("A shell needs a terminal. '!COMMAND' runs a command.");
		return;
	}
	puts("This is a shell in the virtual machine. 'exit' or Ctrl-D leads back.");
	output_flush();
	sigemptyset(&window);
	sigaddset(&window, SIGWINCH);
	sigprocmask(SIG_BLOCK, &window, NULL);
	resized = signalfd(-1, &window, SFD_CLOEXEC);
	raw = terminal_before;
	cfmakeraw(&raw);
	atexit(restore_terminal);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	if (send_window(t, FRAME_TERMINAL))
		follow_terminal(t, resized);
	restore_terminal();
	close(resized);
	sigprocmask(SIG_UNBLOCK, &window, NULL);
}

static void help(void)
{
	puts("Enter or n   the next lesson\n"
	     "b            the one before\n"
	     "r            run this one again\n"
	     "s            a shell in the virtual machine, to try what you like\n"
	     "!COMMAND     run a command in the shell of the lesson\n"
	     "l            list the lessons\n"
	     "LESSON       go there: a number, a letter of a section, words of a title\n"
	     "q            quit");
}

enum step { STEP_STAY, STEP_SHOW, STEP_QUIT };

/* What somebody has typed, of which @at is the lesson. */
static enum step obey(struct tour *t, const char *line, size_t *at)
{
	size_t found, last;

	if (!*line || !strcmp(line, "n")) {
		if (*at + 1 < t->count) {
			++*at;
			return STEP_SHOW;
		}
		puts("That was the last lesson: b goes back, q quits.");
	} else if (!strcmp(line, "b")) {
		if (*at > 1) {
			--*at;
			return STEP_SHOW;
		}
		puts("This is the first lesson.");
	} else if (!strcmp(line, "r")) {
		return STEP_SHOW;
	} else if (!strcmp(line, "q")) {
		return STEP_QUIT;
	} else if (!strcmp(line, "s")) {
		shell(t);
	} else if (!strcmp(line, "l")) {
		list_lessons(t->lessons, t->count);
	} else if (*line == '!') {
		run(t, line + 1);
	} else if (!strcmp(line, "?") || !strcmp(line, "h")) {
		help();
	} else {
		output_flush();
		found = find_lesson(t->lessons, t->count, line, &last);
		if (found) {
			*at = found;
			return STEP_SHOW;
		}
	}
	return STEP_STAY;
}

static int walk(struct tour *t, size_t at)
{
	enum step step = STEP_SHOW;
	char line[1024];

	for (;;) {
		if (step == STEP_SHOW)
			show_lesson(t, &t->lessons[at]);
		if (t->over)
			break;
		if (t->gone) {
			puts("The virtual machine has stopped; another one is started.");
			if (!restart_machine(t))
				return EXIT_TROUBLE;
		}
		puts("");
		if (screen_ask(&t->screen, ALL_PROMPT, line, sizeof(line)) ==
		    SCREEN_END)
			break;
		step = obey(t, line, &at);
		if (step == STEP_QUIT)
			break;
	}
	puts("The virtual machine is gone, and all that was in it.");
	return output_flush() ? EXIT_TROUBLE : 0;
}

static char *choose_kernel(const struct options *o, int root)
{
	struct utsname uts;

	if (o->machine.kernel)
		return strdup(o->machine.kernel);
	if (root_is_running(root) && !uname(&uts) &&
	    kernel_has_image(root, uts.release))
		return strdup(uts.release);
	return kernel_default(root);
}

static int tour(struct tour *t, size_t first, size_t last)
{
	int ret = EXIT_TROUBLE;

	t->stop = live_start();
	if (t->stop < 0)
		return EXIT_TROUBLE;
	screen_start(&t->screen, t->stop, t->options->batch);
	if (start_machine(t))
		ret = t->options->batch ? batch(t, first, last) :
					  walk(t, first);
	session_end(&t->session);
	buffer_free(&t->line);
	close(t->stop);
	return ret;
}

/* What the machine is made of, and the tour in it. */
static int tour_of(struct tour *t, int root, const char *release, size_t first,
		   size_t last)
{
	static char *modules[] = { "lkp_example", "lkp_example_client",
				   "lkp_example_probe", NULL };
	struct session *s = &t->session;
	int ret = EXIT_TROUBLE;

	s->accel = t->options->machine.accel;
	s->arch = architecture_of_kernel(root, release);
	if (!s->arch) {
		warnx("no machine of the architecture of kernel %s is known",
		      release);
		return EXIT_TROUBLE;
	}
	if (!vm_available(s->arch) ||
	    kernel_image_find(&t->image, root, release))
		return EXIT_TROUBLE;
	kernel_image_unpack_begin(&t->image);
	s->initramfs_fd = guest_session_initramfs(root, release, s->arch,
						  modules, lessons_words());
	if (s->initramfs_fd < 0)
		goto close_image;
	if (kernel_image_unpack(&t->image))
		goto close_initramfs;
	s->kernel_fd = t->image.fd;
	ret = tour(t, first, last);
close_initramfs:
	close(s->initramfs_fd);
close_image:
	kernel_image_close(&t->image);
	return ret;
}

/**
 * command_tour() - lkp-example tour
 * @argc: number of arguments, the subcommand's name included
 * @argv: the arguments
 *
 * Return: the exit status.
 */
int command_tour(int argc, char **argv)
{
	struct options o = { .machine.root = "/" };
	struct tour t = { .options = &o };
	size_t first = 1, last;
	int root, ret = EXIT_TROUBLE;
	char *release;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	t.lessons = lessons(&t.count);
	last = t.count - 1;
	if (o.list) {
		list_lessons(t.lessons, t.count);
		return output_flush() ? EXIT_TROUBLE : 0;
	}
	if (o.lesson) {
		first = find_lesson(t.lessons, t.count, o.lesson, &last);
		if (!first)
			return EXIT_TROUBLE;
	}
	root = root_open(o.machine.root);
	if (root < 0)
		err(EXIT_TROUBLE, "%s", o.machine.root);
	release = choose_kernel(&o, root);
	if (release)
		ret = tour_of(&t, root, release, first, last);
	free(release);
	close(root);
	return ret;
}
