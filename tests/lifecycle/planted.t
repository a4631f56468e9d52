#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# planted.t - packages with a fault are found out by what tests a package's life
#
# The package as it is, and three like it with one line of a maintainer script
# changed: a postinst that does not put up with a chroot, a trigger whose hook ends
# with 1, and a prerm that does not unload. The first two must stop apt, as they would
# an administrator's; the last is tried on a running kernel, by removal-script.
# shellcheck disable=SC2317 # functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"

. "$top/tests/lifecycle/lifecycle.sh"
root=$work/root

packages_as_they_are() {
	cp "$build/deb/lkp-example-dkms_$version"_all.deb "$root/srv/dkms.deb" &&
		cp "$build/deb/lkp-example-utils_$version"_amd64.deb \
			"$root/srv/utils.deb"
}

# Call: fault PACKAGE SCRIPT SED-SCRIPT
fault() {
	lifecycle_fault "$1" "DEBIAN/$2" "$3" "$root/srv/fault.deb"
}

install_fault() {
	inside dpkg --install /srv/fault.deb
}

# Call: ends_dpkg STATUS; by that status of the script
ends_dpkg() {
	says 1 "post-installation script subprocess returned error exit status $1\$" \
		install_fault
}

# A kernel comes, and what waits for that runs.
triggered() {
	inside dpkg-trigger --no-await /lib/modules && inside dpkg --configure --pending
}

# In a machine that has all of the system.
removal() {
	as_user "$build/bin/lkp-example" verify --root "$root" --kernel "$release" \
		--script "$top/tests/lifecycle/removal-script" --timeout 300 \
		lkp_example >"$work/out" 2>&1
	status=$?
	cat "$work/out"
	return "$status"
}

# Call: removal_says WORD LINE
removal_says() {
	grep -qx " *script: $1 $2" "$work/out"
}

needed "a clean system" lifecycle_system 6.12
lifecycle_kernel "$newer"
needed "a kernel and its headers" \
	lifecycle_install linux-image-amd64 linux-headers-amd64
release=$(lifecycle_kernels)
needed "the packages as they are" packages_as_they_are
needed "... they are installed" lifecycle_install /srv/dkms.deb /srv/utils.deb
check "... a trigger runs" triggered
check "... removed on a running kernel" removal
check "... the module is unloaded" removal_says ok 'the module is gone'

needed "a prerm that does not unload" fault lkp-example-dkms prerm \
	's|/usr/libexec/lkp-example/smoke-test --unload|true|'
check "... is installed" install_fault
check "... is found out on a running kernel" noticed removal
check "... the module is still there" removal_says 'not ok' 'the module is gone'

needed "a postinst that fails in a chroot" fault lkp-example-dkms postinst \
	's|/usr/libexec/lkp-example/smoke-test .. true|/usr/libexec/lkp-example/smoke-test --strict|'
check "... is found out by dpkg" ends_dpkg 77
check "... and mended by a good package" inside dpkg --install /srv/dkms.deb

needed "a hook that ends with 1" fault lkp-example-utils postinst \
	's|/usr/libexec/lkp-example/queue-verify .. true|false|'
check "... is found out by dpkg" ends_dpkg 1
check "... and mended by a good package" inside dpkg --install /srv/utils.deb
check "... a trigger runs again" triggered
finish
