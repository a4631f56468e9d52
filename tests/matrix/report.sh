#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# report.sh - the reports of a run of the matrix
#
# Usage: report.sh SECONDS [PATTERN...]		from matrix.sh
#
# Makes results.json of what the cells have left, and of that all others. Prints the
# last line of a run, and ends with its status.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"
out=$build/matrix
seconds=$1
shift

find "$out/cells" -name result.json -exec cat {} + |
	jq -s --arg cells "$*" --argjson seconds "$seconds" \
		--arg version "$("$top/src/dist/version")" \
		--arg date "$(date -u +%FT%TZ)" -f "$top/tests/matrix/results.jq" \
		>"$out/results.json"
for report in matrix.md junit.xml index.html; do
	jq -r -f "$top/tests/matrix/$report.jq" "$out/results.json" >"$out/$report"
done
find "$out/cells" -name peers.json -exec cat {} + | jq -s add >"$out/peers.json"
rm -f "$out/peers.md"
[ "$(cat "$out/peers.json")" = null ] || {
	jq -r -f "$top/tests/matrix/peers.md.jq" "$out/peers.json" >"$out/peers.md"
	say "the other modules: $out/peers.md"
}
to_user "$out"/*
say "reports: $out/matrix.md, junit.xml, index.html, results.json"
jq -r '.counts | "\(.passed) passed, \(.failed) failed, \(.unavailable) unavailable, \(.skipped) skipped"' \
	"$out/results.json"
exit "$(jq '.counts | if .failed > 0 then 1 elif .unavailable > 0 then 77
	elif .passed > 0 then 0 else 77 end' "$out/results.json")"
