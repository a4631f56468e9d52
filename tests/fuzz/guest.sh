# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# guest.sh - the fuzzer of the modules, in a machine with the debug kernel
#
# To be sourced after system.sh, mutants.sh and the sanitizer's kernel.sh, with
# $root; see src/guest/fuzz.c for what it does.
#
#   fuzz_set_up            a system in $root, and the modules with KCOV in it
#   fuzz_settings LINE...  what is not as usual: "seed 5", "flat 60", "calls 1000"
#   fuzz_begin_with FILE   a corpus
#   fuzz_keep FILE         takes the corpus from the report in standard input
#   fuzz_figure WORD       how many of them the report in standard input has at its
#                          end: calls, sequences or places
mutants_options=KCOV_INSTRUMENT=y

fuzz_set_up() {
	debug_system "$root" && release=$(system_release "$root") && mutants_set_up &&
		mkdir -p "$root/var/lib/lkp-fuzz"
}

fuzz_settings() {
	printf '%s\n' "$@" >"$root/var/lib/lkp-fuzz/settings"
}

fuzz_begin_with() {
	[ ! -e "$1" ] || cp "$1" "$root/var/lib/lkp-fuzz/corpus"
}

fuzz_keep() {
	sed -n 's/^ *corpus: //p' >"$1.new" && [ -s "$1.new" ] && mv "$1.new" "$1"
}

fuzz_figure() {
	awk -v word="$1" '/ fuzz: [0-9]+ calls / {
			for (i = 1; i < NF; i++)
				if ($(i + 1) ~ "^" word ",?$")
					n = $i
		}
		END { print n + 0 }'
}
