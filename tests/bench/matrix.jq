# SPDX-License-Identifier: GPL-2.0-only
# matrix.jq - how quick the matrix was: see matrix.bench

# Cells that were run together: from the end of one to that of the next one passes
# less than this.
def pause: 600;

def mean: if length == 0 then null else add / length * 10 | round / 10 end;
def figure($row; $column; $unit):
	select(. != null)
	| { group: "the matrix", row: $row, column: $column, unit: $unit, value: . };
# When what begins so began; of a cell of which that is known.
def at($what): first(.phases[] | select(.what | startswith($what)) | .at) // null;

[.cells[] | select(.seconds > 0) | .end = (.date | fromdate)] | sort_by(.end)
| reduce .[] as $cell ([];
	if length > 0 and $cell.end - .[-1][-1].end < pause
	then .[-1] += [$cell] else . + [[$cell]] end)
| max_by(length)
| (.[-1].end - (map(.end - .seconds) | min)) as $seconds
| (map(select(.state == "passed" and .verify))) as $proven
| [$proven[] | select(.phases) | . + { ready: at("a clean "), boots: at("booting ") }
	| select(.ready and .boots)] as $told
| {
	benchmark: "matrix", name: $name, kernel: "all kernels", date: (.[-1].date[:10]),
	about: "\(length) cells that were run together, in \($seconds) s, \((map(.seconds) | add) / $seconds * 10 | round / 10) at a time",
	notes: ["The floor of a cell is what nobody can leave out: the compiler, which \"dkms install\" above measures, and the boot with its checks. The rest is Debian's packages: a kernel, its headers and its compiler are unpacked and configured by dpkg, in a system of their own for each cell."],
	figures: [
		(length / $seconds * 60 | figure("cells"; "cells a minute"; "cells a minute")),
		($proven | map(.seconds) | mean | figure("a cell"; "seconds"; "seconds")),
		($proven | map(.verify.seconds) | mean
			| figure("... boot and checks"; "seconds"; "seconds")),
		($told | map(.ready) | mean
			| figure("... a clean system is unpacked"; "seconds"; "seconds")),
		($told | map(.boots - .ready) | mean
			| figure("... packages are installed, and DKMS builds"; "seconds"; "seconds"))
	]
}
