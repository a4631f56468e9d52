#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# recorded.t - the recorded results are of a whole matrix, which is green
#
# "make matrix-record" records what "make matrix" has found.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/plain-test.sh"

# At least so much has been proven: 40 cells, 7 architectures, both orders of bytes
# and both sizes of words, every suite of the table; and nothing has failed.
recorded_is_green() {
	suites=$(awk '/^[^#[:space:]]/ { print $1 }' "$1/tests/matrix/table" | sort -u |
		jq -R . | jq -s .)
	jq -e --argjson suites "$suites" '[.cells[] | select(.state == "passed")] |
		length >= 40 and ([.[].arch] | unique | length) >= 7 and
		([.[].endian] | unique) == ["big", "little"] and
		([.[].bits] | unique) == [32, 64] and
		([.[].label] | unique) == ["apt", "cross"] and
		any(.compiler == "clang") and
		([.[].suite] | unique) == $suites' \
		"$1/tests/matrix/RESULTS.json" &&
		jq -e '.counts.failed == 0 and .counts.unavailable == 0' \
			"$1/tests/matrix/RESULTS.json"
}

# plant FILE SED-SCRIPT: a copy of the tree, with a change.
plant() {
	rm -rf "$work/planted"
	copy_tree "$work/planted"
	sed -i "$2" "$work/planted/$1"
}

check "the recorded matrix is whole and green" recorded_is_green "$top"
plant tests/matrix/RESULTS.json 's/"failed": 0,/"failed": 1,/'
check "a planted failure is found" finds false recorded_is_green "$work/planted"
plant tests/matrix/RESULTS.json 's/"arch": "s390x"/"arch": "amd64"/; s/"big"/"little"/'
check "big endian that was not booted is found" \
	finds false recorded_is_green "$work/planted"
finish
