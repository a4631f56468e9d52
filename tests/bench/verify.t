#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# verify.t - the benchmark of verify sees what makes it slow
#
# Nothing is held against a clock here: bare boot and verify are measured, and
# verify with a guest program that begins twenty seconds late. virtme-ng, which
# takes a minute, is left to "make bench".
# shellcheck disable=SC2317 # functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"

root=$work/root

build_programs() {
	as_user make -C "$top/tests/bench" "O=$build/bench" "CLI=$build/cli" \
		"GUEST=$build/guest" &&
		mkdir "$work/slow" && cp "$build"/guest/*.o "$work/slow" &&
		objcopy --redefine-sym main=guest_main "$work/slow/init.o" &&
		"${CC:-cc}" -std=c11 -Wall -Wextra -Werror -pthread -static \
			-o "$work/slow/guest" "$top/tests/bench/slow_guest.c" \
			"$work/slow"/*.o
}

# Call: turns FILE NAME...
turns() {
	times=$1
	shift
	"$top/tests/bench/turns.sh" "$build" "$root" "$release" 1 "$@" >"$times"
}

# Call: takes SECONDS FILE NAME...: each at least so long. How much longer one is
# than another, a busy machine does not tell.
takes() {
	least=$1
	cat "$2"
	awk -v least="$least" 'BEGIN { for (i = 2; i < ARGC; i++) wanted[ARGV[i]]
			ARGC = 2 }
		$1 in wanted && $2 > least { delete wanted[$1] }
		END { for (name in wanted) exit 1 }' "$2" "$3" ${4:+"$4"}
}

slow_verify() {
	GUEST=$work/slow/guest turns "$work/slow.times" verify
}

# With an init that ends, the kernel panics, and that is no power off.
no_init() {
	mkdir -p "$work/none/bench" && cp "$build/bench/bare-boot" "$work/none/bench/" &&
		cp /bin/true "$work/none/bench/power-off" || return
	"$top/tests/bench/turns.sh" "$work/none" "$root" "$release" 1 bare \
		>"$work/said" 2>&1
	[ $? = 2 ] && grep -F 'did not power off' "$work/said"
}

# What it has started and left behind counts as well.
left_behind() {
	"$build/bench/timed" "$work/left" sh -c \
		'dd if=/dev/zero of=/dev/null bs=1M count=4000 2>/dev/null & exit 3'
	[ $? = 3 ] && read -r seconds processor <"$work/left" &&
		echo "$seconds s, $processor s of the processor" &&
		awk -v a="$seconds" -v b="$processor" 'BEGIN { exit !(b > a) }'
}

unknown_kernel() {
	KERNEL=0.1 "$top/tests/tools/bench.sh" >"$work/said" 2>&1
	[ $? = 2 ] && grep -F "tests/kernels has no line '0.1'" "$work/said"
}

system_with_modules 6.12 "$root" >"$work/log" 2>&1 || die "$(cat "$work/log")"
release=$(system_release "$root")
check "the programs are built" build_programs
check "bare boot and verify are measured" turns "$work/times" bare verify
check "... and take their time" takes 0.01 "$work/times" bare verify
check "a guest program that is late" slow_verify
check "... is late in the figures, by 20 s" takes 20 "$work/slow.times" verify
check "a machine that does not power off is no bare boot" no_init
check "processes that are left behind count" left_behind
check "a kernel that is none of ours is refused" unknown_kernel
finish
