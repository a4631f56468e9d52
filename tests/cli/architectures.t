#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# architectures.t - verify and inspect, with a kernel of another architecture
#
# Usage: architectures.t [NAME]		arm64 unless given, or one of
#					armhf, i386, ppc64el, riscv64, s390x
#
# Debian's kernel for NAME and its modprobe are unpacked, the modules and the guest
# program are built for it by a cross compiler, as cells of the matrix are. They are
# proven under emulation, and so is that probes work there; then each thing is
# missing, or of the wrong kind.
#
# Takes long, and downloads some hundred megabytes: only "make test-all" runs it.
# shellcheck disable=SC2317 # functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"
. "$top/tests/matrix/index.sh"
. "$top/tests/matrix/base.sh"
. "$top/tests/matrix/cross.sh"
arch=${1:-arm64}
suite=trixie

case $arch in
arm64 | armhf) qemu="qemu-system-arm" ;;
# The last Debian that has a kernel of 32 bits for it.
i386) qemu="qemu-system-x86" suite=bookworm ;;
ppc64el) qemu="qemu-system-ppc" ;;
riscv64 | s390x) qemu="qemu-system-misc" ;;
*) die "there is no test for the architecture '$arch'" ;;
esac

need_packages run matrix
own=$work/own
builder=$own/root
lkp_example=$build/bin/lkp-example

# The suite's own line of kernels; others come from its backports.
resolve() {
	"$top/tests/matrix/cells.sh" "$suite/*[0-9]/$arch" >"$work/cells" || return
	IFS='	' read -r _ suite system _ _ _ gcc kernels <<-CELL
	$(grep -v /index/ "$work/cells" | sort -V | head -n 1)
	CELL
	IFS='=' read -r release kernel pocket images headers <<-KERNEL
	${kernels%% *}
	KERNEL
	pockets=$(index_rows | awk -v suite="$suite" '$1 == suite { print $3; exit }')
	index_architecture "$arch"
	packages=$cache/packages/$(system_file "$system/amd64")
}

# Unpacked, and not installed: nothing of it can run here.
make_root() {
	root=$builder
	base_system "$suite" "$system" "$pockets" amd64 && base_overlay "$own" &&
		cross_install && cross_programs kmod base-files dash
}

build_modules() {
	mkdir -p "$builder/srv/tree/src" &&
		cp -r "$top/src/module" "$builder/srv/tree/src/" &&
		system_run "$builder" make -C "/lib/modules/$release/build" \
			M=/srv/tree/src/module ARCH="$karch" W=1 \
			CROSS_COMPILE="$triplet-" modules >"$work/build.log" 2>&1 &&
		mkdir -p "$builder/lib/modules/$release/updates" &&
		cp "$builder"/srv/tree/src/module/*.ko \
			"$builder/lib/modules/$release/updates/" &&
		depmod -b "$builder" "$release" &&
		! grep -inE ' (warning|error):' "$work/build.log"
}

# Call: verify STATUS REGEX OPTION...; the last line matches, or one of errors.
verify() {
	wanted=$1 regex=$2
	shift 2
	"$lkp_example" verify --root "$root" "$@" >"$work/out" 2>&1
	got=$?
	cat "$work/out"
	echo "status $got, and $wanted is right; it must say: $regex"
	[ "$got" = "$wanted" ] && grep -qE -- "$regex" "$work/out"
}

as_json() {
	"$lkp_example" verify --root "$root" --guest "$guest" --json lkp_example |
		jq -e --arg arch "$arch" '.results[0] | .architecture == $arch
			and .verdict == "proven" and .accelerator == "tcg"'
}

# The module of a kernel of this machine's kind, in the place of one of theirs.
foreign_module() {
	system_archive 6.12 && tar -x -f "$archive" --zstd -C "$work" --wildcards \
		--strip-components=8 './usr/lib/modules/*/kernel/drivers/net/dummy.ko*' &&
		file=$(ls "$work"/dummy.ko*) &&
		rm -f "$root/lib/modules/$release/kernel/drivers/net/dummy.ko"* &&
		cp "$file" "$root/lib/modules/$release/updates/" &&
		depmod -b "$root" "$release"
}

inspect() {
	"$lkp_example" inspect -q --root "$root" "$2" >"$work/out" 2>&1
	got=$?
	cat "$work/out"
	echo "status $got; it must say: $1"
	[ "$got" = 1 ] && grep -qF -- "$1" "$work/out"
}

# Modules that came with the kernel load, as far as can be told.
none_refused() {
	find "$root/lib/modules/$release/kernel" -name '*.ko*' | sort |
		awk 'NR % 10 == 0' | sed 's|.*/||; s/\.ko.*//' >"$work/modules"
	xargs "$lkp_example" inspect -q --root "$root" <"$work/modules" \
		>"$work/out"
	grep -v ': loads$' "$work/out"
	echo "$(wc -l <"$work/out") of $(wc -l <"$work/modules") modules"
	[ "$(wc -l <"$work/modules")" -gt 50 ] &&
		[ "$(grep -c ': loads$' "$work/out")" = "$(wc -l <"$work/modules")" ]
}

# What mutate.c changes is of 64 bits, and of this byte order.
damaged() {
	"${CC:-cc}" -std=c11 -D_GNU_SOURCE -Wall -Wextra -O1 \
		-o "$work/mutate" "$top/tests/cli/mutate.c" -lelf &&
		mkdir "$work/mutations" &&
		"$work/mutate" "$root/lib/modules/$release/updates/lkp_example.ko" \
			"$work/mutations"
}

without_qemu() {
	PATH=$work/no-qemu "$lkp_example" verify --root "$root" \
		--guest "$guest" lkp_example >"$work/out" 2>&1
	got=$?
	cat "$work/out"
	echo "status $got; it must say: apt-get install $qemu"
	[ "$got" = 77 ] && grep -qF "apt-get install $qemu'" "$work/out"
}

own_guest() {
	install -D -m 755 "$guest" "$root/usr/libexec/lkp-example/lkp-guest"
}

# As little as is needed; and what goes wrong here leaves nothing to be tried.
mkdir -p "$work/no-qemu"
chmod 755 "$work/no-qemu"
check "$arch: a kernel is found" resolve
[ "$tap_failed" = 0 ] || finish
echo "# kernel: $release"
check "$arch: it and its headers, modprobe, a cross compiler" make_root
[ "$tap_failed" = 0 ] || finish
root=$programs
shown=$work/build.log
check "$arch: the modules build with W=1 and no warning" build_modules
shown=
root=$builder
check "$arch: the guest program builds" guest_program
root=$programs
guest=$program
[ "$tap_failed" = 0 ] || finish
check "$arch: the modules are proven" verify 0 ': proven, ' --guest "$guest" \
	lkp_example lkp_example_client lkp_example_probe
check "$arch: ... by the machine of that architecture, as JSON" as_json
# Of riscv64 all but one are skipped, for a reason that the report says.
check "$arch: kprobes and kretprobes count there, and look up" verify 0 \
	": proven, .*\($([ "$arch" = riscv64 ] && echo 1 || echo 8) checks" \
	--guest "$guest" --checks 112,113,114,116,117,118,119,120 \
	lkp_example lkp_example_probe
check "$arch: no module of the kernel is refused by mistake" none_refused
printf '#!/bin/sh\necho "<1>WARNING: planted" >/dev/kmsg\n' >"$work/planted"
check "$arch: what the kernel complains of last of all is read" verify 1 \
	'BROKEN, kernel: WARNING: planted' --guest "$guest" \
	--script "$work/planted" lkp_example
check "no guest program of that architecture" verify 2 \
	"is for $arch, and the system has no guest program for that: install lkp-example-utils:$arch" \
	lkp_example
[ "$arch" = i386 ] || check "a guest program of this one" verify 2 \
	"is for another architecture than kernel .*, which is for $arch" \
	--guest "$build/bin/lkp-guest" lkp_example
[ "$arch" = i386 ] || check "KVM, which runs its own kind only" verify 2 \
	"KVM cannot run a machine of $arch" --accel kvm --guest "$guest" lkp_example
check "no QEMU: the package that has it" without_qemu
check "the guest program of the system" own_guest
check "... is taken" verify 0 ': proven, .*booted with TCG' lkp_example
check "... and the result is kept" verify 0 ': proven, .*\(kept;' lkp_example
check "a module of another architecture" foreign_module
check "... is refused by its file" inspect \
	"refused, ENOEXEC, machine: it is for another machine: ELF machine 62" \
	dummy
check "... and by the kernel" verify 1 \
	'BROKEN, dummy.load: .*; dummy: it is for another machine' dummy
case $arch in
arm64 | ppc64el | riscv64)
	check "changed copies of a module" damaged
	check "... a symbol that nobody exports" inspect \
		"refused, ENOENT, symbols: it needs 9" \
		"$work/mutations/symbol_of_nobody.ko"
	check "... a checksum" inspect \
		"refused, EINVAL, versions: it was built for another" \
		"$work/mutations/other_checksum.ko"
	check "... a vermagic" inspect \
		"refused, ENOEXEC, vermagic: it was built for another kernel" \
		"$work/mutations/other_configuration.ko"
	;;
esac
finish
