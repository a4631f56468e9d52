#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# readme.t - what README.md and the manual pages say is there
#
# Each block of commands in README.md says who runs it (tests/readme/blocks.awk),
# and that one does. Its messages stand in the sources, and what it and the manual
# pages refer to is there: files, headings, pages, make targets, subcommands, options;
# and as many lessons as it says.
# shellcheck disable=SC2016	# marks of markdown
# shellcheck disable=SC2317	# functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/plain-test.sh"
program=$build/bin/lkp-example
readme=$top/README.md
subject=$readme

# Call: commands README
commands() {
	awk -f "$top/tests/readme/blocks.awk" "$1"
}

# A test that runs a command has it in it.
not_run() {
	commands "$1" | while read -r line mark where command; do
		case $mark$where in
		run:newcomer: | run:vm: | run:removal:) ;;
		run:*) grep -qF -- "${command#sudo apt-get install git }" \
			"$top/${where%:}" || echo "$line: ${where%:} does not run: $command" ;;
		not*) ;;
		*) echo "$line: nobody says who runs that" ;;
		esac
	done
}

# The messages of ours: what stands for something else is "...".
messages() {
	sed -n '/^<!-- messages: begin/,/^<!-- messages: end/p' "$1" |
		awk -F ' *[|] *' '$3 ~ /^(lkp-example|smoke test|kernel log|make)$/ {
			gsub(/`/, "", $2)
			print $2
		}'
}

# A text of the sources is split where a line of them ends.
sources() {
	(cd "$top" && cat src/cli/*.c src/module/*.c src/dist/smoke-test tests/tools/*.sh) |
		tr -d '\n\t' | sed 's/" *\\\{0,1\}"/ /g; s/%[0-9.]*z\{0,1\}[a-z]/\n/g; s/\$[{(]\{0,1\}[A-Za-z]*[})]\{0,1\}/\n/g'
}

# Each part of a message, in the order of the sources, one line after the other.
no_message() {
	messages "$1" | while read -r message; do
		printf '%s\n' "$message" | sed 's/ *\.\.\. */\n/g' >"$work/parts"
		while read -r part; do
			grep -qF -- "$part" "$work/sources" ||
				echo "no source says '$part', of: $message"
		done <"$work/parts"
	done
}

# The anchor of a heading, as the forges make it.
anchors() {
	sed -n 's/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' |
		sed 's/[^a-z0-9 -]//g; s/ /-/g; s/^/#/'
}

dead_links() {
	anchors "$1" >"$work/anchors"
	grep -oE '\]\([^)]+\)' "$1" | sed 's/^](//; s/)$//' | while read -r link; do
		case $link in
		https://*) ;;
		'#'*) grep -qxF -- "$link" "$work/anchors" || echo "no heading: $link" ;;
		*) [ -e "$top/$link" ] || echo "no file: $link" ;;
		esac
	done
}

# Files of the tree, by the folders that are at its top.
dead_paths() {
	grep -oE '`(src|tests|debian|rpm)(/[A-Za-z0-9_./-]+)?`' "$1" | tr -d '`' |
		sort -u | while read -r path; do
			[ -e "$top/$path" ] || echo "no file: $path"
		done
}

dead_targets() {
	grep -oE '(^|[`(])make [a-z-]+' "$1" | sed 's/.*make //' | sort -u |
		while read -r target; do
			grep -q "^$target:" "$top/Makefile" ||
				echo "no target: make $target"
		done
}

# Call: dead_options README; of the command, where it is told to do something.
dead_options() {
	grep -oE '(^|`|sudo )lkp-example [a-z]+[^`#]*' "$1" | sed 's/.*lkp-example //' |
		while read -r command rest; do
			"$program" "$command" --help >"$work/help" 2>&1 </dev/null || {
				echo "no command: lkp-example $command"
				continue
			}
			for word in $rest; do
				case $word in
				--*) grep -qE -- "^ .*${word%%=*}([=, ]|\$)" "$work/help" ||
					echo "no option: lkp-example $command $word" ;;
				esac
			done
		done
}

# Call: lessons README
lessons() {
	there=$("$program" tour --list | grep -c '^  [0-9]')
	grep -qE "(^| )$there lessons" "$1" || echo "there are $there lessons"
}

# Pages of ours that a page refers to. Call: dead_pages PAGE
dead_pages() {
	sed -n 's/^\.Xr \(lkp[a-z_-]*\) \([0-9]\).*/\1.\2/p' "$1" | sort -u |
		while read -r page; do
			[ -e "$top/src/man/$page" ] || echo "no page: $page"
		done
}

[ -x "$program" ] || die "there is no $program: run 'make programs' first"
sources >"$work/sources"

check "README.md has commands" [ "$(commands "$readme" | grep -c ' run: newcomer: ')" -gt 5 ]
check "README.md has messages of ours" [ "$(messages "$readme" | grep -c .)" -gt 8 ]
check "README.md: each command is run, or says why not" none not_run "$readme"
for what in message link path target option; do
	case $what in message) no=no_$what ;; *) no=dead_${what}s ;; esac
	check "README.md: each $what is there" none "$no" "$readme"
done
check "README.md: it has the lessons that it says" none lessons "$readme"
for page in "$top"/src/man/*.[1-9]; do
	check "${page##*/}: the pages of ours that it refers to are there" \
		none dead_pages "$page"
done

plant '0,/^<!-- run: newcomer/{/^<!-- run: newcomer/d;}'
check "a planted block that nobody runs is found" finds 'nobody says who' \
	none not_run "$work/planted"
plant 's/^make run$/make walk/'
check "a planted command that the test does not run is found" \
	finds 'run-fresh.t does not run: make walk' none not_run "$work/planted"
plant 's/^| `the kernel refuses unsigned/| `the kernel dislikes unsigned/'
check "a planted message that nobody says is found" \
	finds "no source says 'the kernel dislikes" none no_message "$work/planted"
plant 's|(src/man/lkp_example.4)|(src/man/lkp_sample.4)|'
check "a planted dead link is found" finds 'no file: src/man/lkp_sample.4' \
	none dead_links "$work/planted"
plant 's|(https://docs.kernel.org/kbuild/modules.html)|(#nowhere)|'
check "a planted link to no heading is found" finds 'no heading: #nowhere' \
	none dead_links "$work/planted"
plant 's|`src/dist`|`src/distribution`|'
check "a planted file that is not there is found" \
	finds 'no file: src/distribution' none dead_paths "$work/planted"
plant 's|`make bench`|`make bank`|'
check "a planted target that is not there is found" \
	finds 'no target: make bank' none dead_targets "$work/planted"
plant 's|^lkp-example tour$|lkp-example detour|'
check "a planted command that is not there is found" \
	finds 'no command: lkp-example detour' none dead_options "$work/planted"
plant 's|^lkp-example verify --all|lkp-example verify --every|'
check "a planted option that is not there is found" \
	finds 'no option: lkp-example verify --every' none dead_options "$work/planted"
plant 's/[0-9]* lessons/999 lessons/'
check "a planted other number of lessons is found" finds 'there are 142 lessons' \
	none lessons "$work/planted"
plant 's/^\.Xr lkp_example 4/.Xr lkp_sample 4/' "$top/src/man/lkp-example.8"
check "a planted page that is not there is found" finds 'no page: lkp_sample.4' \
	none dead_pages "$work/planted"
finish
