// SPDX-License-Identifier: GPL-2.0-only
/*
 * author.c - whose project it is
 *
 * The name goes into C, into Debian's control files and into a spec. So it has
 * only what is itself in all of them: what Debian's form of an address gives a
 * meaning to is refused, and that is more than what C does.
 */
#include "author.h"

#include <err.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "output.h"

#define CHANGE "say who it is by --author='NAME <ADDRESS>'"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

/* Bytes of a text without the blanks around it; false if there is no room. */
static bool copy_trimmed(char *to, size_t size, const char *text, size_t len)
{
	for (; len && strchr(" \t\n", *text); len--)
		text++;
	while (len && strchr(" \t\n", text[len - 1]))
		len--;
	if (len >= size)
		return false;
	memcpy(to, text, len);
	to[len] = '\0';
	return true;
}

static int refuse(const char *what, const char *text, const char *why)
{
	char shown[128];

	escape(shown, sizeof(shown), text);
	warnx("the author's %s '%s' %s: " CHANGE, what, shown, why);
	return -1;
}

/* escape() changes control characters, the backslash, and what is no UTF-8. */
static int check_name(const char *name)
{
	static const char special[] = "\"()<>[]:;@,\\";
	char escaped[4 * sizeof(((struct author *)NULL)->name)];

	if (!*name)
		return refuse("name", name, "is empty");
	if (name[strcspn(name, special)])
		return refuse("name", name, "has one of \"()<>[]:;@,\\");
	escape(escaped, sizeof(escaped), name);
	if (strcmp(escaped, name))
		return refuse("name", name,
			      "has a control character, or is no UTF-8");
	return 0;
}

static int check_address(const char *address)
{
	size_t local = strspn(address, LETTERS DIGITS "._+-");
	const char *domain = address + local + 1;

	if (!local || address[local] != '@' || !*domain ||
	    domain[strspn(domain, LETTERS DIGITS ".-")] || *domain == '.' ||
	    domain[strlen(domain) - 1] == '.' || !strchr(domain, '.'))
		return refuse("address", address,
			      "is not of the form user@host.domain");
	return 0;
}

/* Call with "NAME <ADDRESS>". */
static int split(struct author *a, const char *text)
{
	const char *open = strrchr(text, '<');
	size_t len = open ? strcspn(open, ">") : 0;

	if (!open || strcmp(open + len, ">"))
		return refuse("name", text, "has no <ADDRESS> behind it");
	if (!copy_trimmed(a->name, sizeof(a->name), text, open - text) ||
	    !copy_trimmed(a->address, sizeof(a->address), open + 1, len - 1))
		return refuse("name", text, "is longer than 127 bytes");
	return 0;
}

/* What git says of a setting; nothing, if there is none, or no git. */
static void ask_git(char *to, size_t size, const char *command)
{
	FILE *git = popen(command, "re");
	char line[512] = "";

	if (!git)
		return;
	if (fgets(line, sizeof(line), git) &&
	    !copy_trimmed(to, size, line, strlen(line)))
		*to = '\0';
	pclose(git);
}

/* The first of its fields, which are separated by commas. */
static void ask_passwd(char *to, size_t size)
{
	const struct passwd *entry = getpwuid(getuid());
	const char *gecos = entry && entry->pw_gecos ? entry->pw_gecos : "";

	if (!copy_trimmed(to, size, gecos, strcspn(gecos, ",")))
		*to = '\0';
}

static void ask_environment(char *to, size_t size, const char *variable)
{
	const char *value = getenv(variable);

	if (value && !copy_trimmed(to, size, value, strlen(value)))
		*to = '\0';
}

/* As Debian's tools, then as git, then as the system knows the user. */
static int guess(struct author *a)
{
	ask_environment(a->name, sizeof(a->name), "DEBFULLNAME");
	if (!*a->name)
		ask_git(a->name, sizeof(a->name),
			"git config --get user.name 2>/dev/null");
	if (!*a->name)
		ask_passwd(a->name, sizeof(a->name));
	ask_environment(a->address, sizeof(a->address), "DEBEMAIL");
	if (!*a->address)
		ask_git(a->address, sizeof(a->address),
			"git config --get user.email 2>/dev/null");
	if (*a->name && *a->address)
		return 0;
	warnx("neither DEBFULLNAME and DEBEMAIL nor git's user.name and user.email say whose project it is: "
	      CHANGE);
	return -1;
}

/**
 * author_find() - find out whose project it is
 * @a: result
 * @given: "NAME <ADDRESS>", or NULL to ask the environment, git and the system
 *
 * Return: 0, or -1 after a message.
 */
int author_find(struct author *a, const char *given)
{
	*a = (struct author){ 0 };
	if (given ? split(a, given) : guess(a))
		return -1;
	return check_name(a->name) || check_address(a->address) ? -1 : 0;
}
