# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# program.sh - lkp-example for a system that has other libraries, or none
#
# To be sourced after host.sh.
#
#   program_into DIR    puts the program and all of its libraries into a directory;
#                       "DIR/loader --library-path DIR DIR/lkp-example" runs it

program_into() {
	mkdir -p "$1" && cp "$build/bin/lkp-example" "$build/bin/lkp-guest" "$1" &&
		ldd "$build/bin/lkp-example" |
		sed -n 's/.* => \(\/[^ ]*\) .*/\1/p' | xargs cp -L -t "$1" &&
		cp -L "$(ldd "$build/bin/lkp-example" |
			sed -n 's/^[[:space:]]*\(\/[^ ]*\) (.*/\1/p')" "$1/loader"
}
