// SPDX-License-Identifier: GPL-2.0-only
/*
 * guest.c - the initramfs of the throw-away virtual machine
 *
 * It holds the guest program as /init and, from the system that is verified,
 * what loads a module there: modprobe with its libraries, the configuration in
 * modprobe.d, the module index, and the files of the modules with all that
 * they depend on. Directories are merged (/lib is usr/lib, as on every current
 * distribution), wherever the system itself keeps the files. For a script of
 * the user, the rest of the system comes along.
 */
#include "guest.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <libkmod.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "beside.h"
#include "initramfs.h"
#include "installed.h"
#include "module_index.h"
#include "root.h"

#define MODPROBE "/sbin/modprobe"
/* Where lkp-example-utils has it. */
#define FOREIGN_PROGRAM "/usr/libexec/lkp-example/lkp-guest"

/* Other names of the same program (kmod); what is missing is not an error. */
static const char *const modprobe_names[] = {
	"/sbin/lsmod", "/sbin/modinfo", "/sbin/rmmod", "/sbin/insmod",
};

/* kmod 32 and later open these on demand: no ELF header names them. */
static const char *const modprobe_dlopens[] = {
	"liblzma.so.5", "libzstd.so.1", "libz.so.1", "libcrypto.so.3", NULL
};

/* And systemd's programs this one, which a lesson uses. */
static const char *const session_dlopens[] = { "libkmod.so.2", NULL };

static const char *const config_dirs[] = {
	"/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d",
	"/usr/lib/modprobe.d", "/lib/modprobe.d",
};

static const char *const program_dirs[] = {
	"/usr/bin", "/bin", "/usr/sbin", "/sbin",
};

/* What a shell for people needs besides programs; each may be missing. */
static const char *const shell_files[] = {
	"/etc/group", "/etc/nsswitch.conf", "/etc/passwd",
};

static const char *const terminal_dirs[] = {
	"/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo",
};

static const char *const library_dirs[] = {
	"/lib", "/lib64", "/usr/lib", "/usr/lib64",
};

/* Large, and nothing that a running system needs to try a module. */
static const char *const left_out[] = {
	"/boot", "/dev", "/proc", "/sys", "/run", "/tmp", "/srv", "/home",
	"/root", "/var/cache", "/var/lib/apt", "/var/lib/dkms", "/usr/src",
	"/usr/include", "/usr/lib/gcc", "/usr/libexec/gcc", "/usr/share/doc",
	"/usr/share/locale", "/usr/share/man", "/usr/share/info",
	"/lib/modules/*/kernel", "/usr/lib/modules/*/kernel", NULL
};

struct guest_build {
	int root;
	const char *release;
	const struct architecture *arch;
	struct module_index modules;
	struct initramfs ir;
	bool started;
	const char *program;	/* whose libraries are added */
};

/* "/lib/x" stands in "/usr/lib/x". */
static void merged_path(const char *path, char *merged, size_t size)
{
	bool merge = !strncmp(path, "/lib", 4) || !strncmp(path, "/bin/", 5) ||
		     !strncmp(path, "/sbin/", 6);

	snprintf(merged, size, "%s%s", merge ? "/usr" : "", path);
}

static int add_with_mode(struct guest_build *b, const char *path, int fd,
			 mode_t mask)
{
	char merged[PATH_MAX];
	struct stat st;

	merged_path(path, merged, sizeof(merged));
	if (fstat(fd, &st)) {
		warn("%s", path);
		return -1;
	}
	if (!S_ISREG(st.st_mode)) {
		warnx("%s of the system is no file", path);
		return -1;
	}
	return initramfs_add_file(&b->ir, merged, st.st_mode & mask, fd);
}

static int add_from_fd(struct guest_build *b, const char *path, int fd)
{
	return add_with_mode(b, path, fd, 0755);
}

static int add_from_root(struct guest_build *b, const char *path)
{
	int fd = root_file_open(b->root, path);
	int ret;

	if (fd < 0) {
		warn("%s of the system", path);
		return -1;
	}
	ret = add_from_fd(b, path, fd);
	close(fd);
	return ret;
}

/* Whether two ELF files are for the same machine, so that one can load one. */
static bool same_machine(Elf *a, int fd)
{
	GElf_Ehdr wanted, found;
	bool same = false;
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);

	if (elf && gelf_getehdr(elf, &found) && gelf_getehdr(a, &wanted))
		same = found.e_machine == wanted.e_machine &&
		       found.e_ident[EI_CLASS] == wanted.e_ident[EI_CLASS] &&
		       found.e_ident[EI_DATA] == wanted.e_ident[EI_DATA];
	elf_end(elf);
	return same;
}

static int open_library_in(struct guest_build *b, Elf *user, const char *dir,
			   const char *name, char *path, size_t size)
{
	int fd;

	snprintf(path, size, "%s/%s", dir, name);
	fd = root_file_open(b->root, path);
	if (fd >= 0 && !same_machine(user, fd)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Where the dynamic loader would look, multiarch directories included. */
static int open_library(struct guest_build *b, Elf *user, const char *name,
			char *path, size_t size)
{
	for (size_t i = 0; i < sizeof(library_dirs) / sizeof(library_dirs[0]);
	     i++) {
		const char *dir = library_dirs[i];
		int fd = open_library_in(b, user, dir, name, path, size);
		DIR *list = fd < 0 ? root_dir_list(b->root, dir) : NULL;
		struct dirent *entry;

		while (fd < 0 && list && (entry = readdir(list))) {
			char multiarch[512];

			if (!strstr(entry->d_name, "-linux-"))
				continue;
			snprintf(multiarch, sizeof(multiarch), "%s/%s", dir,
				 entry->d_name);
			fd = open_library_in(b, user, multiarch, name, path,
					     size);
		}
		if (list)
			closedir(list);
		if (fd >= 0)
			return fd;
	}
	return -1;
}

static int add_libraries(struct guest_build *b, int fd);

/* @private: a directory where its user looks first, or NULL. */
static int add_library(struct guest_build *b, Elf *user, const char *private,
		       const char *name, bool optional)
{
	char path[PATH_MAX], merged[PATH_MAX];
	int fd = -1, ret;

	if (private && *private == '/')
		fd = open_library_in(b, user, private, name, path,
				     sizeof(path));
	if (fd < 0)
		fd = open_library(b, user, name, path, sizeof(path));

	if (fd < 0 && !optional)
		warnx("the system has no library %s, which its %s needs",
		      name, b->program);
	if (fd < 0)
		return optional ? 0 : -1;
	merged_path(path, merged, sizeof(merged));
	if (initramfs_has(&b->ir, merged)) {
		close(fd);
		return 0;
	}
	ret = add_from_fd(b, path, fd);
	if (!ret)
		ret = add_libraries(b, fd);
	close(fd);
	return ret;
}

static int add_needed(struct guest_build *b, Elf *elf, Elf_Scn *section,
		      const GElf_Shdr *shdr)
{
	Elf_Data *data = elf_getdata(section, NULL);
	const char *name, *private = NULL;
	GElf_Dyn dyn;

	for (int i = 0; data && gelf_getdyn(data, i, &dyn); i++)
		if (dyn.d_tag == DT_RUNPATH)
			private = elf_strptr(elf, shdr->sh_link,
					     dyn.d_un.d_val);
	for (int i = 0; data && gelf_getdyn(data, i, &dyn); i++) {
		if (dyn.d_tag != DT_NEEDED)
			continue;
		name = elf_strptr(elf, shdr->sh_link, dyn.d_un.d_val);
		if (add_library(b, elf, private, name ?: "(no name)", false))
			return -1;
	}
	return 0;
}

/* The program's interpreter and every library that it needs, and they need. */
static int add_libraries(struct guest_build *b, int fd)
{
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
	Elf_Scn *section = NULL;
	GElf_Shdr shdr;
	int ret = 0;

	while (elf && !ret && (section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, &shdr) && shdr.sh_type == SHT_DYNAMIC)
			ret = add_needed(b, elf, section, &shdr);
	elf_end(elf);
	return ret;
}

/* The path of the loader that a program asks for; "" if it asks for none. */
static void find_interpreter(Elf *elf, int fd, char *path, size_t size)
{
	size_t count = 0;

	*path = '\0';
	if (elf && elf_getphdrnum(elf, &count))
		count = 0;
	for (size_t i = 0; i < count && !*path; i++) {
		GElf_Phdr phdr;

		if (!gelf_getphdr(elf, i, &phdr) || phdr.p_type != PT_INTERP ||
		    phdr.p_filesz >= size)
			continue;
		if (pread(fd, path, phdr.p_filesz, phdr.p_offset) > 0)
			path[phdr.p_filesz] = '\0';
	}
}

static int add_interpreter(struct guest_build *b, int fd)
{
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
	char path[256];

	find_interpreter(elf, fd, path, sizeof(path));
	elf_end(elf);
	return *path ? add_from_root(b, path) : 0;
}

/* Of these, none has to be there. */
static int add_dlopens(struct guest_build *b, int fd,
		       const char *const libraries[])
{
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
	int ret = 0;

	for (; elf && !ret && *libraries; libraries++)
		ret = add_library(b, elf, NULL, *libraries, true);
	elf_end(elf);
	return ret;
}

static int add_modprobe(struct guest_build *b)
{
	int fd = root_file_open(b->root, MODPROBE);
	int ret;

	if (fd < 0) {
		warn("the system has no " MODPROBE " (package kmod)");
		return -1;
	}
	/*
	 * The guest program makes it executable. Until then the kernel, which
	 * asks it for ciphers and the like while it boots, is told at once that
	 * there are none; emulated, each run of it takes a tenth of a second.
	 */
	ret = add_with_mode(b, MODPROBE, fd, 0644);
	if (!ret)
		ret = add_interpreter(b, fd);
	if (!ret)
		ret = add_libraries(b, fd);
	if (!ret)
		ret = add_dlopens(b, fd, modprobe_dlopens);
	close(fd);
	for (size_t i = 0; !ret && i < sizeof(modprobe_names) /
					    sizeof(modprobe_names[0]); i++) {
		char merged[64];

		merged_path(modprobe_names[i], merged, sizeof(merged));
		ret = initramfs_add_link(&b->ir, merged, "modprobe");
	}
	return ret;
}

static bool is_null(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(1, 3);
}

/* One of modprobe.d may lead to /dev/null, and is empty in the machine then. */
static int add_text_file(struct guest_build *b, const char *path)
{
	char merged[PATH_MAX];
	struct stat st;
	int fd = root_file_open(b->root, path);
	int ret;

	if (fd < 0) {
		warn("%s of the system", path);
		return -1;
	}
	merged_path(path, merged, sizeof(merged));
	ret = -1;
	if (!fstat(fd, &st) && (S_ISREG(st.st_mode) || is_null(&st)))
		ret = initramfs_add_file(&b->ir, merged, 0644, fd);
	else
		warnx("%s of the system is no file", path);
	close(fd);
	return ret;
}

/*
 * modprobe reads the first three in their binary form, which stands beside them,
 * and the last one is for depmod. They are large, and the kernel has to unpack
 * what the initramfs has.
 */
static bool is_not_for_modprobe(const char *name)
{
	return !strcmp(name, "modules.alias") ||
	       !strcmp(name, "modules.dep") ||
	       !strcmp(name, "modules.symbols") ||
	       !strcmp(name, "modules.order");
}

/*
 * The files of a directory whose names begin with @prefix, in the order of the
 * names: the same files make the same initramfs, whatever file system they are
 * on. 1 if there is no such directory.
 */
static int add_files(struct guest_build *b, const char *dir, const char *prefix)
{
	struct dirent **list;
	int count = root_dir_sorted(b->root, dir, &list);
	int ret = 0;

	if (count < 0)
		return 1;
	for (int i = 0; i < count; i++) {
		const char *name = list[i]->d_name;
		char path[600];

		snprintf(path, sizeof(path), "%s/%s", dir, name);
		if (!ret && name[0] != '.' && !is_not_for_modprobe(name) &&
		    !strncmp(name, prefix, strlen(prefix)))
			ret = add_text_file(b, path);
		free(list[i]);
	}
	free(list);
	return ret;
}

static int add_config(struct guest_build *b)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < sizeof(config_dirs) /
				       sizeof(config_dirs[0]); i++) {
		ret = add_files(b, config_dirs[i], "");
		if (ret > 0)
			ret = 0;
	}
	return ret;
}

/* modules.dep and the other index files that depmod wrote. */
static int add_module_index(struct guest_build *b)
{
	char dir[256];
	int ret;

	snprintf(dir, sizeof(dir), "/lib/modules/%s", b->release);
	ret = add_files(b, dir, "modules.");
	if (ret <= 0)
		return ret;
	warn("%s of the system", dir);
	return -1;
}

static int add_module_list(struct guest_build *b, struct kmod_list *list);

/* What modprobe loads before and after a module. */
static int add_module_needs(struct guest_build *b, struct kmod_module *mod)
{
	struct kmod_list *deps = kmod_module_get_dependencies(mod);
	struct kmod_list *pre = NULL, *post = NULL;
	int ret = add_module_list(b, deps);

	kmod_module_unref_list(deps);
	if (!ret && !kmod_module_get_softdeps(mod, &pre, &post)) {
		ret = add_module_list(b, pre);
		if (!ret)
			ret = add_module_list(b, post);
	}
	kmod_module_unref_list(pre);
	kmod_module_unref_list(post);
	return ret;
}

/* One whose file is there already has been here: they may need each other. */
static int add_module_file(struct guest_build *b, struct kmod_module *mod)
{
	char path[PATH_MAX], merged[PATH_MAX];
	int ret;

	switch (module_index_path(&b->modules, mod, path, sizeof(path))) {
	case 0:
		break;
	case -EEXIST:
		return 0;	/* built into the kernel */
	default:
		module_index_warn(kmod_module_get_name(mod), b->release,
				  -EXDEV);
		return -1;
	}
	merged_path(path, merged, sizeof(merged));
	if (initramfs_has(&b->ir, merged))
		return 0;
	ret = add_from_root(b, path);
	return ret ? ret : add_module_needs(b, mod);
}

static int add_module_list(struct guest_build *b, struct kmod_list *list)
{
	struct kmod_list *item;
	int ret = 0;

	kmod_list_foreach(item, list) {
		struct kmod_module *mod = kmod_module_get_module(item);

		if (!ret)
			ret = add_module_file(b, mod);
		kmod_module_unref(mod);
	}
	return ret;
}

static int add_module(struct guest_build *b, const char *name)
{
	struct kmod_list *found = NULL, *item;
	int ret = kmod_module_new_from_lookup(b->modules.ctx, name, &found);

	if (ret || !found) {
		installed_warn_missing(b->root, b->release, name);
		return -1;
	}
	ret = add_module_list(b, found);
	kmod_list_foreach(item, found) {
		struct kmod_module *mod = kmod_module_get_module(item);

		if (!ret && !kmod_module_get_path(mod)) {
			module_index_warn(name, b->release, -EEXIST);
			ret = -1;
		}
		kmod_module_unref(mod);
	}
	kmod_module_unref_list(found);
	return ret;
}

static int add_modules(struct guest_build *b, char *const modules[])
{
	int ret = module_index_open(&b->modules, b->root, b->release);

	if (ret)
		return ret;
	while (!ret && *modules)
		ret = add_module(b, *modules++);
	module_index_close(&b->modules);
	return ret;
}

static int open_host_file(const char *path, const char *what)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0) {
		warn("the %s %s", what, path);
		return -1;
	}
	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		return fd;
	warnx("the %s %s is no file", what, path);
	close(fd);
	return -1;
}

static int add_script(struct guest_build *b, const char *script)
{
	int fd = open_host_file(script, "script");
	int ret;

	if (fd < 0)
		return -1;
	ret = initramfs_add_file(&b->ir, GUEST_SCRIPT, 0755, fd);
	close(fd);
	return ret;
}

/* Process 1 finds no library, and no loader that would look for it. */
static bool is_static_program(int fd)
{
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
	bool is_static = false;
	char loader[256];
	GElf_Ehdr header;

	if (elf && gelf_getehdr(elf, &header) &&
	    (header.e_type == ET_EXEC || header.e_type == ET_DYN)) {
		find_interpreter(elf, fd, loader, sizeof(loader));
		is_static = !*loader;
	}
	elf_end(elf);
	return is_static;
}

/* One that was named, or the one of our own. */
static int add_program_file(struct guest_build *b, const char *program, int fd)
{
	if (!is_static_program(fd))
		warnx("the guest program %s is no static executable: build it with -static",
		      program);
	else if (!architecture_runs(b->arch, architecture_of_file(fd)))
		warnx("the guest program %s is for another architecture than kernel %s, which is for %s: take the one of lkp-example-utils for %s",
		      program, b->release, b->arch->name, b->arch->name);
	else
		return initramfs_add_file(&b->ir, "/init", 0755, fd);
	return -1;
}

/* A system of another architecture brings its own, if it has our package. */
static int open_foreign_program(const struct guest_build *b)
{
	int fd = root_file_open(b->root, FOREIGN_PROGRAM);

	if (fd < 0)
		warnx("kernel %s is for %s, and the system has no guest program for that: install lkp-example-utils:%s in it, or name one by --guest (%s: %s)",
		      b->release, b->arch->name, b->arch->name,
		      FOREIGN_PROGRAM, strerror(errno));
	return fd;
}

static int open_program(const struct guest_build *b, char *path, size_t size,
			const char *program)
{
	snprintf(path, size, "%s", program ?: FOREIGN_PROGRAM);
	if (program)
		return open_host_file(program, "guest program");
	if (!architecture_runs(b->arch, architecture_of_host()))
		return open_foreign_program(b);
	return guest_program(path, size) ? -1 :
	       open_host_file(path, "guest program");
}

static int add_program(struct guest_build *b, const char *program)
{
	char path[PATH_MAX];
	int fd = open_program(b, path, sizeof(path), program);
	int ret;

	if (fd < 0)
		return -1;
	ret = add_program_file(b, path, fd);
	close(fd);
	return ret;
}

static int add_base(struct guest_build *b, const char *program)
{
	static const char *const merged[] = { "bin", "sbin", "lib", "lib64" };
	static const char *const dirs[] = { "/dev", "/proc", "/run", "/sys",
					    "/tmp" };
	int ret = 0;

	for (size_t i = 0; !ret && i < 4; i++) {
		char path[16], target[16];

		snprintf(path, sizeof(path), "/%s", merged[i]);
		snprintf(target, sizeof(target), "usr/%s", merged[i]);
		ret = initramfs_add_link(&b->ir, path, target);
	}
	for (size_t i = 0; !ret && i < sizeof(dirs) / sizeof(dirs[0]); i++)
		ret = initramfs_add_dir(&b->ir, dirs[i]);
	return ret ? ret : add_program(b, program);
}

/* The kernel's configuration says what a check may expect of it. */
static int add_kernel_config(struct guest_build *b)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/boot/config-%s", b->release);
	fd = root_file_open(b->root, path);
	if (fd < 0)
		return 0;
	close(fd);
	return add_from_root(b, path);
}

/* And the versions of its symbols, which a module is held against. */
static int add_kernel_symvers(struct guest_build *b)
{
	char path[256];
	int fd, ret;

	snprintf(path, sizeof(path), "/lib/modules/%s/build/Module.symvers",
		 b->release);
	fd = root_file_open(b->root, path);
	if (fd < 0)
		return 0;	/* the kernel's headers are not installed */
	/* By another name: in the tree, "build" is a link to what is left out. */
	snprintf(path, sizeof(path), "/boot/symvers-%s", b->release);
	ret = add_from_fd(b, path, fd);
	close(fd);
	return ret;
}

static int add_whole_system(struct guest_build *b)
{
	int fd, ret;

	if (add_kernel_config(b) || add_kernel_symvers(b))
		return -1;
	fd = root_dir_open(b->root, "/");
	if (fd < 0) {
		warn("the system's root directory");
		return -1;
	}
	ret = initramfs_add_tree(&b->ir, fd, "", left_out);
	close(fd);
	return ret;
}

/* One that is not for all to read, or no program, is left out. */
static int add_program_of_root(struct guest_build *b, const char *path, int fd)
{
	char merged[PATH_MAX];
	struct stat st;
	int ret;

	merged_path(path, merged, sizeof(merged));
	if (initramfs_has(&b->ir, merged) || fstat(fd, &st) ||
	    !S_ISREG(st.st_mode) || !(st.st_mode & 0111))
		return 0;
	b->program = path;
	ret = add_from_fd(b, path, fd);
	if (!ret)
		ret = add_interpreter(b, fd);
	if (!ret)
		ret = add_libraries(b, fd);
	if (!ret)
		ret = add_dlopens(b, fd, session_dlopens);
	/* One that would not start here does not start there. */
	return b->ir.failed ? ret : 0;
}

/* A word of a command, which need not be the name of a program. */
static int add_if_program(struct guest_build *b, const char *word)
{
	const size_t count = sizeof(program_dirs) / sizeof(program_dirs[0]);
	int ret = 0;

	for (size_t i = 0; !ret && i < count; i++) {
		char path[PATH_MAX];
		int fd;

		if (*word == '/')
			snprintf(path, sizeof(path), "%s", word);
		else
			snprintf(path, sizeof(path), "%s/%s", program_dirs[i],
				 word);
		fd = root_file_open(b->root, path);
		if (fd < 0)
			continue;
		ret = add_program_of_root(b, path, fd);
		close(fd);
		break;
	}
	return ret;
}

static int add_if_there(struct guest_build *b, const char *path)
{
	return root_has(b->root, path) ? add_text_file(b, path) : 0;
}

/* How this terminal is written to. */
static int add_terminal(struct guest_build *b)
{
	const size_t count = sizeof(terminal_dirs) / sizeof(terminal_dirs[0]);
	const char *name = getenv("TERM");
	char path[128];
	int ret = 0;

	if (!name || !*name || strchr(name, '/'))
		return 0;
	for (size_t i = 0; !ret && i < count; i++) {
		snprintf(path, sizeof(path), "%s/%c/%s", terminal_dirs[i],
			 *name, name);
		ret = add_if_there(b, path);
	}
	return ret;
}

static int add_shell(struct guest_build *b, char *const programs[])
{
	const size_t count = sizeof(shell_files) / sizeof(shell_files[0]);
	char index[256];
	int ret = 0;

	/* People read it as well, and so does a lesson. */
	snprintf(index, sizeof(index), "/lib/modules/%s/modules.dep",
		 b->release);
	for (size_t i = 0; !ret && programs[i]; i++)
		ret = add_if_program(b, programs[i]);
	for (size_t i = 0; !ret && i < count; i++)
		ret = add_if_there(b, shell_files[i]);
	if (!ret)
		ret = add_if_there(b, index);
	if (!ret)
		ret = initramfs_add_dir(&b->ir, "/etc/modules-load.d");
	return ret ? ret : add_terminal(b) || add_kernel_config(b) ? -1 : 0;
}

/**
 * guest_program() - the guest program that came with this command
 * @path: result
 * @size: of @path
 *
 * Return: 0, or -1 after a message.
 */
int guest_program(char *path, size_t size)
{
	if (beside_us(path, size, "lkp-guest"))
		return 0;
	warn("/proc/self/exe");
	return -1;
}

/* What each guest has: the modules, and what loads them. */
static int start(struct guest_build *b, char *const modules[],
		 const char *program)
{
	elf_version(EV_CURRENT);
	b->program = "modprobe";
	if (initramfs_start(&b->ir))
		return -1;
	b->started = true;
	return add_base(b, program) || add_modprobe(b) || add_config(b) ||
	       add_module_index(b) || add_modules(b, modules) ? -1 : 0;
}

static int finish(struct guest_build *b, bool failed)
{
	int fd = b->started ? initramfs_finish(&b->ir) : -1;

	if (!failed)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/**
 * guest_initramfs() - make the initramfs for a kernel and some modules
 * @root: the system, from root_open()
 * @release: the kernel's release string
 * @arch: its architecture
 * @modules: names of modules, ending in NULL
 * @program: path of the guest program, a static executable; NULL for the one
 * that came with this command, or with the system if that is of another kind
 * @script: path of a script to run in the guest, or NULL
 * @whole: whether the system's programs come along
 *
 * Return: a file descriptor that holds it, or -1 after a message.
 */
int guest_initramfs(int root, const char *release,
		    const struct architecture *arch, char *const modules[],
		    const char *program, const char *script, bool whole)
{
	struct guest_build b = { .root = root, .release = release,
				 .arch = arch };

	return finish(&b, start(&b, modules, program) ||
		      (script && add_script(&b, script)) ||
		      (whole && add_whole_system(&b)));
}

/**
 * guest_session_initramfs() - make the initramfs for a session with a shell
 * @root: the system, from root_open()
 * @release: the kernel's release string
 * @arch: its architecture
 * @modules: names of modules, ending in NULL
 * @programs: what may be the names of programs, ending in NULL; those that the
 * system has come along
 *
 * Return: a file descriptor that holds it, or -1 after a message.
 */
int guest_session_initramfs(int root, const char *release,
			    const struct architecture *arch,
			    char *const modules[], char *const programs[])
{
	struct guest_build b = { .root = root, .release = release,
				 .arch = arch };

	return finish(&b, start(&b, modules, NULL) || add_shell(&b, programs));
}
