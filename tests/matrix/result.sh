#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# result.sh - what came of a cell of the matrix, as an object of JSON
#
# Usage: result.sh NAME STATUS SECONDS DIRECTORY	from cell.sh
#
# STATUS is that of the cell: 0 passed, 77 unavailable, others failed. What it has
# found out is in files of DIRECTORY.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"
. "$top/tests/tools/system.sh"
. "$top/tests/matrix/index.sh"
name=$1
seconds=$3
dir=$4

case $2 in
0) state=passed ;;
77) state=unavailable ;;
*) state=failed ;;
esac
text() {
	[ ! -e "$dir/$1" ] || cat "$dir/$1"
}
reason=$(text reason)
[ "$state" = passed ] || [ -n "$reason" ] ||
	reason="$(tail -n 1 "$dir/log")"
if [ "$state" = unavailable ] && grep -v '^#' "$top/tests/matrix/skips" |
	grep . | { while read -r line; do
		! printf '%s: %s\n' "$name" "$reason" | grep -qxE -e "$line" || exit 0
	done; exit 1; }; then
	state=skipped
fi

tab=$(printf '\t')
IFS=$tab read -r _ suite system arch label compiler _ <<-CELL
$(grep -F "$name$tab" "$LKP_WORK/cells.tsv")
CELL
index_architecture "$arch"
read -r release kernel pocket <<-KERNEL
$(text kernel)
KERNEL
# What it did when, in seconds from its begin: lines of its log, by cell.sh.
phases=$(sed -n 's/^==> \([0-9]\{1,\}\) s: /\1 /p' "$dir/log" | jq -R . | jq -s '
	map(capture("^(?<at>[0-9]+) (?<what>.*)") | .at |= tonumber)')
[ -s "$dir/verify.json" ] || echo null >"$dir/verify.json"
jq -n --arg name "$name" --arg state "$state" --arg reason "$reason" \
	--argjson seconds "$seconds" --arg suite "$suite" --arg system "$system" \
	--arg arch "$arch" --argjson bits "$bits" --arg endian "$endian" \
	--arg label "$label" --arg compiler "$compiler" \
	--arg compiler_version "$(text compiler)" --arg dkms "$(text dkms)" \
	--arg release "${release:-}" --arg kernel "${kernel:-}" \
	--arg pocket "${pocket:-}" --arg date "$(date -u +%FT%TZ)" \
	--arg again "make matrix CELLS='$name'" \
	--argjson phases "$phases" \
	--slurpfile verify "$dir/verify.json" '
	$ARGS.named | del(.verify) + { verify: ($verify[0].results[0]? // null) }' \
	>"$dir/result.json"
to_user -R "$dir"
printf '%s %s %s\n' "$state" "$seconds" "$reason" >"$dir/state.new"
mv "$dir/state.new" "$dir/state"
