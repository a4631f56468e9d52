# SPDX-License-Identifier: GPL-2.0-only
# verify.jq - the results of verify.bench, from the lines of turns.sh
include "times";

def group: "from the command to the verdict";

times as $times
# One that waits for a processor all the time says nothing of speed.
| ($times.bare | .seconds.least > 1.2 * .processor.least) as $busy
| { benchmark: "verify", name: $name, kernel: $kernel, date: $date,
    about: "\($cpu), emulated by QEMU \($qemu); virtme-ng \($vng); \($runs) turns, of virtme-ng one run in each and of the others three",
    notes: ["On a host that is not at rest the quickest of more runs is quicker: of as many, virtme-ng, which takes half a minute, might be as much quicker as bare is between its least and its median."],
    figures: [$times
	| row(group; "bare", "verify", "virtme-ng"),
	  ratio(group; "verify"; "bare"; "seconds"; 1.25; $busy),
	  ratio(group; "verify"; "virtme-ng"; "seconds"; 0.2; $busy)] }
