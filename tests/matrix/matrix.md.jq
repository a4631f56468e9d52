# SPDX-License-Identifier: GPL-2.0-only
# matrix.md.jq - results.json as a table for people
def cell: if . == "" or . == null then "-" else gsub("\\|"; "\\|") end;
"# The matrix", "",
"lkp-example \(."lkp-example"), \(.date): \(.counts.passed) passed, \(.counts.failed) failed, \(.counts.unavailable) unavailable, \(.counts.skipped) skipped, in \(.seconds) s.", "",
"`apt`: installed by apt in a system of that architecture, built by its DKMS, booted. `cross`: built by the suite's DKMS with Debian's cross compiler, booted.", "",
"| cell | state | kernel | DKMS | compiler | proof | boot | seconds |",
"|---|---|---|---|---|---|---|---|",
(.cells[] | "| \(.name) | \(.state)\(if .state == "passed" then "" else ": " + (.reason | cell) end) | \(.release | cell) | \(.dkms | cell) | \(.compiler_version | cell) | \(.label) | \(if .verify.seconds then "\(.verify.seconds * 10 | round / 10) s, \(.verify.accelerator)" else "-" end) | \(.seconds) |")
