#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# documented.t - what others use is documented where it is declared
#
# Each function that the modules export has a kernel-doc comment with Context: and,
# if it returns something, Return:; kernel.t has kernel-doc read them. Each name of
# the header for programs has a comment. And bash completes each option that a
# command has: its own help says which. The manual pages are man.t's.
# shellcheck disable=SC2016	# $PATH is for the shell inside
# shellcheck disable=SC2317	# functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/plain-test.sh"
program=$build/bin/lkp-example

# Call: undocumented_exports FILE...
undocumented_exports() {
	awk 'FNR == 1 || /^\/\*\*/ { comment = ""; open = /^\/\*\*/ }
		open { comment = comment $0 "\n"; if (/\*\//) open = 0; next }
		/^[a-z].*\(/ { head = $0 }
		/^EXPORT_SYMBOL/ {
			name = $0
			sub(/.*\(/, "", name)
			sub(/\).*/, "", name)
			if (comment !~ ("\\* " name "(\\(\\))? - "))
				print FILENAME ": no comment of " name
			else if (comment !~ /\* Context: /)
				print FILENAME ": no context of " name
			else if (head !~ /^void / && comment !~ /\* Return: /)
				print FILENAME ": nothing of what " name " returns"
			count++
		}
		END { if (!count) print "no function is exported" }' "$@"
}

# Call: undocumented_names HEADER
undocumented_names() {
	awk '/^#(ifndef|define) _UAPI_/ { next }
		/\*\/$/ { documented = NR }
		/^(#define|struct|enum|union|typedef) / {
			if (documented != NR - 1)
				print "no comment of " $2
			count++
		}
		END { if (!count) print "there is nothing in it" }' "$1"
}

# The options of a command, those with an argument by "=".
options() {
	LC_ALL=C "$program" "$1" --help </dev/null | sed -n \
		's/^ \{2,6\}\(-., \)\{0,1\}\(--[a-z0-9-]*=\{0,1\}\).*/\2/p' | LC_ALL=C sort
}

# Call: completed COMPLETION COMMAND
completed() {
	printf 'PATH=%s:$PATH\n. %s\n' "$build/bin" "$1" >"$work/rc"
	options "$2" >"$work/options"
	[ -s "$work/options" ] &&
		echo "lkp-example $2 --" | "$top/tests/cli/tab.sh" "$work/rc" |
		sed "s/^lkp-example $2 //" | tr ' ' '\n' | LC_ALL=C sort |
		diff "$work/options" -
}

[ -x "$program" ] || die "there is no $program: run 'make programs' first"
completion=$top/src/dist/bash-completion/lkp-example
header=$top/src/module/uapi/lkp_example.h
share=$top/src/module/share.c

check "each exported function has its comment" none undocumented_exports \
	"$top"/src/module/*.c
check "each name of the header for programs has its comment" \
	none undocumented_names "$header"
for command in $("$program" --help | sed -n 's/^  \([a-z-]\{1,\}\) .*/\1/p'); do
	check "bash completes all options of $command" completed "$completion" "$command"
done

plant 's/^ \* lkp_example_update - /&/; s/^ \* lkp_example_update -/ * lkp_example_renew -/' "$share"
check "a planted export without a comment is found" \
	finds 'no comment of lkp_example_update' none undocumented_exports "$work/planted"
plant '/^ \* Context:/d' "$share"
check "a planted lack of a context is found" finds 'no context of lkp_example_' \
	none undocumented_exports "$work/planted"
plant '/^ \* Return:/d' "$share"
check "a planted lack of what is returned is found" \
	finds 'nothing of what lkp_example_generation' none undocumented_exports "$work/planted"
plant 's/^#define LKP_EXAMPLE_IOC_UNPIN.*/\n&/' "$header"
check "a planted name without a comment is found" \
	finds 'no comment of LKP_EXAMPLE_IOC_UNPIN' none undocumented_names "$work/planted"
plant 's/\(\\1\)=\/p$/\1\/p/' "$completion"
check "a planted completion that forgets what takes an argument is found" \
	finds '^< --kernel=' completed "$work/planted" verify
finish
