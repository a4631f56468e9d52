// SPDX-License-Identifier: GPL-2.0-only
/*
 * host.c - what this machine lets its kernels load
 *
 * A kernel may be told to load what is signed by a key that it trusts, and
 * nothing else: by module.sig_enforce, by its lockdown, or by Secure Boot, which
 * locks it down. A virtual machine has none of these. So what loads there may be
 * refused here, and of that the kernel which runs, and the firmware, tell.
 */
#include "host.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"
#include "dkms.h"
#include "kernel_config.h"
#include "module_file.h"
#include "module_index.h"
#include "root.h"

#define ENFORCED "/sys/module/module/parameters/sig_enforce"
#define LOCKDOWN "/sys/kernel/security/lockdown"
#define SECURE_BOOT \
	"/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

/* Far more than a certificate has. */
#define CERTIFICATE_MAX 65536

/* Longer names of packages are none that could be typed. */
#define PACKAGE_MAX 128

/* The beginning of a small file, as a string; how many bytes it has. */
static size_t read_start(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, text, size - 1);

	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	return n > 0 ? n : 0;
}

/* Four bytes of attributes, and the value. */
static bool secure_boot(void)
{
	char value[8];

	return read_start(SECURE_BOOT, value, sizeof(value)) == 5 &&
	       value[4] == 1;
}

/* Whether that kernel locks itself down under Secure Boot. */
static bool locks_down(int root, const char *release)
{
	struct buffer config;
	bool answer = !kernel_config_read(&config, root, release) &&
		      kernel_config_has(&config,
					"LOCK_DOWN_IN_EFI_SECURE_BOOT");

	buffer_free(&config);
	return answer;
}

/**
 * host_wants_signatures() - whether this machine loads signed modules only
 * @root: the system, from root_open()
 * @release: one of its kernels
 *
 * What the kernel that runs was told goes for the next one as well.
 *
 * Return: by what it is told so; NULL if it is not, or the system is another.
 */
const char *host_wants_signatures(int root, const char *release)
{
	char text[100];

	if (!root_is_running(root))
		return NULL;
	/* The other two follow from it, and do not say so. */
	if (secure_boot() && locks_down(root, release))
		return "Secure Boot";
	read_start(ENFORCED, text, sizeof(text));
	if (text[0] == 'Y')
		return "module.sig_enforce";
	read_start(LOCKDOWN, text, sizeof(text));
	if (strstr(text, "[integrity]") || strstr(text, "[confidentiality]"))
		return "lockdown";
	return NULL;
}

/* Where DKMS, and Ubuntu's DKMS, keep the certificate of the key they sign by. */
static const char *const certificate_files[] = {
	DKMS_CERTIFICATE,
	"/var/lib/shim-signed/mok/MOK.der",
};

#define CERTIFICATE_FILES \
	(sizeof(certificate_files) / sizeof(certificate_files[0]))

static bool is_signer(int root, const char *path, const struct signature *s)
{
	struct buffer content = { .limit = CERTIFICATE_MAX };
	struct certificates one = { 0 };
	int fd = root_file_open(root, path);
	bool answer;

	if (fd < 0)
		return false;
	answer = !buffer_read_all(&content, fd) && content.size &&
		 !certificates_add(&one, content.data, content.size, path) &&
		 signature_is_by(s, one.list[0].crt);
	certificates_free(&one);
	buffer_free(&content);
	close(fd);
	return answer;
}

/* The file to enrol, or NULL if it is none of those. */
static const char *find_certificate(int root, const struct signature *s)
{
	for (size_t i = 0; i < CERTIFICATE_FILES; i++)
		if (is_signer(root, certificate_files[i], s))
			return certificate_files[i];
	return NULL;
}

static bool has_certificate(int root)
{
	for (size_t i = 0; i < CERTIFICATE_FILES; i++)
		if (root_has(root, certificate_files[i]))
			return true;
	return false;
}

#define MAKE_KEY \
	"openssl req -new -x509 -nodes -days 36500 -newkey rsa:2048 " \
	"-subj '/CN=DKMS module signing key/' -keyout " DKMS_KEY \
	" -outform DER -out " DKMS_CERTIFICATE " && "

/* What DKMS has built gets a signature by its key; else @other is said. */
static void cure_by_dkms(struct refusal *r, int root, const char *release,
			 const char *name, const char *other)
{
	char package[PACKAGE_MAX];

	if (!dkms_has_built(package, sizeof(package), root, release, name))
		snprintf(r->cure, sizeof(r->cure), "%s", other);
	else if (dkms_signs(root))
		snprintf(r->cure, sizeof(r->cure),
			 "install openssl, with which DKMS signs, then: dkms build --force -k %s %s && dkms install --force -k %s %s",
			 release, package, release, package);
	else
		snprintf(r->cure, sizeof(r->cure),
			 "DKMS does not sign here, so after each build: %s/lib/modules/%s/build/scripts/sign-file sha256 "
			 DKMS_KEY " " DKMS_CERTIFICATE " $(modinfo -k %s -n %s)",
			 root_has(root, DKMS_CERTIFICATE) ? "" : MAKE_KEY,
			 release, release, name);
}

static void say_not_signed(struct refusal *r, int root, const char *release,
			   const char *name, const char *by)
{
	r->class = "not_signed";
	snprintf(r->cause, sizeof(r->cause),
		 "%.64s is not signed, and this machine loads signed modules only (%s)",
		 name, by);
	cure_by_dkms(r, root, release, name,
		     "sign it with a key that is enrolled: see dkms(8), mokutil(1)");
}

/* To enrol a key is to trust all that it will sign: only that of DKMS is named. */
static void say_unknown_key(struct refusal *r, int root, const char *release,
			    const char *name, const struct signature *s,
			    const char *by)
{
	const char *file = find_certificate(root, s);
	char package[PACKAGE_MAX];

	if (!file && has_certificate(root) &&
	    dkms_has_built(package, sizeof(package), root, release, name)) {
		r->class = "other_key";
		snprintf(r->cause, sizeof(r->cause),
			 "the key that %.64s is signed with is neither enrolled nor that of DKMS, and this machine loads what it trusts only (%s): %.200s",
			 name, by, s->signer);
		cure_by_dkms(r, root, release, name, "");
		return;
	}
	r->class = "key_not_enrolled";
	snprintf(r->cause, sizeof(r->cause),
		 "the key that %.64s is signed with is not enrolled, and this machine loads what it trusts only (%s): %.200s",
		 name, by, s->signer);
	snprintf(r->cure, sizeof(r->cure),
		 "mokutil --import %s, then reboot and enrol it",
		 file ?: "CERTIFICATE");
}

/**
 * host_refuses() - whether this machine will not load a module
 * @r: result: why, and what to do
 * @root: the system, from root_open()
 * @release: the kernel it is to be loaded by
 * @name: the module
 * @s: its signature, held against what the kernel and this machine trust
 * @by: from host_wants_signatures(), not NULL
 *
 * A signature that is made in a way that we do not know is not judged.
 *
 * Return: true if it refuses it.
 */
bool host_refuses(struct refusal *r, int root, const char *release,
		  const char *name, const struct signature *s, const char *by)
{
	r->class = NULL;
	if (s->state == SIGNATURE_NONE) {
		say_not_signed(r, root, release, name, by);
	} else if (s->state == SIGNATURE_UNKNOWN_KEY) {
		say_unknown_key(r, root, release, name, s, by);
	} else if (s->state == SIGNATURE_REJECTED) {
		r->class = "signature";
		snprintf(r->cause, sizeof(r->cause),
			 "the signature of %.64s is not of this file, which was changed after that",
			 name);
		cure_by_dkms(r, root, release, name, "build and sign it again");
	}
	return r->class;
}

/* Of one module, in its file; 1 if it is refused, -1 if it cannot be read. */
static int judge(struct refusal *r, const struct module_index *in,
		 const char *release, struct kmod_module *mod,
		 const struct kernel_facts *k, const char *by)
{
	struct findings ignored = { 0 };
	struct module_file m;
	char path[PATH_MAX];
	int fd, ret = -1;

	if (module_index_path(in, mod, path, sizeof(path)))
		return 0;	/* it is a part of the kernel */
	fd = root_file_open(in->root, path);
	if (fd < 0)
		return -1;
	if (!module_file_read(&m, fd, &k->trusted, &ignored))
		ret = host_refuses(r, in->root, release,
				   kmod_module_get_name(mod), &m.signature, by);
	module_file_free(&m);
	close(fd);
	return ret;
}

/* What it depends on is loaded before it. */
static int judge_all(struct refusal *r, const struct module_index *in,
		     const char *release, const char *name,
		     const struct kernel_facts *k, const char *by)
{
	struct kmod_list *found = NULL, *needed, *item;
	struct kmod_module *mod;
	int ret = 0;

	if (kmod_module_new_from_lookup(in->ctx, name, &found) || !found)
		return -1;
	mod = kmod_module_get_module(found);
	needed = kmod_module_get_dependencies(mod);
	kmod_list_foreach(item, needed) {
		struct kmod_module *other = kmod_module_get_module(item);

		if (!ret)
			ret = judge(r, in, release, other, k, by);
		kmod_module_unref(other);
	}
	if (!ret)
		ret = judge(r, in, release, mod, k, by);
	kmod_module_unref_list(needed);
	kmod_module_unref(mod);
	kmod_module_unref_list(found);
	return ret;
}

/**
 * host_refuses_any() - whether this machine will not load one of several modules
 * @r: result: why, and what to do
 * @root: the system, from root_open()
 * @release: the kernel they are to be loaded by
 * @modules: their names, ending in NULL; what they depend on counts as well
 * @k: that kernel
 * @by: from host_wants_signatures(), not NULL
 *
 * Return: 1 if it refuses one, 0 if it refuses none, -1 if one cannot be read.
 */
int host_refuses_any(struct refusal *r, int root, const char *release,
		     char *const modules[], const struct kernel_facts *k,
		     const char *by)
{
	struct module_index in;
	int ret = 0;

	if (module_index_open(&in, root, release))
		return -1;
	for (size_t i = 0; !ret && modules[i]; i++)
		ret = judge_all(r, &in, release, modules[i], k, by);
	module_index_close(&in);
	return ret;
}
