#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# speed.t - what a read and a hit of a probe cost, on one kernel
#
# The machine's clock counts instructions, so the figures are the same in each
# run, on each host; and so are chance and the time of day.
# shellcheck disable=SC2317 # functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"

root=$work/root

measure() {
	as_user "$build/bin/lkp-example" verify --root "$root" \
		--kernel "$release" --icount --checks speed \
		lkp_example lkp_example_probe >"$work/said" 2>&1
	[ $? -le 1 ]
}

# Call: holds CHECK
holds() {
	sed -n '/read of\|reads:\|a hit/p' "$work/said"
	grep -E "^  ok [0-9]+ speed\\.$1\$" "$work/said"
}

# Call: by_chance NAME OPTION...; what the script says, as the file $work/NAME
by_chance() {
	chance=$work/$1
	shift
	as_user "$build/bin/lkp-example" verify --root "$root" \
		--kernel "$release" "$@" --accel tcg \
		--script "$top/tests/boot/chance-script" lkp_example \
		>"$work/said" 2>&1
	sed -n 's/^ *script: //p' "$work/said" >"$chance"
	[ "$(wc -l <"$chance")" = 2 ]
}

same_again() {
	by_chance first --icount && by_chance again --icount &&
		cat "$work/first" && diff "$work/first" "$work/again" &&
		grep -x 2026-01-01 "$work/first"
}

differs_otherwise() {
	by_chance other && cat "$work/other" &&
		! grep -qxFf "$work/first" "$work/other"
}

system_with_modules 6.12 "$root" >"$work/log" 2>&1 || die "$(cat "$work/log")"
release=$(system_release "$root")
shown=$work/said
check "the machine reports" measure
check "a read of 64 bytes: hardly more than of /dev/zero" holds read_small
check "a read of 1 MiB" holds read_large
check "nobody waits for a read or a write that stands still" holds no_waiting
check "a hit of the probe: less than ftrace's" holds probe_hit
sed -n 's/^ *\(read of\|[0-9]* reads\|a call\)/# \1/p' "$work/said"
check "chance and the day are the same in each run" same_again
check "... and others where no instructions are counted" differs_otherwise
finish
