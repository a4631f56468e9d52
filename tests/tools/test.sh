#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# test.sh - all tests of the usual kind
#
# Usage: test.sh [TEST[:ARGUMENT]...]	(make test, make test TESTS='...')
#
# Ends with "N passed, N failed, N skipped", and status 0 if none failed.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"

need_debian
need_root "$0" "$@"
as_user mkdir -p "$build" "$cache" ||
	die "$build or $cache cannot be made: see above"
need_packages run test

# What root has made here and in the cache is given to the user in the end.
trap 'to_user -R "$build" "$cache"' EXIT
trap 'exit 130' INT TERM HUP

cd "$top"
step "building the programs and the package"
as_user make --no-print-directory programs
as_user tests/tools/deb.sh

if [ $# = 0 ]; then
	set -- tests/unit/*.t tests/lint/*.t tests/smoke/*.t
	while read -r name _; do
		case $name in
		'' | '#'*) ;;
		*) set -- "$@" "tests/boot/kernel.t:$name" ;;
		esac
	done <tests/kernels
	set -- "$@" tests/negative/*.t
fi
step "running the tests; what they print is kept in build/tests"
tests/tools/harness "$@"
