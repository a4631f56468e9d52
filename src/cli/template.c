// SPDX-License-Identifier: GPL-2.0-only
/*
 * template.c - what a new project is made of, inside of the program
 *
 * So it is always of the same version, and cannot be missing. The makefile says
 * where the archive is.
 */
#include "template.h"

__asm__(".section .rodata\n"
	".global template_begin, template_end\n"
	"template_begin:\n"
	".incbin \"" TEMPLATE "\"\n"
	"template_end:\n"
	".byte 0\n"
	".previous\n");
