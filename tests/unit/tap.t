#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# tap.t - what the tests' own reports are made with: tests/tools/tap.sh
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/tap.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A test of its own, by these commands; the time that it took is left out. Call:
# a_test COMMANDS
a_test() {
	printf '. "%s"\n%s\nfinish\n' "$top/tests/tools/tap.sh" "$1" >"$work/t"
	sh "$work/t" >"$work/all"
	printf 'status %d\n' $? >>"$work/all"
	sed '/^# [0-9]* s$/d' "$work/all" >"$work/out"
}

# Call: says LINE...; the test's output
# shellcheck disable=SC2317 # check calls it
says() {
	printf '%s\n' "$@" | diff - "$work/out"
}

a_test 'check one true; check two true'
check "all well: status 0" says 'ok 1 - one' 'ok 2 - two' 1..2 'status 0'
check "... and how long it took" grep -qE '^# [0-9]+ s$' "$work/all"
a_test 'check one true; check two sh -c "echo why; false"'
check "a check that fails: its output, and status 1" \
	says 'ok 1 - one' 'not ok 2 - two' '#   why' 1..2 'status 1'
a_test ':'
check "no check at all: status 1" says 1..0 'status 1'
a_test 'check one true; skip two "no luck"'
check "a skip: its reason" \
	says 'ok 1 - one' 'ok 2 - two # SKIP no luck' 1..2 'status 0'

cat >"$work/report" <<EOT
KTAP version 1
1..3
# begin item.091_in_use
# run: a command
ok 1 item.091_in_use
# begin item.092_count
# run: another one
# reason: it is 2, not 1
not ok 2 item.092_count
ok 3 lkp_example.load # SKIP not here
# finished
EOT
a_test "check one true; report k '$work/report'"
check "a report: its results, and why one failed" \
	says 'ok 1 - one' 'ok 2 - k: item 091: in_use' \
	'not ok 3 - k: item 092: count' '#   run: another one' \
	'#   reason: it is 2, not 1' 'ok 4 - k: lkp_example.load # SKIP not here' \
	1..4 'status 1'

cat >"$work/script" <<EOT
booting
    script: ok a thing
    script: not ok another thing
    script:   what it printed
    script: neither
  ok 1 script.run
EOT
a_test "results k '$work/script' 2"
check "a script's results: each is one of ours" \
	says 'ok 1 - k: a thing' 'not ok 2 - k: another thing' \
	'#   what it printed' 'ok 3 - k: 2 results' 1..3 'status 1'
sed -i '/not ok/d' "$work/script"
a_test "results k '$work/script' 2"
check "a script's results: one is missing" \
	says 'ok 1 - k: a thing' '#   what it printed' 'not ok 2 - k: 2 results' \
	1..2 'status 1'
finish
