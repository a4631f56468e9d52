# SPDX-License-Identifier: GPL-2.0-only
# results.jq - what the cells have left, as one document, in order of their names
def natural: [scan("[0-9]+|[^0-9]+") | tonumber? // .];
sort_by(.name | natural) |
{
	"lkp-example": $version, date: $date, seconds: $seconds, cells_wanted: $cells,
	counts: ({ passed: 0, failed: 0, unavailable: 0, skipped: 0 } +
		(group_by(.state) | map({ (.[0].state): length }) | add)),
	architectures_booted: (map(select(.state == "passed") | .arch) | unique),
	cells: .
}
