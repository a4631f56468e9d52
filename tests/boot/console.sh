# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# console.sh - what the console of a kernel shows, at each level
#
# To be sourced by kernel.t. A message is shown if its level is less than that of
# the console. Nobody inside the machine sees what is shown, so this looks at its
# serial line.
console=$build/tests/console-$name

through_the_levels() {
	as_user "$build/bin/lkp-example" verify --root "$root" --kernel "$release" \
		--script "$top/tests/boot/console-script" --log "$console" lkp_example
}

# The levels of the messages that were shown at a level of the console; and a
# "d" for the message that has the default level, 4.
shown_at() {
	sed -n "/console level $1: begin/,/console level $1: end/{
		s/.*lkp_example: a message at level \([0-7]\), .*/\1/p
		s/.*lkp_example: a message without a level.*/d/p
	}" "$console/console.log" | tr -d '\n'
}

# Call: shows LEVEL EXPECTED
shows() {
	got=$(shown_at "$1")
	echo "shown: '$got', and '$2' is right"
	[ "$got" = "$2" ]
}

check "$name: the log has each message" through_the_levels
check "item 129: $name: console level 8: all" shows 8 01234567d
check "item 129: $name: console level 7" shows 7 0123456d
check "item 129: $name: console level 6" shows 6 012345d
check "item 129: $name: console level 5" shows 5 01234d
check "item 129: $name: console level 4" shows 4 0123
check "item 129: $name: console level 3" shows 3 012
check "item 129: $name: console level 2" shows 2 01
check "item 129: $name: console level 1: emergencies only" shows 1 0
