#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# planted.t - a call that a newer kernel has removed is red where it must be
#
# Linux 6.8 has removed strlcpy(). In a copy of the sources, where lkp_example calls
# it, the cells of older kernels pass, and those of newer ones fail: no other.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"

tree=$work/tree
export LKP_BUILD="$tree/build"
results=$tree/build/matrix/results.json

planted_tree() {
	copy_sources "$tree" &&
		sed -i '/^static void __init lkp_example_print_kernel/,/^}/s/^{$/&\
	char planted[4];\n\n\
	strlcpy(planted, init_utsname()->release, sizeof(planted));/' \
			"$tree/src/module/main.c" &&
		! cmp -s "$top/src/module/main.c" "$tree/src/module/main.c" &&
		to_user -R "$tree" && as_user git init -q "$tree" &&
		as_user git -C "$tree" add -A
}

red_and_green() {
	"$tree/tests/matrix/matrix.sh" 'bullseye/5.10/amd64' 'bookworm/*[0-9]/amd64' \
		'trixie/*[0-9]/amd64' >"$work/out" 2>&1
	status=$?
	cat "$work/out"
	[ "$status" = 1 ]
}

# Call: all_are STATE SELECTION: of the lines of kernels, and there are some.
all_are() {
	jq -e --arg state "$1" "[.cells[] | select(.release != \"\") |
		select(.release | [scan(\"[0-9]+\") | tonumber][0:2] $2)] |
		length > 0 and all(.state == \$state)" "$results"
}

check "the call is planted" planted_tree
check "the matrix fails" red_and_green
check "before 6.8: all green" all_are passed '< [6, 8]'
check "from 6.8 on: all red" all_are failed '>= [6, 8]'
check "... for that reason" jq -e '[.cells[] | select(.state == "failed") |
	.reason | test("strlcpy")] | length > 0 and all' "$results"
jq -r '.cells[] | "# \(.state): \(.name), \(.release) (\(.seconds) s)"' "$results"
finish
