#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# bench.sh - measure, and write down what came of it
#
# Usage: bench.sh		(make bench)
#
# KERNEL=NAME is a line of tests/kernels (default: that of Debian stable), or
# "all"; RUNS=N is how often each thing is measured, in turns (default: 5);
# FORMAT=json prints the results for a program.
#
# A benchmark is a program tests/bench/NAME.bench. It gets the name of a kernel
# and the number of runs, and prints a JSON object: what was measured ("rows"),
# and how it compares ("ratios"), each with what is right. Of the runs, the
# quickest is held against that: a busy machine makes none of them quicker. What
# came of all stands in tests/bench/RESULTS.md then.
#
# Exit status: 0 if all that should hold does, 1 if not, 2 if it was not measured,
# 77 if the machine was too busy to tell.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"
kernel=${KERNEL:-6.12}
runs=${RUNS:-5}
format=${FORMAT:-text}

[ "$format" = text ] || [ "$format" = json ] ||
	die "FORMAT is text or json, not '$format'"
case $runs in
'' | 0* | *[!0-9]*) die "RUNS is a number from 1 on, not '$runs'" ;;
esac
need_debian
need_root env KERNEL="$kernel" RUNS="$runs" FORMAT="$format" "$0"
as_user mkdir -p "$build" "$cache" ||
	die "$build or $cache cannot be made: see above"
need_packages run test >&2

kernels=$(sed -n 's/^\([^#[:space:]]\{1,\}\).*/\1/p' "$top/tests/kernels")
if [ "$kernel" = all ]; then
	set -f
	# shellcheck disable=SC2086	# a list
	set -- $kernels
else
	printf '%s\n' "$kernels" | grep -qxF -e "$kernel" ||
		die "tests/kernels has no line '$kernel'"
	set -- "$kernel"
fi

# table FILE: the results, for people
table() {
	jq -r '.[] |
		"\n## \(.benchmark), \(.kernel)\n",
		"\(.date); \(.cpu); \(.accelerator); QEMU \(.qemu)" +
			"\(if .virtme_ng then "; virtme-ng \(.virtme_ng)" else "" end)" +
			"; \(.runs) runs, in turns\n",
		"| | seconds: least | median | processor: least | median | at most |",
		"|---|---|---|---|---|---|",
		(.rows[], .ratios[] |
			[ .seconds, .cpu_seconds | .min, .median |
				. * 100 | round / 100 ] as [$a, $b, $c, $d] |
			"| \(.name) | \($a) | \($b) | \($c) | \($d) | " +
			"\(if .at_most then "\(.at_most): " +
				(if .holds == null then "not judged, the machine was busy"
				 elif .holds then "holds" else "does NOT hold" end)
			   else "" end) |")' "$1"
}

trap give_back EXIT
trap 'exit 130' INT TERM HUP
cd "$top"
step "building the packages" >&2
as_user tests/tools/deb.sh >&2
results=$build/bench.json
: >"$results.part"
for name; do
	for bench in tests/bench/*.bench; do
		"$bench" "$name" "$runs" >>"$results.part"
	done
done
jq -s . "$results.part" >"$results"
rm "$results.part"
{
	echo '# What "make bench" has measured'
	table "$results"
} >"$build/bench.md"
cp "$build/bench.md" tests/bench/RESULTS.md
to_user tests/bench/RESULTS.md
if [ "$format" = json ]; then
	cat "$results"
else
	cat "$build/bench.md"
fi
exit "$(jq '[.[].ratios[].holds] |
	if any(. == false) then 1 elif any(. == null) then 77 else 0 end' "$results")"
