#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guide.t - what lkp-example-guide(7) shows is what happens
#
# Runs each command of the page on the reference kernel, with the package
# installed, and compares what it prints with what the page says. After a change
# that is meant, "make guide" writes the page anew.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"
. "$top/tests/guide/guide.sh"

same() {
	guide_fill "$guide" "$work/outputs" | diff -u "$guide" -
}

check "the package is installed" guide_system
shown=$work/guide.log
check "all commands of the guide are run" guide_run "$work/outputs"
shown=
check "they print what the guide says" same
finish
