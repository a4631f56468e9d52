#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# kernel.t - the fuzzer of the modules finds a planted bug, and nothing else
#
# Usage: kernel.t	(of "make test-all" and "make test-sanitizer")
#
# "make fuzz-kernel" lets it go on for long. Here it ends when no place was new for
# LKP_FUZZ_FLAT_SECONDS (30). Then there is a bug behind three calls of one open file, in
# order: a write of "none", lseek() from where it is, and LKP_EXAMPLE_IOC_UNPIN, which
# fails without a pin. The fuzzer has to come upon it by itself; and as many calls by
# chance alone, with nothing kept, must not: else it was no proof of guidance.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"
. "$top/tests/negative/mutants.sh"
. "$top/tests/sanitizer/kernel.sh"
. "$top/tests/fuzz/guest.sh"

root=$work/root
flat=${LKP_FUZZ_FLAT_SECONDS:-30}
change='s/^\tstruct lkp_example_pin pin;/&\n\tint step;/
s/^\tret = lkp_example_publish(snapshot);/\tif (!strncmp(snapshot->text, "none", 4))\n\t\t((struct lkp_example_file *)file->private_data)->step = 1;\n&/
s/^\tif (!opened->snapshot)$/\tif (whence == SEEK_CUR \&\& opened->step == 1)\n\t\topened->step = 2;\n&/
s/^\treturn lkp_example_ioctl(file, &opened->pin,/\tif (cmd == _IO(0xBE, 4) \&\& opened->step == 2) {\n\t\tint *gone = kmalloc(sizeof(*gone), GFP_KERNEL);\n\n\t\tkfree(gone);\n\t\topened->step = READ_ONCE(*gone);\n\t}\n&/'

figure() {
	fuzz_figure "$1" <"$work/said"
}

# Call: fuzz CHECK SETTING...
fuzz() {
	fuzz_check=$1
	shift
	fuzz_settings "$@"
	mutants_verify "$fuzz_check"
	grep -v '^ *corpus: ' "$work/said" | tail -n 30
	echo "# $fuzz_check, $*: $(grep ' fuzz: [0-9]' "$work/said" | tail -n 1)" >&3
	return "$status"
}

finds_nothing() {
	fuzz fuzz.guided "seed 1" "flat $flat" &&
		fuzz_keep "$work/corpus" <"$work/said" &&
		places=$(figure places) && calls=$(figure calls)
}

# With what was kept, a small part of the calls comes as far as all had.
goes_on_from_corpus() {
	fuzz_begin_with "$work/corpus"
	fuzz fuzz.guided "seed 2" "calls 1" &&
		rm "$root/var/lib/lkp-fuzz/corpus" &&
		[ "$(figure calls)" -lt $((calls / 2)) ] &&
		[ "$(figure places)" -ge $((places * 9 / 10)) ]
}

finds_planted() {
	rm -f "$root/var/lib/lkp-fuzz/corpus"
	mutants_plant device.c "$change" || return
	! fuzz fuzz.guided "seed 1" "flat 600" &&
		grep -E ': BROKEN, fuzz\.guided: .*BUG: KASAN: ' "$work/said" &&
		grep -E '^ *call [0-9]+: ioctl ' "$work/said" &&
		planted_calls=$(figure calls)
}

misses_planted() {
	fuzz fuzz.unguided "seed 1" "calls $planted_calls"
}

exec 3>&1
debug_kernel >"$work/made" 2>&1 || die "$(cat "$work/made")"
needed "the modules are built with KCOV" fuzz_set_up
needed "nothing is found in the sources as they are" finds_nothing
check "what was kept brings the next run as far at once" goes_on_from_corpus
needed "finds a planted bug, and says with which calls" finds_planted
check "as many calls by chance do not find it" misses_planted
finish
