# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# refused.sh - mistakes that the build refuses, and in which words
#
# To be sourced by build.t. The sources are in refused/: they build, all of
# them; then each is built with its mistake, which one macro selects. So it is
# the mistake that is refused, and the words say so.

all_without_mistakes() {
	kbuild /srv/refused W=1 modules && quiet &&
		ls "$root"/srv/refused/*.ko &&
		[ "$(find "$root/srv/refused" -name '*.ko' | wc -l)" = \
			"$(grep -lx 'MODULE_LICENSE("GPL");' \
				"$top"/tests/build/refused/*.c | wc -l)" ]
}

# refused MISTAKE EXPRESSION: there is an error, and a line of it matches.
refused() {
	kbuild /srv/refused clean || return
	if kbuild /srv/refused "MISTAKE=$1" modules; then
		cat "$log"
		echo "it was built"
		return 1
	fi
	grep -E -- "$2" "$log" && return
	echo "refused, but nothing says: $2"
	return 1
}

# warned MISTAKE EXPRESSION: it is built, and not without a word.
warned() {
	kbuild /srv/refused clean && kbuild /srv/refused "MISTAKE=$1" modules &&
		grep -E -- "$2" "$log"
}

item 022 "the same sources build without their mistakes" all_without_mistakes
item 008 "refused: an init function that returns nothing" refused signature \
	"returning 'void \(\*\)\(void\)' from a function with incompatible return type 'initcall_t'"
# modpost has other words since Linux 7.3; and it is an error since 5.11.
if [ "${release%%[.-]*}" = 5 ]; then
	item 015 "no MODULE_LICENSE: a warning, no more" warned license \
		'^WARNING: modpost: missing MODULE_LICENSE\(\) in .*license\.o$'
else
	item 015 "refused: no MODULE_LICENSE" refused license \
		'^ERROR: modpost: (missing MODULE_LICENSE\(\) in .*license\.o|license\.ko: missing MODULE_LICENSE\(\))$'
fi
item 022 "refused: sources in the place of objects" refused parts \
	'not ELF'
item 102 "refused: a symbol that nobody exports" refused undefined \
	"^ERROR: modpost: (\"undefined_nowhere\" \[.*undefined\.ko\]|undefined\.ko: symbol 'undefined_nowhere') undefined!\$"
item 077 "refused: a function of the C library" refused undefined_libc \
	"^ERROR: modpost: (\"rand\" \[.*undefined\.ko\]|undefined\.ko: symbol 'rand') undefined!\$"
item 096 "refused: find_module(), which is not exported" refused undefined_kernel \
	"^ERROR: modpost: (\"find_module\" \[.*undefined\.ko\]|undefined\.ko: symbol 'find_module') undefined!\$"
item 081 "a frame of 4 KiB: a warning" warned frame \
	'frame size of [0-9]+ bytes is larger than 2048 bytes'
item 103 "refused: EXPORT_SYMTAB" refused obsolete_symtab \
	"error: type defaults to 'int' in declaration of 'EXPORT_SYMTAB'"
item 103 "refused: EXPORT_NO_SYMBOLS" refused obsolete_none \
	"error: type defaults to 'int' in declaration of 'EXPORT_NO_SYMBOLS'"
item 103 "refused: EXPORT_SYMBOL_NOVERS" refused obsolete_novers \
	"error: type defaults to 'int' in declaration of 'EXPORT_SYMBOL_NOVERS'"
# ERROR since 5.12, FATAL before.
item 107 "refused: another license and a symbol for the GPL only" \
	refused foreign \
	"^(ERROR|FATAL): modpost: (GPL-incompatible module foreign\.ko|foreign\.ko: GPL-incompatible module) uses GPL-only symbol 'ktime_get'$"
# The handler went in 5.14.
if [ "${release%%[.-]*}" = 5 ]; then
	item 115 "kprobe.fault_handler is there, on 5.10" \
		kbuild /srv/refused MISTAKE=fault_handler modules
else
	item 115 "refused: kprobe.fault_handler" refused fault_handler \
		"error: 'struct kprobe' has no member named 'fault_handler'"
fi
item 125 "refused: KERN_ERROR" refused level \
	"error: 'KERN_ERROR' undeclared .*did you mean 'KERN_ERR'"
item 125 "refused: pr_error()" refused function \
	"error: implicit declaration of function 'pr_error'; did you mean 'pr_err'"
