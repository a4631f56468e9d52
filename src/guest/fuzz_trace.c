// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz_trace.c - what of the modules a call has executed, by KCOV
 *
 * The kernel writes down each place that this thread comes by in code that is built
 * with KCOV_INSTRUMENT=y: that is the modules, and nothing else. A module that is
 * loaded again is somewhere else, so a place is counted from where its module
 * begins. Where the code of an init function was, nobody knows when it has run, nor
 * where that of a module was which could not be loaded: there the place in its page
 * has to do.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kcov.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "inspect.h"
#include "kallsyms.h"
#include "tools.h"

#define KCOV "/sys/kernel/debug/kcov"
#define PAGE 4096

static const char *const modules[] = {
	"lkp_example", "lkp_example_client", "lkp_example_probe",
};

#define MODULES (sizeof(modules) / sizeof(modules[0]))

/* Where the code of each module begins; 0: it is not loaded. */
struct layout {
	unsigned long long from[MODULES];
};

static struct {
	unsigned long *trace;	/* how many there are, and then these */
	unsigned long long sizes[MODULES];	/* of their code */
	struct layout layout;
} kcov;

/** fuzz_trace_find_modules() - where they are now */
void fuzz_trace_find_modules(void)
{
	for (size_t i = 0; i < MODULES; i++) {
		struct module_line line;
		bool there = find_module_line(modules[i], &line);

		kcov.layout.from[i] = there ? line.address : 0;
	}
}

static bool add_function(void *unused, const struct symbol *symbol)
{
	(void)unused;
	if (symbol->type != 't' && symbol->type != 'T')
		return true;
	for (size_t i = 0; i < MODULES; i++) {
		unsigned long at = symbol->address - kcov.layout.from[i];

		if (!strcmp(symbol->module, modules[i]) && at >= kcov.sizes[i])
			kcov.sizes[i] = (at / PAGE + 1) * PAGE;
	}
	return true;
}

/*
 * How much of each module is code, up to the end of the page in which its last function
 * begins: code has pages of its own. The size in /proc/modules is that of all its parts,
 * which are far from each other, and code of another module may be between.
 */
static bool find_sizes(struct guest *g)
{
	int err = kallsyms_walk(add_function, NULL);

	for (size_t i = 0; i < MODULES; i++)
		if (err || !kcov.sizes[i])
			return fail(g, "/proc/kallsyms: %s of %s",
				    err ? strerror(err) : "no code", modules[i]);
	return true;
}

/**
 * fuzz_trace_begin() - let the kernel write down what this thread executes
 * @g: the guest; all modules are loaded
 *
 * Return: whether it does; if not, the report says why.
 */
bool fuzz_trace_begin(struct guest *g)
{
	int fd = open(KCOV, O_RDWR | O_CLOEXEC);

	if (fd < 0 || ioctl(fd, KCOV_INIT_TRACE, FUZZ_TRACE))
		return fail(g, KCOV ": %s", strerror(errno));
	kcov.trace = mmap(NULL, FUZZ_TRACE * sizeof(*kcov.trace),
			  PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	fuzz_trace_find_modules();
	if (!find_sizes(g))
		return false;
	/* The file stays open: it is what is traced for. */
	return (kcov.trace != MAP_FAILED &&
		!ioctl(fd, KCOV_ENABLE, KCOV_TRACE_PC)) ||
	       fail(g, KCOV ": %s", strerror(errno));
}

/** fuzz_trace_clear() - forget what was executed until now */
void fuzz_trace_clear(void)
{
	__atomic_store_n(&kcov.trace[0], 0, __ATOMIC_RELAXED);
}

static uint32_t place_in(const struct layout *layout, unsigned long pc)
{
	for (size_t i = 0; i < MODULES; i++)
		if (layout->from[i] && pc >= layout->from[i] &&
		    pc - layout->from[i] < kcov.sizes[i])
			return (i + 1) << 24 | (pc - layout->from[i]);
	return 0;
}

/* A number for a place that is the same each time; of a module that goes, where it was. */
static uint32_t place_of(const struct layout *before, unsigned long pc, unsigned int kind)
{
	uint32_t place = place_in(&kcov.layout, pc);

	if (!place)
		place = place_in(before, pc);
	return place ? place : (MODULES + 1 + kind) << 24 | pc % PAGE;
}

static uint32_t hash(uint32_t place)
{
	place *= 0x9e3779b1u;
	return place ^ place >> 15;
}

/* Its number, which is where it is in the table; a table that is full has seen all. */
static uint16_t see_place(struct fuzz_seen *seen, uint32_t place)
{
	unsigned int at = hash(place) % FUZZ_PLACES;

	for (unsigned int i = 0; i < FUZZ_PLACES; i++, at = (at + 1) % FUZZ_PLACES) {
		if (seen->places[at] == place)
			break;
		if (seen->places[at])
			continue;
		seen->places[at] = place;
		seen->count++;
		break;
	}
	return at;
}

/**
 * fuzz_trace_take() - what was executed since it was cleared
 * @seen: the places are added there
 * @kind: of the call that was made
 * @moved: whether it may have loaded or unloaded a module
 * @places: result: each place that was executed, once
 */
void fuzz_trace_take(struct fuzz_seen *seen, unsigned int kind, bool moved,
		     struct fuzz_places *places)
{
	unsigned long count = __atomic_load_n(&kcov.trace[0], __ATOMIC_RELAXED);
	const struct layout before = kcov.layout;
	bool had[FUZZ_PLACES] = { false };

	if (moved)
		fuzz_trace_find_modules();
	places->count = 0;
	for (unsigned long i = 1; i <= count && i < FUZZ_TRACE; i++) {
		uint16_t at = see_place(seen, place_of(&before, kcov.trace[i],
							kind));

		if (!had[at])
			places->places[places->count++] = at;
		had[at] = true;
	}
}
