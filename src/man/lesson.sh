#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# lesson.sh - what the shell of a lesson knows before its first command
#
# For the commands of lkp-example-guide(7): "lkp-example tour" and the test of the
# guide run them in such a shell, as root, in a virtual machine.

as_user() {
	setpriv --reuid nobody --regid nogroup --clear-groups bash -c "$1"
}

# What the kernel says by itself, of a slow emulator, may come at any time.
dmesg() {
	command dmesg "$@" |
		grep -vE '(^|[]:] )(hrtimer|clocksource|perf|sched|workqueue): '
	return "${PIPESTATUS[0]}"
}

# A lesson begins with none of our modules loaded.
begin_lesson() {
	for module in lkp_example_client lkp_example_probe lkp_example; do
		! grep -q "^$module " /proc/modules || rmmod "$module" ||
			echo "! $module stays before this lesson"
	done
	echo 7 4 1 7 >/proc/sys/kernel/printk
	cd /tmp/guide 2>/dev/null || cd / || return
}
export -f as_user dmesg begin_lesson
