#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# record.sh - record the results of benchmarks, and show them
#
# Usage: record.sh MEASURED RECORDED
#
# MEASURED is a JSON array of what benchmarks print. RECORDED.json gets it, in place
# of what was there of the same benchmarks on the same kernels; RECORDED.md shows all
# as tables, RECORDED.svg and RECORDED.png what is counted in instructions.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
new=$1
recorded=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

[ ! -e "$recorded.json" ] || cp "$recorded.json" "$work/old"
[ -e "$work/old" ] || echo '[]' >"$work/old"
jq -n --slurpfile old "$work/old" --slurpfile new "$new" '
	[($old[0] + $new[0]) | group_by([.benchmark, .name])[] | last]' >"$work/all"
{
	echo '# What "make bench" has measured'
	echo
	echo 'Recorded by that command; "make bench-check" measures again, and fails if'
	echo 'a figure has become worse. [The same in pictures](RESULTS.svg).'
	"$here/table.sh" "$work/all"
} >"$work/md"

# plot FILE JQ: "NAME<tab>VALUE" lines
plot() {
	jq -r "
		[.[] | select(.benchmark == \"guest\")] | first | .figures // [] |
		map(select(.unit == \"instructions\")) | $2 |
		\"\\(.row)\\t\\(.value)\"" "$work/all" >"$work/$1"
}
plot read '.[] | select(.group == "read" and .column == "64 bytes")'
plot write '.[] | select(.group == "write" and .column == "64 bytes")'
plot hit '.[] | select(.group == "a call of a probed function" and .column == "a hit")'
plot load '.[] | select(.group == "load and unload" and .column == "load and unload")'
# A file without lines has nothing to plot.
if [ -s "$work/read" ]; then
	for kind in svg png; do
		case $kind in
		svg) terminal='svg size 1000,800 font "sans,11"' ;;
		png) terminal='pngcairo size 1000,800 font "sans,9"' ;;
		esac
		(cd "$work" && gnuplot -e "set terminal $terminal; set output 'plot.$kind'" \
			"$here/plot.gnuplot")
		cp "$work/plot.$kind" "$recorded.$kind"
	done
	sed -i 's/[[:blank:]]*$//' "$recorded.svg"
fi
cp "$work/md" "$recorded.md"
cp "$work/all" "$recorded.json"
