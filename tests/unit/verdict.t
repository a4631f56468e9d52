#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# verdict.t - what lkp-example takes for a proof, run by run
#
# Builds and runs verdict_test under the sanitizers. Then each rule of the
# verdict is taken out of a copy of verdict.c in turn, and the table must
# notice: a rule that no run needs is not tested.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/plain-test.sh"

table() {
	make -s -C "$top/tests/unit" verdict flavour=asan O="$work/$1" cli="$2" &&
		"$work/$1/verdict_test"
}

# Call: without NAME SED; the rule must be there to be taken out.
without() {
	mkdir "$work/src" && cp "$top/src/cli/"*.[ch] "$work/src" || return
	sed "$2" "$top/src/cli/verdict.c" >"$work/src/verdict.c"
	if cmp -s "$top/src/cli/verdict.c" "$work/src/verdict.c"; then
		echo "the sed script fits nothing: $2"
		rm -r "$work/src"
		return 1
	fi
	table fault "$work/src" >"$work/table"
	status=$?
	cat "$work/table"
	rm -r "$work/src" "$work/fault"
	[ "$status" = 1 ] && grep -q '^not ok' "$work/table" &&
		grep -q '^1\.\.' "$work/table"
}

check "every run gets the verdict that is right" table good "$top/src/cli"
check "noticed: no plan is no fault" \
	without plan 's/if (!r\.planned)/if (0)/'
check "noticed: a failed check is no fault" \
	without failed 's/else if (v->failed > r\.absent)/else if (0)/'
check "noticed: a limit that was reached is no fault" \
	without limit 's/else if (vm->end == VM_FLOOD .*) {/else if (0) {/'
check "noticed: what a flood begins with is ignored" \
	without flood 's/complained ? VERDICT_BROKEN : VERDICT_ERROR/VERDICT_ERROR/'
check "noticed: no device is a proof" \
	without device 's/else if (r\.absent)/else if (0)/'
check "noticed: no device excuses another check" \
	without load 's/r->no_device && is_load(name, len)/r->no_device/'
check "noticed: no device excuses another module" \
	without result '/^\tr->no_device = false;/d'
check "noticed: no device excuses our own modules" \
	without ours 's/ && !is_ours(name)//'
check "noticed: silence is no fault" \
	without silent 's/else if (!r\.finished && r\.begun\[0\])/else if (0)/'
check "noticed: the plan is not compared" \
	without whole 's/!r\.finished || r\.results != r\.planned/!r.finished/'
check "noticed: the mark is not asked for" \
	without mark 's/else if (!mark)/else if (0)/'
check "noticed: the kernel's complaints are ignored" \
	without complaint 's/else if (complained) {/else if (0) {/'
check "noticed: a module's words are taken for those of the kernel" \
	without words 's/(^|\[^ \]|\[^:\] )(WARNING: /()(WARNING: /'
check "noticed: complaints from before the checks count" \
	without boot 's/find_complaint(mark ? mark : console/find_complaint(console/'
check "noticed: nothing but skips is a proof" \
	without skips 's/else if (!v->passed)/else if (0)/'
finish
