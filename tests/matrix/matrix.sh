#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# matrix.sh - every distribution, kernel, architecture and DKMS, really booted
#
# Usage: matrix.sh [PATTERN...]		(make matrix, make matrix CELLS='...')
#
# A PATTERN is one of shell for the names of cells, as in 'trixie/*' or '*/armhf',
# and may also stand in CELLS; without any, all cells are run. LIST=1 lists the cells
# instead, with the kernels that the archive has now; LIST=json does so as JSON. JOBS
# is how many run at a time: as many as there are processors, unless it is given.
#
# The results are in $build/matrix: matrix.md, junit.xml, index.html, results.json
# and, for each cell, a directory in cells. The last line is "N passed, N failed,
# N unavailable, N skipped"; the status is 1 if a cell has failed, else 77 if one
# was unavailable, 0 if all that was not expected to be skipped has passed, and 2
# if the matrix itself could not be run.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"
. "$top/tests/tools/system.sh"
out=$build/matrix
tab=$(printf '\t')
set -f
# shellcheck disable=SC2086 # a list
[ $# != 0 ] || set -- ${CELLS:-}

list() {
	if [ "$LIST" = json ]; then
		jq -R -s 'split("\n") | map(select(. != "") | split("\t") |
			{ name: .[0], suite: .[1], system: .[2], arch: .[3],
			label: .[4], compiler: .[5], gcc: .[6],
			kernels: [.[7] | scan("[^ =]+=[^ =]+=[^ =]+=[^ =]+=[^ =]+") |
				split("=") | { release: .[0], version: .[1],
				pocket: .[2] }] })' "$1"
		return
	fi
	awk -F '\t' '{
		split($8, newest, "[ =]")
		if ($1 ~ /\/index\//)
			printf "%-28s %s\n", $1, $8
		else
			printf "%-28s %-6s %-34s %s\n", $1, $5, newest[1], newest[3]
	}' "$1"
}

# Whether a cell has such a name, or may have: an index could not be had.
is_there() {
	while IFS=$tab read -r name suite _ arch _; do
		# shellcheck disable=SC2254 # it is a pattern
		case $name:$suite/$arch in
		$1:* | */index/*:${1%%/*}/${1##*/}) return 0 ;;
		esac
	done
	return 1
}

if [ -z "${LKP_WORK:-}" ]; then
	need_debian
	need_root env LIST="${LIST:-}" JOBS="${JOBS:-}" \
		LKP_PEERS="${LKP_PEERS:-}" "$0" "$@"
	LKP_MIRRORS=$(mirrors)
	export LKP_MIRRORS
	as_user mkdir -p "$out/cells" "$cache/matrix" ||
		die "$out or $cache cannot be made: see above"
	[ -n "${LIST:-}" ] || need_packages run matrix
	exec 6<"$out"
	flock -n 6 || die "another run of the matrix writes to $out"
	[ -n "${LIST:-}" ] || step "what the archive has"
	"$top/tests/matrix/cells.sh" "$@" >"$out/cells.tsv" || exit
	to_user "$out/cells.tsv"
	for pattern; do
		is_there "$pattern" <"$out/cells.tsv" ||
			die "no cell is called '$pattern': 'make matrix LIST=1'" \
				"lists them all"
	done
	[ -s "$out/cells.tsv" ] || die "the matrix has no cell"
	[ -z "${LIST:-}" ] || {
		list "$out/cells.tsv"
		exit
	}
	system_work
	system_inside "$0" "$@"
fi
work=$LKP_WORK
# Its layers have the indices of this run.
export LKP_LAYERS="$work/layers"

step "building the programs, the packages and their repository"
as_user make --no-print-directory -C "$top" programs ||
	die "they did not compile: see above"
as_user "$top/tests/tools/deb.sh"
rm -rf "$out/cells"
as_user mkdir -p "$out/cells"
cp "$out/cells.tsv" "$work/cells.tsv"
cut -f1 "$work/cells.tsv" >"$work/names"
jobs=${JOBS:-$(nproc)}
# What a cell writes, some 2 GB, is gone with it: it need not be on a disk, if the
# memory has room for that, and for the machine that the cell boots.
mkdir "$work/cells"
if [ "$(awk '$1 == "MemAvailable:" { print int($2 / 1048576) }' /proc/meminfo)" \
	-ge $((5 * jobs)) ]; then
	mount -t tmpfs -o "size=$((3 * jobs))g,mode=755" lkp-cells "$work/cells"
fi
step "$(wc -l <"$work/names") cells, $jobs at a time"
began=$(date +%s)
"$top/tests/matrix/watch.sh" "$work/names" "$out/cells" &
watch=$!
xargs -P "$jobs" -n 1 "$top/tests/matrix/cell.sh" <"$work/names" \
	>"$work/cells.log" 2>&1 || cat "$work/cells.log" >&2
# A cell that could not even say so has failed, too.
while read -r name <&3; do
	dir=$out/cells/$(printf %s "$name" | tr / +)
	[ ! -e "$dir/result.json" ] || continue
	mkdir -p "$dir"
	echo "it has ended without a result" | tee -a "$dir/log" >"$dir/reason"
	"$top/tests/matrix/result.sh" "$name" 1 0 "$dir"
done 3<"$work/names"
wait "$watch"
"$top/tests/matrix/report.sh" "$(($(date +%s) - began))" "$@"
