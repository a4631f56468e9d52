# SPDX-License-Identifier: GPL-2.0-only
# peers.md.jq - what came of the other modules, as a table for people
def short: if . == "" then "" else ": " + gsub("\\|"; "\\|")[0:100] end;
def cell: if .builds == null then "unavailable"
	elif .builds | not then "does not build\(.reason | short)"
	else "builds; \(.verdict)\(.reason | short)" end;
(map(.package) | unique) as $packages |
"# Other modules on the same kernels", "",
"What the packages of each suite came to, in the suite's version: built by its DKMS, loaded and unloaded by `lkp-example verify`.", "",
"| package | cell | kernel | version | result |",
"|---|---|---|---|---|",
(sort_by(.package, .cell)[] | "| \(.package) | \(.cell) | \(.release) | \(.version) | \(cell) |"), "",
"| package | builds | loads | of |", "|---|---|---|---|",
(. as $all | $packages[] | . as $package | [$all[] | select(.package == $package and .builds != null)] |
	"| \($package) | \(map(select(.builds)) | length) | \(map(select(.verdict == "proven")) | length) | \(length) |")
