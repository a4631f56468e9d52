# SPDX-License-Identifier: GPL-2.0-only
# support.md.jq - recorded results as the table of README.md
#
# --rawfile elsewhere: tests/matrix/elsewhere
def natural: [scan("[0-9]+|[^0-9]+") | tonumber? // .];
def line: .name | split("/")[1] | split("-")[0];
def flavour: (.name | split("/")[1] | split("-")[1:] | join("-")) as $flavour |
	if $flavour == "" then .arch else "\(.arch) \($flavour)" end;
def proofs($proof): map(select(.label == $proof) | flavour) |
	if length == 0 then "" else "\($proof): \(join(", "))" end;
"lkp-example \(."lkp-example"), \(.date[0:10]): \(.counts.passed) of \(.cells | map(select(.release != "")) | length) cells have passed, on \(.architectures_booted | length) architectures.", "",
"| Debian | kernel | DKMS | proven | on |",
"|---|---|---|---|---|",
([.cells[] | select(.state == "passed")] | group_by([.suite, line] | map(natural))
	| sort_by(.[0].name | natural)[] |
	"| \(.[0].suite) | \(map(.kernel) | unique | sort_by(natural) | join(", ")) | \(map(.dkms) | unique | join(", ")) | \([proofs("apt"), proofs("cross")] | map(select(. != "")) | join("; ")) | \(map(.date[0:10]) | unique | join(", ")) |"),
([.cells[] | select(.state != "passed" and .release != "")] | sort_by(.name | natural)[] |
	"| \(.suite) | \(.kernel) | - | \(.state): \(.name) | \(.date[0:10]) |"),
($elsewhere | split("\n")[] | select(test("^[^# ]")) | split(" ")[0] | gsub("_"; " ") |
	"| \(.) | its newest | its own | not run here | - |")
