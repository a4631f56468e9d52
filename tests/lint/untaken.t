#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# untaken.t - the table of what was executed is red when a line of it is not right
#
# tests/sanitizer/coverage.t needs a debug kernel, and what judges its counters does
# not: here they are made up, for a source of nine lines. Then one thing at a time is
# wrong with them, or with the list of what may stay unexecuted. And the list of the
# project itself means lines that are there.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/plain-test.sh"

# counters LINE WAYS: line 4 has two ways, and line 5 is executed so many times.
counters() {
	printf 'line\tsource.c\t3\t7\ttry\t\n'
	printf 'line\tsource.c\t4\t7\ttry\t%s\n' "$2"
	printf 'line\tsource.c\t5\t%s\ttry\t\n' "$1"
	printf 'line\tsource.c\t6\t7\ttry\t\n'
	printf 'function\tsource.c\t1\t7\ttry\t\n'
}

# judge SOURCES LIST FILE...: the table
judge() {
	sources=$1
	list=$2
	shift 2
	awk -v sources="$sources" -v list="$list" \
		-f "$top/tests/sanitizer/coverage.awk" "$@"
}

# Call: table LIST LINE WAYS
table() {
	printf '%b' "$1" >"$work/list"
	counters "$2" "$3" >"$work/counters"
	judge "$work" "$work/list" "$work/counters"
}

# As gcov adds up: what one run has not executed, another one has.
added_up() {
	: >"$work/list"
	counters 0 7,0 >"$work/one"
	counters 1 0,1 >"$work/two"
	judge "$work" "$work/list" "$work/one" "$work/two" >"$work/table" &&
		grep -E '^source\.c +100\.0% +4/4 +100\.0% +2/2 +100\.0% +1/1$' \
			"$work/table"
}

# Each entry of the list means one place, but for those of all files. Whether they
# are needed takes a kernel.
means_lines() {
	for file in "$top"/src/module/*.[ch]; do
		printf 'line\t%s\t1\t1\tx\t\n' "${file##*/}"
	done >"$work/counters"
	! judge "$top/src/module" "$top/tests/sanitizer/untaken" "$work/counters" |
		grep -E '^the list (is|has no|means|has what is nowhere)'
}

cat >"$work/source.c" <<'SOURCE'
int try(void)
{
	prepare();
	if (fails())
		return -1;
	return 0;
}

/* The end. */
SOURCE
excuse='source.c never 2 if (fails())\n\tIt does not.\n'
check "all is executed, and the list is empty" table '' 1 6,1
check "what is not executed is on the list" table "$excuse" 0 7,0
check "what several runs have executed is added up" added_up
check "a line that is not executed is named" \
	finds 'source\.c:5: not executed: return -1;' table '' 0 6,1
check "a way that is not gone is named" \
	finds 'source\.c:4: way 2 of 2 not gone: if \(fails\(\)\)' table '' 1 7,0
check "an entry of one line is not for the next one" \
	finds '1 of them are not on the list' \
	table 'source.c never 1 if (fails())\n\tIt does not.\n' 0 7,0
check "an entry that is not needed is found" \
	finds 'what is executed: source\.c: if' table "$excuse" 1 6,1
check "what happens by chance may happen" \
	table 'source.c rarely 2 if (fails())\n\tBy chance.\n' 1 6,1
check "a way out of a line that is executed may be left to chance" \
	table 'source.c ways 1 if (fails())\n\tBy chance.\n' 1 7,0
check "which does not mean that the line is not executed" \
	finds 'source\.c:5: not executed: return -1;' \
	table 'source.c ways 2 if (fails())\n\tBy chance.\n' 0 7,0
check "an entry for no line is found" finds 'what is nowhere: while' \
	table "${excuse}source.c rarely 1 while\n\tIt does not.\n" 0 7,0
check "an entry for two lines is found" finds 'means 2 places: return' \
	table "${excuse}source.c rarely 1 return\n\tIt does not.\n" 0 7,0
check "an entry for all files may mean several" \
	table "${excuse}* rarely 1 return\n\tIt does not.\n" 0 7,0
check "an entry without a reason is found" finds 'no reason for: if' \
	table 'source.c never 2 if (fails())\n' 0 7,0
check "an entry that is no entry is found" finds 'is not right: source' \
	table "${excuse}source.c always 1 prepare\n\tWhy.\n" 0 7,0
check "no counters are found" finds 'nothing has been counted' \
	judge "$work" /dev/null /dev/null
check "the project's list means lines that are there" means_lines
finish
