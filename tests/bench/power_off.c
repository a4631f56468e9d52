// SPDX-License-Identifier: GPL-2.0-only
/*
 * power_off.c - an init that does nothing but power the machine off
 */
#include <sys/reboot.h>
#include <unistd.h>

int main(void)
{
	reboot(RB_POWER_OFF);
	/* Not reached, unless it was refused: then there is a panic to see. */
	return 1;
}
