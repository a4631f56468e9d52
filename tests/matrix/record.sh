#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# record.sh - keep the results of a run of the matrix, and show them in README
#
# Usage: record.sh             (make matrix-record) record $build/matrix/results.json
#        record.sh --readme    print README.md as the recorded results make it
#
# Recorded is what was resolved and what came of it, in tests/matrix/RESULTS.json; no
# address of a mirror. A run of all cells takes the place of what was recorded, and a
# run of some cells that of these: each has its own date.
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
[ -e "$recorded" ] || echo '{ "cells": [] }' >"$recorded"
jq --slurpfile old "$recorded" -f "$top/tests/matrix/record.jq" "$results" >"$made"
cat "$made" >"$recorded"
readme "$made" >"$made.readme"
cat "$made.readme" >"$top/README.md"
to_user "$recorded" "$top/README.md"
say "recorded: $recorded, and the table of README.md"
