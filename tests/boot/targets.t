#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# targets.t - the Makefile's targets for people who work on the sources
#
# make build, install and uninstall run in a clean system, with its own DKMS;
# make load and unload on its kernel, in a virtual machine.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"

root=$work/root
clone=$root/opt/lkp-example

# Call: target STATUS TEXT TARGET [VARIABLE=VALUE...]
target() {
	wanted=$1
	text=$2
	shift 2
	system_run "$root" make -C /opt/lkp-example "$@" >"$work/said" 2>&1
	got=$?
	cat "$work/said"
	echo "status $got, and $wanted is right; expected: $text"
	[ "$got" = "$wanted" ] && grep -qF -- "$text" "$work/said"
}

# dkms itself, and what it needs, but not the package.
tools() {
	system_run "$root" sh -c 'apt-get update && apt-get install --yes dkms'
}

in_dkms() {
	system_run "$root" dkms status -m lkp-example -k "$release" |
		grep -F ", x86_64: installed"
}

module_is_ours() {
	[ "$(system_run "$root" modinfo -k "$release" -F version lkp_example)" = \
		"$("$top/src/dist/version")" ]
}

nothing_left() {
	! system_run "$root" dkms status -m lkp-example | grep lkp-example || return
	left=$(find "$root/usr/src" "$root/lib/modules/" "$root/var/lib/dkms" \
		-name 'lkp*')
	printf '%s\n' "$left"
	[ -z "$left" ]
}

clean_sources() {
	target 0 '' clean &&
		[ -z "$(find "$clone/src" -name '*.ko' -o -name '*.o' -o -name '*.cmd')" ]
}

live() {
	as_user "$build/bin/lkp-example" verify --root "$root" \
		--kernel "$release" --script "$top/tests/boot/targets-script" \
		--timeout 60 lkp_example >"$work/live" 2>&1
}

system_unpack 6.12 "$root" >"$work/log" 2>&1 || die "$(cat "$work/log")"
release=$(system_release "$root")
echo "# kernel: $release"
check "the system has dkms" tools
check "a copy of the sources" copy_sources "$clone"

check "make help lists the targets" target 0 'make uninstall' help
check "make build: no headers of the running kernel" \
	target 2 "there are no headers of kernel $(uname -r)" build
check "make build: it names the kernels that have headers" \
	target 2 "there are: $release" build
check "make load: not built" target 2 "'make build' makes it" load
check "make build for a kernel" target 0 'lkp_example.ko' build KVER="$release"
if [ -e /proc/modules ]; then
	skip "make load: a kernel that loads no modules" "this kernel has modules"
else
	check "make load: a kernel that loads no modules" \
		target 2 'can load no modules' load
fi
check "make install: no headers" \
	target 2 'there are no headers of kernel 1.2.3' install KVER=1.2.3
check "make install" target 0 'installed: modprobe lkp_example' \
	install KVER="$release"
check "make install: dkms status says installed" in_dkms
check "make install: modinfo finds it" module_is_ours
check "make install: again" target 0 'installed: modprobe lkp_example' \
	install KVER="$release"
shown=$work/live
check "item 023: make load, make unload: on a running kernel" live
shown=
sed -n 's/^ *script: ok /# /p' "$work/live"
check "item 023: make load, make unload: 12 results" \
	[ "$(grep -c '^ *script: ok ' "$work/live")" = 12 ]
check "make uninstall" target 0 '' uninstall
check "make uninstall: nothing is left" nothing_left
check "make uninstall: again" target 0 'there is nothing to do' uninstall
check "make clean leaves the sources alone" clean_sources

check "the package is installed" system_install 6.12 "$root"
check "make install: beside the package" \
	target 2 'is installed as the package lkp-example-dkms' \
	install KVER="$release"
check "make uninstall: beside the package" \
	target 2 'is installed as the package lkp-example-dkms' uninstall
finish
