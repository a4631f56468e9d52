#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# short.t - the RPM package is installed, updated and removed, in short
#
# This machine's rpm works on a Debian system in a directory, with that one's dkms
# and kernel: so the scriptlets run for real, while no dnf decides on anything, and
# dkms puts modules where it does on Debian. life.t has the rest.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"
. "$top/tests/rpm/life.sh"
modules_dir=updates/dkms

root=$work/root
shown=$work/log

dkms_comes() {
	inside sh -c 'apt-get update && apt-get install --yes dkms'
}

rpm_there() {
	system_rpm "$root" "$@"
}

nothing_left() {
	! dkms_status | grep . &&
		! find "$root/usr" "$root/lib/modules/" "$root/var/lib" \
			-name 'lkp[-_]*' | grep .
}

# Call: update NAME: to that package, whatever is installed
update() {
	rpm_there -U --force "$work/packages-$1"/lkp-example-dkms-*.rpm
}

check "packages" run pack current without_programs true
check "packages: another release" run pack bump without_programs bump
check "packages: a fault" run pack post without_programs built_too_early
system_unpack 6.12 "$root" >"$work/log" 2>&1 || bail "no system"
release=$(system_release "$root")
check "dkms" run dkms_comes

check "installed" run update current
check "installed: dkms status" status_is "$version" "$release"
check "installed: the files" files_are "$version" "$release"
check "another release" run update bump
check "another release: dkms status" status_is "$version" "$release"
check "another release: the files" files_are "$version" "$release"
check "reinstalled, with a fault" run update post
check "a planted build in %post, before the old %preun, is found" \
	finds '^< lkp-example/.*: installed' status_is "$version" "$release"
check "updated: the modules are there again" run update bump
check "updated: dkms status" status_is "$version" "$release"
check "removed" run rpm_there -e lkp-example-dkms
check "removed: nothing is left" nothing_left
finish
