#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# smoke.t - the smoke test where it must not load a module
#
# Usage: smoke.t [NAME]		a name of tests/kernels, 6.12 unless given
#
# Installs the package in a clean system, and hears what its smoke test says in
# a chroot, in a container, where it is switched off or forbidden, and on a
# kernel without modules. No module is ever loaded; live.t does that.
#
# All mounts are in name spaces of their own, and vanish with this script.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)

if [ "${1:-}" != --inside ]; then
	. "$top/tests/tools/host.sh"
	. "$top/tests/tools/system.sh"
	system_work
	system_unpack "${1:-6.12}" "$work/root" >"$work/log" 2>&1 ||
		die "no system: $(cat "$work/log")"
	unshare --mount --pid --fork --kill-child \
		"$0" --inside "$build"/deb/lkp-example-dkms_*.deb "$work"
	exit
fi

deb=$2
work=$3
root=$work/root
kernel=$(uname -r)
smoke_test=/usr/libexec/lkp-example/smoke-test
state=$root/var/lib/lkp-example/smoke-test/$kernel

. "$top/tests/tools/tap.sh"
shown=$work/out
container=

# The last output of a program is in $work/out.
said() {
	grep -qF -- "$1" "$work/out"
}

recorded() {
	grep -qx -- "$1" "$state"
}

# --- The root ----------------------------------------------------------------

# The first process here is outside of the root, so this is a chroot.
in_root() {
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive \
		LC_ALL=C chroot "$root" "$@" >"$work/out" 2>&1 </dev/null
}

# as_system SETUP COMMAND...: run COMMAND as process 1 of the root. That looks
# like a running system, not like a chroot. SETUP comes before: it runs outside,
# in the directory of the root, and what it mounts is gone when COMMAND ends.
as_system() {
	setup=$1
	shift
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin container="$container" \
		unshare --mount --pid --fork --kill-child sh -c "
			cd '$root'
			mount -t proc proc proc
			$setup
			exec chroot . \"\$@\"" - "$@" >"$work/out" 2>&1 </dev/null
}

# exits STATUS COMMAND...
exits() {
	wanted=$1
	shift
	"$@"
	[ $? -eq "$wanted" ]
}

# verdict NAME STATUS TEXT SETUP [WRAPPER...]: one row of the table.
verdict() {
	name=$1
	wanted=$2
	text=$3
	setup=$4
	shift 4
	as_system "$setup" "$@" "$smoke_test" --strict
	status=$?
	check "$name: $text" said "lkp-example smoke test: $text"
	check "$name: exit status $wanted" [ "$status" -eq "$wanted" ]
	check "$name: one verdict" [ "$(grep -c 'smoke test: ' "$work/out")" -eq 1 ]
}

# "lkp-example/VERSION, KERNEL, ARCHITECTURE: installed", and nothing after it;
# older DKMS has ", " in the place of "/".
is_installed() {
	sed 's|^lkp-example, |lkp-example/|' "$work/out" |
		grep -F "lkp-example/$version, $1, " | grep -q ': installed$'
}

kernels() {
	for dir in "$root"/lib/modules/*/build; do
		# An absolute link leads nowhere from outside of the root.
		[ -e "$dir" ] || [ -L "$dir" ] || continue
		dir=${dir%/build}
		echo "${dir##*/}"
	done
}

# --- Installed in a chroot ---------------------------------------------------

test_install() {
	in_root apt-get update
	check "apt-get update" [ $? -eq 0 ]
	in_root apt-get install -y "/tmp/${deb##*/}"
	check "apt-get install" [ $? -eq 0 ]
	check "dpkg keeps what it printed: SKIP, in a chroot" \
		said "lkp-example smoke test: SKIP: in a chroot"
	check "the verdict is recorded" recorded "verdict=SKIP"
	check "the running kernel is recorded" recorded "kernel=$kernel"

	check "the root has headers of a kernel" [ -n "$(kernels)" ]
	for k in $(kernels); do
		in_root dkms status -k "$k"
		check "$k: DKMS says installed" \
			is_installed "$k"
		in_root modinfo -k "$k" -F version lkp_example
		check "$k: modinfo finds version $version" \
			[ "$(cat "$work/out")" = "$version" ]
		in_root modprobe -S "$k" --show-depends lkp_example
		check "$k: modprobe would load it" said "lkp_example.ko"
	done
}

test_chroot() {
	check "in a chroot, exit status 77 with --strict" \
		exits 77 in_root "$smoke_test" --strict
	check "in a chroot, exit status 0 without" exits 0 in_root "$smoke_test"
	check "in a chroot, --unload does nothing" \
		exits 0 in_root "$smoke_test" --unload
	check "--help explains" exits 0 in_root "$smoke_test" --help
	check "--help names --strict" said "--strict"
	check "an unknown option is an error" \
		exits 2 in_root "$smoke_test" --nonsense
}

# The kernel that runs has no modules in the root.
test_cause() {
	in_root "$smoke_test" --no-module "$kernel" "no compiler"
	check "why there is no module is recorded" \
		recorded "reason=no module for kernel $kernel: no compiler"
	in_root "$smoke_test"
	check "... the chroot is no news of that" \
		recorded "reason=no module for kernel $kernel: no compiler"
	in_root "$smoke_test" --module "$kernel"
	check "... a module is" [ ! -e "$state" ]
	in_root "$smoke_test"
	check "... the chroot is recorded then" recorded "verdict=SKIP"
}

# --- The rows of the table ---------------------------------------------------

test_switched_off() {
	mkdir -p "$root/etc/lkp-example"
	for file in /etc/lkp-example/no-smoke-test /etc/dkms/no-autoinstall; do
		touch "$root$file"
		verdict "opt-out $file" 77 "SKIP: switched off" ""
		check "opt-out $file: it is named" said "by $file"
		rm "$root$file"
	done
}

test_dpkg_root() {
	rm -f "$state"
	verdict "DPKG_ROOT" 77 "SKIP: the package is installed into another root" \
		"" env DPKG_ROOT=/elsewhere
	check "DPKG_ROOT: nothing is recorded" [ ! -e "$state" ]
}

test_container() {
	for mark in .dockerenv run/.containerenv; do
		touch "$root/$mark"
		verdict "container, /$mark" 77 "SKIP: in a container" ""
		rm "$root/$mark"
	done

	container=lxc
	verdict "container, process 1 says so" 77 "SKIP: in a container" ""
	container=
}

# systemd 257 and later sees through as_system: to it, a PID namespace is a
# container. The tests behind this one are for a root without systemd.
test_container_seen_by_systemd() {
	[ -e "$root/usr/bin/systemd-detect-virt" ] || return
	if as_system "" systemd-detect-virt -q --container; then
		verdict "container, systemd sees it" 77 "SKIP: in a container" ""
	fi
	rm "$root/usr/bin/systemd-detect-virt"
}

policy() {
	printf '#!/bin/sh\nexit %s\n' "$1" >"$root/usr/sbin/policy-rc.d"
	chmod 755 "$root/usr/sbin/policy-rc.d"
}

test_policy() {
	policy 101
	verdict "policy-rc.d forbids" 77 "SKIP: policy-rc.d forbids" ""
	policy 0
	verdict "policy-rc.d allows" 77 "SKIP: kernel without modules" ""
	rm "$root/usr/sbin/policy-rc.d"
}

test_kernel_without_modules() {
	verdict "no /proc/modules" 77 "SKIP: kernel without modules" ""
}

# --- Gone --------------------------------------------------------------------

test_purge() {
	mkdir -p "$root/etc/lkp-example"
	touch "$root/etc/lkp-example/no-smoke-test"
	in_root apt-get purge -y lkp-example-dkms
	check "apt-get purge" [ $? -eq 0 ]
	find "$root/etc" "$root/usr" "$root/lib/modules" "$root/var/lib/dkms" \
		"$root/var/lib/lkp-example" "$root/var/lib/dpkg/info" \
		\( -name '*lkp-example*' -o -name '*lkp_example*' \) \
		>"$work/out" 2>/dev/null
	check "purge leaves nothing" [ ! -s "$work/out" ]
}

cp "$deb" "$root/tmp"
version=$(dpkg-deb -f "$deb" Version)
mount -t proc proc "$root/proc"
# The way to the archive, for a root that does not know it yet.
[ -e "$root/etc/resolv.conf" ] || cp -L /etc/resolv.conf "$root/etc" 2>/dev/null

test_install
test_chroot
test_cause
test_switched_off
test_dpkg_root
test_container
test_container_seen_by_systemd
if [ -e /proc/modules ]; then
	skip "a kernel without modules" "this kernel has modules"
else
	test_policy
	test_kernel_without_modules
fi
test_purge

finish
