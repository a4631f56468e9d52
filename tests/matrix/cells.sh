#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# cells.sh - the cells of the matrix, as the archive is now
#
# Usage: cells.sh [PATTERN...]
#
# Prints a line for each cell whose name matches one of the PATTERNs of shell, or for
# all without any, the fields with tabs between:
#
#   name suite system arch label compiler GCC kernels
#
# The kernels are those of its line and flavour, the newest first, with blanks
# between, each RELEASE=VERSION=POCKET=IMAGES=HEADERS (kernels.awk): an index may
# name what its archive has lost, and then the next one is taken. GCC is the version
# of the newest one's compiler. If an index could not be had, there is a cell without
# a kernel, whose name has the index instead, and the reason in place of the kernels.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"
. "$top/tests/tools/system.sh"
. "$top/tests/matrix/index.sh"
tab=$(printf '\t')

# The kernels with the flavour $1, by line, the newest first in each, as
# "LINE RELEASE VERSION POCKET GCC IMAGES HEADERS".
of_flavour() {
	awk -v suffix="-$1" '{
		start = length($1) - length(suffix)
		before = substr($1, 1, start)
		if (substr($1, start + 1) != suffix || before ~ /-[a-z]+$/)
			next
		if (match($1, /^[0-9]+\.[0-9]+/))
			print substr($1, 1, RLENGTH), $0
	}' "$index/kernels" | sort -k1,1V -k3,3Vr -k2,2Vr
}

# Call: of_row FLAVOUR COMPILER
of_row() {
	case $1 in
	generic) suffix=$flavour ;;
	cloud | rt) suffix=$1-$flavour ;;
	*) suffix=$flavour-$1 ;;
	esac
	cell=
	[ "$1" = generic ] || cell=-$1
	[ "$2" = gcc ] || cell=$cell-$2
	of_flavour "$suffix" | awk -v suite="$suite" -v cell="$cell" -v arch="$arch" \
		-v rest="$suite$tab$system$tab$arch$tab$label$tab$2" -v OFS="$tab" '
		$1 != line {
			if (line != "")
				print suite "/" line cell "/" arch, rest, gcc, kernels
			line = $1
			gcc = $5
			kernels = ""
		}
		{ kernels = kernels (kernels ? " " : "") $2 "=" $3 "=" $4 "=" $6 "=" $7 }
		END { if (line != "")
			print suite "/" line cell "/" arch, rest, gcc, kernels }'
}

# What could not be had. A whole suite without a kernel is one, too.
lost() {
	printed=
	while read -r _ reason; do
		pocket=$(printf '%s\n' "$reason" |
			sed -nE "s|.*($suite(-[a-z]*)?)[/ ].*|\1|p")
		printf '%s\t' "${pocket:-$suite}/index/$arch" "$suite" "$system" \
			"$arch" "$label" gcc 0
		printf '%s\n' "$reason"
		printed=yes
	done <"$index/errors"
	[ -n "$printed" ] || [ -s "$index/kernels" ] || {
		printf '%s\t' "$suite/index/$arch" "$suite" "$system" "$arch" \
			"$label" gcc 0
		printf '%s\n' "the index has no kernel"
	}
}

# selects NAME PATTERN...
selects() {
	selected=$1
	shift
	[ $# != 0 ] || return 0
	for pattern; do
		# shellcheck disable=SC2254 # it is a pattern
		case $selected in
		$pattern) return 0 ;;
		esac
	done
	return 1
}

# Whether the cells of a line can match; call: may_select SUITE ARCH PATTERN...
may_select() {
	may=$1/$2
	shift 2
	[ $# != 0 ] || return 0
	for pattern; do
		# shellcheck disable=SC2254 # it is a pattern
		case $may in
		${pattern%%/*}/${pattern##*/}) return 0 ;;
		esac
	done
	return 1
}

index_rows | while read -r suite system pockets arch flavours compiler label; do
	may_select "$suite" "$arch" "$@" || continue
	index_architecture "$arch"
	index_update "$suite" "$system" "$pockets" "$arch"
	[ "$compiler" != gcc ] || lost
	for each in $(printf %s "$flavours" | tr , ' '); do
		of_row "$each" "$compiler"
	done
done | while read -r line; do
	# One without its index may be any of them.
	name=${line%%"$tab"*}
	case $name in
	*/index/*) printf '%s\n' "$line" ;;
	*) ! selects "$name" "$@" || printf '%s\n' "$line" ;;
	esac
done
