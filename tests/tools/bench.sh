#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# bench.sh - measure, beside our peers, and write down what came of it
#
# Usage: bench.sh		(make bench)
#        bench.sh --check	(make bench-check)
#
# KERNEL=NAME is a line of tests/kernels (default: that of Debian stable), or
# "all"; BENCH='NAME...' only these benchmarks (default: all); RUNS=N is how often
# what takes time is measured, in turns (default: 5); FORMAT=json prints the results
# for a program.
#
# A benchmark is a program tests/bench/NAME.bench. It gets the name of a kernel
# and the number of runs, and prints a JSON object: "figures", each of which has a
# group, a row, a column, a unit and a value, and maybe what is right (at_most,
# at_least) and whether that "holds"; and "notes". Of runs that take time, the
# quickest is judged: a busy machine makes none of them quicker.
#
# What came of all is recorded in tests/bench: RESULTS.json, RESULTS.md, which shows
# it, and the plots RESULTS.svg and RESULTS.png. With BENCH, what was recorded of the
# others stays. --check records nothing: it holds what it measures against what
# is recorded, see tests/bench/check.sh.
#
# Exit status: 0 if all that should hold does, 1 if not, 2 if it was not measured,
# 77 if the machine was too busy to tell.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"
. "$top/tests/tools/system.sh"
kernel=${KERNEL:-6.12}
runs=${RUNS:-5}
format=${FORMAT:-text}
check=${1:-}
recorded=$top/tests/bench/RESULTS

[ "$format" = text ] || [ "$format" = json ] ||
	die "FORMAT is text or json, not '$format'"
case $runs in
'' | 0* | *[!0-9]*) die "RUNS is a number from 1 on, not '$runs'" ;;
esac
[ -z "$check" ] || [ "$check" = --check ] || die "there is no option '$check'"
kernels=$(sed -n 's/^\([^#[:space:]]\{1,\}\).*/\1/p' "$top/tests/kernels")
[ "$kernel" = all ] || printf '%s\n' "$kernels" | grep -qxF -e "$kernel" ||
	die "tests/kernels has no line '$kernel'"
benches=${BENCH:-$(for file in "$top"/tests/bench/*.bench; do
	basename "$file" .bench
done)}
for bench in $benches; do
	[ -x "$top/tests/bench/$bench.bench" ] ||
		die "there is no benchmark '$bench' in tests/bench"
done
need_debian
need_root env KERNEL="$kernel" RUNS="$runs" FORMAT="$format" \
	BENCH="${BENCH:-}" "$0" "$@"
as_user mkdir -p "$build" "$cache" ||
	die "$build or $cache cannot be made: see above"
need_packages run test bench >&2

system_work
# Systems are made once for all of them.
export LKP_LAYERS="${LKP_LAYERS:-$work/layers}"
LKP_MIRRORS=$(mirrors)
export LKP_MIRRORS
cd "$top"
step "building the packages" >&2
as_user tests/tools/deb.sh >&2
[ "$kernel" != all ] || kernel=$kernels
results=$work/measured.json
for name in $kernel; do
	for bench in $benches; do
		step "benchmark $bench, $name" >&2
		"tests/bench/$bench.bench" "$name" "$runs" >>"$results.part"
	done
done
jq -s . "$results.part" >"$results"
cp "$results" "$build/bench.json"

if [ -n "$check" ]; then
	tests/bench/check.sh "$recorded.json" "$results"
	exit
fi
tests/bench/record.sh "$results" "$recorded"
to_user "$recorded".*
if [ "$format" = json ]; then
	cat "$results"
else
	tests/bench/table.sh "$results"
fi
exit "$(jq '[.[].figures[] | select(has("holds")).holds] |
	if any(. == false) then 1 elif any(. == null) then 77 else 0 end' "$results")"
