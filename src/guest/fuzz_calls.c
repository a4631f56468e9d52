// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz_calls.c - a call of the fuzzer: of which kinds there are, how it is made
 *
 * All that a program can do with the modules is a call with at most three arguments,
 * and each argument is a place in a list: of files, of words, of numbers. So calls
 * are made and changed by chance without any knowledge of what they mean, and each
 * of them is one that a program could make. As a text it is its name and the three
 * places: "write 0 17 3", and calls of a sequence have a semicolon between.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include "fuzz.h"
#include "stress.h"
#include "tools.h"
#include "uapi/lkp_example.h"

#define ATTRIBUTES "/sys/class/misc/lkp_example/"
#define PARAMETERS "/sys/module/lkp_example/parameters/"
#define DEMOS "/sys/kernel/debug/lkp_example/"
#define PROBE_FILES "/sys/kernel/debug/lkp_example_probe/"
#define PROBE_PARAMETERS "/sys/module/lkp_example_probe/parameters/"
#define SLOTS 2
#define PAGE 4096
/* What is written at once, and read. */
#define TEXT_MOST 70000
/* Who waits gets a signal. */
#define ALARM_US 3000

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const files[] = {
	ATTRIBUTES "message", ATTRIBUTES "generation", ATTRIBUTES "size",
	ATTRIBUTES "open_files", ATTRIBUTES "pins", ATTRIBUTES "pin",
	ATTRIBUTES "clients", ATTRIBUTES "hold", ATTRIBUTES "levels",
	PARAMETERS "string_param", PARAMETERS "max_size", PARAMETERS "fail",
	PARAMETERS "array_param", PARAMETERS "bool_param",
	DEMOS "memory", DEMOS "context", DEMOS "timer",
	PROBE_PARAMETERS "symbol", PROBE_PARAMETERS "maxactive",
	PROBE_PARAMETERS "post", PROBE_FILES "stats", PROBE_FILES "lookup",
	PROBE_FILES "target", PROBE_FILES "override",
	"/sys/module/lkp_example_client/parameters/generation",
};

static const long numbers[] = {
	0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 31, 32, 39, 40, 41, 63, 64, 65, 100,
	255, 256, 257, 511, 512, 513, 1000, 1024, 2048, 4095, 4096, 4097, 65536,
	TEXT_MOST, LKP_EXAMPLE_MESSAGE_MAX, -1, -2, -40, -4096,
	0x7fffffff, LONG_MAX,
};

static const char *const words[] = {
	"", "0", "1", "2", "-1", "y", "n", "\n", "none", "hello", "%s%n", "\303\251",
	"\1\2\3", " 1 ", "21", "21 3", "7 0", "1 x", "-7 1025", "2147483647 2",
	"4096", "0x10", "67108864", "67108865", "99999999999999999999",
	"lkp_example", "lkp_example_client", "lkp_example_probe",
	"lkp_example_probe_target", "lkp_example_probe:lkp_example_probe_target",
	"lkp_example_read", "lkp_example_write", "vfs_read", "get_kprobe",
	"jiffies", "no_such_function",
};

/* What modules are loaded with: each one takes what it knows. */
static const struct {
	const char *name;
	const char *const parameters[8];
} modules[] = {
	{ "lkp_example_client", { "", "generation=5", "nonsense=1" } },
	{ "lkp_example_probe",
	  { "", "symbol=lkp_example_probe_target", "symbol=vfs_read post=n",
	    "symbol=lkp_example_write maxactive=1", "symbol=no_such_function",
	    "maxactive=5000 symbol=vfs_read", "post=2", "maxactive=-1" } },
	{ "lkp_example",
	  { "", "fail=create", "fail=update", "fail=device", "fail=nothing",
	    "max_size=1", "max_size=0", "array_param=1,2,3,4,5" } },
};

static const unsigned long commands[] = {
	LKP_EXAMPLE_IOC_INFO, LKP_EXAMPLE_IOC_GENERATION, LKP_EXAMPLE_IOC_PIN,
	LKP_EXAMPLE_IOC_UNPIN, LKP_EXAMPLE_IOC_WAIT,
	_IO(LKP_EXAMPLE_IOC_MAGIC, 77), TCGETS,
};

/*
 * How things are when a sequence begins, in the order in which they are put back. All
 * modules are loaded then: a load takes so long that few calls would reach what is
 * behind it.
 */
static const struct {
	const char *file, *text;
} states[] = {
	{ ATTRIBUTES "hold", "\n" }, { ATTRIBUTES "pin", "0" },
	{ PARAMETERS "max_size", "1048576" }, { DEVICE, "hello" },
	{ PROBE_FILES "override", "none" }, { PROBE_PARAMETERS "post", "1" },
	{ PROBE_PARAMETERS "maxactive", "0" },
	{ PROBE_PARAMETERS "symbol", "none" },
};

static struct {
	int slots[SLOTS];
	/* Of the states: whether a call may have changed it. */
	bool changed[COUNT(states)];
	bool moved;
	char paths[COUNT(modules)][256];
	char *text;	/* of TEXT_MOST */
	char *page;	/* one that may be written to, and behind it nothing */
	char *constant;	/* one that may be read */
} fuzz;

/* Of the slots' files every other one is the device. */
static const char *file_of(unsigned int number)
{
	return number % 2 ? files[number / 2 % COUNT(files)] : DEVICE;
}

static long number_of(unsigned int number)
{
	return numbers[number % COUNT(numbers)];
}

static size_t size_of(unsigned int number)
{
	long size = number_of(number);

	if (size < 0)
		size = -size;
	return size > TEXT_MOST ? TEXT_MOST : size;
}

/* A word, again and again until it is as long as a number says; 0 is once. */
static size_t text_of(unsigned int word, unsigned int number)
{
	const char *one = words[word % COUNT(words)];
	size_t len = strlen(one), size = size_of(number);

	if (!size || !len)
		size = len;
	for (size_t i = 0; i < size; i++)
		fuzz.text[i] = one[i % len];
	return size;
}

static int *slot_of(unsigned int number)
{
	return &fuzz.slots[number % SLOTS];
}

/*
 * Only what was opened for writing has to be put back, which is to open files again:
 * the debug kernel takes longer for that than for most calls.
 */
static int open_file(const char *path, int flags)
{
	const char *state = path;

	if (!strcmp(path, ATTRIBUTES "message"))
		state = DEVICE;
	for (size_t i = 0; i < COUNT(states); i++)
		if ((flags & O_ACCMODE) != O_RDONLY &&
		    !strcmp(state, states[i].file))
			fuzz.changed[i] = true;
	return open(path, flags | O_CLOEXEC);
}

static void make_open(const uint8_t a[])
{
	static const int modes[] = { O_RDWR, O_RDONLY, O_WRONLY };
	int flags = modes[a[2] % COUNT(modes)];

	if (*slot_of(a[0]) >= 0)
		close(*slot_of(a[0]));
	*slot_of(a[0]) = open_file(file_of(a[1]), flags |
				   (a[2] / COUNT(modes) % 2 ? O_NONBLOCK : 0));
}

static void make_close(const uint8_t a[])
{
	close(*slot_of(a[0]));
	*slot_of(a[0]) = -1;
}

static void make_read(const uint8_t a[])
{
	if (read(*slot_of(a[0]), fuzz.text, size_of(a[1])) < 0)
		return;
}

static void make_pread(const uint8_t a[])
{
	if (pread(*slot_of(a[0]), fuzz.text, size_of(a[1]), number_of(a[2])) < 0)
		return;
}

/* To the last bytes before nothing, or to what may only be read. */
static void make_read_badly(const uint8_t a[])
{
	size_t room = size_of(a[1]) % PAGE;
	char *to = a[2] % 2 ? fuzz.constant : fuzz.page + PAGE - room;

	if (pread(*slot_of(a[0]), to, room + a[2] / 2, 0) < 0)
		return;
}

static void make_write(const uint8_t a[])
{
	size_t size = text_of(a[1], a[2]);

	if (write(*slot_of(a[0]), fuzz.text, size) < 0)
		return;
}

/* From the last bytes before nothing on, which may be none. */
static void make_write_badly(const uint8_t a[])
{
	size_t room = size_of(a[1]) % PAGE;

	memset(fuzz.page + PAGE - room, a[2] % 4 ? 'w' : '\0', room);
	if (write(*slot_of(a[0]), fuzz.page + PAGE - room, room + a[2] / 4) < 0)
		return;
}

static void make_seek(const uint8_t a[])
{
	lseek(*slot_of(a[0]), number_of(a[1]), a[2] % 4);
}

static void make_poll(const uint8_t a[])
{
	struct pollfd pfd = { .fd = *slot_of(a[0]), .events = POLLIN | POLLOUT };

	poll(&pfd, 1, 0);
}

static void on_alarm(int number)
{
	(void)number;
}

/* To wait is what some calls are for. */
static void set_alarm(suseconds_t us)
{
	const struct itimerval timer = { { 0, us }, { 0, us } };

	setitimer(ITIMER_REAL, &timer, NULL);
}

static void *argument_of(unsigned int number)
{
	static const unsigned int sizes[] = { 40, 41, 4096, 4097, 39, 1, 0, ~0U };
	static const uint64_t values[] = { 0, 1, ~0ULL };
	unsigned int size = sizes[number / 8 % COUNT(sizes)];
	uint64_t value = values[number / 8 % COUNT(values)];

	switch (number % 8) {
	case 0:
		return NULL;
	case 1:
		return (void *)8;
	case 2:
		return fuzz.constant;
	case 3:
		/* The last one that fits; what is behind it cannot be filled in. */
		memcpy(fuzz.page + PAGE - 40, &size, sizeof(size));
		return fuzz.page + PAGE - 40;
	case 4:
		memcpy(fuzz.page + PAGE - 8, &value, sizeof(value));
		return fuzz.page + PAGE - 8;
	case 5:
		memcpy(fuzz.page, &value, sizeof(value));
		return fuzz.page;
	default:
		memcpy(fuzz.page, &size, sizeof(size));
		return fuzz.page;
	}
}

static void make_ioctl(const uint8_t a[])
{
	set_alarm(ALARM_US);
	ioctl(*slot_of(a[0]), commands[a[1] % COUNT(commands)],
	      argument_of(a[2]));
	set_alarm(0);
}

static void make_put(const uint8_t a[])
{
	size_t size = text_of(a[1], a[2]);
	int fd = open_file(files[a[0] % COUNT(files)], O_WRONLY);

	if (fd < 0)
		return;
	if (write(fd, fuzz.text, size) < 0)
		errno = 0;
	close(fd);
}

static void make_get(const uint8_t a[])
{
	read_file(files[a[0] % COUNT(files)], fuzz.text, TEXT_MOST);
}

/* The first one is what others need: it is loaded, and unloaded, less often. */
static unsigned int module_of(unsigned int number)
{
	return number % 8 == 7 ? 2 : number % 2;
}

static void make_load(const uint8_t a[])
{
	unsigned int module = module_of(a[0]);
	const char *parameters = modules[module].parameters[a[1] % 8];

	if (!load_file(fuzz.paths[module], parameters ? parameters : ""))
		fuzz.moved = true;
}

static void make_unload(const uint8_t a[])
{
	if (!unload(modules[module_of(a[0])].name, 0))
		fuzz.moved = true;
}

static const struct {
	const char *name;
	unsigned int weight;
	void (*make)(const uint8_t a[]);
} kinds[] = {
	{ "open", 18, make_open },
	{ "close", 6, make_close },
	{ "read", 12, make_read },
	{ "pread", 6, make_pread },
	{ "read_badly", 6, make_read_badly },
	{ "write", 18, make_write },
	{ "write_badly", 6, make_write_badly },
	{ "seek", 12, make_seek },
	{ "poll", 6, make_poll },
	{ "ioctl", 24, make_ioctl },
	{ "put", 15, make_put },
	{ "get", 9, make_get },
	/* They take far longer than the others. */
	{ "load", 1, make_load },
	{ "unload", 1, make_unload },
};

enum { WEIGHTS = 140 };

/**
 * fuzz_calls_begin() - have ready what calls are made with
 * @g: the guest
 *
 * Return: whether it is; if not, the report says why.
 */
bool fuzz_calls_begin(struct guest *g)
{
	const struct sigaction action = { .sa_handler = on_alarm };

	for (size_t i = 0; i < COUNT(modules); i++)
		if (!find_module_file(g, modules[i].name, fuzz.paths[i],
				      sizeof(fuzz.paths[i])))
			return false;
	for (size_t i = 0; i < SLOTS; i++)
		fuzz.slots[i] = -1;
	fuzz.text = malloc(TEXT_MOST);
	fuzz.page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	fuzz.constant = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
			     -1, 0);
	if (!fuzz.text || fuzz.page == MAP_FAILED ||
	    fuzz.constant == MAP_FAILED ||
	    mprotect(fuzz.page + PAGE, PAGE, PROT_NONE) ||
	    sigaction(SIGALRM, &action, NULL))
		return fail(g, "no memory");
	fuzz.moved = true;
	fuzz_put_back();
	for (size_t i = 0; i < COUNT(modules); i++)
		if (!is_loaded(modules[i].name))
			return fail(g, "%s cannot be loaded", modules[i].name);
	return true;
}

/**
 * fuzz_call_random() - a call by chance
 * @call: result
 * @random: the state of stress_random()
 */
void fuzz_call_random(struct fuzz_call *call, unsigned int *random)
{
	unsigned int at = stress_random(random, WEIGHTS);

	call->kind = 0;
	while (at >= kinds[call->kind].weight)
		at -= kinds[call->kind++].weight;
	for (size_t i = 0; i < FUZZ_ARGUMENTS; i++)
		call->arguments[i] = stress_random(random, 256);
}

/**
 * fuzz_call_change() - another argument for a call
 * @call: the call
 * @random: the state of stress_random()
 */
void fuzz_call_change(struct fuzz_call *call, unsigned int *random)
{
	call->arguments[stress_random(random, FUZZ_ARGUMENTS)] =
		stress_random(random, 256);
}

/** fuzz_call_moves() - whether a call may load or unload a module */
bool fuzz_call_moves(const struct fuzz_call *call)
{
	return kinds[call->kind].make == make_load ||
	       kinds[call->kind].make == make_unload;
}

/**
 * fuzz_call_cost() - about how long a call takes
 * @call: the call
 *
 * Return: how many others could be made in that time. What was measured on the debug
 * kernel: 2 ms for most, 220 ms to load the modules again when one was loaded or
 * unloaded, and 20 ms and more for the two files that show what takes its time.
 */
unsigned int fuzz_call_cost(const struct fuzz_call *call)
{
	const char *file = "";

	if (fuzz_call_moves(call))
		return 100;
	if (kinds[call->kind].make == make_open)
		file = file_of(call->arguments[1]);
	else if (kinds[call->kind].make == make_get)
		file = files[call->arguments[0] % COUNT(files)];
	return strcmp(file, DEMOS "memory") && strcmp(file, DEMOS "timer") ?
	       1 : 15;
}

/** fuzz_call_make() - make a call, whatever comes of it */
void fuzz_call_make(const struct fuzz_call *call)
{
	kinds[call->kind].make(call->arguments);
}

/* With which parameters they are loaded nobody knows: all of them, once more. */
static void put_modules_back(void)
{
	for (size_t i = 0; i < COUNT(modules); i++)
		unload(modules[i].name, 0);
	for (size_t i = COUNT(modules); i--; )
		load_file(fuzz.paths[i], "");
}

static void put_states_back(void)
{
	for (size_t i = 0; i < COUNT(states); i++)
		if (fuzz.changed[i] || fuzz.moved)
			write_file(states[i].file, states[i].text);
}

/**
 * fuzz_put_back() - let everything be as it was before the calls that were made
 *
 * Return: whether that has loaded modules again, which may be somewhere else now.
 */
bool fuzz_put_back(void)
{
	bool moved = fuzz.moved;

	for (size_t i = 0; i < SLOTS; i++) {
		if (fuzz.slots[i] >= 0)
			close(fuzz.slots[i]);
		fuzz.slots[i] = -1;
	}
	put_states_back();
	/* What held a module does not any more. */
	if (moved) {
		put_modules_back();
		write_device("hello", 5);
	}
	memset(fuzz.changed, 0, sizeof(fuzz.changed));
	fuzz.moved = false;
	return moved;
}

/**
 * fuzz_print() - a sequence as a text
 * @text: result
 * @sequence: the calls
 */
void fuzz_print(char text[FUZZ_TEXT], const struct fuzz_sequence *sequence)
{
	size_t len = 0;

	text[0] = '\0';
	for (unsigned int i = 0; i < sequence->count; i++) {
		const struct fuzz_call *c = &sequence->calls[i];

		len += snprintf(text + len, FUZZ_TEXT - len, "%s%s %u %u %u",
				i ? ";" : "", kinds[c->kind].name,
				c->arguments[0], c->arguments[1],
				c->arguments[2]);
	}
}

static bool parse_call(struct fuzz_call *call, const char *text)
{
	unsigned int a[FUZZ_ARGUMENTS];
	char name[32];

	if (sscanf(text, "%31s %u %u %u", name, &a[0], &a[1], &a[2]) != 4)
		return false;
	for (size_t i = 0; i < FUZZ_ARGUMENTS; i++)
		call->arguments[i] = a[i];
	for (call->kind = 0; call->kind < COUNT(kinds); call->kind++)
		if (!strcmp(name, kinds[call->kind].name))
			return true;
	return false;
}

/**
 * fuzz_parse() - a sequence of a text
 * @sequence: result
 * @text: of fuzz_print()
 *
 * Return: whether it is one.
 */
bool fuzz_parse(struct fuzz_sequence *sequence, const char *text)
{
	sequence->count = 0;
	for (; text; text = strchr(text, ';')) {
		text += *text == ';';
		if (sequence->count == FUZZ_CALLS ||
		    !parse_call(&sequence->calls[sequence->count++], text))
			return false;
	}
	return true;
}

static void describe_call(char *text, size_t size, const struct fuzz_call *c)
{
	const uint8_t *a = c->arguments;
	const char *name = kinds[c->kind].name;

	if (!strcmp(name, "open"))
		snprintf(text, size, "%s as %u, mode %u", file_of(a[1]),
			 a[0] % SLOTS, a[2] % 6);
	else if (!strcmp(name, "put"))
		snprintf(text, size, "'%s' to %s, size %zu",
			 words[a[1] % COUNT(words)], files[a[0] % COUNT(files)],
			 size_of(a[2]));
	else if (!strcmp(name, "get"))
		snprintf(text, size, "%s", files[a[0] % COUNT(files)]);
	else if (!strcmp(name, "write"))
		snprintf(text, size, "'%s' to %u, size %zu",
			 words[a[1] % COUNT(words)], a[0] % SLOTS,
			 size_of(a[2]));
	else if (!strcmp(name, "seek"))
		snprintf(text, size, "of %u to %ld, whence %u", a[0] % SLOTS,
			 number_of(a[1]), a[2] % 4);
	else if (!strcmp(name, "ioctl"))
		snprintf(text, size, "of %u, 0x%lx, with argument %u",
			 a[0] % SLOTS, commands[a[1] % COUNT(commands)], a[2]);
	else if (fuzz_call_moves(c))
		snprintf(text, size, "%s, with number %u",
			 modules[module_of(a[0])].name, a[1] % 8);
	else
		snprintf(text, size, "of %u: %ld, %ld", a[0] % SLOTS,
			 number_of(a[1]), number_of(a[2]));
}

/**
 * fuzz_describe() - what a sequence does, a line for each call
 * @g: the guest
 * @sequence: the calls
 */
void fuzz_describe(struct guest *g, const struct fuzz_sequence *sequence)
{
	for (unsigned int i = 0; i < sequence->count; i++) {
		const struct fuzz_call *c = &sequence->calls[i];
		char text[256], plain[256];
		size_t len = 0;

		describe_call(text, sizeof(text), c);
		for (const char *p = text; *p && len < sizeof(plain) - 1; p++)
			plain[len++] = *p < ' ' || *p > '~' ? '?' : *p;
		plain[len] = '\0';
		ktap_diag(&g->ktap, "call %u: %s %s", i + 1,
			  kinds[c->kind].name, plain);
	}
}
