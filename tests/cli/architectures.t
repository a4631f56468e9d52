#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# architectures.t - verify and inspect, with a kernel of another architecture
#
# Usage: architectures.t [NAME]		arm64 unless given, or one of
#					armhf, i386, ppc64el, riscv64, s390x
#
# Debian's kernel for NAME, with its modprobe, is unpacked into a directory; the
# modules are built for it by a cross compiler, in a system of this machine, and
# the guest program by another. They are proven under emulation, and so is that
# probes work there; then each thing is missing, or of the wrong kind.
#
# Takes long, and downloads some hundred megabytes: only "make test-all" runs it.
# shellcheck disable=SC2317 # functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"
. "$top/tests/tools/system.sh"
. "$top/tests/tools/tap.sh"
arch=${1:-arm64}
suite_of=6.12

case $arch in
arm64) flavour=arm64 kernel_arch=arm64 triplet=aarch64-linux-gnu
	qemu="qemu-system-arm" ;;
armhf) flavour=armmp kernel_arch=arm triplet=arm-linux-gnueabihf
	qemu="qemu-system-arm" ;;
# The last Debian that has a kernel of 32 bits for it.
i386) flavour=686-pae kernel_arch=i386 triplet=i686-linux-gnu suite_of=6.1
	qemu="qemu-system-x86" ;;
ppc64el) flavour=powerpc64le kernel_arch=powerpc
	triplet=powerpc64le-linux-gnu qemu="qemu-system-ppc" ;;
riscv64) flavour=riscv64 kernel_arch=riscv triplet=riscv64-linux-gnu
	qemu="qemu-system-misc" ;;
s390x) flavour=s390x kernel_arch=s390 triplet=s390x-linux-gnu
	qemu="qemu-system-misc" ;;
*) die "there is no test for the architecture '$arch'" ;;
esac

need_root "$0" "$@"
need_packages "$arch"
system_work
root=$work/root
builder=$work/builder
guest=$work/guest/lkp-guest
packages=$cache/packages/$suite_of
lkp_example=$build/bin/lkp-example

# The release itself has a kernel for each of them; its pockets may have none.
foreign_sources() {
	debian=$(mirror Debian)
	printf 'deb %s%s %s main\n' "${1:+[arch=$1] }" "$debian" "$suite"
}

# Unpacked, and not installed: nothing of it can run here.
make_root() {
	system_apt_conf >"$work/apt.conf"
	foreign_sources "" >"$work/sources.list"
	unshare --mount-proc --pid --fork --kill-child setsid mmdebstrap \
		--variant=extract --architectures="$arch" --format=directory \
		--aptopt="$work/apt.conf" \
		--include="linux-image-$flavour,kmod,base-files,dash" \
		--setup-hook="'$top/tests/tools/system-hook.sh' take '$foreign' \"\$1\"" \
		--customize-hook="'$top/tests/tools/system-hook.sh' keep '$foreign' \"\$1\"" \
		"$suite" "$root" "$work/sources.list" &&
		release=$(basename "$root"/lib/modules/*) &&
		depmod -b "$root" "$release"
}

# The headers of that kernel, with what is for this machine in them; unpacked,
# for they depend on a compiler that runs there. And a compiler that runs here.
prepare_builder() {
	system_apt_conf >"$builder/etc/apt/apt.conf.d/90host"
	rm -f "$builder"/etc/apt/sources.list "$builder"/etc/apt/sources.list.d/*
	foreign_sources "amd64,$arch" >"$builder/etc/apt/sources.list"
	short=${release%"-$flavour"}
	# Up to 6.1 its programs were called by the version, without its last part.
	kbuild=linux-kbuild-$short
	[ "$suite_of" = 6.12 ] || kbuild=linux-kbuild-$suite_of
	# shellcheck disable=SC2016 # for the shell in there
	system_run "$builder" sh -c '
		dpkg --add-architecture "$1" && apt-get update &&
		apt-get install --yes make perl "gcc-$2" && cd /srv &&
		apt-get download "linux-headers-$3:$1" \
			"linux-headers-$4-common" "$5:amd64" &&
		mkdir headers && for package in linux-*.deb; do
			dpkg-deb -x "$package" headers || exit
		done && cp -a headers/usr/. /usr/' \
		sh "$arch" "$triplet" "$release" "$short" "$kbuild"
}

build_modules() {
	mkdir -p "$builder/srv/tree/src" &&
		cp -r "$top/src/module" "$builder/srv/tree/src/" &&
		cp "$top/dkms.conf" "$builder/srv/tree/" &&
		system_run "$builder" make -C "/usr/src/linux-headers-$release" \
			M=/srv/tree/src/module ARCH="$kernel_arch" W=1 \
			CROSS_COMPILE="$triplet-" CC="$triplet-gcc" modules \
			>"$work/build.log" 2>&1 &&
		mkdir -p "$root/lib/modules/$release/updates" &&
		cp "$builder"/srv/tree/src/module/*.ko \
			"$root/lib/modules/$release/updates/" &&
		depmod -b "$root" "$release" &&
		! grep -inE ' (warning|error):' "$work/build.log"
}

build_guest() {
	make -s -C "$top/src/guest" CC="$triplet-gcc" O="$work/guest/o" \
		BIN="$work/guest"
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

# The module of this machine's own kernel, in the place of one of theirs.
foreign_module() {
	cp "$(find "$builder"/lib/modules/*/kernel/drivers/net -name 'dummy.ko*' |
		head -n 1)" "$work/" && file=$(ls "$work"/dummy.ko*) &&
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

system_line "$suite_of"
foreign=$cache/packages/$suite_of-$arch
as_user mkdir -p "$foreign"
# As little as is needed; and what goes wrong here leaves nothing to be tried.
mkdir -p "$work/no-qemu"
chmod 755 "$work/no-qemu"
check "$arch: a kernel, modprobe and their libraries, unpacked" make_root
[ "$tap_failed" = 0 ] || finish
echo "# kernel: $release"
system_unpack "$suite_of" "$builder" >"$work/unpack.log" 2>&1 ||
	die "no system: $(cat "$work/unpack.log")"
check "$arch: a cross compiler and that kernel's headers" prepare_builder
shown=$work/build.log
check "$arch: the modules build with W=1 and no warning" build_modules
shown=
check "$arch: the guest program builds" build_guest
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
