#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# checks.t - the modules on a kernel that looks for faults of memory and locks
#
# Usage: checks.t		all (of "make test-all" and "make test-sanitizer")
#        checks.t short		what takes a minute, if the kernel is in the cache
#
# The package is installed beside the debug kernel (config, kernel.sh), and DKMS
# builds the modules for it. Then that kernel is booted: every item of the guide, the
# group stress, and the group sanitizer, in which everything goes on at once, somebody
# without privileges does what he can, each allocation fails once, and what is lost is
# looked for. Any report of the kernel makes the verdict broken.
#
# All of it goes on for LKP_STRESS_SECONDS: 60, which is a thousand cycles of load and
# unload.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"
. "$top/tests/tools/system.sh"
. "$top/tests/tools/tap.sh"
. "$top/tests/sanitizer/kernel.sh"
which=${1:-whole}
# The others take minutes.
short="everything attacker_denied attacker_member attacker_holds memory_device leaks"

system_work
root=$work/root
. "$top/tests/build/build.sh"
logs=$build/tests/sanitizer

# Call: proven OPTION...
proven() {
	as_user "$build/bin/lkp-example" verify --root "$root" --kernel "$release" \
		--log "$logs" "$@" lkp_example lkp_example_client \
		lkp_example_probe
}

dkms_installed() {
	in_root dkms status -m lkp-example | grep -F ", $release, x86_64: installed"
}

if [ "$which" = short ] && ! debug_kernel_is_kept; then
	skip "the debug kernel" "not in the cache: make test-sanitizer builds it"
	finish
fi
[ "$which" = short ] || debug_kernel >"$work/built" 2>&1 || {
	sed 's/^/# /' "$work/built"
	die "there is no debug kernel"
}
debug_system_with_modules "$root" >"$work/made" 2>&1 || die "$(cat "$work/made")"
release=$(system_release "$root")
as_user mkdir -p "$logs"
echo "# kernel: $release of linux-source $(cat "$root/boot/lkp-source-version")"
rm -f "$logs/report.ktap"
check "the debug kernel: dkms status says installed" dkms_installed
if [ "$which" = short ]; then
	check "the debug kernel: proven, and most of the group sanitizer" proven \
		--checks "quick,sanitizer.$(echo "$short" | sed 's/ /,sanitizer./g')" \
		--stress-seconds 3
else
	shown=$log
	check "the debug kernel: the modules of the tests build" test_modules
	shown=
	check "the debug kernel: every item, stress, and the group sanitizer" \
		proven --checks full,stress,sanitizer \
		--stress-seconds "${LKP_STRESS_SECONDS:-60}"
fi
[ ! -f "$logs/report.ktap" ] || report "the debug kernel" "$logs/report.ktap"
finish
