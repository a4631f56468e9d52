# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# clang.sh - what clang says about the options of a kernel that gcc has built
#
# To be sourced. A build is tried with CC=clang-without; what clang does not know is
# added to the list of that script; and so on until it has no more to say.
#
#   clang_unknown LOG OPTIONS   what LOG says of options, but for those of the
#                               file OPTIONS; fails if there is no new one
clang_unknown() {
	sed -nE -e "s/.*error: '(-[^']*)' hasn't been enabled.*/\1/p" -e \
		"s/.*unsupported argument '([^']*)' to option '([^']*)'.*/\2\1/p" -e \
		"s/.*(unknown argument|unsupported option|optimization flag|unknown warning option)[^']*'([^']*)'.*/\2/p" \
		"$1" | sort -u | grep -vxF -f "$2"
}
