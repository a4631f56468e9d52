#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# planted.t - the debug kernel finds each kind of fault that it is for
#
# Usage: planted.t		all faults (of "make test-all" and "make test-sanitizer")
#        planted.t NUMBER	the first NUMBER of them, if the kernel is in the cache
#        planted.t NAME,...	these
#
# Each line of tests/sanitizer/planted is a change of one source, and names a check
# and what the kernel says of it. The sources as they are pass all of those checks;
# then each change is made, and the check must be broken, for that reason.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"
. "$top/tests/tools/system.sh"
. "$top/tests/tools/tap.sh"
. "$top/tests/negative/mutants.sh"
. "$top/tests/sanitizer/kernel.sh"
which=${1:-all}

system_work
root=$work/root

case $which in
*[!0-9]*) debug_kernel >"$work/made" 2>&1 || die "$(cat "$work/made")" ;;
*)
	debug_kernel_is_kept || {
		skip "the debug kernel" "not in the cache: make test-sanitizer builds it"
		finish
	}
	;;
esac
debug_system "$root" >"$work/made" 2>&1 || die "$(cat "$work/made")"
release=$(system_release "$root")
check "the modules are built" mutants_set_up

mutants_table "$top/tests/sanitizer/planted" "$which" >"$work/table"
awk '{ print $3 }' "$work/table" | sort -u >"$work/checks"
mutants_hold "$work/checks"

while read -r name file noticed report change; do
	check "$name: noticed by $noticed" caught "$file" "$noticed" "$change" \
		"$report" </dev/null
done <"$work/table"
finish
