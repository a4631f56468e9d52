// SPDX-License-Identifier: GPL-2.0-only
/*
 * store.c - results that are kept
 *
 * They belong to the system that was verified, and are kept in it: a file for
 * each kernel and set of modules. A file is there as a whole or not at all.
 * Who computes a result holds a lock on it meanwhile, so that nobody computes
 * it a second time, and nobody else writes it.
 *
 * What is in the store is not trusted to be anything: what is no result is
 * ignored.
 */
#include "store.h"

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buffer.h"
#include "root.h"
#include "signals.h"

#define STATE_DIR "/var/lib"
#define STORE_BELOW "lkp-example/results"
#define LOCK_FILE ".lock"
/* Far more than a result has. */
#define SIZE_LIMIT 65536

/* The directory, to be written if we may, else to be read. */
static void open_dir(struct store *s, int root)
{
	s->dir = root_dir_make(root, STATE_DIR, STORE_BELOW);
	if (s->dir < 0) {
		s->error = errno;
		s->dir = root_dir_open(root, STORE);
		return;
	}
	s->lock = openat(s->dir, LOCK_FILE,
			 O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (s->lock < 0)
		s->error = errno;
}

/* The name of the file; false if it would be too long for one, or its successor's. */
static bool name_of(char name[NAME_MAX + 1], const char *release,
		    const char *key)
{
	size_t len = snprintf(name, NAME_MAX + 1, "%s.%.16s.json", release,
			      key);

	return len + sizeof(".new") < NAME_MAX + 1;
}

/**
 * store_has() - whether something stands in the place of a result
 * @root: from root_open()
 * @release: the kernel
 * @modules: names of the modules, ending in NULL
 *
 * Nothing is changed for it.
 *
 * Return: true if there is something, be it of another key, or no result.
 */
bool store_has(int root, const char *release, char *const modules[])
{
	char key[KEY_SIZE], name[NAME_MAX + 1];
	bool found;
	int dir;

	if (key_of_modules(key, modules) || !name_of(name, release, key))
		return false;
	dir = root_dir_open(root, STORE);
	if (dir < 0)
		return false;
	found = !faccessat(dir, name, F_OK, 0);
	close(dir);
	return found;
}

/**
 * store_open() - find the place of a result
 * @s: the place, for store_close()
 * @root: from root_open()
 * @release: the kernel
 * @modules: names of the modules, ending in NULL
 *
 * A store that cannot be written is no error, but may be read.
 *
 * Return: 0, or -1 after a message.
 */
int store_open(struct store *s, int root, const char *release,
	       char *const modules[])
{
	char key[KEY_SIZE];

	*s = (struct store){ .dir = -1, .lock = -1 };
	if (key_of_modules(key, modules))
		return -1;
	if (!name_of(s->name, release, key)) {
		warnx("'%s' is too long for the name of a kernel", release);
		return -1;
	}
	/* A byte that need not exist; two results may share one, and wait. */
	key[15] = '\0';
	s->offset = strtoll(key, NULL, 16);
	open_dir(s, root);
	return 0;
}

/**
 * store_lock() - keep others from computing this result
 * @s: the place
 * @wait: whether to wait for another one who has the lock
 *
 * Return: true; or false if there is another one and we do not wait.
 */
bool store_lock(struct store *s, bool wait)
{
	struct flock range = {
		.l_type = F_WRLCK,
		.l_whence = SEEK_SET,
		.l_start = s->offset,
		.l_len = 1,
	};

	if (s->lock < 0)
		return true;
	while (fcntl(s->lock, wait ? F_OFD_SETLKW : F_OFD_SETLK, &range)) {
		if (errno == EINTR)
			continue;
		if (!wait && (errno == EAGAIN || errno == EACCES))
			return false;
		s->error = errno;
		close(s->lock);
		s->lock = -1;
		return true;
	}
	return true;
}

/* Only a file of our size and kind is read. */
static json_t *load(int dir, const char *name, const char **why)
{
	int fd = openat(dir, name,
			O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct buffer content = { 0 };
	json_t *json = NULL;
	struct stat st;

	*why = NULL;
	if (fd < 0) {
		if (errno != ENOENT)
			*why = strerror(errno);
		return NULL;
	}
	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		*why = "it is no file";
	else if (st.st_size > SIZE_LIMIT)
		*why = "it is too large";
	else if (buffer_read_all(&content, fd))
		*why = "it cannot be read";
	else
		json = json_loadb(buffer_text(&content), content.size, 0, NULL);
	if (!json && !*why)
		*why = "it is not JSON";
	buffer_free(&content);
	close(fd);
	return json;
}

/**
 * store_get() - look for a result
 * @s: the place
 * @r: result; its key says what is looked for
 *
 * What is there and is no result is ignored, after a message.
 *
 * Return: true if there is one that has this key.
 */
bool store_get(const struct store *s, struct result *r)
{
	struct result found = *r;
	const char *why;
	bool same = false;
	json_t *json;

	if (s->dir < 0)
		return false;
	json = load(s->dir, s->name, &why);
	if (json && result_from_json(&found, json, &why)) {
		same = !strcmp(found.key, r->key);
		why = NULL;
	}
	if (why)
		warnx("ignoring " STORE "/%s, which is not a result that was kept: %s",
		      s->name, why);
	json_decref(json);
	if (same)
		*r = found;
	return same;
}

static int write_all(int fd, const char *text, size_t size)
{
	while (size) {
		ssize_t n = write(fd, text, size);

		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0) {
			text += n;
			size -= n;
		}
	}
	return fsync(fd);
}

/*
 * We have the lock: a file of this name is of nobody else, but maybe of one
 * that was killed.
 */
static int replace(int dir, const char *name, const char *text)
{
	char new[NAME_MAX + 1];
	int fd, ret;

	snprintf(new, sizeof(new), ".%.*s.new", NAME_MAX - 5, name);
	unlinkat(dir, new, 0);
	fd = openat(dir, new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return -1;
	ret = write_all(fd, text, strlen(text));
	if (!ret)
		ret = renameat(dir, new, dir, name);
	if (ret) {
		int err = errno;

		unlinkat(dir, new, 0);
		errno = err;
	} else {
		fsync(dir);
	}
	close(fd);
	return ret;
}

/**
 * store_put() - keep a result
 * @s: the place, locked
 * @r: the result
 *
 * A signal that would end us has to wait until all or nothing is there.
 *
 * Return: 0, or -1 with errno set.
 */
int store_put(const struct store *s, const struct result *r)
{
	json_t *json = result_to_json(r);
	sigset_t before;
	char *text;
	int ret, err;

	json_object_del(json, "kept");
	text = json_dumps(json, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	json_decref(json);
	if (!text) {
		errno = ENOMEM;
		return -1;
	}
	signals_hold(&before);
	ret = replace(s->dir, s->name, text);
	err = errno;
	signals_release(&before);
	free(text);
	errno = err;
	return ret;
}

/**
 * store_close() - leave the place of a result; the lock is given up
 * @s: the place
 */
void store_close(struct store *s)
{
	if (s->lock >= 0)
		close(s->lock);
	if (s->dir >= 0)
		close(s->dir);
	s->dir = -1;
	s->lock = -1;
}

/**
 * store_load_all() - all that is kept
 * @root: from root_open()
 *
 * What is no result is left out, after a message.
 *
 * Return: a new JSON array, empty if there is nothing, or no store.
 */
json_t *store_load_all(int root)
{
	DIR *list = root_dir_list(root, STORE);
	json_t *all = json_array();
	struct dirent *entry;

	while (list && (entry = readdir(list))) {
		struct result r = { 0 };
		const char *why;
		json_t *json;

		if (entry->d_name[0] == '.')
			continue;
		json = load(dirfd(list), entry->d_name, &why);
		if (json && result_from_json(&r, json, &why)) {
			json_array_append_new(all, json);
			continue;
		}
		warnx("ignoring " STORE "/%s, which is not a result that was kept: %s",
		      entry->d_name, why ? why : "it is gone");
		json_decref(json);
	}
	if (list)
		closedir(list);
	return all;
}
