// SPDX-License-Identifier: GPL-2.0-only
/*
 * project.c - make a folder of a template
 *
 * It is made beside its place under another name, and gets its own when it is
 * whole. So it is there as a whole or not at all, and what was there before
 * stays as it was.
 */
#include "project.h"

#include <archive.h>
#include <archive_entry.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buffer.h"
#include "commands.h"
#include "signals.h"
#include "template.h"

#define WORD_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"

static const char *find_word(const struct project_word *words,
			     const char *name, size_t len)
{
	for (; words->name; words++)
		if (strlen(words->name) == len &&
		    !strncmp(words->name, name, len))
			return words->value;
	return NULL;
}

/* A text of the template, with the words put in; what is put in has none. */
static int fill_in(struct buffer *to, const char *text,
		   const struct project_word *words)
{
	while (*text) {
		size_t plain = strcspn(text, "@"), len;
		const char *value;

		if (buffer_add(to, text, plain))
			return -ENOMEM;
		text += plain;
		if (!*text)
			break;
		len = strspn(text + 1, WORD_LETTERS);
		if (!len || text[1 + len] != '@') {
			if (buffer_add(to, text++, 1))
				return -ENOMEM;
			continue;
		}
		value = find_word(words, text + 1, len);
		if (!value) {
			warnx("the template has a word '%.*s', which is not known: this is a fault of lkp-example",
			      (int)len, text + 1);
			return -EINVAL;
		}
		if (buffer_add(to, value, strlen(value)))
			return -ENOMEM;
		text += len + 2;
	}
	return 0;
}

static int write_file(int dir, const char *path, mode_t mode,
		      const struct buffer *text)
{
	const char *data = buffer_text(text);
	size_t left = text->size;
	int fd = openat(dir, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			mode);

	if (fd < 0)
		return -errno;
	while (left) {
		ssize_t n = write(fd, data, left);

		if (n < 0 && errno != EINTR) {
			int error = errno;

			close(fd);
			return -error;
		}
		if (n > 0) {
			data += n;
			left -= n;
		}
	}
	return close(fd) ? -errno : 0;
}

static int read_entry(struct buffer *text, struct archive *a, size_t size)
{
	char *data = malloc(size + 1);
	int ret = data ? 0 : -ENOMEM;

	if (!ret && archive_read_data(a, data, size) != (ssize_t)size)
		ret = -EIO;
	if (!ret) {
		data[size] = '\0';
		ret = buffer_add(text, data, size);
	}
	free(data);
	return ret;
}

/* The path below the first folder, if that is one for this project. */
static const char *path_in_project(const char *path, const char *license)
{
	size_t len = strcspn(path, "/");

	if (!path[len] || !path[len + 1])
		return NULL;
	if ((len == 3 && !strncmp(path, "all", len)) ||
	    (len == strlen(license) && !strncmp(path, license, len)))
		return path + len + 1;
	return NULL;
}

static int make_entry(int dir, const char *path, struct archive *a,
		      struct archive_entry *entry,
		      const struct project_word *words)
{
	struct buffer name = { 0 }, text = { 0 }, filled = { 0 };
	int ret = fill_in(&name, path, words);

	if (ret)
		goto out;
	if (archive_entry_filetype(entry) == AE_IFDIR) {
		/* A license may have files in a folder that is there. */
		if (mkdirat(dir, buffer_text(&name), 0777) && errno != EEXIST)
			ret = -errno;
		goto out;
	}
	ret = read_entry(&text, a, archive_entry_size(entry));
	if (!ret)
		ret = fill_in(&filled, buffer_text(&text), words);
	if (!ret)
		ret = write_file(dir, buffer_text(&name),
				 archive_entry_perm(entry) & 0100 ? 0777 : 0666,
				 &filled);
out:
	buffer_free(&filled);
	buffer_free(&text);
	buffer_free(&name);
	return ret;
}

/* All files, as the umask permits. */
static int make_files(int dir, const char *license,
		      const struct project_word *words)
{
	struct archive *a = archive_read_new();
	struct archive_entry *entry;
	int ret = a ? 0 : -ENOMEM, next = ARCHIVE_EOF;

	if (ret)
		return ret;
	archive_read_support_format_tar(a);
	if (archive_read_open_memory(a, template_begin,
				     template_end - template_begin))
		ret = -EIO;
	while (!ret) {
		const char *path;

		next = archive_read_next_header(a, &entry);
		if (next != ARCHIVE_OK)
			break;
		path = path_in_project(archive_entry_pathname(entry), license);
		if (path)
			ret = make_entry(dir, path, a, entry, words);
	}
	if (next != ARCHIVE_OK && next != ARCHIVE_EOF)
		ret = -EIO;
	archive_read_free(a);
	return ret;
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

/*
 * Not by rename() alone: it would replace a folder that is empty. This one is
 * ours, for mkdir() makes none that is there.
 */
static int put_in_place(const char *made, const char *dir)
{
	int error;

	if (mkdir(dir, 0777))
		return -errno;
	if (!rename(made, dir))
		return 0;
	error = errno;
	rmdir(dir);
	return -error;
}

static int make_at(const char *made, const char *dir, const char *license,
		   const struct project_word *words)
{
	/* There is no other way to see it. */
	mode_t mask = umask(0);
	int fd, ret;

	umask(mask);
	fd = open(made, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* mkdtemp() lets nobody else in. */
	ret = fchmod(fd, 0777 & ~mask) ? -errno :
					 make_files(fd, license, words);
	close(fd);
	return ret ? ret : put_in_place(made, dir);
}

static int explain(const char *dir, int error)
{
	if (error == -EEXIST || error == -ENOTEMPTY) {
		warnx("%s is there already, and stays as it is: name another folder by --dir",
		      dir);
		return EXIT_REFUSED;
	}
	warnx("%s could not be made, and nothing of it is there: %s", dir,
	      strerror(-error));
	return EXIT_TROUBLE;
}

/* Beside it, so that a rename is all that is needed in the end. */
static int make_beside(const char *dir, const char *license,
		       const struct project_word *words)
{
	const char *slash = strrchr(dir, '/');
	int below = slash ? slash - dir + 1 : 0, ret;
	char made[PATH_MAX];
	struct stat st;

	if (snprintf(made, sizeof(made), "%.*s.lkp-example-new.XXXXXX", below,
		     dir) >= (int)sizeof(made))
		return -ENAMETOOLONG;
	if (!lstat(dir, &st))
		return -EEXIST;
	if (!mkdtemp(made))
		return -errno;
	ret = make_at(made, dir, license, words);
	if (ret)
		nftw(made, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return ret;
}

/**
 * project_make() - make a project of the template
 * @dir: its folder, which is not there yet
 * @license: the folder in the template that has what is for its license
 * @words: what to put in, ending in one without a name
 *
 * A signal that would end us has to wait until all or nothing is there.
 *
 * Return: 0, or after a message an exit status: EXIT_REFUSED if @dir is there,
 * or EXIT_TROUBLE.
 */
int project_make(const char *dir, const char *license,
		 const struct project_word *words)
{
	sigset_t before;
	int ret;

	signals_hold(&before);
	ret = make_beside(dir, license, words);
	if (ret)
		ret = explain(dir, ret);
	signals_release(&before);
	return ret;
}
