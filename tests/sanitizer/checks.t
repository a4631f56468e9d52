#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# checks.t - the modules on a kernel that looks for faults of memory and locks
#
# Usage: checks.t [NAME]	all, on one of the debug kernels (kernel.sh); 6.12
#        checks.t [NAME/]short	what takes a minute, if that kernel is in the cache
#
# The package is installed beside the debug kernel, and DKMS builds the modules for
# it. Then that kernel is booted: every item of the guide, the group stress, and the
# group sanitizer, in which everything goes on at once, somebody without privileges
# does what he can, each allocation fails once, and what is lost is looked for. Any
# report of the kernel makes the verdict broken. On the one that looks for races of
# data it is the checks in which many do something at once.
#
# Each of those goes on for LKP_STRESS_SECONDS: 60, and 300 in "make test-sanitizer".
# A minute and more has a thousand cycles of load and unload.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"
. "$top/tests/sanitizer/kernel.sh"
debug_choose "${1:-6.12}"
# The others take minutes.
short="everything attacker_denied attacker_member attacker_holds memory_device leaks"

root=$work/root
. "$top/tests/build/build.sh"
logs=$build/tests/sanitizer-$debug_name

# Call: proven OPTION...
proven() {
	as_user "$build/bin/lkp-example" verify --root "$root" --kernel "$release" \
		--log "$logs" "$@" lkp_example lkp_example_client \
		lkp_example_probe
}

dkms_installed() {
	in_root dkms status -m lkp-example | grep -F ", $release, x86_64: installed"
}

# How often what was done: the lines of the report that begin so.
counts() {
	awk '/^# begin / { check = $3 }
		sub(/^# done: /, "") { print "# " check ": " $0 }' "$1"
}

if [ "$tap_form" = short ] && ! debug_kernel_is_kept; then
	skip "the debug kernel" "not in the cache: make test-sanitizer builds it"
	finish
fi
long debug_kernel >"$work/built" 2>&1 || {
	sed 's/^/# /' "$work/built"
	die "there is no debug kernel"
}
debug_system_with_modules "$root" >"$work/made" 2>&1 || die "$(cat "$work/made")"
release=$(system_release "$root")
as_user mkdir -p "$logs"
echo "# kernel: $release of linux-source $(cat "$root/boot/lkp-source-version")"
rm -f "$logs/report.ktap"
check "the debug kernel: dkms status says installed" dkms_installed
if [ "$tap_form" = short ]; then
	check "the debug kernel: proven, and most of the group sanitizer" proven \
		--checks "quick,sanitizer.$(echo "$short" | sed 's/ /,sanitizer./g')" \
		--stress-seconds 3
elif [ "$debug_name" = kcsan ]; then
	check "the debug kernel: stress, and everything at once" proven \
		--checks quick,stress,sanitizer.everything \
		--stress-seconds "${LKP_STRESS_SECONDS:-60}"
else
	shown=$log
	check "the debug kernel: the modules of the tests build" test_modules
	shown=
	check "the debug kernel: every item, stress, and the group sanitizer" \
		proven --checks full,stress,sanitizer \
		--stress-seconds "${LKP_STRESS_SECONDS:-60}"
fi
[ ! -f "$logs/report.ktap" ] || {
	report "the debug kernel" "$logs/report.ktap"
	counts "$logs/report.ktap"
}
finish
