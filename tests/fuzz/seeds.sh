# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# seeds.sh - real files for the fuzzers to begin with
#
# To be sourced after host.sh.
#
#   fuzz_targets           the names of the fuzzers
#   fuzz_seeds TARGET DIR  puts files into DIR; those of a kernel and of its modules
#                          are from a Debian system in the cache, if there is one
fuzz_targets() {
	for target in "$top"/tests/fuzz/fuzz_*.c; do
		target=${target##*/fuzz_}
		printf '%s\n' "${target%.c}"
	done
}

# A few small modules as Debian packs them, and as the kernel reads them; the start of
# an image.
fuzz_system_files() {
	[ -d "$cache/systems" ] || return 0
	system=$(find "$cache/systems" -name '6.1*-*.tar.zst' ! -name '*.part.*' |
		sort | head -n 1)
	[ -n "$system" ] || return 0
	mkdir -p "$build/fuzz/system"
	tar -x -f "$system" --zstd -C "$build/fuzz/system" --wildcards \
		--no-wildcards-match-slash './boot/vmlinuz-*' \
		'./usr/lib/modules/*/kernel/lib/*.ko*'
}

fuzz_seed_module() {
	find "$build/fuzz/system" -name '*.ko*' -size -24k | sort | head -n 6 |
		while read -r file; do
			cp "$file" "$1/"
			case $file in
			*.xz) xz -dc "$file" >"$1/$(basename "$file" .xz)" ;;
			esac
		done
}

fuzz_seed_kernel() {
	find "$build/fuzz/system" -name 'vmlinuz-*' | while read -r file; do
		head -c 32768 "$file" >"$1/${file##*/}"
	done
}

fuzz_seed_report() {
	printf 'lkp-guest: checks begin\n\0KTAP version 1\n1..2\n%s\n%s\n%s\n' \
		'# begin a.load' 'ok 1 a.load' 'ok 2 a.live # SKIP why' >"$1/whole"
	printf '# finished\n' >>"$1/whole"
	printf 'lkp-guest: checks begin\n[ 1.0] BUG: x\n\0KTAP version 1\n1..1\n%s\n%s\n' \
		'# reason: one' 'not ok 1 a.load' >"$1/broken"
	# What is longer is cut.
	printf 'lkp-guest: checks begin\nBUG: %0250d\n\0KTAP version 1\n1..1\n' 0 \
		>"$1/long"
	printf 'x\0KTAP version 1\n1..1\n%s\n%s\n%s\n# finished\n' '# begin b.load' \
		'# cause: ENODEV' 'not ok 1 b.load' >"$1/absent"
}

fuzz_seed_session() {
	printf 'H 6\n6.12.0O 6\nhello\nE 1\n0' >"$1/command"
	printf 'S 0\nC 0\n' >"$1/terminal"
}

fuzz_seed_result() {
	key=$(printf x | sha256sum | cut -d' ' -f1)
	for verdict in proven BROKEN 'no hardware'; do
		printf '{"verdict":"%s","reason":"","accelerator":"tcg",' "$verdict"
		printf '"seconds":5.5,"date":"2026-01-01T00:00:00Z",'
		printf '"key":"%s","passed":3,"failed":0,"skipped":1}\n' "$key"
	done | split -l 1 - "$1/result-"
}

fuzz_seed_records() {
	printf '# Linux\nCONFIG_MODULES=y\nCONFIG_KASAN=m\n' >"$1/config"
	{
		printf 'symbol: vfs_read\nhits: 5\nreturns: 4\n'
		seq -f ' 0 1 %g' 64
	} >"$1/stats"
	printf 'verdict=PROVEN\nreason=none\ntime=2026-01-01T00:00:00Z\nsha256=\n' \
		>"$1/record"
}

# As "cpio -H newc" writes it: thirteen numbers, the name, and the contents.
fuzz_cpio() {
	size=$(wc -c <"$2")
	printf '070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%s\0' \
		1 33188 0 0 1 0 "$size" 0 0 0 0 $((${#1} + 1)) 0 "$1"
	head -c $(((4 - (110 + ${#1} + 1) % 4) % 4)) /dev/zero
	cat "$2"
	head -c $(((4 - size % 4) % 4)) /dev/zero
}

fuzz_seed_initramfs() {
	printf 'no module' >"$build/fuzz/content"
	{
		fuzz_cpio lib/modules/6.12/updates/dkms/x.ko "$build/fuzz/content"
		fuzz_cpio 'TRAILER!!!' /dev/null
	} >"$1/plain"
	gzip -c "$1/plain" >"$1/packed"
	{
		cat "$1/plain"
		head -c 8192 /dev/zero
		cat "$1/packed"
	} >"$1/both"
}

fuzz_seed_message() {
	printf '\0hello\0\1\0\0goodbye\0\2\0\3\0' >"$1/calls"
}

fuzz_seeds() {
	[ -d "$build/fuzz/system" ] || fuzz_system_files || return
	mkdir -p "$build/fuzz/system"
	"fuzz_seed_$1" "$2"
}
