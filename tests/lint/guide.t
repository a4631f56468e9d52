#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guide.t - the form of lkp-example-guide(7), and that its comparison can fail
#
# tests/boot/guide.t runs the commands of the page; here is what needs no kernel.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/plain-test.sh"
. "$top/tests/guide/guide.sh"
subject=$guide

# "A 001" ... "L 142": each step, in the section that it belongs to.
wanted_steps() {
	awk 'BEGIN {
		split("1 20 31 44 55 64 77 91 101 111 122 136", first)
		for (n = 1; n <= 142; n++) {
			if (n == first[section + 1])
				section++
			printf "%s %03d\n", substr("ABCDEFGHIJKL", section, 1), n
		}
	}'
}

# Call: steps PAGE; a heading needs a title, too.
steps() {
	awk '/^\.Sh [A-Z]\. ./ { section = substr($2, 1, 1) }
		/^\.Ss / {
			good = $2 ~ /^[0-9]+\.$/ && NF > 2
			print section, good ? substr($2, 1, length($2) - 1) : $0
		}' "$1" >"$work/steps"
	wanted_steps | diff - "$work/steps"
}

# Not to tldp.org, whose guide is of the time of Linux 2.6.
reads_on() {
	for link in https://docs.kernel.org/kbuild/modules.html \
		https://sysprog21.github.io/lkmpg/; do
		grep -F ".Lk $link " "$guide" && grep -F "($link)" "$top/README.md" ||
			return
	done
	! grep -F tldp.org/ "$guide" "$top/README.md"
}

# Each step says something.
no_step_empty() {
	! awk '/^\.S[hs] / { if (step != "" && !text) print step; step = "" }
		/^\.Ss / { step = $0; text = 0; next }
		/^[A-Za-z]/ { text = 1 }
		/^\.Lk / { text = 1 }' "$1" | grep .
}

# A terminal has 80 columns, of which a literal block leaves 68 or so.
commands_fit() {
	guide_commands "$1" >"$work/commands"
	[ "$(grep -c . "$work/commands")" -gt 200 ] &&
		! grep -E '.{75}' "$work/commands"
}

# The outputs in $work/outputs are those of the page.
same() {
	guide_fill "$1" "$work/outputs" | diff -u "$1" -
}

check "mandoc has nothing to say" mandoc -T lint -W warning "$guide"
check "142 steps in twelve sections, in order" steps "$guide"
check "each step has a text" no_step_empty "$guide"
check "the page and README.md say where to read on" reads_on
check "the commands fit into a line" commands_fit "$guide"

awk -v mode=outputs -f "$top/src/man/guide.awk" "$guide" >"$work/outputs"
check "a run that prints what the page says leaves it as it is" same "$guide"
plant 's/^live$/dead/'
check "a planted other output is found" finds '^-dead$' same "$work/planted"
plant '/^rmmod: ERROR: Module lkp_example is in use$/d'
check "a planted output that misses is found" \
	finds '^\+rmmod: ERROR' same "$work/planted"
plant 's/ 0xffffffff[0-9a-f]* (OE)$/ 0xffffffffc0de0000 (OE)/'
check "another address is no difference" same "$work/planted"
plant 's/^# uname -r$/# uname -r; true/'
check "a command that is changed keeps its output" same "$work/planted"
sed -i '/^@ 091 3$/,/^@ 091 4$/{/^@ 091 3$/d;/^|/d;}' "$work/outputs"
check "a command that was not run is found" finds '^\+\(not run\)' same "$guide"

plant '/^\.Ss 091\./d'
check "a planted step that misses is found" finds '^< H 091' steps "$work/planted"
plant 's/^\.Ss 091\./.Ss 191./'
check "a planted wrong number is found" finds '^> H 191' steps "$work/planted"
plant 's/^\.Sh B\. /.Sh C. /'
check "a planted wrong section is found" finds '^> C 020' steps "$work/planted"
plant 's/^\.Sh B\. /.Xx B. /'
check "a planted unknown macro is found" finds 'unknown macro' \
	mandoc -T lint -W warning "$work/planted"
finish
