#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# table.sh - the results of benchmarks as a table, for people
#
# Usage: table.sh RESULTS
#
# RESULTS is a JSON array of what benchmarks print. A group of figures is a table.
set -eu
exec jq -r '
def rounded: if . >= 1000 then round else . * 100 | round / 100 end;
def shown: if . == null then ""
	else "\(.value | rounded)\(if .unit == "ratio" then " ×" else "" end)" end;
# A column of ratios alone needs no unit, nor does one that is called by it.
def head: ([.[] | select(.unit != "ratio")] | first) as $f
	| .[0].column as $column
	| $column + if $f and ($column | startswith($f.unit) | not)
		    then ", " + $f.unit else "" end;
def target: if has("at_most") then "at most \(.at_most): "
	elif .at_least // 0 > 0 then "at least \(.at_least): " else "" end
	+ if has("holds") | not then ""
	  elif .holds == null then "not judged, the machine was busy"
	  elif .holds then "holds" else "does NOT hold" end;
def in_order: reduce .[] as $x ([]; if index([$x]) then . else . + [$x] end);
.[]
| "\n## \(.benchmark), \(.kernel)\n",
  "\(.date), \(.about)",
  (.figures | map(.group) | in_order) as $groups
| .figures as $figures
| ($groups[] as $group
	| [$figures[] | select(.group == $group)] as $of
	| ($of | map(.column) | in_order) as $columns
	| "\n### \($group)\n",
	  "| | \([$columns[] as $c | [$of[] | select(.column == $c)] | head] | join(" | ")) | |",
	  "|---|\($columns | map("--:|") | join(""))---|",
	  ($of | map(.row) | in_order)[] as $row
	| [$of[] | select(.row == $row)] as $cells
	| "| \($row) | \([$columns[] as $c
		| [$cells[] | select(.column == $c)] | first | shown] | join(" | ")) | \([$cells[] | target as $t | select($t != "")
		| "\(.column): \($t)"] | join("; ")) |"),
  ((.notes // [])[] | "\n\(.)")' "$1"
