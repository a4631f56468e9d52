// SPDX-License-Identifier: GPL-2.0-only
/*
 * module_file.c - the file of a module, as the kernel reads it
 *
 * The file is anybody's: it may be cut off, random, or made to deceive. What
 * libelf refuses to read stays empty here, and what the kernel's own look at
 * the file refuses is found (kernel/module/main.c, elf_validity_check()).
 */
#include "module_file.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "binary_number.h"

/* include/linux/module_signature.h */
#define SIGNATURE_MARK "~Module signature appended~\n"
struct description {
	unsigned char algo, hash, id_type, signer_len, key_id_len, pad[3];
	unsigned char length[4];	/* big endian */
};

#define PKCS7 2

/* More than any module: what unpacks to more is made to do so. */
#define SIZE_MAX_UNPACKED (256UL << 20)

/* kernel: MODULE_NAME_LEN */
#define VERSION_NAME_SIZE(long_size) (64 - (long_size))

static const struct {
	const char *name;
	size_t size;
	const char *magic;
} packings[] = {
	{ "gzip", 2, "\x1f\x8b" },
	{ "xz", 6, "\xfd\x37zXZ" },
	{ "zstd", 4, "\x28\xb5\x2f\xfd" },
};

static const char *find_packing(const struct buffer *content)
{
	for (size_t i = 0; i < sizeof(packings) / sizeof(packings[0]); i++)
		if (content->size >= packings[i].size &&
		    !memcmp(content->data, packings[i].magic, packings[i].size))
			return packings[i].name;
	return NULL;
}

/* After its six bytes of magic, and one that is 0, an xz file says the check. */
static bool has_foreign_check(const struct buffer *content)
{
	const char *packed = find_packing(content);

	return packed && !strcmp(packed, "xz") && content->size > 7 &&
	       (content->data[7] & 0xf) > 1;
}

static int unpack_all(struct archive *a, const struct buffer *packed,
		      struct buffer *to)
{
	struct archive_entry *entry;
	char chunk[65536];
	la_ssize_t n;

	archive_read_support_filter_gzip(a);
	archive_read_support_filter_xz(a);
	archive_read_support_filter_zstd(a);
	archive_read_support_format_raw(a);
	if (archive_read_open_memory(a, packed->data, packed->size) ||
	    archive_read_next_header(a, &entry))
		return -EINVAL;
	/* What is too short to be told is handed on as it is. */
	if (archive_filter_code(a, 0) == ARCHIVE_FILTER_NONE)
		return -EINVAL;
	while ((n = archive_read_data(a, chunk, sizeof(chunk))) > 0) {
		if (to->size + n > SIZE_MAX_UNPACKED)
			return -EFBIG;
		if (buffer_add(to, chunk, n))
			return -ENOMEM;
	}
	return n ? -EINVAL : 0;
}

static void say_not_unpacked(const char *packed, struct archive *a, int error,
			     struct findings *f)
{
	const char *reason = a ? archive_error_string(a) : NULL;

	if (error == -EFBIG)
		findings_add(f, "file", EINVAL,
			     "it unpacks to more than %lu MiB: it is no module, but made to fill memory",
			     SIZE_MAX_UNPACKED >> 20);
	else
		findings_add(f, "file", EINVAL, "it is no whole %s file%s%s",
			     packed, reason ? ": " : "", reason ?: "");
}

/**
 * module_file_unpack() - replace what is packed by what is in it
 * @content: a module as it is in its file
 * @packed: result: by what it was packed; NULL if it was not
 * @f: what is wrong with it is added here
 *
 * Return: 0, also if it was not packed; -1 if it cannot be unpacked.
 */
int module_file_unpack(struct buffer *content, const char **packed,
		       struct findings *f)
{
	struct buffer unpacked = { 0 };
	struct archive *a;
	int ret;

	*packed = find_packing(content);
	if (!*packed)
		return 0;
	a = archive_read_new();
	ret = a ? unpack_all(a, content, &unpacked) : -ENOMEM;
	if (ret) {
		say_not_unpacked(*packed, a, ret, f);
		archive_read_free(a);
		buffer_free(&unpacked);
		return -1;
	}
	archive_read_free(a);
	buffer_free(content);
	*content = unpacked;
	return 0;
}

/* The kernel refuses two of these; the rest depends on how it is told to be. */
static void judge_signature(const struct signature *s, struct findings *f)
{
	switch (s->state) {
	case SIGNATURE_UNREADABLE:
		findings_add(f, "signature", EBADMSG,
			     "its signature cannot be read: it is no whole PKCS#7 message");
		break;
	case SIGNATURE_REJECTED:
		findings_add(f, "signature", EKEYREJECTED,
			     "its signature is not of this file, which was changed after that: %.150s, a key of %s, has signed something else",
			     s->signer, s->keeper);
		break;
	case SIGNATURE_OTHER_KIND:
		findings_add(f, "signature", 0,
			     "its signature is made in a way that is not known here: whether it is good is not told");
		break;
	case SIGNATURE_UNKNOWN_KEY:
		findings_add(f, "signature", 0,
			     "it is signed by a key that is not known here, %.150s: a kernel that loads signed modules only will refuse it",
			     s->signer);
		break;
	default:
		break;
	}
}

/* As the kernel reads it: kernel/module_signature.c, mod_check_sig(). */
static bool description_valid(const struct description *d, size_t length,
			      size_t size, struct findings *f)
{
	static const unsigned char zeros[3];

	if (length + sizeof(*d) >= size)
		findings_add(f, "signature", EBADMSG,
			     "the signature is said to have %zu bytes, more than the file",
			     length);
	else if (d->id_type != PKCS7)
		findings_add(f, "signature", 0,
			     "its signature is of kind %u, and the kernel knows of kind %u only: it counts as not signed",
			     d->id_type, PKCS7);
	else if (d->algo || d->hash || d->signer_len || d->key_id_len ||
		 memcmp(d->pad, zeros, sizeof(zeros)))
		findings_add(f, "signature", EBADMSG,
			     "the description of its signature has values where zeros must be");
	else
		return true;
	return false;
}

/* The signature stands behind the module: itself, its description, a mark. */
static void cut_signature(struct module_file *m,
			  const struct certificates *known, struct findings *f)
{
	const size_t mark = strlen(SIGNATURE_MARK);
	gnutls_datum_t message, content;
	struct description d;
	size_t length;

	m->size = m->content.size;
	if (m->size <= mark || memcmp(m->content.data + m->size - mark,
				      SIGNATURE_MARK, mark))
		return;
	m->is_signed = true;
	m->signature.state = SIGNATURE_UNREADABLE;
	m->size -= mark;
	if (m->size < sizeof(d)) {
		findings_add(f, "signature", EBADMSG,
			     "there is a mark of a signature, but none before it");
		return;
	}
	memcpy(&d, m->content.data + m->size - sizeof(d), sizeof(d));
	length = binary_number(d.length, sizeof(d.length), true);
	if (!description_valid(&d, length, m->size, f)) {
		if (d.id_type != PKCS7)
			m->signature.state = SIGNATURE_NONE;
		return;
	}
	m->size -= sizeof(d) + length;
	content.data = (unsigned char *)m->content.data;
	content.size = m->size;
	message.data = content.data + m->size;
	message.size = length;
	signature_check(&m->signature, &message, &content, known);
	judge_signature(&m->signature, f);
}

/* What libelf does not mind and the kernel does. */
static bool sections_inside(const struct module_file *m, struct findings *f)
{
	Elf_Scn *section = NULL;
	GElf_Shdr shdr;

	while ((section = elf_nextscn(m->elf, section))) {
		if (!gelf_getshdr(section, &shdr))
			return false;
		if (shdr.sh_type == SHT_NOBITS || shdr.sh_type == SHT_NULL ||
		    (shdr.sh_offset <= m->size &&
		     shdr.sh_size <= m->size - shdr.sh_offset))
			continue;
		findings_add(f, "elf", ENOEXEC,
			     "section %zu ends behind the file: it was cut off, or damaged",
			     elf_ndxscn(section));
		return false;
	}
	return true;
}

static bool headers_inside(const struct module_file *m, struct findings *f)
{
	size_t count = m->header.e_shnum, names = m->header.e_shstrndx;
	size_t entry = m->header.e_ident[EI_CLASS] == ELFCLASS64 ?
		       sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);

	if (m->header.e_type != ET_REL) {
		findings_add(f, "elf", ENOEXEC,
			     "it is an ELF file, but no object to be linked (type %u)",
			     m->header.e_type);
		return false;
	}
	if (m->header.e_shentsize != entry || !m->header.e_shoff ||
	    m->header.e_shoff >= m->size ||
	    count * entry > m->size - m->header.e_shoff) {
		findings_add(f, "elf", ENOEXEC,
			     "its table of sections is not in the file: it was cut off, or damaged");
		return false;
	}
	if (!count || !names || names >= count) {
		findings_add(f, "elf", ENOEXEC,
			     "its sections have no names (%zu of %zu)", names,
			     count);
		return false;
	}
	return true;
}

static bool open_elf(struct module_file *m, struct findings *f)
{
	if (!m->content.size) {
		findings_add(f, "file", EINVAL, "it is empty");
		return false;
	}
	if (m->size < sizeof(Elf32_Ehdr) ||
	    memcmp(m->content.data, ELFMAG, SELFMAG)) {
		findings_add(f, "elf", ENOEXEC, "it is no ELF file");
		return false;
	}
	elf_version(EV_CURRENT);
	m->elf = elf_memory(m->content.data, m->size);
	if (!m->elf || !gelf_getehdr(m->elf, &m->header)) {
		findings_add(f, "elf", ENOEXEC, "it is no ELF file: %s",
			     elf_errmsg(-1));
		return false;
	}
	return headers_inside(m, f) && sections_inside(m, f);
}

/**
 * module_file_section() - find a section
 * @m: the file
 * @name: the section's name
 * @shdr: its header, to be filled in
 *
 * Return: the section, or NULL.
 */
Elf_Scn *module_file_section(const struct module_file *m, const char *name,
			     GElf_Shdr *shdr)
{
	Elf_Scn *section = NULL;

	while ((section = elf_nextscn(m->elf, section))) {
		const char *found;

		if (!gelf_getshdr(section, shdr))
			continue;
		found = elf_strptr(m->elf, m->header.e_shstrndx, shdr->sh_name);
		if (found && !strcmp(found, name))
			return section;
	}
	return NULL;
}

/**
 * module_file_data() - the bytes of a section
 * @m: the file
 * @name: the section's name
 * @size: how many they are
 *
 * Return: the bytes, or NULL if there is none, or none in the file.
 */
const char *module_file_data(const struct module_file *m, const char *name,
			     size_t *size)
{
	GElf_Shdr shdr;
	Elf_Scn *section = module_file_section(m, name, &shdr);
	Elf_Data *data = section ? elf_rawdata(section, NULL) : NULL;

	if (!data || !data->d_buf)
		return NULL;
	*size = data->d_size;
	return data->d_buf;
}

static uint64_t read_number(const struct module_file *m, const char *at,
			    size_t size)
{
	return binary_number(at, size,
			     m->header.e_ident[EI_DATA] == ELFDATA2MSB);
}

static int add_crc(struct symbols *list, const char *name, uint32_t crc)
{
	struct symbol *s = symbols_add(list, name);

	if (!s)
		return -ENOMEM;
	s->crc = crc;
	s->has_crc = true;
	return 0;
}

/* A table of struct modversion_info: a long, and a name in what is left of 64. */
static int read_versions(struct module_file *m)
{
	size_t size = 0, word = m->header.e_ident[EI_CLASS] == ELFCLASS64 ? 8 : 4;
	const char *at = module_file_data(m, "__versions", &size);
	int ret = 0;

	for (; !ret && at && size >= 64; at += 64, size -= 64)
		if (memchr(at + word, '\0', VERSION_NAME_SIZE(word)))
			ret = add_crc(&m->versions, at + word,
				      read_number(m, at, word));
	return ret;
}

/* Since 6.14, for longer names: checksums, and names one behind the other. */
static int read_extended_versions(struct module_file *m)
{
	size_t left = 0, size = 0;
	const char *crc = module_file_data(m, "__version_ext_crcs", &left);
	const char *name = module_file_data(m, "__version_ext_names", &size);
	int ret = 0;

	while (!ret && crc && name && left >= 4 && memchr(name, '\0', size)) {
		size_t step = strlen(name) + 1;

		ret = add_crc(&m->versions, name, read_number(m, crc, 4));
		crc += 4;
		left -= 4;
		name += step;
		size -= step;
	}
	return ret;
}

/* The table of symbols: its section, its header; NULL if there is none. */
static Elf_Data *symbol_table(const struct module_file *m, GElf_Shdr *shdr)
{
	Elf_Scn *section = NULL;

	while ((section = elf_nextscn(m->elf, section)))
		if (gelf_getshdr(section, shdr) && shdr->sh_type == SHT_SYMTAB)
			return elf_getdata(section, NULL);
	return NULL;
}

#define EXPORTED "__ksymtab_"

/* What stands for a module's own table of contents, on powerpc. */
static bool is_own(const struct module_file *m, const char *name)
{
	return m->header.e_machine == EM_PPC64 && !strcmp(name, ".TOC.");
}

static int add_needed(struct module_file *m, const char *name, int binding)
{
	struct symbol *s = symbols_add(&m->needed, name);

	if (!s)
		return -ENOMEM;
	s->weak = binding == STB_WEAK;
	return 0;
}

static const char *section_name(const struct module_file *m, size_t index,
				GElf_Shdr *shdr)
{
	Elf_Scn *section = elf_getscn(m->elf, index);

	if (!section || !gelf_getshdr(section, shdr))
		return "";
	return elf_strptr(m->elf, m->header.e_shstrndx, shdr->sh_name) ?: "";
}

static size_t section_size(const struct module_file *m, const char *name)
{
	GElf_Shdr shdr;

	return module_file_section(m, name, &shdr) ? shdr.sh_size : 0;
}

/*
 * How large an entry for an exported symbol is: three references, of 32 bits
 * each, or on many machines of 64.
 */
static size_t entry_size(const struct module_file *m)
{
	size_t size = section_size(m, "__ksymtab") +
		      section_size(m, "__ksymtab_gpl");
	GElf_Shdr shdr;
	Elf_Data *data = symbol_table(m, &shdr);
	size_t entries = 0;
	GElf_Sym sym;

	for (int i = 1; data && gelf_getsym(data, i, &sym); i++) {
		const char *name = elf_strptr(m->elf, shdr.sh_link,
					      sym.st_name);

		entries += name && !strncmp(name, EXPORTED, strlen(EXPORTED));
	}
	return size == entries * 24 ? 24 : 12;
}

/*
 * __ksymtab_NAME is the entry of an exported NAME, in __ksymtab or, up to 7.1,
 * in __ksymtab_gpl. Its place there is that of its checksum in __kcrctab(_gpl),
 * and since 7.2 of its flags in __kflagstab, of which bit 0 is "GPL only".
 */
static int add_exported(struct module_file *m, const char *name,
			const GElf_Sym *sym)
{
	const size_t entry = m->entry_size;
	size_t size = 0;
	GElf_Shdr shdr;
	const char *section = section_name(m, sym->st_shndx, &shdr);
	bool gpl = !strcmp(section, "__ksymtab_gpl");
	const char *flags = module_file_data(m, "__kflagstab", &size);
	struct symbol *s;
	const char *crc;

	if (!gpl && strcmp(section, "__ksymtab"))
		return 0;
	s = symbols_add(&m->exported, name);
	if (!s)
		return -ENOMEM;
	if (flags && sym->st_value / entry < size)
		gpl = flags[sym->st_value / entry] & 1;
	s->gpl_only = gpl;
	crc = module_file_data(m, !strcmp(section, "__ksymtab") ?
			   "__kcrctab" : "__kcrctab_gpl", &size);
	if (crc && sym->st_value / entry * 4 + 4 <= size) {
		s->crc = read_number(m, crc + sym->st_value / entry * 4, 4);
		s->has_crc = true;
	}
	return 0;
}

#define CHECKSUM "__crc_"
#define NAMESPACE "__kstrtabns_"

static struct symbol *find_exported(struct module_file *m, const char *name)
{
	for (size_t i = 0; i < m->exported.count; i++)
		if (!strcmp(m->exported.list[i].name, name))
			return &m->exported.list[i];
	return NULL;
}

/*
 * Up to 5.18 the checksum of NAME is the value of a symbol, __crc_NAME. Its
 * namespace is a string that __kstrtabns_NAME stands for.
 */
static void read_detail(struct module_file *m, const GElf_Sym *sym,
			const char *name)
{
	struct symbol *exported;
	const char *space;

	if (sym->st_shndx == SHN_ABS &&
	    !strncmp(name, CHECKSUM, strlen(CHECKSUM))) {
		exported = find_exported(m, name + strlen(CHECKSUM));
		if (!exported)
			return;
		exported->crc = sym->st_value;
		exported->has_crc = true;
	}
	if (sym->st_shndx == SHN_UNDEF ||
	    strncmp(name, NAMESPACE, strlen(NAMESPACE)))
		return;
	exported = find_exported(m, name + strlen(NAMESPACE));
	space = elf_strptr(m->elf, sym->st_shndx, sym->st_value);
	if (exported && space && *space)
		exported->space = space;
}

static int read_symbol(struct module_file *m, const GElf_Sym *sym,
		       const char *name)
{
	if (sym->st_shndx == SHN_COMMON)
		m->common = name;
	if (sym->st_shndx == SHN_UNDEF)
		return !*name || is_own(m, name) ? 0 :
		       add_needed(m, name, GELF_ST_BIND(sym->st_info));
	if (!strncmp(name, EXPORTED, strlen(EXPORTED)))
		return add_exported(m, name + strlen(EXPORTED), sym);
	return 0;
}

/* Exported symbols first, what else there is of them after that. */
static int read_symbols(struct module_file *m, bool details)
{
	GElf_Shdr shdr;
	Elf_Data *data = symbol_table(m, &shdr);
	GElf_Sym sym;
	int ret = 0;

	for (int i = 1; !ret && data && gelf_getsym(data, i, &sym); i++) {
		const char *name = elf_strptr(m->elf, shdr.sh_link,
					      sym.st_name);

		if (name && details)
			read_detail(m, &sym, name);
		else if (name)
			ret = read_symbol(m, &sym, name);
	}
	return ret;
}

/* What the kernel looks for in each module, and what else makes it one. */
static int read_content(struct module_file *m, struct findings *f)
{
	GElf_Shdr shdr;
	int ret;

	m->info = module_file_data(m, ".modinfo", &m->info_size);
	if (!module_file_section(m, ".gnu.linkonce.this_module", &shdr))
		findings_add(f, "elf", ENOEXEC,
			     "it is an object file, but no module: it has no .gnu.linkonce.this_module");
	if (!symbol_table(m, &shdr))
		findings_add(f, "elf", ENOEXEC,
			     "it has no table of symbols: it was stripped of all of them");
	m->entry_size = entry_size(m);
	ret = read_versions(m);
	if (!ret)
		ret = read_extended_versions(m);
	if (!ret)
		ret = read_symbols(m, false);
	if (!ret)
		ret = read_symbols(m, true);
	symbols_sort(&m->needed);
	symbols_sort(&m->versions);
	symbols_sort(&m->exported);
	return ret;
}

/**
 * module_file_read() - read a module
 * @m: result, to be released by module_file_free() in any case
 * @fd: the file
 * @known: the certificates to look for its signer in, or NULL
 * @f: what is wrong with it is added here
 *
 * Return: 0, whatever the file is; or -errno if it cannot be read, or is no
 * file: see buffer_read_file().
 */
int module_file_read(struct module_file *m, int fd,
		     const struct certificates *known, struct findings *f)
{
	int ret;

	*m = (struct module_file){ .content.limit = SIZE_MAX_UNPACKED };
	ret = buffer_read_file(&m->content, fd, SIZE_MAX_UNPACKED);
	if (ret)
		return ret;
	m->foreign_check = has_foreign_check(&m->content);
	if (module_file_unpack(&m->content, &m->packed, f))
		return 0;
	cut_signature(m, known, f);
	return open_elf(m, f) ? read_content(m, f) : 0;
}

/**
 * module_file_info() - a value of .modinfo
 * @m: the file
 * @key: which one; NULL for all, as "key=value"
 * @last: the value before, or NULL for the first one
 *
 * Return: the value, or NULL if there is no other.
 */
const char *module_file_info(const struct module_file *m, const char *key,
			     const char *last)
{
	const char *at = m->info, *end = at ? at + m->info_size : at;

	if (last)
		at = last + strlen(last) + 1;
	while (at && at < end && memchr(at, '\0', end - at)) {
		size_t len = strlen(at);

		if (!key && len)
			return at;
		if (key && !strncmp(at, key, strlen(key)) &&
		    at[strlen(key)] == '=')
			return at + strlen(key) + 1;
		at += len + 1;
	}
	return NULL;
}

/**
 * module_file_free() - release what module_file_read() has read
 * @m: the file
 */
void module_file_free(struct module_file *m)
{
	symbols_free(&m->needed);
	symbols_free(&m->versions);
	symbols_free(&m->exported);
	elf_end(m->elf);
	buffer_free(&m->content);
	*m = (struct module_file){ 0 };
}
