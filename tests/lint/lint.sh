# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# lint.sh - what the static checks share
#
# To be sourced after host.sh and tap.sh, with a directory $work.
#
#   git_files DIR              the names that git knows or would offer to add
#   files DIR                  those of them that are there
#   copy_tree DIR              a private copy of exactly these files
#   none COMMAND...            it prints nothing: a line for each thing that is wrong
#   plant SED [FILE]           $work/planted is FILE, or else $subject, with a fault
#   finds EVIDENCE COMMAND...  the command fails, and its output says why

git_files() {
	as_user git -C "$1" -c core.quotePath=off \
		ls-files --cached --others --exclude-standard
}

files() {
	git_files "$1" | while read -r listed; do
		[ ! -f "$1/$listed" ] || printf '%s\n' "$listed"
	done
}

copy_tree() {
	mkdir -p "$1"
	files "$top" | tar -c -C "$top" --files-from=- | tar -x -C "$1"
}

none() {
	"$@" >"$work/wrong"
	cat "$work/wrong"
	[ ! -s "$work/wrong" ]
}

plant() {
	sed "$1" "${2:-$subject}" >"$work/planted"
	! cmp -s "${2:-$subject}" "$work/planted" || die "nothing was planted: $1"
}

# For planted faults: red is right, if it is for the right reason.
finds() {
	evidence=$1
	shift
	if "$@" >"$work/found" 2>&1; then
		echo "the planted fault was not found"
		cat "$work/found"
		return 1
	fi
	grep -qE -- "$evidence" "$work/found" && return
	echo "red, but nothing says '$evidence':"
	cat "$work/found"
	return 1
}

# Show the end of $work/log, and give up: there is nothing to judge.
bail() {
	[ ! -s "$work/log" ] || tail -n 20 "$work/log" | sed 's/^/# /'
	die "$@"
}
