# SPDX-License-Identifier: GPL-2.0-only
# dkms.jq - the results of dkms.bench, from its lines "NAME SECONDS PROCESSOR-SECONDS"
include "times";

def group: "dkms install";

times as $times
| { benchmark: "dkms", name: $name, kernel: $kernel, date: $date,
    about: "\($dkms); \($cpu), \($cores) of them; \($runs) runs, in turns",
    figures: [$times
	| (keys_unsorted[] as $n | row(group; $n)),
	  # Judged by what a busy machine does not change.
	  ratio(group; "lkp-example"; "lkp-bench-hello"; "processor"; 2; false),
	  (keys_unsorted[] | select(IN("lkp-example", "lkp-bench-hello") | not) as $peer
		| $times | ratio(group; $peer; "lkp-bench-hello"; "processor"; null; false))] }
