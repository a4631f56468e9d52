#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# man.t - the form of the manual pages, and that lkp-example(8) is whole
#
# The page of the command has a block for each subcommand that there is, and for
# no other; and a block names each option that "lkp-example COMMAND --help" does,
# and no other.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"
. "$top/tests/tools/tap.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
. "$top/tests/lint/lint.sh"

program=$build/bin/lkp-example
page=$top/src/man/lkp-example.8

# What groff warns of goes to standard error; its status is 0.
groff_clean() {
	groff -mandoc -ww -z -T utf8 "$1" >"$work/groff" 2>&1
	cat "$work/groff"
	[ ! -s "$work/groff" ]
}

# The commands, as the program lists them.
commands() {
	"$program" --help | sed -n 's/^  \([a-z-]\{1,\}\) .*/\1/p'
}

# The options of a command, but for those that all have.
options() {
	"$program" "$1" --help >"$work/help" </dev/null || return
	sed -n 's/^ \{2,6\}\(-., \)\{0,1\}\(--[a-z0-9-]*\).*/\2/p' "$work/help" |
		grep -vxE -e '--(help|usage|version)' | sort
}

# Call: page_commands PAGE; a command has a block, or several.
page_commands() {
	awk '/^\.Sh / { here = $2 == "COMMANDS" }
		here && /^\.Ss / { print $2 }' "$1" | sort -u
}

# Call: page_options PAGE COMMAND
page_options() {
	awk -v command="$2" '/^\.S[hs] / { here = $1 == ".Ss" && $2 == command }
		here && /^\.It Fl / {
			for (i = 2; i < NF; i++)
				if ($i == "Fl" && $(i + 1) ~ /^-[a-z]/)
					print "-" $(i + 1)
		}' "$1" | sort
}

same_commands() {
	commands | sort >"$work/commands"
	[ -s "$work/commands" ] &&
		page_commands "$1" | diff "$work/commands" -
}

# Call: same_options PAGE COMMAND
same_options() {
	options "$2" >"$work/options" &&
		page_options "$1" "$2" | diff "$work/options" -
}

# plant SED: a copy of the page, with a fault
plant() {
	sed "$1" "$page" >"$work/planted"
	! cmp -s "$page" "$work/planted" || die "nothing was planted: $1"
}

[ -x "$program" ] || die "there is no $program: run 'make programs' first"

for file in "$top"/src/man/*.[1-9]; do
	check "${file##*/}: mandoc has nothing to say" \
		mandoc -T lint -W warning "$file"
	check "${file##*/}: groff has nothing to say" groff_clean "$file"
done
check "lkp-example.8 has the commands that there are" same_commands "$page"
for command in $(commands); do
	check "lkp-example.8: $command has the options that there are" \
		same_options "$page" "$command"
done

plant 's/^\.Sh FILES$/.Xx FILES/'
check "a planted unknown macro is found by mandoc" finds 'unknown macro' \
	mandoc -T lint -W warning "$work/planted"
check "... and by groff" finds 'macro .Xx. not defined' groff_clean "$work/planted"
plant 's/^\.Ss verify$/.Ss falsify/'
check "a planted command that is not there is found" \
	finds '^> falsify$' same_commands "$work/planted"
plant '/^\.Ss verify$/d'
check "a planted lack of a command is found" \
	finds '^< verify$' same_commands "$work/planted"
plant 's/^\.It Fl -icount$/.It Fl -count/'
check "a command whose help fails is found" finds "no command 'falsify'" \
	same_options "$page" falsify
check "a planted option that is not there is found" \
	finds '^> --count$' same_options "$work/planted" verify
plant '/^\.It Fl r Ar DIR/d'
check "a planted lack of an option is found" \
	finds '^< --root$' same_options "$work/planted" verify
finish
