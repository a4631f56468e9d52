# SPDX-License-Identifier: GPL-2.0-only
# times.jq - figures from lines "NAME SECONDS PROCESSOR-SECONDS", one a run
#
# To be included. Which is the quicker one the quickest runs say; processor time
# tells what a busy machine does not.

def spread: sort | { least: .[0], median: .[length / 2 | floor] };

# { NAME: { seconds: { least, median }, processor: { least, median } } }
def times:
	[split("\n")[] | select(. != "") | split(" ")] | group_by(.[0])
	| map({ key: .[0][0], value: {
		seconds: map(.[1] | tonumber) | spread,
		processor: map(.[2] | tonumber) | spread } })
	| from_entries;

def round3: . * 1000 | round / 1000;

# Of "times", the row of a name.
def row($group; $name): .[$name] as $of
	| ("seconds", "processor") as $what | ("least", "median") as $column
	| { group: $group, row: $name, column: "\($what): \($column)", unit: "seconds",
	    value: $of[$what][$column] };

# How one compares to another one; "of" is what is judged, if there is a target.
def ratio($group; $a; $b; $of; $at_most; $busy): . as $times
	| ("seconds", "processor") as $what
	| { group: $group, row: "\($a) / \($b)", column: "\($what): least", unit: "ratio",
	    value: ($times[$a][$what].least / $times[$b][$what].least | round3) }
	| if $at_most and $what == $of then
		.at_most = $at_most
		| .holds = if $busy then null else .value <= $at_most end
	  else . end;
