#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# others.t - verify and inspect, with modules of other authors
#
# Three packages of the archive are installed as an administrator does it: one
# whose module needs nothing, one that needs modules of the kernel, and one that
# needs symbols of other subsystems. Each is proven on the kernel; then one file
# is damaged in each of the ways that a file can be, and the verdict says so.
# shellcheck disable=SC2317 # functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"

root=$work/root

install_others() {
	packages=$cache/packages/6.12
	system_apt_conf >"$root/etc/apt/apt.conf.d/90host"
	system_run "$root" sh -c 'apt-get update && apt-get install --yes \
		acpi-call-dkms v4l2loopback-dkms xtables-addons-dkms'
}

# Call: verify STATUS REASON MODULE; REASON is a regular expression.
verify() {
	as_user "$build/bin/lkp-example" verify --root "$root" \
		--kernel "$release" "$3" >"$work/verdict" 2>&1
	got=$?
	cat "$work/verdict"
	echo "status $got, and $1 is right; the verdict must match: $2"
	[ "$got" = "$1" ] && tail -n 1 "$work/verdict" | grep -qE "$2"
}

# The module's file, unpacked: what depmod finds, and this test can change.
plain_file() {
	file=$(find "$root/lib/modules/$release" -name "$1.ko*") &&
		case $file in
		*.xz) xz -d "$file" && file=${file%.xz} ;;
		esac && cp "$file" "$work/kept.ko" &&
		mkdir -p "$work/mutations" &&
		"${CC:-cc}" -std=c11 -D_GNU_SOURCE -Wall -Wextra -O1 \
			-o "$work/mutate" "$top/tests/cli/mutate.c" -lelf &&
		"$work/mutate" "$file" "$work/mutations" &&
		system_run "$root" depmod "$release"
}

# Call: damaged MUTATION REASON
damaged() {
	cp "$work/mutations/$1.ko" "$file"
	check "$1: the verdict says why" verify 1 "BROKEN, .*; acpi_call: $2" \
		acpi_call
	cp "$work/kept.ko" "$file"
}

system_unpack 6.12 "$root" >"$work/unpack.log" 2>&1 ||
	die "no system: $(cat "$work/unpack.log")"
release=$(system_release "$root")
check "apt-get install three packages of DKMS modules" install_others
check "acpi_call is proven" verify 0 'acpi_call on .*: proven' acpi_call
check "v4l2loopback is proven, with what it depends on" \
	verify 0 'v4l2loopback on .*: proven' v4l2loopback
check "xt_ECHO is proven, with what it depends on" \
	verify 0 'xt_ECHO on .*: proven' xt_ECHO
check "a file to damage" plain_file acpi_call
damaged random_bytes 'it is no ELF file'
damaged without_its_end 'its table of sections is not in the file'
damaged other_configuration 'it was built for another kernel: vermagic '
damaged symbol_of_nobody 'it needs 9[a-z_]*, which neither the kernel nor'
damaged other_checksum 'it was built for another [a-z_]*: checksum 0x'
check "the file as it was is proven" verify 0 'proven' acpi_call
finish
