#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# record.sh - keep the results of a whole run of the matrix, and show them in README
#
# Usage: record.sh             (make matrix-record) record $build/matrix/results.json
#        record.sh --readme    print README.md as the recorded results make it
#
# Recorded is what was resolved and what came of it, in tests/matrix/RESULTS.json; no
# address of a mirror.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"
recorded=$top/tests/matrix/RESULTS.json

readme() {
	jq -r --rawfile elsewhere "$top/tests/matrix/elsewhere" \
		-f "$top/tests/matrix/support.md.jq" "$recorded" >"$1"
	awk -v table="$1" '
		/^<!-- matrix: end/ { inside = 0 }
		!inside
		/^<!-- matrix: begin/ {
			inside = 1
			while ((getline line <table) > 0)
				print line
		}' "$top/README.md"
}

made=$(mktemp)
trap 'rm -f "$made" "$made.readme"' EXIT
trap 'exit 130' INT TERM HUP
if [ "${1:-}" = --readme ]; then
	readme "$made"
	exit
fi
results=$build/matrix/results.json
[ -e "$results" ] ||
	die "there is no $results: 'make matrix' makes it"
[ "$(jq -r .cells_wanted "$results")" = "" ] ||
	die "$results is of some cells only: 'make matrix' runs all of them"
jq 'del(.cells[].verify.arguments, .cells[].verify.key, .cells[].verify.kept) |
	.cells[].reason |= gsub("https?://[^ ]*/(?<path>dists|pool)/"; "\(.path)/")' \
	"$results" >"$recorded"
readme "$made" >"$made.readme"
cat "$made.readme" >"$top/README.md"
to_user "$recorded" "$top/README.md"
say "recorded: $recorded, and the table of README.md"
