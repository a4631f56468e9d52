#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shell.t - shellcheck has nothing to say about any shell script
#
# A script is what begins with "#!" and a shell, and what is to be sourced and
# says "shellcheck shell=" in its head; dkms.conf is bash. One check a file. And what
# has "#!" can be run, and nothing else can.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/plain-test.sh"

# scripts DIR
scripts() {
	files "$1" | while read -r file; do
		if head -n 1 "$1/$file" | grep -qE '^#!.*[/ ](ba|da)?sh( |$)' ||
			head -n 5 "$1/$file" | grep -q '^# shellcheck shell='; then
			printf '%s\n' "$file"
		fi
	done
}

# What shellcheck cannot know is excluded, and nothing else:
#   SC2317, SC2329  in tests: that "check" calls the functions handed to it
#   SC2154, SC2034  in what is sourced: that variables come from, and are for,
#                   the script that sources it; so the scripts are checked
#                   together with what they source, for SC2154
#   SC2154, SC2034  in dkms.conf: the same, with DKMS
clean() (
	cd "$1" || exit
	case $2 in
	dkms.conf) shellcheck -s bash -e SC2154,SC2034 "$2" ;;
	*.t) together "$2" -e SC2317,SC2329 ;;
	*)
		if head -n 1 "$2" | grep -q '^#!'; then
			together "$2"
		else
			shellcheck -x -e SC2154,SC2034 "$2"
		fi
		;;
	esac
)

# Call: together FILE [OPTION...]; of what it sources, SC2154 alone is told.
together() {
	file=$1
	shift
	shellcheck -x -a -f gcc "$@" "$file" >"$work/findings"
	[ $? -le 1 ] || return
	awk -v own="$file:" 'index($0, own) == 1 || /\[SC2154\]$/ { print; found = 1 }
		END { exit found }' "$work/findings"
}

# But for what dpkg and kernel-install make programs of, and what a compiler takes as a
# text. Call: wrong_modes DIR
wrong_modes() {
	files "$1" | grep -vE '^debian/[^/]*(inst|rm)$|\.install$|^src/man/lesson\.sh$' |
		while read -r file; do
			run=no
			[ ! -x "$1/$file" ] || run=yes
			marked=no
			head -n 1 "$1/$file" | grep -qa '^#!' && marked=yes
			[ "$run" = "$marked" ] ||
				echo "$file: #! is there: $marked, can be run: $run"
		done
}

# plant FILE LINE: a copy of the tree with a line more in a script.
plant() {
	rm -rf "$work/planted"
	copy_tree "$work/planted"
	printf '%s\n' "$2" >>"$work/planted/$1"
}

# A script without a suffix that git does not know yet is one, too.
finds_scripts() {
	mkdir "$work/repo" && printf '#!/bin/sh\n' >"$work/repo/untracked" &&
		cp "$work/repo/untracked" "$work/repo/ignored" &&
		printf '# shellcheck shell=sh\n' >"$work/repo/sourced" &&
		printf '#!/usr/bin/perl\n' >"$work/repo/perl" &&
		printf 'ignored\n' >"$work/repo/.gitignore" &&
		to_user -R "$work" && as_user git init -q "$work/repo" &&
		scripts "$work/repo" >"$work/found" &&
		printf 'sourced\nuntracked\n' | diff - "$work/found"
}

scripts "$top" >"$work/scripts"
check "git knows scripts" [ -s "$work/scripts" ]
while read -r file <&3; do
	check "$file" clean "$top" "$file"
done 3<"$work/scripts"
check "dkms.conf" clean "$top" dkms.conf

# shellcheck disable=SC2016	# faults are planted as they are
{
	plant tests/tools/run.sh 'rm -rf $top'
	check "a planted variable without quotes is found" \
		finds SC2086 clean "$work/planted" tests/tools/run.sh
	plant tests/tools/system-enter.sh '[[ -e /proc ]] || mount /proc'
	check "a planted bashism is found" \
		finds 'SC3010|SC2039' clean "$work/planted" tests/tools/system-enter.sh
	plant tests/tools/host.sh 'cd "$build"; say "$planted"'
	check "a planted fault in a sourced file is found" \
		finds SC2164 clean "$work/planted" tests/tools/host.sh
	check "a planted name that nobody sets, in a sourced file, is found" \
		finds SC2154 clean "$work/planted" tests/tools/run.sh
	plant dkms.conf 'MAKE[1]=$(echo `uname -r`'
	check "a planted syntax error in dkms.conf is found" \
		finds 'SC10[0-9]+' clean "$work/planted" dkms.conf
}
check "what has #! can be run, and nothing else" none wrong_modes "$top"
plant tests/tools/run.sh ''
chmod -x "$work/planted/tests/tools/run.sh"
chmod +x "$work/planted/tests/tools/tap.sh"
git -C "$work/planted" init -q
check "a planted script that cannot be run is found" \
	finds 'run\.sh: .*can be run: no' none wrong_modes "$work/planted"
check "... and what is sourced, and can be" grep 'tap\.sh: .*can be run: yes' "$work/found"
check "a planted new script is found, an ignored one is not" finds_scripts
finish
