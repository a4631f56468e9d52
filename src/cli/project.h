/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * project.h - make a folder of a template
 */
#ifndef LKP_PROJECT_H
#define LKP_PROJECT_H

/**
 * struct project_word - what stands in the template, and what in the project
 * @name: in the template, between two signs "@"; NULL ends a list
 * @value: in the project
 */
struct project_word {
	const char *name;
	const char *value;
};

int project_make(const char *dir, const char *license,
		 const struct project_word *words);

#endif
