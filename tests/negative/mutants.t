#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# mutants.t - the checks notice a module that is wrong
#
# Usage: mutants.t		all mutants (of "make test-all")
#        mutants.t NUMBER	the first NUMBER of them
#        mutants.t NAME,...	these
#
# Each line of tests/negative/mutants is a change of one source, and names a
# check. The sources as they are pass all of those checks; then, one at a time,
# each change is made, the modules are built, and their kernel is booted: the
# verdict must be that this check is broken. A kernel that stops or says no
# more in the middle of this check counts, too; one that does so elsewhere does
# not, and neither does a change that changes nothing or does not compile.
# shellcheck disable=SC2317 # functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"
. "$top/tests/negative/mutants.sh"

root=$work/root

set_up() {
	packages=$cache/packages/6.12
	system_run "$root" sh -c \
		'apt-get update && apt-get install --yes make perl' &&
		mutants_set_up
}

system_unpack 6.12 "$root" >"$work/log" 2>&1 || die "$(cat "$work/log")"
release=$(system_release "$root")
check "the modules are built" set_up

mutants_table "$top/tests/negative/mutants" "${1:-all}" >"$work/table"
awk '{ print $3 }' "$work/table" | sort -u >"$work/checks"
mutants_hold "$work/checks"

while read -r name file noticed change; do
	check "$name: noticed by $noticed" \
		caught "$file" "$noticed" "$change" </dev/null
done <"$work/table"
finish
