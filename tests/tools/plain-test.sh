# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# plain-test.sh - what a test begins with that needs no Debian system
#
# To be sourced, with $top set to the top of the source tree. The test has what is in
# host.sh, tap.sh and tests/lint/lint.sh, and a directory $work, which is removed when
# it ends.
. "$top/tests/tools/host.sh"
. "$top/tests/tools/tap.sh"
work=$(mktemp -d)
trap 'rm -rf "$work" "$tap_output"' EXIT
trap 'exit 130' INT TERM HUP
. "$top/tests/lint/lint.sh"
