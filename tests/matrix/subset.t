#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# subset.t - some cells of the matrix: those of tests/matrix/subset
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"
. "$top/tests/tools/tap.sh"
results=$build/matrix/results.json

matrix() {
	# shellcheck disable=SC2046 # a list, and no names of files
	set -f -- $(grep -v '^#' "$top/tests/matrix/subset")
	"$top/tests/matrix/matrix.sh" "$@" || [ $? = 77 ]
}

cell() {
	jq -e --arg name "$1" '.cells[] | select(.name == $name) |
		.state == "passed"' "$results" && return
	tail -n 30 "$build/matrix/cells/$(printf %s "$1" | tr / +)/log"
	return 1
}

state() {
	jq -r --arg name "$1" '.cells[] | select(.name == $name) |
		"\(.state)|\(.reason)|\(.release), DKMS \(.dkms) (\(.seconds) s)"' \
		"$results"
}

rm -f "$results"
check "the matrix, of these cells, fails nowhere" matrix
jq -r '.cells[].name' "$results" >"$build/matrix/subset"
while read -r name <&3; do
	IFS='|' read -r what reason found <<-STATE
	$(state "$name")
	STATE
	case $what in
	unavailable | skipped) skip "$name" "$what: $reason" ;;
	*)
		check "$name" cell "$name"
		echo "# $found"
		;;
	esac
done 3<"$build/matrix/subset"
finish
