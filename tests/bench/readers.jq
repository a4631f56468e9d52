# SPDX-License-Identifier: GPL-2.0-only
# readers.jq - the results of readers.bench, from its lines
# "figure|GROUP|ROW|COLUMN|UNIT|VALUE"

{
	benchmark: "readers", name: $name, kernel: $kernel, date: $date,
	about: "\($processors) processors, emulated by QEMU \($qemu) with a thread for each, on \($cores) of \($cpu)",
	notes: ["Of N readers: what they read together, as a share of N times what one alone reads. Where this host has fewer processors than there are readers and writers, /dev/zero loses as much as we do."],
	figures: [inputs | split("|")
		| { group: .[1], row: .[2], column: .[3], unit: .[4],
		    value: (.[5] | tonumber) }
		# More is better.
		| if .unit == "ratio" then .at_least = 0 else . end
		| if .row == "2 readers" and .unit == "ratio" then
			.at_least = 0.95 | .holds = (.value >= 0.95)
		  else . end]
}
