#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# faults.t - each fault of a module turns the verdict red, for the right reason
#
# lkp-example runs under the address and undefined behaviour sanitizers here.
# Faults are planted by the module lkp_fault, loaded by modprobe with options
# from modprobe.d as any module is, and by what surrounds a module: one of
# another kernel, no module, no kernel, no emulator.
#
# Usage: faults.t [short]
# shellcheck disable=SC2317	# functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"
. "$top/tests/tools/sanitized.sh"

root=$work/root

# Call: verify STATUS REASON ARGUMENT...; REASON is a regular expression.
verify() {
	wanted=$1
	reason=$2
	shift 2
	as_user env PATH="${path:-$PATH}" ASAN_OPTIONS=exitcode=99 \
		"$work/bin/lkp-example" verify --quiet --root "$root" \
		--kernel "$release" "$@" >"$work/verdict" 2>&1
	got=$?
	cat "$work/verdict"
	echo "status $got, and $wanted is right; the reason must match: $reason"
	[ "$got" = "$wanted" ] && grep -qE "$reason" "$work/verdict"
}

# Call: fault MODE STATUS REASON [SECONDS]; with $item for one of the guide
fault() {
	printf 'options lkp_fault mode=%s\n' "$1" \
		>"$root/etc/modprobe.d/lkp_fault.conf"
	check "${item:+item $item: }a module with the fault '$1': ${3:-no reason}" \
		verify "$2" "$3" ${4:+--timeout "$4"} lkp_fault
}

# Call: build_module SYSTEM_DIR SOURCE; leaves SOURCE/*.ko in its /srv.
build_module() {
	cp -r "$2" "$1/srv/" &&
		system_run "$1" sh -c "apt-get update && apt-get install --yes make perl &&
			make -C /lib/modules/*/build M=/srv/${2##*/} W=1 modules"
}

set_up() {
	system_unpack 6.12 "$root" &&
		packages=$cache/packages/6.12 &&
		build_module "$root" "$top/tests/negative/lkp_fault" &&
		mkdir "$root/lib/modules/$(system_release "$root")/updates" &&
		cp "$root/srv/lkp_fault/lkp_fault.ko" \
			"$root/lib/modules/$(system_release "$root")/updates" &&
		system_run "$root" depmod "$(system_release "$root")"
}

# Copies of the module with one thing changed, which nobody has signed.
make_changed() {
	"${CC:-cc}" -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -O1 \
		-o "$work/mutate" "$top/tests/cli/mutate.c" -lelf &&
		mkdir "$work/changed" &&
		"$work/mutate" "$root/srv/lkp_fault/lkp_fault.ko" "$work/changed"
}

# Call: changed NAME SAID CAUSE; what modprobe has said, and what we have.
changed() {
	cp "$work/changed/$1.ko" "$root/lib/modules/$release/updates/lkp_fault.ko" &&
		verify 1 "BROKEN, lkp_fault.load: .*could not insert 'lkp_fault': $2; lkp_fault: $3" \
			lkp_fault
}

# The same source, compiled for the kernel of another Debian.
foreign_module() {
	packages=$cache/packages/6.1
	system_unpack 6.1 "$work/other" &&
		build_module "$work/other" "$top/tests/negative/lkp_fault" &&
		cp "$work/other/srv/lkp_fault/lkp_fault.ko" \
			"$root/lib/modules/$release/updates"
}

cut_kernel() {
	truncate -s 4M "$root/boot/vmlinuz-$release"
}

# The other way round, with that Debian's own modprobe and kernel.
swapped() {
	other=$(system_release "$work/other")
	mkdir -p "$work/other/lib/modules/$other/updates" &&
		cp "$root/srv/lkp_fault/lkp_fault.ko" \
			"$work/other/lib/modules/$other/updates" &&
		system_run "$work/other" depmod "$other"
}

# modprobe's words are few; the kernel says in its log what does not fit.
# Call: refused_by_kernel TEXT
refused_by_kernel() {
	rm -rf "$work/foreign"
	mkdir "$work/foreign" && to_user "$work/foreign" &&
		verify 1 "BROKEN, lkp_fault.load: .*could not insert 'lkp_fault': Exec format error" \
			--log "$work/foreign" lkp_fault &&
		grep -F "$1" "$work/foreign/console.log"
}

# Each kernel gets the module of the other one.
of_other_kernels() {
	check "a module is compiled for another kernel" foreign_module
	check "item 029: a module of an older kernel: refused by 6.12" refused_by_kernel \
		".gnu.linkonce.this_module section size must match the kernel's built struct module size at run time"
	check "a module of 6.12 in the system of 6.1" swapped
	root=$work/other release=$(system_release "$work/other")
	check "item 029: a module of a newer kernel: refused by 6.1" refused_by_kernel \
		'lkp_fault: disagrees about version of symbol module_layout'
	root=$work/root release=$(system_release "$work/root")
}

no_emulator() {
	path=$work/empty verify 77 'untested, QEMU is not installed' lkp_fault &&
		grep "^lkp-example: there is no .*: install it by 'apt-get install" \
			"$work/verdict"
}

# At first, the emulator stands still; it is the real one from then on. It can
# write nothing, so it is by the clock. The result is known from the run before,
# so it takes --again.
# shellcheck disable=SC2016 # "$0" and "$@" are its own
hangs_once() {
	emulator=$work/hangs/qemu-system-x86_64
	mkdir "$work/hangs" && to_user "$work/hangs" &&
		printf '%s\n' '#!/bin/sh' \
			'[ -z "$(find "$0" -newermt "-50 seconds")" ] || exec sleep 300' \
			"exec $(command -v qemu-system-x86_64) \"\$@\"" >"$emulator" &&
		chmod 755 "$emulator" &&
		path=$work/hangs:$PATH verify 0 'proven, loads, works and unloads' \
			--again lkp_fault &&
		grep -F 'did not start in 60 s, and is started once more' "$work/verdict"
}

check "lkp-example builds with sanitizers" build_sanitized
check "the module with faults builds with W=1" set_up
release=$(system_release "$root")
echo "# kernel: $release"

item=
fault none 0 'proven, loads, works and unloads'
check "a machine that does not start: started once more" hangs_once
fault error 1 "BROKEN, lkp_fault.load: .*could not insert 'lkp_fault': Input/output error"
long check "... also if another module has no hardware" verify 1 \
	"BROKEN, lkp_fault.load: .*Input/output error" padlock_aes lkp_fault
fault absent 77 "no hardware, lkp_fault.load: modprobe: ERROR: could not insert 'lkp_fault': No such device \\(nothing proven"
long check "a driver of the kernel's, of hardware that nobody has" verify 77 \
	"no hardware, padlock_aes.load: .*could not insert 'padlock_aes': No such device" \
	padlock_aes
item=083 fault oops 1 'BROKEN, lkp_fault.load: .*; kernel: (BUG: kernel NULL pointer|.*Oops)'
long fault warn 1 'BROKEN, lkp_fault.taint: the kernel has warned.*; kernel: WARNING: '
fault hang 1 'BROKEN, lkp_fault.load: modprobe did not return' 10
long fault dead 1 'BROKEN, lkp_fault.load: hangs, no answer in time' 10
item=084 fault panic 1 'BROKEN, lkp_fault.load: the machine stopped; kernel: Kernel panic - not syncing: planted'
fault pinned 1 'BROKEN, lkp_fault.unload: .*lkp_fault is in use'
long fault complain 1 'BROKEN, kernel: BUG: planted complaint'
long fault forge 1 'BROKEN, lkp_fault.load: .*Input/output error'

rm "$root/etc/modprobe.d/lkp_fault.conf"
check "copies of the module with one thing changed" make_changed
check "a module of another vermagic" changed other_configuration \
	'Exec format error' 'it was built for another kernel: vermagic'
long check "a module that needs a symbol which nobody has" changed symbol_of_nobody \
	'Unknown symbol in module, .*' 'it needs .*, which neither the kernel nor'
long check "a module with another checksum of a symbol" changed other_checksum \
	'Invalid argument' 'it was built for another '
check "a module of which a half is missing" changed half \
	'(Exec format error|Invalid argument)' '.*it was cut off, or damaged'
long check "a module of random bytes" changed random_bytes \
	'Exec format error' 'it is no ELF file'
long of_other_kernels
check "the module as it was" cp "$root/srv/lkp_fault/lkp_fault.ko" \
	"$root/lib/modules/$release/updates"
check "a module that is not installed" verify 2 \
	'kernel .* has no module lkp_nothing' lkp_nothing
built_in=$(sed -n '1s/.*\/\(.*\)\.ko$/\1/p' "$root/lib/modules/$release/modules.builtin")
check "a module that is built in" verify 2 'is built into kernel' "$built_in"
check "a name that is none" verify 2 "is no name of a module" 'x y'
check "a kernel that is not installed" verify 2 'no image of kernel 1.2.3' \
	--kernel 1.2.3 lkp_fault
check "an accelerator that is none" verify 2 'takes auto, kvm or tcg' \
	--accel fast lkp_fault
check "a system that is none" verify 2 'No such file' --root "$work/nothing" lkp_fault
check "no emulator: said, and not taken for a verdict" no_emulator
check "the kernel's image is cut" cut_kernel
check "a kernel that cannot start: nothing proven" verify 2 \
	'ERROR, the checks did not begin|QEMU failed' lkp_fault
finish
