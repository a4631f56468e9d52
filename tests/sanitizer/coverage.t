#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# coverage.t - every line of the modules is executed, and every way out of it gone
#
# Usage: coverage.t	(make coverage, and of "make test-all", "make test-sanitizer")
#
# The modules are built with counters (GCOV_PROFILE=y) in a system with the debug
# kernel, and all checks there are go on in them: every item of the guide, bad_input,
# stress and sanitizer, with memory, copies and other calls that fail. What gcov makes
# of the counters is in build/coverage: for each source how much of it was executed, and
# each line that was not. "Way" is what gcov calls a branch: an "if" has two ways.
#
# What is not executed must be on the list tests/sanitizer/untaken, which says why,
# and nothing else may. And without some of the checks, what they are for is named.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"
. "$top/tests/negative/mutants.sh"
. "$top/tests/sanitizer/kernel.sh"

root=$work/root
. "$top/tests/build/build.sh"
logs=$build/coverage
# UBSAN has branches of its own, in the lines that it looks after. And what is merged
# into its callers before it is counted has no name any more.
mutants_options="GCOV_PROFILE=y UBSAN_SANITIZE=n KCFLAGS=-fno-early-inlining"

# Those that DKMS has built give way.
set_up() {
	rm -f "$root/lib/modules/$release/updates/dkms"/lkp_example*
	mutants_set_up && test_modules
}

# The counters of a report go where the compiler has left its notes.
take_counters() {
	rm -f "$root$tree"/*.gcda
	sed -n 's/^# gcov: //p' "$1" | while read -r file data; do
		printf '%s\n' "$data" | base64 -d >"$root$tree/${file##*/}"
	done
	in_root sh -c "cd $tree && gcov --json-format --stdout --branch-probabilities *.gcda" \
		>"$work/gcov.json" && jq -r --arg dir "$tree/" \
		-f "$top/tests/sanitizer/coverage.jq" "$work/gcov.json"
}

# What checks have executed, as build/coverage/NAME.tsv. What they find is for others
# to judge: checks.t has the same ones. Call: measured NAME CHECKS
measured() {
	as_user rm -rf "${logs:?}/$1" && as_user mkdir -p "$logs/$1"
	as_user "$build/bin/lkp-example" verify --root "$root" --kernel "$release" \
		--log "$logs/$1" --checks "$2,coverage" \
		--stress-seconds "${LKP_STRESS_SECONDS:-10}" \
		lkp_example lkp_example_client lkp_example_probe >"$work/said" 2>&1
	grep '^  not ok ' "$work/said" | sed 's/^/# in this build: /' >&3
	grep -q '^ok [0-9]* coverage.gcov$' "$logs/$1/report.ktap" &&
		take_counters "$logs/$1/report.ktap" >"$logs/$1.tsv" && return
	tail -n 30 "$work/said"
	return 1
}

# The table of all that the named files have. Call: table REPORT NAME...
table() {
	report=$logs/$1
	shift
	for name; do
		set -- "$@" "$logs/$name.tsv"
		shift
	done
	awk -v sources="$top/src/module" -v list="$top/tests/sanitizer/untaken" \
		-f "$top/tests/sanitizer/coverage.awk" "$@" >"$report"
}

# What the list excuses is in the report alone.
executed() {
	table report "$@" && return
	awk '/^    (never|rarely|ways): / { held = ""; next }
		{ if (held) print held; held = $0 }
		END { print held }' "$logs/report"
	return 1
}

# A line that has this text is one that the table of these files names.
# Call: names TEXT NAME...
names() {
	named=$1
	shift
	! table without "$@" &&
		grep -F "not executed: $named" "$logs/without"
}

# What the check "calls" alone does, and what all others do. As gcov adds up, it does
# not matter that they are not run at once.
others() {
	sed -n 's/^\t{ 0, "\([a-z_]*\)",.*/sanitizer.\1/p' "$top/src/guest/sanitizer.c" |
		grep -vx sanitizer.calls | paste -s -d , -
}

exec 3>&1
debug_kernel >"$work/built" 2>&1 || die "$(cat "$work/built")"
debug_system_with_modules "$root" >"$work/made" 2>&1 || die "$(cat "$work/made")"
release=$(system_release "$root")
as_user mkdir -p "$logs" && rm -f "$logs/report"
echo "# kernel: $release of linux-source $(cat "$root/boot/lkp-source-version")"
needed "the modules are built with counters" set_up

needed "all checks but the failing calls: counted" \
	measured others "full,stress,$(others)"
needed "the failing calls: counted" measured calls sanitizer.calls
check "without the failing calls, what they reach is named" \
	names 'pr_err("unable to watch modules: error %d\n", ret);' others
check "all lines and ways are executed, but for those of the list" \
	executed others calls
finish
