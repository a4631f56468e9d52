#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# tour.t - lkp-example tour: the guide in a machine, as a person goes through it
#
# The whole transcript is held against the page; then somebody types at a terminal;
# and then everything that it can do without is missing.
#
# Usage: tour.t [short]		without the one at the terminal
# shellcheck disable=SC2016	# a shell of the machine expands it
# shellcheck disable=SC2317	# functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"

. "$top/tests/guide/guide.sh"
. "$top/tests/tools/terminal.sh"
# A terminal does not outlive us.
trap 'terminal_end; system_end' EXIT
transcript=$work/transcript
subject=$transcript
tour="$build/bin/lkp-example tour --accel tcg --root"

# Call: tour ARGUMENT...; of this system, by a user, with nobody who types
tour() {
	as_user "$build/bin/lkp-example" tour --accel tcg --root "$root" "$@" </dev/null
}

whole() {
	tour --batch >"$transcript" 2>"$work/errors"
	status=$?
	cat "$work/errors"
	sed 's/^/# /' "$work/errors" >&3
	[ "$status" = 0 ]
}

# Call: same_as_page TRANSCRIPT
same_as_page() {
	awk -f "$top/tests/cli/tour.awk" "$work/lessons" "$1" >"$work/outputs"
	grep '^!' "$work/outputs" && return 1
	guide_fill "$work/page" "$work/outputs" | diff -u "$work/page" -
}

titles() {
	"$build/bin/lkp-example" tour --list >"$work/list" &&
		[ "$(grep -c '^  [0-9][0-9][0-9] ' "$work/list")" = 142 ] &&
		sed -n 's/^\([0-9][0-9][0-9]\)\. /  \1 /p' "$1" |
		diff "$work/list" - | sed '/^< [A-L]\. /d' | grep '^[<>]'
	[ $? = 1 ]
}

# Call: typed TEXT ARGUMENT...; from a pipe
typed() {
	text=$1
	shift
	printf '%s\n' "$text" | as_user "$build/bin/lkp-example" tour \
		--accel tcg --root "$root" "$@"
}

# What runs in the terminal has this in its environment, and QEMU has, too.
machines() {
	grep -lsz "^LKP_TOUR=$work\$" /proc/[0-9]*/environ | while read -r file; do
		grep -qs '^qemu-system' "${file%environ}comm" && echo "$file"
	done
}

no_machine() {
	for _ in $(seq 100); do
		[ -n "$(machines)" ] || return 0
		sleep 0.1
	done
	return 1
}

a_machine() {
	[ -n "$(machines)" ]
}

kill_tour() {
	kill -KILL "$(grep -lsz "^LKP_TOUR=$work\$" /proc/[0-9]*/environ |
		while read -r file; do
			tr '\0' ' ' <"${file%environ}cmdline" | grep -q ' tour ' &&
				grep -qs '^lkp-example' "${file%environ}comm" &&
				echo "$file"
		done | cut -d / -f 3 | sort -n | head -n 1)"
}

type_line() {
	types -l "$1" && types Enter
}

# The question, and nothing behind it, is the last line: what is typed is for it.
asked() {
	for _ in $(seq 600); do
		terminal_lines | grep . | tail -n 1 | grep -q '^\[Enter\] next.*quit: *$' &&
			return
		sleep 0.3
	done
	terminal_lines
	return 1
}

# Call: answer TEXT; the question. What is on the screen goes, for what is seen then to
# have come of it.
answer() {
	asked && types -R && type_line "$1"
}

at_a_terminal() {
	echo "# somebody at a terminal"
	export LKP_TOUR="$work"
	check "a terminal" terminal 80 40
	type_line "$tour $root"
	check "the first lesson, and what its commands print" sees '^    live$'
	check "... and a question" asked
	check "a machine runs" a_machine
	types Enter
	check "Enter: the next one" sees '^002\. '
	check "... and its question" sees 'uevent'
	answer b
	check "b: the one before" sees '^001\. '
	answer 91
	check "a number: that lesson" sees '^091\. '
	answer H
	check "a letter: the first lesson of that section" sees '^H\. '
	answer 'all modules on'
	check "words of a title: that lesson" sees '^141\. '
	answer ternary
	check "words that no title has" sees "there is no lesson 'ternary'"
	answer '!echo $((6 * 7)) at $PWD'
	check "a command of one's own, in the shell of the lesson" sees '^    42 at /tmp/guide$'
	answer '!lsmod | cut -d " " -f 1'
	check "... which finds what the lesson has loaded" sees '^    lkp_example_client$'
	answer '!echo "one'
	check "... and what is wrong with it is said" sees 'bash: unexpected EOF'
	answer '!echo begun; sleep 1000'
	check "a command that takes long" sees '^    begun$'
	types C-c
	check "^C ends a command" asked
	answer '!echo still here'
	check "... and nothing else" sees '^    still here$'
	answer '?'
	check "?: help" sees '^q  *quit'
	answer s
	check "s: a shell in the machine" sees '^/tmp/guide #'
	type_line 'echo $((7 * 7)); tty; stty size'
	check "... which runs what is typed" sees '^49$'
	check "... on a terminal" sees '^/dev/pts/0$'
	check "... as large as ours" sees '^40 80$'
	terminal_tmux resize-window -x 70 -y 30
	sleep 1
	type_line 'stty size'
	check "... also when ours changes" sees '^30 70$'
	# Before it runs, ^C would be for the shell itself.
	type_line 'sh -c "echo asleep; exec sleep 1000"'
	check "... a command runs there" sees '^asleep$'
	types C-c
	type_line 'echo after $?'
	check "... ^C is for what runs there" sees '^after 130$'
	type_line exit
	check "exit leads back" asked
	answer '!echo c >/proc/sysrq-trigger'
	check "a kernel that panics: another machine is started" \
		sees '^The virtual machine has stopped; another one is started'
	check "... which runs" sees '^Linux .* runs in it'
	answer 1
	check "... where all goes on" sees '^    live$'
	answer q
	check "q: it ends" sees 'The virtual machine is gone'
	check "... and no machine is left" no_machine
	type_line 'stty -a'
	check "... and the terminal is as it was" sees ' icanon .*'

	type_line "clear; $tour $root 2"
	check "once more" asked
	types C-c
	check "^C at the question: it ends" sees 'The virtual machine is gone'
	type_line "clear; $tour $root 2"
	check "once more" asked
	types C-d
	check "^D: it ends" sees 'The virtual machine is gone'
	type_line "clear; $tour $root"
	check "^C before the kernel has booted" sees '^Starting'
	types C-c
	check "... ends it" sees '^(\^C)?ready: *$'
	check "... and no machine is left" no_machine

	check "a window of a few lines" terminal 60 12
	type_line "$tour $root 3"
	check "... stops at the end of the first page" sees '^-- more'
	check "... where the heading is still there" sees '^003\. '
	types Enter
	check "... and goes on" sees "module_init\\(lkp_init\\)"
	check "killed" kill_tour
	check "... leaves no machine" no_machine
	check "a window that is too small" terminal 15 4
	type_line "$tour $root 2"
	check "... is told so" sees 'make it la'
	types C-c
	terminal_end
	unset LKP_TOUR
}

guide_system >"$work/log" 2>&1 || bail "there is no system for the tour"

echo "# a transcript"
exec 3>&1
check "the whole tour" whole
# The first section, what prepares for all, is not in a transcript.
sed '/^\.Sh DESCRIPTION/,/^\.Sh A\./{/^\.Bd/,/^\.Ed/d;}' "$guide" >"$work/page"
awk -v mode=lessons -f "$top/src/man/guide.awk" "$guide" >"$work/lessons"
check "what the commands print is what the guide says" same_as_page "$transcript"
check "it has the lessons of the list" titles "$transcript"
check "one lesson, by words of its title" says 0 '^    [0-9]+$' \
	tour --batch 'all modules on a list'
check "... is nothing but that one" [ "$(grep -c '^[0-9]*\. ' "$work/out")" = 1 ]

plant 's/^    live$/    dead/'
check "a planted other output is found" finds '^\+dead$' \
	same_as_page "$work/planted"
plant '/^    # lsmod | grep -c lkp_example$/d'
check "a planted lack of a command is found" finds '^\+\(not run\)' \
	same_as_page "$work/planted"
plant '/^091\. /d'
check "a planted lack of a lesson is found" finds '^< +091 ' titles "$work/planted"

long at_a_terminal

echo "# without a terminal, and without what it needs"
check "no input: the first lesson, and the end" says 0 \
	'The virtual machine is gone' tour
check "input from a file" says 0 '^    49 in all$' \
	typed '!echo $((7 * 7)) in all
s
q' 2
check "... where a shell is none" grep -q '^A shell needs a terminal' "$work/out"
check "a lesson that is none: 143" says 2 "no lesson '143'" tour 143
check "... 0" says 2 "no lesson '0'" tour 0
check "... a word" says 2 "no lesson 'banana'" tour --batch banana
check "... nothing" says 2 "no lesson ''" tour ''
check "... words of several titles" says 2 "in the titles of several" tour init
check "two lessons" says 2 "'2' is a second one" tour 1 2
check "no such kernel" says 2 '6\.6\.6' tour --kernel 6.6.6 1
check "a kernel that is none" says 2 "'../x' is no kernel version" tour --kernel ../x
mkdir "$work/nothing"
check "no QEMU" says 2 'no qemu-system-x86_64 in PATH: install it by' \
	env PATH="$work/nothing" "$build/bin/lkp-example" tour --root "$root" 1
mount --bind "$work/nothing" "$root/boot"
check "no kernel" says 2 'no image|no kernel' tour 1
umount "$root/boot"
: >"$work/kvm"
[ ! -e /dev/kvm ] || mount --bind "$work/kvm" /dev/kvm
check "no KVM, where it is wanted" says 2 'QEMU failed|KVM' \
	"$build/bin/lkp-example" tour --accel kvm --root "$root" 1
[ ! -e /dev/kvm ] || umount /dev/kvm
system_run "$root" dkms remove "lkp-example/$("$top/src/dist/version")" --all \
	>"$work/log" 2>&1 || bail "the modules cannot be removed"
check "no modules" says 2 'no module .?lkp_example' tour 1
finish
