#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# compressed.t - modules that are compressed, in each way, and badly
#
# Usage: compressed.t [NAME]		a name of tests/kernels, 6.12 unless given
#
# The same module is put into a system in each way, depmod of the system indexes
# it, and verify boots its kernel. What modprobe or the kernel does not unpack is
# foreseen by inspect: where it says so the module is broken, and nowhere else.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"
kernel=${1:-6.12}

root=$work/root
lkp_example=$build/bin/lkp-example

# Debian's own file of a module that needs nothing, unpacked.
set_up() {
	system_unpack "$kernel" "$root" && release=$(system_release "$root") &&
		file=$(find "$root/lib/modules/$release/" -name 'dummy.ko*') || return
	case $file in
	*.xz) xz -dc "$file" ;;
	*) cat "$file" ;;
	esac >"$work/dummy.ko" && rm "$file" &&
		mkdir -p "$root/lib/modules/$release/updates"
}

# Call: put NAME COMMAND...; what the command makes of the module is installed.
# It is given a file, as DKMS does it: of its input, zstd does not note the size,
# and kmod refuses to unpack what does not say how large it is.
put() {
	rm -f "$root/lib/modules/$release/updates"/*
	put=$root/lib/modules/$release/updates/$1
	shift
	"$@" "$work/dummy.ko" >"$put" && inside depmod "$release"
}

verify() {
	as_user "$lkp_example" verify --quiet --root "$root" dummy
}

inspect() {
	"$lkp_example" inspect --quiet --root "$root" "$@"
}

# Call: loads NAME COMMAND...; proven, and nothing else was foreseen
loads() {
	check "$* is installed" put "$@"
	check "$1: inspect" says 0 "/$1: loads\$" inspect dummy
	check "$1: inspect FILE" says 0 "/$1: loads\$" inspect "$put"
	check "$1: verify" says 0 "^dummy on .*: proven" verify
}

# Call: not_loaded REASON NAME COMMAND...; depmod indexes it, and it is broken.
not_loaded() {
	reason=$1
	shift
	check "$* is installed" put "$@"
	check "$1: inspect foresees it" says 1 "/$1: refused, .*$reason" \
		inspect dummy
	check "$1: inspect FILE" says 1 "/$1: refused, .*$reason" \
		inspect "$put"
	check "$1: verify" says 1 "^dummy on .*: BROKEN, dummy.load: .*; dummy: .*$reason" \
		verify
}

# Call: passed_over PACKING NAME COMMAND...; depmod does not index it.
passed_over() {
	packing=$1
	shift
	check "$* is installed" put "$@"
	check "$1: inspect" says 2 "/$1 is there, and packed by $packing, which" \
		inspect dummy
	check "$1: verify" says 2 "/$1 is there, and packed by $packing, which" \
		verify
	check "$1: status" says 1 "/$1 is packed by $packing, which depmod and" \
		"$lkp_example" status --root "$root" dummy
	check "$1: doctor" says 1 "/$1 is packed by $packing, which the system's" \
		"$lkp_example" doctor --root "$root"
}

# What the system's modprobe says of itself decides; the test does not know it.
reads() {
	! printf '%s' "$features" | grep -qw -- "-$1"
}

# A gigabyte of nothing. Memory is bounded by what a module may have.
bomb() {
	truncate -s 1G "$work/zeros" && "$2" -c "$work/zeros" >"$work/bomb.ko.$1"
	result=$?
	rm -f "$work/zeros"
	[ "$result" = 0 ] && [ "$(wc -c <"$work/bomb.ko.$1")" -lt 2000000 ]
}

inspect_within_memory() {
	prlimit --as=1000000000 "$lkp_example" inspect --quiet \
		--root "$root" "$@"
}

badly_packed() {
	while read -r end program; do
		"$program" -c <"$work/dummy.ko" >"$work/whole.ko.$end"
		size=$(wc -c <"$work/whole.ko.$end")
		for part in 6 9 $((size / 2)) $((size - 1)); do
			head -c "$part" "$work/whole.ko.$end" >"$work/cut.ko.$end"
			check "$program: cut to $part bytes" \
				says 1 'refused, EINVAL, file: it is no whole ' \
				inspect "$work/cut.ko.$end"
		done
		cp "$work/whole.ko.$end" "$work/damaged.ko.$end"
		printf 'damage' | dd of="$work/damaged.ko.$end" conv=notrunc \
			bs=1 seek=$((size / 3)) 2>/dev/null
		check "$program: damaged in its middle" says 1 ': refused, ' \
			inspect "$work/damaged.ko.$end"
		check "$program: a bomb is made" bomb "$end" "$program"
		check "$program: a bomb: bounded, and said" \
			says 1 'it unpacks to more than 256 MiB' \
			inspect_within_memory "$work/bomb.ko.$end"
		rm -f "$work/bomb.ko.$end"
	done <<-EOT
	gz gzip
	xz xz
	zst zstd
	EOT
}

check "a system with a module" set_up
features=$(inside modprobe --version | tail -n 1)
echo "# kernel: $release, modprobe: $features"
loads dummy.ko cat
loads dummy.ko.xz xz --check=crc32 -c
if grep -qx CONFIG_MODULE_DECOMPRESS=y "$root/boot/config-$release"; then
	not_loaded 'another check than CRC32' dummy.ko.xz xz --check=crc64 -c
	not_loaded 'another check than CRC32' dummy.ko.xz xz --check=sha256 -c
else
	loads dummy.ko.xz xz --check=crc64 -c
fi
if reads ZSTD; then
	loads dummy.ko.zst zstd -c
else
	passed_over zstd dummy.ko.zst zstd -c
fi
if reads ZLIB; then
	loads dummy.ko.gz gzip -c
else
	passed_over gzip dummy.ko.gz gzip -c
	passed_over gzip dummy.ko.gz xz --check=crc32 -c
	not_loaded 'packed by gzip, which' dummy.ko.xz gzip -c
fi
badly_packed
finish
