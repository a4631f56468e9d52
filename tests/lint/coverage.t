#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# coverage.t - the coverage table is red when a row of it is not right
#
# A made-up project, all of whose 142 items are proven: 100 by lkp-guest, 12 by
# another test, and 30 by their place in the guide. Then one thing at a time is
# wrong in it.
#
# shellcheck disable=SC2016	# $a and $d are sed's
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/plain-test.sh"
project=$work/project
last=build/tests

# numbers FIRST LAST FORMAT: a line for each
numbers() {
	seq -f '%03g' "$1" "$2" | sed "s/.*/$3/"
}

make_project() {
	cd "$work" && rm -rf "$project"
	mkdir -p "$project/src/man" "$project/tests/boot" "$project/tests/build" \
		"$project/tests/tools" "$project/build/bin" "$project/$last" &&
		cd "$project" || return
	cp "$top/tests/tools/coverage.sh" "$top/tests/tools/host.sh" tests/tools
	numbers 1 142 '.Ss &. A \\\&title' >src/man/lkp-example-guide.7
	numbers 113 142 '& There is nothing to run.' >tests/items-guide-only
	printf '%s\n' '# no more' '5.10 suite' '6.1  suite' >tests/kernels
	printf '%s\n' '# no more' >tests/skips
	touch tests/boot/kernel.t tests/build/build.t
	{
		printf '#!/bin/sh\ncat <<EOF\n'
		numbers 1 100 '& word items_part.c'
		echo EOF
	} >build/bin/lkp-guest
	chmod +x build/bin/lkp-guest
	for kernel in 5.10 6.1; do
		mkdir "$last/items-$kernel"
		echo "$kernel.0-amd64" >"$last/items-$kernel/release"
		numbers 1 100 'ok 5 item.&_word' >"$last/items-$kernel/report.ktap"
		{
			echo "# kernel: $kernel.0-amd64"
			numbers 101 112 "ok 5 - item &: $kernel: it builds"
			echo 1..12
		} >"$last/build-build.t:$kernel.tap"
		{
			numbers 1 100 "ok 5 - $kernel: item &: word"
			echo 1..100
		} >"$last/boot-kernel.t:$kernel.tap"
	done
}

# table STATUS TEXT: so does the table end, and a line of it has the text.
table() {
	LKP_BUILD=$project/build "$project/tests/tools/coverage.sh" \
		>"$work/table" 2>&1
	got=$?
	grep -vE '^[0-9]{3}  (test|guide) .*(  5\.10 6\.1|guide\.7 *)$' "$work/table"
	echo "status $got, and $1 is right; expected: $2"
	[ "$got" = "$1" ] && grep -qE -- "$2" "$work/table"
}

# planted FILE SED TEXT: with this change of a file, red, and TEXT says why.
planted() {
	make_project || return
	sed -i "$2" "$project/$1" || return
	! (cd "$project" && cp "$1" "$work/changed" && make_project &&
		cmp -s "$1" "$work/changed") || die "nothing was planted: $2"
	cp "$work/changed" "$project/$1"
	table 1 "$3"
}

# The same skip, in what the guest and kernel.t have said, and a line that
# expects it.
skip_is_expected() {
	make_project && cd "$project" || return
	sed -i 's/^ok 5 item.050_word$/& # SKIP no such option/' \
		"$last/items-6.1/report.ktap"
	sed -i 's/^ok 5 - 6.1: item 050: word$/& # SKIP no such option/' \
		"$last/boot-kernel.t:6.1.tap"
	table 1 '^050 .*SKIPPED: tests/boot/kernel.t:6.1: 6.1: item 050: word: no such option; passed on 5.10$' ||
		return
	echo 'tests/boot/kernel\.t:6\.1: 6\.1: item 050: word: no such option' \
		>>tests/skips
	table 0 '^050  test .*items_part.c +5.10$'
}

no_results() {
	make_project && rm -rf "${project:?}/$last" &&
		table 2 "there are no results in .*: 'make test' makes them"
}

old_results() {
	make_project && rm "$project/tests/build/build.t" &&
		table 1 '^101  - .*NEITHER'
}

right() {
	make_project &&
		table 0 '^142 rows: 112 test, 30 guide, 0 neither; 0 with a fault, 0 other faults$' &&
		grep -qE '^001  test   A title +src/guest/items_part.c +5.10 6.1$' "$work/table" &&
		grep -qE '^101  test   A title +tests/build/build.t +5.10 6.1$' "$work/table" &&
		grep -qE '^142  guide  A title +src/man/lkp-example-guide.7 *$' "$work/table" &&
		[ "$(grep -c '^[0-9]\{3\}  ' "$work/table")" = 142 ]
}

check "all is right: 142 rows" right
check "a row is missing: the guide has no such section" \
	planted src/man/lkp-example-guide.7 '/^\.Ss 077/d' '^077 .*NO SECTION'
check "a section is there twice" \
	planted src/man/lkp-example-guide.7 's/^\.Ss 077/.Ss 076/' '^076 .*TWO SECTIONS'
check "a section is of no item" \
	planted src/man/lkp-example-guide.7 '$a .Ss 143. More' 'has a section 143'
check "neither a test nor a reason" \
	planted tests/items-guide-only '/^130/d' '^130  - .*NEITHER'
check "no reason is given" \
	planted tests/items-guide-only 's/^130.*/130/' 'not understood: 130'
check "a reason is given, and there is a test" \
	planted tests/items-guide-only '$a 042 no way' '^042 .*HAS A TEST'
check "too many reasons" planted tests/items-guide-only \
	'$a 042 no way\n043 no way\n044 no way' 'has 33 lines'
check "a check has failed" planted "$last/items-6.1/report.ktap" \
	's/^ok 5 item.091/not ok 5 item.091/' '^091 .*FAILED on 6.1; passed on 5.10$'
check "a check has failed, by the test that hands it on" \
	planted "$last/boot-kernel.t:6.1.tap" \
	's/^ok 5 - 6.1: item 091/not &/' '^091 .*FAILED on 6.1; passed on 5.10$'
check "a test has failed" planted "$last/build-build.t:5.10.tap" \
	's/^ok 5 - item 102/not &/' '^102 .*FAILED on 5.10; passed on 6.1$'
check "a check has no result on a kernel" planted "$last/items-6.1/report.ktap" \
	'/091/d' '^091 .*NO RESULT on 6.1; passed on 5.10$'
check "a test has no result on a kernel" planted "$last/build-build.t:5.10.tap" \
	'/item 102/d' '^102 .*NO RESULT on 5.10; passed on 6.1$'
check "a test was skipped" planted "$last/build-build.t:5.10.tap" \
	's/^ok 5 - item 102.*/& # SKIP too late/' \
	'^102 .*SKIPPED: tests/build/build.t:5.10: item 102: 5.10: it builds: too late'
check "a check was skipped, until that is expected" skip_is_expected
check "a test did not run to its end" planted "$last/build-build.t:5.10.tap" \
	'$d' 'tests/build/build.t:5.10: it did not run to its end'
check "results of a test that is no more" old_results
check "no results" no_results
finish
