#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# check.t - what was measured is held against what is recorded, and shown
#
# Figures are made up here; nothing is measured.
# shellcheck disable=SC2317 # functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/plain-test.sh"
bench=$top/tests/bench

# Call: changed JQ: what is recorded in the tree, with a change.
changed() {
	jq "$1" "$work/recorded" >"$work/measured"
}

# Call: judged STATUS TEXT
judged() {
	"$bench/check.sh" "$work/recorded" "$work/measured" >"$work/said" 2>&1
	got=$?
	cat "$work/said"
	echo "status $got, and $1 is right, with '$2'"
	[ "$got" = "$1" ] && grep -qF -e "$2" "$work/said"
}

# Call: with JQ STATUS TEXT
with() {
	changed "$1" && judged "$2" "$3"
}

cat >"$work/recorded" <<'END'
[{"benchmark": "made-up", "name": "6.12", "kernel": "6.12.1", "date": "2026-01-01",
  "about": "for a test", "notes": ["A note."], "figures": [
  {"group": "read", "row": "ours", "column": "64 bytes", "unit": "instructions", "value": 1000},
  {"group": "read", "row": "zero", "column": "64 bytes", "unit": "instructions", "value": 900},
  {"group": "read", "row": "ours / zero", "column": "64 bytes", "unit": "ratio", "value": 1.1,
   "at_most": 1.15, "holds": true},
  {"group": "readers", "row": "two", "column": "share", "unit": "ratio", "value": 1,
   "at_least": 0.95, "holds": true},
  {"group": "memory", "row": "ours", "column": "size", "unit": "bytes", "value": 4096},
  {"group": "time", "row": "ours", "column": "least", "unit": "seconds", "value": 2}]},
 {"benchmark": "other", "name": "6.12", "kernel": "6.12.1", "date": "2026-01-01",
  "about": "for a test", "figures": [
  {"group": "time", "row": "ours", "column": "least", "unit": "seconds", "value": 2}]}]
END

check "the same is no worse" with . 0 '0 worse'
check "instructions: 1.9 % more is no worse" \
	with '.[0].figures[0].value = 1019' 0 '0 worse'
check "instructions: 2.1 % more is worse" \
	with '.[0].figures[0].value = 1021' 1 \
	'worse: made-up, 6.12, read, ours, 64 bytes, instructions: 1000, and now 1021'
check "instructions: less is no worse" \
	with '.[0].figures[0].value = 500' 0 '0 worse'
check "bytes: 2.1 % more is worse" with '.[0].figures[4].value = 4184' 1 '1 worse'
check "a ratio: 24 % more is no worse" \
	with '.[0].figures[2].value = 1.36' 0 '0 worse'
check "a ratio: 26 % more is worse" \
	with '.[0].figures[2].value = 1.39' 1 '1 worse'
check "a ratio of which more is better: 24 % more is no worse" \
	with '.[0].figures[3].value = 1.24' 0 '0 worse'
check "... and a fifth less is worse, as the other way round" \
	with '.[0].figures[3].value = 0.79' 1 '1 worse'
check "seconds are not held against anything" \
	with '.[0].figures[5].value = 20' 0 '0 worse'
check "a figure that is not measured is an error" \
	with 'del(.[0].figures[1])' 2 \
	'not measured: made-up, 6.12, read, zero, 64 bytes, instructions'
check "a figure that is not recorded is an error" \
	with '.[0].figures[1].row = "null"' 2 \
	'not recorded: made-up, 6.12, read, null, 64 bytes, instructions'
check "a benchmark that is not recorded is an error" \
	with '.[0].benchmark = "third"' 2 'not recorded: third'
check "another kernel is not recorded" \
	with '.[0].name = "5.10"' 2 'not recorded: made-up, 5.10'
check "one benchmark alone may be measured" with '[.[0]]' 0 '6 figures'
check "a table without figures is an error" \
	with '.[0].figures = []' 2 'has no results'
check "an empty table is an error" with '[]' 2 'has no results'
: >"$work/measured"
check "a file without a table is an error" judged 2 'has no results'

# Call: records MEASURED-JQ JQ: what is recorded then satisfies JQ.
records() {
	cp "$work/recorded" "$work/copy.json" && changed "$1" &&
		"$bench/record.sh" "$work/measured" "$work/copy" &&
		jq -e "$2" "$work/copy.json"
}

check "what is measured is recorded in place of what was" \
	records '[.[0] | .figures[0].value = 7]' '.[0].figures[0].value == 7'
check "... and what is not, stays" \
	records '[.[0]]' 'map(.benchmark) == ["made-up", "other"]'
check "the table shows a value, a ratio and its target" \
	grep -xF '| ours / zero | 1.1 × | 64 bytes: at most 1.15: holds |' "$work/copy.md"
check "... and the notes" grep -xF 'A note.' "$work/copy.md"

# What the tree shows is what it has recorded.
shows() {
	cp "$bench/RESULTS.json" "$work/tree.json" &&
		"$bench/record.sh" "$bench/RESULTS.json" "$work/tree" &&
		diff "$work/tree.json" "$bench/RESULTS.json" &&
		diff "$work/tree.md" "$bench/RESULTS.md"
}
check "RESULTS.md shows what RESULTS.json has" shows
finish
