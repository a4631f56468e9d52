/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * output.h - what a command prints on standard output
 */
#ifndef LKP_OUTPUT_H
#define LKP_OUTPUT_H

#include <jansson.h>
#include <stddef.h>

void output_begin(void);
int output_bytes(const char *text, size_t size);
int output_flush(void);
int output_json(json_t *object);
void escape(char *to, size_t size, const char *text);
void output_escaped(const char *text, size_t size);

#endif
