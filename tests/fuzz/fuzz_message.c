// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz_message.c - the message object: any order of calls, beside a simple model
 *
 * Each byte of the input is a call, and what follows it, up to a NUL, its text.
 */
#include <stdio.h>
#include <string.h>

#include "fuzz.h"
#include "message.h"

#define HELD 4

struct model {
	struct lkp_message *msg;
	char text[4096];
	unsigned long long generation;
	struct lkp_snapshot *held[HELD];
	char held_text[HELD][4096];
};

static void compare(const struct model *m)
{
	fuzz_expect(!strcmp(lkp_message_get(m->msg), m->text), "the text");
	fuzz_expect(m->msg->newest->size == strlen(m->text), "its size");
	fuzz_expect(m->msg->newest->generation == m->generation,
		    "its generation");
	for (size_t i = 0; i < HELD; i++)
		fuzz_expect(!m->held[i] ||
			    !strcmp(m->held[i]->text, m->held_text[i]),
			    "what is held stays");
}

static void update(struct model *m, const char *text)
{
	snprintf(m->text, sizeof(m->text), "%s", text);
	m->generation++;
	fuzz_expect(!lkp_message_update(m->msg, text), "an update");
}

static void hold(struct model *m, size_t i)
{
	lkp_snapshot_put(m->held[i]);
	m->held[i] = lkp_snapshot_get(m->msg->newest);
	memcpy(m->held_text[i], m->text, sizeof(m->text));
	fuzz_expect(lkp_message_is_newest(m->msg, m->held[i]), "the newest");
}

static void let_go(struct model *m, size_t i)
{
	lkp_snapshot_put(m->held[i]);
	m->held[i] = NULL;
}

static void call(struct model *m, uint8_t what, const char *text)
{
	switch (what % 4) {
	case 0:
		update(m, text);
		break;
	case 1:
		hold(m, what / 4 % HELD);
		break;
	case 2:
		let_go(m, what / 4 % HELD);
		break;
	default:
		/* Its own text. */
		fuzz_expect(!lkp_message_update(m->msg, lkp_message_get(m->msg)),
			    "an update");
		m->generation++;
	}
	compare(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct model m;
	char text[4096];

	m = (struct model){ .msg = lkp_message_create(""), .generation = 1 };
	fuzz_expect(m.msg, "a message");
	while (size) {
		uint8_t what = *data;
		size_t len;

		data++;
		size--;
		len = strnlen((const char *)data, size);
		snprintf(text, sizeof(text), "%.*s", (int)len,
			 (const char *)data);
		if (what % 4)
			len = 0;
		call(&m, what, text);
		data += len;
		size -= len;
	}
	for (size_t i = 0; i < HELD; i++)
		let_go(&m, i);
	lkp_message_destroy(m.msg);
	return 0;
}
