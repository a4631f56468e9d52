// SPDX-License-Identifier: GPL-2.0-only
/*
 * architecture.c - the kinds of machine that are known, and how to have one
 *
 * Each has two channels that its kernels, those of the distributions, have
 * drivers for without any module: one for the kernel's messages, and another
 * for the report.
 */
#include "architecture.h"

#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <libelf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"
#include "findings.h"
#include "kernel.h"
#include "module_file.h"
#include "root.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Who has it: Debian and its like, Fedora and its like. */
#define INSTALL(debian, fedora) \
	"'apt-get install " debian "' or 'dnf install " fedora "'"
#define TWO_SERIAL_LINES \
	{ "-serial", "chardev:console", "-serial", "chardev:report", NULL }
/* The board has one line, and gets the other as a card. */
#define SERIAL_LINE_AND_CARD \
	{ "-serial", "chardev:console", "-device", "pci-serial,chardev=report", \
	  NULL }

/*
 * All that the accelerator can do. But emulated, "rep movsb" goes byte by byte:
 * without the first two the kernel copies and clears memory by words. And an
 * interrupt behind an emulated cmpxchg16b, which is how the kernel allocates
 * memory, finds wrong flags in QEMU 7.2: on a busy host a machine that runs for
 * minutes oopses for no fault of the module's.
 */
#define X86_CPU "max,-erms,-fsrm,-cx16"
/*
 * The kernel does not count how often its timer ticks in a moment, which on a
 * busy host is not often enough ("IO-APIC + timer doesn't work"; under KVM it
 * leaves that out by itself).
 */
#define X86_ARGS " no_timer_check"

static const struct architecture architectures[] = {
	{
		.name = "amd64",
		.machine = EM_X86_64,
		.class = ELFCLASS64,
		.data = ELFDATA2LSB,
		.runs = "i386",
		.qemu = "qemu-system-x86_64",
		.packages = INSTALL("qemu-system-x86", "qemu-system-x86-core"),
		.board = "q35",
		.cpu = X86_CPU,
		.kvm_cpu = "max",
		.options = TWO_SERIAL_LINES,
		.console = "ttyS0",
		.report = "/dev/ttyS1",
		.kernel_args = X86_ARGS,
	}, {
		.name = "i386",
		.machine = EM_386,
		.class = ELFCLASS32,
		.data = ELFDATA2LSB,
		.qemu = "qemu-system-i386",
		.packages = INSTALL("qemu-system-x86", "qemu-system-x86-core"),
		.board = "q35",
		.cpu = X86_CPU,
		.kvm_cpu = "max",
		.options = TWO_SERIAL_LINES,
		.console = "ttyS0",
		.report = "/dev/ttyS1",
		.kernel_args = X86_ARGS,
	}, {
		.name = "arm64",
		.machine = EM_AARCH64,
		.class = ELFCLASS64,
		.data = ELFDATA2LSB,
		.runs = "armhf",
		.qemu = "qemu-system-aarch64",
		.packages = INSTALL("qemu-system-arm", "qemu-system-aarch64-core"),
		.board = "virt",
		/* Signed pointers, but not by the real cipher: it takes long. */
		.cpu = "max,pauth-impdef=on",
		.options = SERIAL_LINE_AND_CARD,
		.console = "ttyAMA0",
		.report = "/dev/ttyS0",
		.kernel_args = "",
	}, {
		.name = "armhf",
		.machine = EM_ARM,
		.class = ELFCLASS32,
		.data = ELFDATA2LSB,
		.qemu = "qemu-system-arm",
		.packages = INSTALL("qemu-system-arm", "qemu-system-arm-core"),
		/* Where a kernel with addresses of 32 bits finds the cards. */
		.board = "virt,highmem=off",
		.cpu = "cortex-a15",
		.options = SERIAL_LINE_AND_CARD,
		.console = "ttyAMA0",
		.report = "/dev/ttyS0",
		.parallel = true,
		.kernel_args = "",
	}, {
		.name = "riscv64",
		.machine = EM_RISCV,
		.class = ELFCLASS64,
		.data = ELFDATA2LSB,
		.qemu = "qemu-system-riscv64",
		.packages = INSTALL("qemu-system-misc", "qemu-system-riscv-core"),
		.board = "virt",
		.cpu = "rv64",
		.options = SERIAL_LINE_AND_CARD,
		.console = "ttyS0",
		.report = "/dev/ttyS1",
		.parallel = true,
		.kernel_args = "",
	}, {
		.name = "ppc64el",
		.machine = EM_PPC64,
		.class = ELFCLASS64,
		.data = ELFDATA2LSB,
		.qemu = "qemu-system-ppc64",
		.packages = INSTALL("qemu-system-ppc", "qemu-system-ppc-core"),
		.board = "pseries",
		.cpu = "power9",
		.options = TWO_SERIAL_LINES,
		.console = "hvc0",
		.report = "/dev/hvc1",
		.kernel_args = "",
	}, {
		.name = "s390x",
		.machine = EM_S390,
		.class = ELFCLASS64,
		.data = ELFDATA2MSB,
		.qemu = "qemu-system-s390x",
		.packages = INSTALL("qemu-system-misc", "qemu-system-s390x-core"),
		.board = "s390-ccw-virtio",
		.cpu = "max",
		/* The line mode for messages: it may cut long lines into pieces. */
		.options = { "-device", "sclplmconsole,chardev=console",
			     "-device", "sclpconsole,chardev=report", NULL },
		.console = "ttyS0",
		.report = "/dev/ttysclp0",
		.kernel_args = "",
	},
};

#define MODPROBE "/sbin/modprobe"
/* More than any module, and any modprobe. */
#define FILE_LIMIT (64 << 20)

/**
 * architecture_of_header() - the architecture of an ELF file
 * @header: its header
 *
 * Return: the architecture, or NULL if it is none of those that are known.
 */
const struct architecture *architecture_of_header(const GElf_Ehdr *header)
{
	for (size_t i = 0; i < COUNT(architectures); i++) {
		const struct architecture *a = &architectures[i];

		if (header->e_machine == a->machine &&
		    header->e_ident[EI_CLASS] == a->class &&
		    header->e_ident[EI_DATA] == a->data)
			return a;
	}
	return NULL;
}

static bool read_header(Elf *elf, GElf_Ehdr *header)
{
	bool read = elf && gelf_getehdr(elf, header);

	elf_end(elf);
	return read;
}

/**
 * architecture_of_file() - the architecture of a program
 * @fd: its file
 *
 * Return: the architecture; NULL if it is none that is known, or no program.
 */
const struct architecture *architecture_of_file(int fd)
{
	GElf_Ehdr header;

	elf_version(EV_CURRENT);
	return read_header(elf_begin(fd, ELF_C_READ, NULL), &header) ?
	       architecture_of_header(&header) : NULL;
}

/**
 * architecture_of_host() - the architecture that this program is built for
 *
 * Return: the architecture; NULL if it is none that is known.
 */
const struct architecture *architecture_of_host(void)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	const struct architecture *a = architecture_of_file(fd);

	if (fd >= 0)
		close(fd);
	return a;
}

/* Of a module, which may be packed, or of a program. */
static bool header_of(int root, const char *path, GElf_Ehdr *header)
{
	struct buffer content = { 0 };
	struct findings ignored = { 0 };
	const char *packed;
	bool read = false;
	int fd = root_file_open(root, path);

	if (fd < 0)
		return false;
	if (!buffer_read_file(&content, fd, FILE_LIMIT) && content.size &&
	    !module_file_unpack(&content, &packed, &ignored) && content.size)
		read = read_header(elf_memory(content.data, content.size),
				   header);
	buffer_free(&content);
	close(fd);
	return read;
}

/**
 * architecture_of_kernel() - the architecture of a system's kernel
 * @root: the system, from root_open()
 * @release: the kernel's release string
 *
 * A system's programs may be of another than its kernel, so a module tells that
 * came with the kernel; modprobe, if there is none. What has neither is taken
 * for one of this host.
 *
 * Return: the architecture; NULL after a message if it is none that is known.
 */
const struct architecture *architecture_of_kernel(int root,
						  const char *release)
{
	const struct architecture *a;
	char path[PATH_MAX];
	GElf_Ehdr header;

	elf_version(EV_CURRENT);
	if ((kernel_own_module(root, release, path, sizeof(path)) &&
	     header_of(root, path, &header)) ||
	    header_of(root, MODPROBE, &header)) {
		a = architecture_of_header(&header);
		if (!a)
			warnx("kernel %s is of an architecture that is not known here: ELF machine %u, %s, %s endian",
			      release, header.e_machine,
			      header.e_ident[EI_CLASS] == ELFCLASS64 ?
			      "64 bit" : "32 bit",
			      header.e_ident[EI_DATA] == ELFDATA2MSB ?
			      "big" : "little");
		return a;
	}
	a = architecture_of_host();
	if (!a)
		warnx("this program is of an architecture that it does not know");
	return a;
}

/**
 * architecture_runs() - whether a kernel runs a program
 * @kernel: the kernel's architecture
 * @program: the program's; NULL if it is none that is known
 *
 * Return: true if it does.
 */
bool architecture_runs(const struct architecture *kernel,
		       const struct architecture *program)
{
	return program &&
	       (program == kernel ||
		(kernel->runs && !strcmp(kernel->runs, program->name)));
}
