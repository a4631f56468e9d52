# SPDX-License-Identifier: GPL-2.0-only
# record.jq - results.json as it is kept; $old is what was kept before
def natural: [scan("[0-9]+|[^0-9]+") | tonumber? // .];
def brief:
	.reason |= gsub("https?://[^ ]*/(?<path>dists|pool)/"; "\(.path)/") |
	.verify |= if . then { verdict, passed, failed, skipped, accelerator, seconds }
		else null end;
. as $run | [.cells[].name] as $names |
.cells |= (map(brief) +
	if $run.cells_wanted == "" then [] else [$old[0].cells[] | select(.name | IN($names[]) | not)] end |
	sort_by(.name | natural)) |
{
	"lkp-example", date,
	counts: ({ passed: 0, failed: 0, unavailable: 0, skipped: 0 } +
		([.cells | group_by(.state)[] | { (.[0].state): length }] | add)),
	architectures_booted: ([.cells[] | select(.state == "passed") | .arch] | unique),
	cells
}
