#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# console.t - what the console of one Debian kernel shows, at each level
#
# Usage: console.t NAME		a name of tests/kernels
#
# A message is shown if its level is less than that of the console. Nobody
# inside the machine sees what is shown, so this looks at its serial line.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"
. "$top/tests/tools/system.sh"
. "$top/tests/tools/tap.sh"
name=$1

system_work
root=$work/root
logs=$build/tests/console-$name

run_script() {
	as_user "$build/bin/lkp-example" verify --root "$root" --kernel "$release" \
		--script "$top/tests/boot/console-script" --log "$logs" lkp_example
}

# The levels of the messages that were shown at a level of the console; and a
# "d" for the message that has the default level, 4.
shown_at() {
	sed -n "/console level $1: begin/,/console level $1: end/{
		s/.*lkp_example: a message at level \([0-7]\), .*/\1/p
		s/.*lkp_example: a message without a level.*/d/p
	}" "$logs/console.log" | tr -d '\n'
}

# Call: shows LEVEL EXPECTED
shows() {
	got=$(shown_at "$1")
	echo "shown: '$got', and '$2' is right"
	[ "$got" = "$2" ]
}

system_unpack "$name" "$root" >"$work/unpack.log" 2>&1 || {
	sed 's/^/# /' "$work/unpack.log"
	die "no system for $name"
}
release=$(system_release "$root")
echo "# kernel: $release"
as_user mkdir -p "$logs"

shown=$work/install.log
check "$name: apt-get install lkp-example-dkms" system_install "$name" "$root"
shown=
check "$name: the log has each message" run_script
check "item 129: $name: console level 8: all" shows 8 01234567d
check "item 129: $name: console level 7" shows 7 0123456d
check "item 129: $name: console level 6" shows 6 012345d
check "item 129: $name: console level 5" shows 5 01234d
check "item 129: $name: console level 4" shows 4 0123
check "item 129: $name: console level 3" shows 3 012
check "item 129: $name: console level 2" shows 2 01
check "item 129: $name: console level 1: emergencies only" shows 1 0
finish
