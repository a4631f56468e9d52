#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# check.sh - hold what was measured against what is recorded
#
# Usage: check.sh RECORDED MEASURED
#
# Both are JSON arrays of what benchmarks print. A figure is worse if it is greater
# (with at_least: less) by more than 2 per cent where instructions or bytes are
# counted, and 25 per cent where it is a ratio of times. Seconds, which say more of
# the machine than of us, are not held against anything.
#
# Exit status: 0 if nothing is worse, 1 if something is, 2 if they cannot be held
# against each other: a benchmark or a figure is in one of them alone.
set -eu
for file; do
	jq -s -e 'length == 1 and (.[0] | type == "array" and length > 0 and
		all(.[]; (.benchmark | type == "string") and (.figures | length > 0)))' \
		"$file" >/dev/null || {
		echo "${0##*/}: $file has no results" >&2
		exit 2
	}
done
exec jq -n -r --slurpfile recorded "$1" --slurpfile measured "$2" '
def key: [.benchmark, .name, .group, .row, .column, .unit] | join(", ");
def figures: [.[] | . as $b | .figures[] | . + { benchmark: $b.benchmark, name: $b.name }];
def by_key: map({ key: key, value: . }) | from_entries;
def limit: { instructions: 1.02, bytes: 1.02, pages: 1.02, ratio: 1.25 }[.unit];
def shown: if . >= 1000 then round else . * 1000 | round / 1000 end;
# What can be measured may be a part of what is recorded: other benchmarks, or kernels.
($measured[0] | map([.benchmark, .name])) as $which
| ($measured[0] | figures | by_key) as $new
| ($recorded[0] | figures | map(select([.benchmark, .name] as $n
	| $which | index([$n]))) | by_key) as $old
| [($old | keys[] | select($new[.] | not) | "not measured: \(.)"),
   ($new | keys[] | select($old[.] | not) | "not recorded: \(.)")] as $odd
| [$new[] | . as $now | $old[key] | select(.) | . as $was | limit | select(.) as $limit
	| ($now.value / if $was.value == 0 then 1 else $was.value end) as $ratio
	| select(if $was.value == 0 then $now.value > 0
		 elif $was | has("at_least") then $ratio * $limit < 1
		 else $ratio > $limit end)
	| "worse: \($now | key): \($was.value | shown), and now \($now.value | shown)"
] as $worse
| ($odd + $worse)[],
  "\($new | length) figures, \($worse | length) worse, \($odd | length) in one table alone",
  (if $odd != [] then "" | halt_error(2)
   elif $worse != [] then "" | halt_error(1) else empty end)'
