// SPDX-License-Identifier: GPL-2.0-only
/*
 * machine_options.c - options that say which machine is to be booted, and how
 */
#include "machine_options.h"

#include "kernel.h"

enum {
	OPT_ACCEL = 0x100,
};

static const struct argp_option argp_options[] = {
	{ "kernel", 'k', "VERSION", 0,
	  "Kernel to boot (default: the only one installed)", 0 },
	{ "root", 'r', "DIR", 0,
	  "Take the kernel and all else from the system in DIR (default: /)", 0 },
	{ "accel", OPT_ACCEL, "auto|kvm|tcg", 0,
	  "How to run the machine (default: auto, KVM where it works)", 0 },
	{ 0 }
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct machine_options *o = state->input;

	switch (key) {
	case 'k':
		if (!kernel_word_valid(arg))
			argp_error(state, "'%s' is no kernel version", arg);
		o->kernel = arg;
		break;
	case 'r':
		o->root = arg;
		break;
	case OPT_ACCEL:
		if (!vm_accel_parse(&o->accel, arg))
			argp_error(state, "--accel takes auto, kvm or tcg, not '%s'",
				   arg);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	argp_options, parse_option, NULL, NULL, NULL, NULL, NULL
};

const struct argp_child machine_options[] = {
	{ &argp, 0, NULL, 0 },
	{ 0 }
};
