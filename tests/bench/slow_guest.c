// SPDX-License-Identifier: GPL-2.0-only
/*
 * slow_guest.c - the guest program, twenty seconds late
 *
 * Linked with the objects of the guest program, whose main() is called
 * guest_main() here.
 */
#include <unistd.h>

int guest_main(int argc, char *argv[]);

int main(int argc, char *argv[])
{
	sleep(20);
	return guest_main(argc, argv);
}
