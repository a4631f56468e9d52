#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# watch.sh - show how the cells of the matrix go on
#
# Usage: watch.sh NAMES CELLS		from matrix.sh
#
# A line for each cell when it has ended, of those whose names are in the file
# NAMES, by what is in the directory CELLS; on a terminal, those that run stand
# below, with their seconds. Ends with the last cell.
set -u
names=$1
cells=$2
ended=$(mktemp)
trap 'rm -f "$ended"' EXIT
trap 'exit 130' INT TERM HUP
below=0

# The lines below go up again, to be written over.
wipe() {
	[ "$below" = 0 ] || printf '\033[%dA\033[J' "$below"
	below=0
}

show_ended() {
	while read -r name; do
		state=$cells/$(printf %s "$name" | tr / +)/state
		read -r what seconds reason 2>/dev/null <"$state" || continue
		if [ "$what" = running ] || grep -qxF "$name" "$ended"; then
			continue
		fi
		printf '%s\n' "$name" >>"$ended"
		wipe
		printf '%-12s %-28s %4s s  %s\n' "$what" "$name" "$seconds" "$reason"
		[ "$what" != failed ] ||
			printf '%12s make matrix CELLS='\''%s'\''; the log is %s\n' '' \
				"$name" "${state%state}log"
	done <"$names"
}

show_running() {
	wipe
	while read -r name; do
		state=$cells/$(printf %s "$name" | tr / +)/state
		read -r what since _ 2>/dev/null <"$state" || continue
		[ "$what" = running ] || continue
		printf '%-12s %-28s %4s s\n' running "$name" "$(($(date +%s) - since))"
		below=$((below + 1))
	done <"$names"
	printf '%-12s %s of %s\n' 'have ended' "$(wc -l <"$ended")" "$(wc -l <"$names")"
	below=$((below + 1))
}

until [ "$(wc -l <"$ended")" = "$(wc -l <"$names")" ]; do
	sleep 1
	show_ended
	[ ! -t 1 ] || show_running
done
wipe
