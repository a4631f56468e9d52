# SPDX-License-Identifier: GPL-2.0-only
# dkms.jq - the results of dkms.bench, from its lines "NAME SECONDS PROCESSOR-SECONDS"
include "times";

def group: "dkms install";

times as $times
# One that waits for a processor all the time says nothing of speed.
| ($times."lkp-bench-hello" | .seconds.least > 1.3 * .processor.least) as $busy
| { benchmark: "dkms", name: $name, kernel: $kernel, date: $date,
    about: "\($dkms); \($cpu), \($cores) of them; \($runs) runs, in turns",
    notes: ["Hello-world is one file to compile. Each of ours costs a processor as much, for most of it are the headers of the kernel; DKMS compiles with all processors of the machine."],
    figures: [$times
	| (keys_unsorted[] as $n | row(group; $n)),
	  # What somebody waits for, as with verify.
	  ratio(group; "lkp-example"; "lkp-bench-hello"; "seconds"; 2; $busy),
	  (keys_unsorted[] | select(IN("lkp-example", "lkp-bench-hello") | not) as $peer
		| $times | ratio(group; $peer; "lkp-bench-hello"; "processor"; null; false))] }
