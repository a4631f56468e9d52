/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * template.h - what a new project is made of
 */
#ifndef LKP_TEMPLATE_H
#define LKP_TEMPLATE_H

/* An archive of tar's, which src/new/template has made. */
extern const char template_begin[], template_end[];

#endif
