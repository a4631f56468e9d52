#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# coverage.sh - which item of the guide is proven where, and on which kernels
#
# Usage: coverage.sh		(make coverage-table)
#
# A row for each of the 142 items, and nothing in it is typed:
#
#   number, title   from the headings of lkp-example-guide(7)
#   test or guide   whether something has been run for it
#   where           the source of the check, by "lkp-guest items", or the test
#   kernels         where it has passed in the last run, or what is wrong
#
# Results are those that tests have left in build/tests: reports of lkp-guest,
# and tests with "item NNN:" in their names. tests/items-guide-only has the items
# that no machine can check, tests/skips the skips that are expected. A row that
# has failed, has no result or a skip that nobody expects, or is neither tested
# nor in that list: status 1. Nothing has been run: status 2.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"
results=$build/tests
guide=$top/src/man/lkp-example-guide.7
tab='	'

kernels=$(sed -n 's/^\([^#[:space:]]\{1,\}\).*/\1/p' "$top/tests/kernels")

# kernel NAME RELEASE
kernel() {
	[ -z "$2" ] || printf 'kernel\t%s\t%s\n' "$1" "$2"
}

# Results of a TAP log, as tests/tools/harness keeps it: the test's name with
# "-" for the first "/", and its argument, which may be the name of a kernel.
tap_results() {
	log=${1##*/}
	log=tests/$(printf '%s\n' "${log%.tap}" | sed 's|-|/|')
	test=${log%%:*}
	name=host
	case $log in *:*) name=${log#*:} ;; esac
	[ -e "$top/$test" ] || return 0
	release=$(sed -n 's/^# kernel: //p' "$1" | head -n 1)
	[ "$name" = host ] || kernel "$name" "$release"
	awk -v test="$test" -v name="$name" -v release="$release" \
		-v whole="$log" '
	/^1\.\.[0-9]+/ { plan = substr($1, 4) }
	/^(not )?ok / {
		count++
		result = /^ok/ ? "ok" : "failed"
		sub(/^(not )?ok [0-9]+ (- )?/, "")
		if (!match($0, /(^|[: ])item [0-9][0-9][0-9]: /))
			next
		number = substr($0, RSTART + RLENGTH - 5, 3)
		reason = ""
		if (match($0, / # SKIP ?/)) {
			result = "skip"
			reason = substr($0, RSTART + RLENGTH)
			$0 = substr($0, 1, RSTART - 1)
		}
		printf "result\t%s\t%s\t%s\t%s\t%s\n", number, test,
			(name == "host" && release) ? "=" release : name,
			result, whole ": " $0 ": " reason
	}
	END {
		if (!plan || plan != count)
			printf "fault\t%s: it did not run to its end\n", whole
	}' "$1"
}

# Results of a report of lkp-guest, as if kernel.t had printed them.
report_results() {
	[ ! -f "${2%/*}/release" ] || kernel "$1" "$(cat "${2%/*}/release")"
	awk -v name="$1" '
	/^(not )?ok [0-9]+ item\.[0-9][0-9][0-9]_/ {
		result = /^ok/ ? "ok" : "failed"
		sub(/^(not )?ok [0-9]+ item\./, "")
		reason = ""
		if (match($0, / # SKIP ?/)) {
			result = "skip"
			reason = substr($0, RSTART + RLENGTH)
		}
		word = substr($1, 5)
		printf "result\t%s\tguest\t%s\t%s\ttests/boot/kernel.t:%s: %s: item %s: %s: %s\n",
			substr($1, 1, 3), name, result, name, name,
			substr($1, 1, 3), word, reason
	}' "$2"
}

# All that is known, one fact a line, with tabs between its words.
facts() {
	sed -n "s/^\.Ss \([0-9][0-9][0-9]\)\. /title$tab\1$tab/p" "$guide" |
		sed 's/\\&//g; s/\\-/-/g; s/\\e/\\/g'
	"$build/bin/lkp-guest" items | awk -v OFS='\t' \
		'{ print "check", $1, "src/guest/" $3 }'
	sed -n "s/^[^#[:space:]].*/guide$tab&/p" "$top/tests/items-guide-only"
	sed -n "s/^[^#[:space:]].*/skip$tab&/p" "$top/tests/skips"
	for name in $kernels; do
		printf 'name\t%s\n' "$name"
		for report in "$results/items-$name" "$results/kernel-$name"; do
			[ -f "$report/report.ktap" ] || continue
			report_results "$name" "$report/report.ktap"
			break
		done
	done
	for log in "$results"/*.tap; do
		[ ! -f "$log" ] || tap_results "$log"
	done
}

[ -x "$build/bin/lkp-guest" ] || die "there is no lkp-guest: 'make programs'"
[ -f "$guide" ] || die "there is no guide: $guide"
find "$results" -name '*.tap' -o -name report.ktap 2>/dev/null | grep -q . ||
	die "there are no results in $results: 'make test' makes them"

facts | awk -F '\t' '
function bad(n, what) { fault[n] = fault[n] (fault[n] ? "; " : "") what }

# The kernel of a test without argument is one of ours, or another.
function kernel_of(word,    k) {
	if (word !~ /^=/)
		return word
	for (k in release)
		if (release[k] == substr(word, 2))
			return k
	return substr(word, 2)
}

function expected(what,    i) {
	for (i = 1; i <= skips; i++)
		if (what ~ ("^(" skip[i] ")$"))
			return 1
	return 0
}

$1 == "title" { if ($2 in title) bad($2, "TWO SECTIONS"); title[$2] = $3 }
$1 == "check" { where[$2] = where[$2] " " $3; checked[$2] = 1
		sources[$2, "guest"] = 1; listed[++lists] = $2 SUBSEP "guest" }
$1 == "guide" { number = substr($2, 1, 3); guides++
		if ($2 !~ /^[0-9][0-9][0-9][ ]+[^ ]/)
			other[++others] = "tests/items-guide-only: not understood: " $2
		if (number in guide)
			other[++others] = "tests/items-guide-only: twice: " number
		guide[number] = 1 }
$1 == "skip" { skip[++skips] = $2 }
$1 == "name" { names[++n_names] = $2; ours[$2] = 1 }
$1 == "kernel" { release[$2] = $3 }
$1 == "fault" { other[++others] = $2 }
$1 == "result" {
	# A check that the guest no longer has, in a report of the past.
	if ($3 == "guest" && !($2 in checked))
		next
	# kernel.t hands on what the guest has reported: not a second result, but
	# that it has failed must not be lost.
	if ($3 == "tests/boot/kernel.t" && $2 in checked) {
		if ($5 != "failed")
			next
		$3 = "guest"
	}
	results++
	r_number[results] = $2; r_source[results] = $3; r_kernel[results] = $4
	r_result[results] = $5; r_text[results] = $6
}

END {
	for (i = 1; i <= results; i++) {
		n = r_number[i]; s = r_source[i]; k = kernel_of(r_kernel[i])
		tested[n] = 1
		if (!((n, s) in sources)) {
			sources[n, s] = 1
			where[n] = where[n] " " s
		}
		if (r_kernel[i] in ours) {
			have[n, s, k] = 1
			if (!((n, s) in per_kernel)) {
				per_kernel[n, s] = 1
				listed[++lists] = n SUBSEP s
			}
		}
		if (!((n, k) in seen)) {
			seen[n, k] = 1
			if (!(k in ours))
				elsewhere[n] = elsewhere[n] " " k
		}
		if (r_result[i] == "ok")
			passed[n, k] = 1
		else if (r_result[i] == "failed")
			failed[n, k] = 1
		else if (!expected(r_text[i]) && !(r_text[i] in told)) {
			told[r_text[i]] = 1
			bad(n, "SKIPPED: " r_text[i])
		}
	}
	# What runs on one of the kernels runs on all of them.
	for (i = 1; i <= lists; i++) {
		split(listed[i], of, SUBSEP)
		for (j = 1; j <= n_names; j++)
			if (!((of[1], of[2], names[j]) in have))
				lacks[of[1], names[j]] = 1
	}

	for (j = 1; j <= n_names; j++)
		printf "# %s is %s\n", names[j], names[j] in release ? \
			release[names[j]] : "not there: make test TESTS=tests/boot/kernel.t:" names[j]
	for (i = 1; i <= 142; i++) {
		n = sprintf("%03d", i)
		kind = n in tested || n in checked ? "test" : n in guide ? "guide" : "-"
		on = ""
		for (j = 1; j <= n_names; j++) {
			k = names[j]
			if ((n, k) in failed)
				bad(n, "FAILED on " k)
			else if ((n, k) in lacks)
				bad(n, "NO RESULT on " k)
			else if ((n, k) in passed)
				on = on " " k
		}
		words = split(elsewhere[n], of, " ")
		for (j = 1; j <= words; j++)
			if ((n, of[j]) in failed)
				bad(n, "FAILED on " of[j])
			else if ((n, of[j]) in passed)
				on = on " " of[j]
		if (!(n in title))
			bad(n, "NO SECTION in the guide")
		if (kind == "-")
			bad(n, "NEITHER a test nor a line in tests/items-guide-only")
		if (kind == "test" && n in guide)
			bad(n, "HAS A TEST, and a line in tests/items-guide-only")
		if (kind == "test" && !on && !(n in fault))
			bad(n, "PASSED NOWHERE")
		count[kind]++
		if (kind == "guide")
			where[n] = " src/man/lkp-example-guide.7"
		if (n in fault)
			faults++
		printf "%s  %-5s  %-48.48s  %-36s  %s\n", n, kind, title[n],
			substr(where[n], 2), n in fault ? fault[n] \
			(on ? "; passed on" on : "") : substr(on, 2)
	}
	for (n in title)
		if (n + 0 < 1 || n + 0 > 142)
			other[++others] = "the guide has a section " n
	for (n in guide)
		if (n + 0 < 1 || n + 0 > 142)
			other[++others] = "tests/items-guide-only has a line " n
	if (guides >= 33)
		other[++others] = "tests/items-guide-only has " guides " lines: fewer than 33 are right"
	for (i = 1; i <= others; i++)
		print other[i]
	printf "142 rows: %d test, %d guide, %d neither; %d with a fault, %d other faults\n",
		count["test"], count["guide"], count["-"], faults, others
	exit faults + others > 0
}'
