# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# system-test.sh - what a test begins with that makes Debian systems
#
# To be sourced, with $top set to the top of the source tree. The test goes on as root.
# It has what is in host.sh, system.sh, tap.sh, tests/lint/lint.sh and
# tests/cli/installed.sh, and a directory $work for its systems, see system_work.
. "$top/tests/tools/host.sh"
need_root "$0" "$@"
. "$top/tests/tools/system.sh"
. "$top/tests/tools/tap.sh"

system_work
. "$top/tests/lint/lint.sh"
. "$top/tests/cli/installed.sh"
