// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pins: references to this module that user space takes and gives back.
 *
 * try_module_get(THIS_MODULE) is safe only where something else keeps the
 * module already: otherwise it may be gone before the call is made, and after
 * the last module_put() there may be no code to return to.  Both callers here
 * are such places: an open file holds the module by fops.owner, and a sysfs
 * attribute is not removed while somebody writes to it.
 */
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/module.h>

#include "internal.h"

static atomic_t lkp_example_pin_count = ATOMIC_INIT(0);

/**
 * lkp_example_pin - keep the module from being unloaded
 * @pin: the right to do so once
 *
 * Context: Process context, where something else keeps the module.
 * Return: 0, -EALREADY when @pin is used, or -ENODEV when the module is being
 *	   unloaded.
 */
int lkp_example_pin(struct lkp_example_pin *pin)
{
	/* First what another one gives back who unpins at once. */
	if (!try_module_get(THIS_MODULE))
		return -ENODEV;

	atomic_inc(&lkp_example_pin_count);

	if (test_and_set_bit(0, &pin->flags)) {
		atomic_dec(&lkp_example_pin_count);
		module_put(THIS_MODULE);
		return -EALREADY;
	}

	return 0;
}

/**
 * lkp_example_unpin - allow the module to be unloaded
 * @pin: from lkp_example_pin()
 *
 * Context: Process context, where something else keeps the module.
 * Return: 0, or -EINVAL when @pin is not used.
 */
int lkp_example_unpin(struct lkp_example_pin *pin)
{
	if (!test_and_clear_bit(0, &pin->flags))
		return -EINVAL;

	atomic_dec(&lkp_example_pin_count);
	module_put(THIS_MODULE);
	return 0;
}

/**
 * lkp_example_is_pinned - is this pin used?
 * @pin: the pin
 *
 * Context: Any context.
 * Return: whether it is.
 */
bool lkp_example_is_pinned(const struct lkp_example_pin *pin)
{
	return test_bit(0, &pin->flags);
}

/**
 * lkp_example_pins - count the pins
 *
 * Context: Any context.
 * Return: how many there are.
 */
unsigned int lkp_example_pins(void)
{
	return atomic_read(&lkp_example_pin_count);
}
