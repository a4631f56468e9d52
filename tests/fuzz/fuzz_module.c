// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz_module.c - a module's file, packed or not: ELF, modinfo, symbols, signature
 *
 * It is held against a kernel that exports nothing.
 */
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "module_file.h"
#include "static_checks.h"

static void look_at(const struct module_file *m, const struct kernel_facts *k,
		    struct findings *f)
{
	static const char *const keys[] = { "name", "vermagic", "depends",
					    "parm", "license" };
	size_t size;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *info = NULL;

		while ((info = module_file_info(m, keys[i], info)))
			fuzz_expect(info >= m->info &&
				    info + strlen(info) < m->info + m->info_size,
				    "modinfo is in its section");
	}
	module_file_data(m, MODULE_BUILD_ID, &size);
	static_checks(m, k, NULL, 0, "module", f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct certificates none;
	struct kernel_facts kernel = {
		.vermagic = "6.12.0-x SMP preempt mod_unload modversions ",
	};
	struct findings f = { 0 };
	struct module_file m;
	int fd = fuzz_file(data, size);

	if (!module_file_read(&m, fd, &none, &f) && m.elf) {
		/* Of the same kind, so that the checks come to the rest. */
		kernel.header = m.header;
		look_at(&m, &kernel, &f);
	}
	fuzz_expect(f.count <= FINDINGS_MAX, "as many findings as fit");
	module_file_free(&m);
	close(fd);
	return 0;
}
