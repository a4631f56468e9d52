# SPDX-License-Identifier: GPL-2.0-only
# guest.jq - the results of guest.bench, from its lines "figure|GROUP|ROW|COLUMN|UNIT|VALUE"

def ours: "/dev/lkp_example";
def load: "load and unload";

[inputs | split("|") | {
	group: .[1], row: .[2], column: .[3], unit: .[4], value: (.[5] | tonumber)
}] as $figures
| (reduce $figures[] as $f ({}; .[$f.group][$f.row][$f.column] = $f.value)) as $of
# One over another one, as a row of its own; judged if there is a target.
| def ratio($group; $column; $a; $b; $at_most):
	{ group: $group, row: "\($a) / \($b)", column: $column, unit: "ratio",
	  value: ($of[$group][$a][$column] / $of[$group][$b][$column]) }
	+ if $at_most then { at_most: $at_most } else {} end;
  def pages($which; $at_most):
	{ group: load, row: $which, column: "over what it needs", unit: "pages",
	  value: (($of[load][$which] | .memory - .needs) / 4096) }
	+ if $at_most then { at_most: $at_most } else {} end;
  def bpftrace($what): "bpftrace: @ = hist(\($what))";
{
	benchmark: "guest", name: $name, kernel: $kernel, date: $date,
	about: "in instructions of a machine that is emulated by QEMU \($qemu); bpftrace \($bpftrace)",
	notes: [
		"A read of 1 MiB copies and /dev/zero only clears: by words, the processor has one instruction that copies (rep movsq) and this kernel clears in a loop of stores. By strings of bytes, as newer processors do it, both are one instruction a byte.",
		"Load and unload: the kernel sorts the types of a module that was built out of its tree into its own (the sections .BTF and .BTF.base), which takes more than all the rest; its own modules come without. The other table is without these sections, for what the modules themselves take: of ours, its relocations and symbols, the parameters and sections in sysfs, the device, and the lines of the log.",
		"Memory: the kernel has text, constants, data, and data that is constant after the beginning on pages of their own. Half a page of each is lost on average, which is two pages for a module that has all four, whatever it does; hello-world has three and loses more than we do. Of the fourth kind ours has 32 bytes, where its tracepoint and its debugging message are switched on: without these two it would be a page less. The kernel makes that table for each tracepoint, so there is no other way to have one.",
		"A hit: ours counts calls and returns, and how long each took; of bpftrace, the program that does that is what ours is held against. No kretprobe can take half of what bpftrace takes for a histogram of what was returned: one that does nothing takes more."
	],
	figures: ([
		$figures[],
		(["read", "read, by strings"][] |
			ratio(.; "1 byte"; ours; "/dev/zero"; null),
			ratio(.; "64 bytes"; ours; "/dev/zero"; 1.15),
			ratio(.; "4096 bytes"; ours; "/dev/zero"; null),
			ratio(.; "1 MiB"; ours; "/dev/zero"; 1.05)),
		(["", ", without types"][] |
			ratio(load + .; load; "lkp_example"; "lkp_bench_hello";
			      if . == "" then 1.5 else null end)),
		pages("lkp_example"; 2),
		(("lkp_example_client", "lkp_example_probe", "lkp_bench_hello",
		  "dummy") | pages(.; null)),
		("a call of a probed function" |
			ratio(.; "a hit"; "lkp_example_probe";
			      "ftrace: kretprobe event, hist trigger"; 0.7),
			ratio(.; "a hit"; "lkp_example_probe";
			      bpftrace("nsecs - @start[tid]"); 0.5),
			ratio(.; "a hit"; "lkp_example_probe";
			      bpftrace("retval"); null))
	] | map(if .group == "repeated" then .at_most = 0.1 else . end)
	  | map(if .at_most then .holds = (.value <= .at_most) else . end)
	  | map(.value |= (. * 1000 | round / 1000)))
}
