#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# planted.t - the debug kernel finds each kind of fault that it is for
#
# Usage: planted.t [KERNEL]	all faults that are for it (kernel.sh); 6.12
#        planted.t KERNEL/NAME,...	these
#
# Each line of tests/sanitizer/planted is a change of one source, and names the kernel
# that is to find it, a check, and what the kernel says. The sources as they are pass
# all of those checks; then each change is made, and the check must be broken, for
# that reason.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"
. "$top/tests/negative/mutants.sh"
. "$top/tests/sanitizer/kernel.sh"
debug_choose "${1:-6.12}"
case ${1:-} in
*/*) which=${1#*/} ;;
*) which=all ;;
esac

root=$work/root

# Those of "make test-sanitizer".
all_have_kernels() {
	! awk '$2 != "6.12" && $2 != "kcsan"' "$work/all" | grep .
}

debug_kernel >"$work/made" 2>&1 || die "$(cat "$work/made")"
debug_system "$root" >"$work/made" 2>&1 || die "$(cat "$work/made")"
release=$(system_release "$root")
needed "the modules are built" mutants_set_up

mutants_table "$top/tests/sanitizer/planted" "$which" >"$work/all"
awk -v kernel="$debug_name" '$2 == kernel' "$work/all" >"$work/table"
check "each fault is for a kernel that is tested" all_have_kernels
awk '{ print $4 }' "$work/table" | sort -u >"$work/checks"
check "there are faults for this kernel" [ -s "$work/checks" ]
mutants_hold "$work/checks"

while read -r name _ file noticed report change; do
	check "$name: noticed by $noticed" caught "$file" "$noticed" "$change" \
		"$report" </dev/null
done <"$work/table"
finish
