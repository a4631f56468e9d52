// SPDX-License-Identifier: GPL-2.0-only
/*
 * obsolete.c - the words of the past for what a module exports
 */
#include <linux/export.h>
#include <linux/module.h>

int obsolete_value;

#if defined(MISTAKE_obsolete_symtab)
EXPORT_SYMTAB;
#elif defined(MISTAKE_obsolete_none)
EXPORT_NO_SYMBOLS;
#elif defined(MISTAKE_obsolete_novers)
EXPORT_SYMBOL_NOVERS(obsolete_value);
#else
EXPORT_SYMBOL(obsolete_value);
#endif

MODULE_DESCRIPTION("A test of what does not build");
MODULE_LICENSE("GPL");
