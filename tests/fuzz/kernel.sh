#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# kernel.sh - let the fuzzer of the modules go on until it comes to no new place
#
# Usage: kernel.sh	(make fuzz-kernel)
#
# It makes calls of the device, of sysfs, debugfs and parameters, and loads and
# unloads modules, in a virtual machine with the debug kernel, guided by what they
# execute in the modules (KCOV). When no place there was new for LKP_FUZZ_FLAT_SECONDS
# (600), it ends; status 0: the kernel has reported nothing. LKP_FUZZ_SEED=N repeats a
# run. What has led to anything new is in build/fuzz/kernel/corpus, and the next run
# begins with it.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"
. "$top/tests/tools/system.sh"
. "$top/tests/negative/mutants.sh"
. "$top/tests/sanitizer/kernel.sh"
. "$top/tests/fuzz/guest.sh"

# shellcheck disable=SC2317	# follow calls it
verify() {
	as_user "$build/bin/lkp-example" verify --root "$root" \
		--kernel "$release" --checks fuzz.guided \
		lkp_example lkp_example_client lkp_example_probe
}

need_debian
need_root "$0" "$@"
as_user mkdir -p "$build/fuzz/kernel" "$cache" ||
	die "$build or $cache cannot be made: see above"
need_packages run
system_work
root=$work/root
kept=$build/fuzz/kernel

step "building the guest program, lkp-example and the packages"
as_user make --no-print-directory -C "$top" programs ||
	die "they did not compile: see above"
as_user "$top/tests/tools/deb.sh"
debug_kernel
step "building the modules with KCOV"
fuzz_set_up >"$work/made" 2>&1 || die "$(cat "$work/made")"
fuzz_settings "flat ${LKP_FUZZ_FLAT_SECONDS:-600}" \
	${LKP_FUZZ_SEED:+"seed $LKP_FUZZ_SEED"}
fuzz_begin_with "$kept/corpus"

step "making calls, until no place is new; the corpus is in $kept"
status=0
follow "$kept/log" '^ *((fuzz|found with|call [0-9]+|reason): .*|lkp_example.*: [A-Z]+,.*|.*(proven|BROKEN).*)' \
	verify || status=$?
fuzz_keep "$kept/corpus" <"$kept/log" || {
	say "nothing of this run could be kept; what was there stays"
	[ "$status" != 0 ] || status=2
}
to_user -R "$kept"
exit "$status"
