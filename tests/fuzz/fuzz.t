#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# fuzz.t - the fuzzers hold for a short time, and each finds a planted bug
#
# Usage: fuzz.t		all (of "make test-all")
#        fuzz.t short	without the planted bugs
#
# "make fuzz" runs them for long. Here each begins with real files and goes on for some
# thousand inputs; then, with the change of tests/fuzz/planted in a copy of the sources,
# it has to fail.
# shellcheck disable=SC2317	# functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/plain-test.sh"
. "$top/tests/fuzz/seeds.sh"
build=$work

compile() {
	make -s -C "$top/tests/fuzz" O="$work/$1" cli="$work/src/cli" \
		module="$work/src/module" -j2
}

# Call: run DIRECTORY TARGET OPTION...
run() {
	program=$work/$1/$2
	corpus=$work/corpus/$2
	shift 2
	TMPDIR=$work "$program" -max_len=65536 -len_control=0 -rss_limit_mb=4096 \
		-artifact_prefix="$work/found-" -seed=1 "$@" "$corpus"
}

# Only what depends on the source is compiled again.
finds_planted() {
	cp "$work/src/$2" "$work/whole"
	sed "$3" "$work/whole" >"$work/src/$2"
	if cmp "$work/whole" "$work/src/$2"; then
		echo "the change of $2 changes nothing: $3"
		return 1
	fi
	compile fuzz && ! run fuzz "$1" -max_total_time=120 >"$work/found" 2>&1
	result=$?
	tail -n 5 "$work/found"
	cp "$work/whole" "$work/src/$2"
	[ "$result" = 0 ] &&
		grep -E '^SUMMARY: |does not hold|: runtime error: ' "$work/found"
}

printf 'int LLVMFuzzerTestOneInput(void) { return 0; }\n' >"$work/try.c"
if ! clang -fsanitize=fuzzer,address -o "$work/try" "$work/try.c" 2>/dev/null; then
	skip "the fuzzers" "clang has no libFuzzer here: make fuzz installs it"
	finish
fi
mkdir -p "$work/src" "$work/fuzz" && cp -r "$top/src/cli" "$top/src/guest" \
	"$top/src/module" "$work/src/"
needed "the fuzzers build" compile fuzz
for target in $(fuzz_targets); do
	mkdir -p "$work/corpus/$target"
	fuzz_seeds "$target" "$work/corpus/$target" || die "no files to begin with"
	check "$target: nothing is found in 300 inputs" run fuzz "$target" -runs=300
done
sed '/^#/d' "$top/tests/fuzz/planted" >"$work/table"
while read -r target file change; do
	long check "$target: finds a planted bug" finds_planted "$target" "$file" "$change"
done <"$work/table"
finish
