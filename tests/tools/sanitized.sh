# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# sanitized.sh - lkp-example under the sanitizers
#
# To be sourced after host.sh, with a directory $work.
#
#   build_sanitized    makes $work/bin/lkp-example, and what belongs beside it
#
# Memory errors, undefined behaviour and leaks end it with the status that
# ASAN_OPTIONS=exitcode=N says: take one that is no other's.

build_sanitized() {
	make -s -C "$top/src/cli" O="$work/cli" BIN="$work/bin" CFLAGS="-O1 -g \
		-fsanitize=address,undefined -fno-sanitize-recover=all" &&
		cp "$build/bin/lkp-guest" "$work/bin"
}
