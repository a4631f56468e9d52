// SPDX-License-Identifier: GPL-2.0-only
/*
 * device.c - /dev/lkp_example, as the subcommands use it
 */
#include "device.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* How often a message is read again that was replaced meanwhile. */
#define ATTEMPTS 1000

static void explain_open(int error)
{
	switch (error) {
	case ENOENT:
	case ENODEV:
	case ENXIO:
		warnx(DEVICE " is not there: 'modprobe lkp_example' loads its module");
		break;
	case EACCES:
	case EPERM:
		warnx(DEVICE " is for root and the group lkp-example: 'usermod -a -G lkp-example NAME' makes a user a member");
		break;
	default:
		warnx(DEVICE ": %s", strerror(error));
	}
}

/**
 * device_open() - open the device
 * @flags: O_RDONLY or O_WRONLY
 *
 * Return: a file descriptor, or -1 after a message.
 */
int device_open(int flags)
{
	int fd = open(DEVICE, flags | O_CLOEXEC);
	struct stat st;

	if (fd < 0) {
		explain_open(errno);
		return -1;
	}
	/* "echo > /dev/lkp_example" without the module makes a file. */
	if (!fstat(fd, &st) && S_ISCHR(st.st_mode))
		return fd;
	warnx(DEVICE " is not a device: remove it, then 'modprobe lkp_example' makes the device");
	close(fd);
	return -1;
}

/**
 * device_info() - ask the module for its state
 * @fd: the device
 * @info: the state
 *
 * Return: 0, or -1 after a message.
 */
int device_info(int fd, struct lkp_example_info *info)
{
	*info = (struct lkp_example_info){ .size = sizeof(*info) };
	if (!ioctl(fd, LKP_EXAMPLE_IOC_INFO, info))
		return 0;
	warn(DEVICE ": LKP_EXAMPLE_IOC_INFO");
	return -1;
}

/**
 * device_read() - read the newest message
 * @fd: the device
 * @text: the message; what it was before is lost
 *
 * Return: 0, or -1 after a message.
 */
int device_read(int fd, struct buffer *text)
{
	int ret;

	buffer_free(text);
	/* It is at position 0 that the device gives the newest one. */
	ret = lseek(fd, 0, SEEK_SET) ? -errno : buffer_read_all(text, fd);
	if (!ret)
		return 0;
	warnx("reading " DEVICE ": %s", strerror(-ret));
	return -1;
}

/**
 * device_state() - read the newest message, and the state that belongs to it
 * @fd: the device
 * @text: the message; what it was before is lost
 * @info: the state, whose generation and size are those of @text
 *
 * Return: 0, or -1 after a message.
 */
int device_state(int fd, struct buffer *text, struct lkp_example_info *info)
{
	/* No call gives both, so none must have come in between. */
	for (int i = 0; i < ATTEMPTS; i++) {
		__u64 generation;

		if (device_info(fd, info))
			return -1;
		generation = info->generation;
		if (device_read(fd, text) || device_info(fd, info))
			return -1;
		if (info->generation == generation)
			return 0;
	}
	warnx(DEVICE " is written to faster than it can be read");
	return -1;
}

static json_t *bytes_json(const struct buffer *text)
{
	json_t *bytes = json_array();

	for (size_t i = 0; i < text->size; i++) {
		json_t *byte = json_integer((unsigned char)text->data[i]);

		if (json_array_append_new(bytes, byte)) {
			json_decref(bytes);
			return NULL;
		}
	}
	return bytes;
}

/**
 * device_json() - a message as an object
 * @text: the message
 * @info: the state that belongs to it
 *
 * "message" is a string. A message that is no UTF-8 is none in JSON: it is
 * "message_bytes" instead, an array of numbers from 1 to 255.
 *
 * Return: the object, or NULL without memory.
 */
json_t *device_json(const struct buffer *text,
		    const struct lkp_example_info *info)
{
	const char *name = "message";
	json_t *message = json_stringn(buffer_text(text), text->size);

	if (!message) {
		name = "message_bytes";
		message = bytes_json(text);
	}
	return json_pack("{s:o, s:I, s:I}", name, message,
			 "generation", (json_int_t)info->generation,
			 "size", (json_int_t)info->message_size);
}
