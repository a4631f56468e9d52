#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# upgrade.t - an administrator's way with the package, from first to last
#
# Usage: upgrade.t [NAME[/short]]	a name of tests/kernels, 6.12 unless given
#
# In a clean system of that suite, with the suite's apt and DKMS: the package is
# installed beside the older of the kernels that are offered; the kernel is upgraded,
# then the package; it is installed again, downgraded, and upgraded once more; the
# old kernel is removed, then the package. After each step DKMS, the files and apt
# must agree on what is there, and each kernel is booted with what it has got.
# No system is booted as a whole.
# shellcheck disable=SC2317 # functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"
name=${1:-6.12}
name=${name%/short}

. "$top/tests/lifecycle/lifecycle.sh"
root=$work/root

# Call: after WHAT VERSION RELEASE...
after() {
	what=$1
	shift
	check "$what: DKMS, files and modprobe agree" holds "$@"
	shift
	check "$what: proven on each kernel" proven "$@"
}

# What the modules of a kernel are, byte by byte.
sums() {
	find "$root/lib/modules/$1" -name 'lkp_example*.ko*' -exec cksum {} + | sort
}

unchanged() {
	sums "$1" | diff "$work/sums" -
}

# As administrators do it, with whatever else is newer.
lifecycle_upgrade() {
	fetches env INITRD=No apt-get upgrade --yes --with-new-pkgs
}

remove_kernel() {
	inside env INITRD=No apt-get purge --yes "linux-image-$first" \
		"linux-headers-$first" &&
		! [ -e "$root/lib/modules/$first/updates" ]
}

upgrade_package() {
	lifecycle_repository && lifecycle_upgrade
}

# What is left of it after a removal are empty folders at most.
nothing_is_built() {
	! find "$root/var/lib/dkms" -path '*/lkp-example/*' ! -type d | grep . &&
		! find "$root/lib/modules" -name 'lkp_example*' | grep .
}

# The repository's key and list, and what apt keeps, are not of the package; nor are
# the results that verify has kept there, from outside.
nothing_left() {
	rm -rf "$root/var/lib/lkp-example/results"
	rmdir "$root/var/lib/lkp-example"
	inside dkms status >"$work/status" && ! grep lkp-example "$work/status" &&
		! inside dpkg-query -W lkp-example-dkms &&
		! find "$root" -xdev \( -path "$root/srv" -o -path "$root/etc/apt" \
			-o -path "$root/var/cache/apt" -o -path "$root/var/log" \
			-o -path "$root/var/lib/apt" \) -prune \
			-o -name '*lkp[-_]example*' -print | grep .
}

# The same version, the older one, and the newer one again.
and_back() {
	check "the package is installed again" \
		lifecycle_install --reinstall lkp-example-dkms
	after "installed again" "$version" "$first" "$second"

	check "the package is downgraded" \
		lifecycle_install --allow-downgrades /srv/older.deb
	after "downgraded" "$version_older" "$first" "$second"
	check "the package is upgraded once more" lifecycle_upgrade
	after "upgraded once more" "$version" "$first" "$second"
}

needed "a clean system" lifecycle_system "$name"
if [ "$older" = "$newer" ]; then
	skip "the upgrade" "the archive offers one kernel only today"
	finish
fi
needed "a package of an older version" \
	lifecycle_package "$version_older" "$root/srv/older.deb"
lifecycle_kernel "$older"
needed "the older kernel is installed" \
	lifecycle_install linux-image-amd64 linux-headers-amd64
first=$(lifecycle_kernels)

check "the package is installed, of an older version" \
	lifecycle_install /srv/older.deb
after "installed" "$version_older" "$first"
sums "$first" >"$work/sums"

lifecycle_kernel "$newer"
needed "the kernel is upgraded" lifecycle_upgrade
second=$(lifecycle_kernels | grep -vx "$first")
echo "# from $first to $second"
needed "... there is a newer one beside the old one" [ -n "$second" ]
after "the kernel is upgraded" "$version_older" "$first" "$second"
check "... the modules of the old one are as they were" unchanged "$first"

check "the package is upgraded" upgrade_package
after "the package is upgraded" "$version" "$first" "$second"
check "... the modules of the old one are others now" noticed unchanged "$first"

long and_back

check "the old kernel is removed" remove_kernel
after "the old kernel is removed" "$version" "$second"
file=$(find "$root/lib/modules/$second" -name 'lkp_example_client.ko*')
mv "$file" "$work/kept"
check "a module that is missing would be noticed" noticed holds "$version" "$second"
mv "$work/kept" "$file"

check "the package is removed" inside apt-get remove --yes lkp-example-dkms
check "... nothing of it is built any more" nothing_is_built
check "the package is purged" inside apt-get purge --yes lkp-example-dkms \
	lkp-example-utils
check "purged: nothing is left" nothing_left
mkdir -p "$root/var/lib/dkms/lkp-example"
check "what is left would be noticed" noticed nothing_left
finish
