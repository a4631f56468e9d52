#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# kunit.t - the KUnit tests of lkp_example, on the debug kernel
#
# Usage: kunit.t [NAME]	all, on one of the debug kernels (kernel.sh); 6.12
#        kunit.t [NAME/]short	without planted faults, if that kernel is in the cache
#
# lkp_example_kunit (tests/sanitizer/kunit) is built of the sources of the modules and
# of the table of tests/unit, which a program runs as well, and is loaded: each of its
# tests is a result here. Then copies with a fault, in the table or in an object,
# must fail in the test that is for it. One machine does all of it: kunit-script.
# shellcheck disable=SC2317	# functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"
. "$top/tests/sanitizer/kernel.sh"

debug_choose "${1:-6.12}"
root=$work/root
. "$top/tests/build/build.sh"
sources=$root/srv/kunit
modules=$root/usr/lib/lkp-kunit

gather() {
	mkdir -p "$sources" "$modules" &&
		cp -r "$top"/src/module/*.[ch] "$top/src/module/uapi" \
			"$top"/tests/sanitizer/kunit/* \
			"$top/tests/unit/message_cases.h" "$sources"
}

builds() {
	kbuild /srv/kunit W=1 modules && quiet
}

keep() {
	cp "$sources/lkp_example_kunit.ko" "$modules/$1.ko"
}

# Call: plant_fault NAME FILE TEST CHANGE; a blank of TEST is a dot.
plant_fault() {
	cp "$sources/$2" "$work/whole"
	sed "$4" "$work/whole" >"$sources/$2"
	if cmp "$work/whole" "$sources/$2"; then
		echo "the change of $2 changes nothing: $4"
		return 1
	fi
	builds && keep "$1" && printf '%s\n' "$3" | tr . ' ' >"$modules/$1.test"
	result=$?
	cp "$work/whole" "$sources/$2"
	return "$result"
}

# The first ones are in the table, of which unit.t plants the same.
plant_all() {
	while read -r name file test change; do
		check "a planted fault: $name" plant_fault "$name" "$file" "$test" "$change" \
			</dev/null
		planted=$((planted + 1))
	done <<-'EOT'
	generation_expected message_cases.h lkp_message:.update.replaces.the.text s/HOLDS("hi", 3)/HOLDS("hi", 4)/
	allocation_more     message_cases.h lkp_message:.create.holds.the.text    s/\(CALL(MESSAGE_CREATE, .*allocations = \)2)/\13)/
	allocation_less     message_cases.h lkp_message:.create.holds.the.text    s/\(CALL(MESSAGE_CREATE, .*allocations = \)2)/\11)/
	failure_hidden      message.c       lkp_message:.update.replaces.the.text s/return -ENOMEM;/return 0;/
	not_counted         message.c       lkp_message:.update.replaces.the.text s/old->generation + 1/old->generation/
	nobody_is_woken     share.c         lkp_device:.lkp_device_woken          /wake_up_interruptible_poll/,/;/d
	never_asleep        share.c         lkp_device:.lkp_device_woken          /if (wait_event_interruptible/{ N; s/.*/\twhile (lkp_example_generation() <= known \&\& !signal_pending(current))\n\t\tcond_resched();\n\tif (signal_pending(current))/ }
	nobody_is_told      share.c         lkp_device:.lkp_device_notifier       /lkp_example_notify(snapshot);/d
	deaf_to_signals     share.c         lkp_device:.lkp_device_update_signal  s/return -ERESTARTSYS;/return -EINTR;/
	pin_leaks           pin.c           lkp_device:.lkp_device_pins           /test_and_set_bit/,/return/{ /module_put/d }
	held_for_ever       clients.c       lkp_device:.lkp_device_hold           /lkp_example_held == client/,/}/{ /module_put/d }
	limit_of_zero       params.c        lkp_device:.lkp_device_max_size       s/LEAST_MAX_SIZE	1/LEAST_MAX_SIZE	0/
	size_unchecked      ioctl.c         lkp_device:.lkp_device_info           s/if (size > PAGE_SIZE)/if (0)/
	EOT
}

runs() {
	as_user "$build/bin/lkp-example" verify --root "$root" --kernel "$release" \
		--script "$top/tests/sanitizer/kunit-script" --timeout 3600 \
		lkp_example >"$work/said" 2>&1
}

if [ "$tap_form" = short ]; then
	debug_kernel_is_kept || {
		skip "the debug kernel" "not in the cache: make test-sanitizer builds it"
		finish
	}
else
	debug_kernel >"$work/made" 2>&1 || die "$(cat "$work/made")"
fi
debug_system_with_modules "$root" >"$work/made" 2>&1 || die "$(cat "$work/made")"
release=$(system_release "$root")
needed "lkp_example_kunit: its sources are there" gather
needed "lkp_example_kunit: builds with W=1 and no warning" builds
needed "lkp_example_kunit: it is kept" keep whole
planted=0
long plant_all
shown=$work/said
check "the debug kernel: what was planted is found, and nothing else" runs
shown=
# Those of the script itself, of the table, its group, and of what is behind the device.
results "KUnit" "$work/said" $((3 + 14 + 1 + 15 + planted))
finish
