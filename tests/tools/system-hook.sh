#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# system-hook.sh - packages between the cache and a system that system.sh makes
#
# Usage: system-hook.sh take|keep PACKAGES DIRECTORY
#        system-hook.sh begin|end PACKAGES DIRECTORY SUITE	(for mmdebstrap)
#
# take:	packages that were downloaded before are put where apt finds them; each
#	system has its own copies (links, if possible), for its apt to lock.
# keep: what apt has downloaded besides goes into PACKAGES, whole or not at all.
# begin: take, and the kernel is pinned to its suite.
# end:	keep, and PACKAGES then holds exactly what the system is made of.
set -eu
packages=$2
archives=$3/var/cache/apt/archives

# A package that another run has just dropped is downloaded: no reason to fail.
take() {
	mkdir -p "$archives"
	find "$packages" -name '*.deb' -exec cp -lft "$archives" {} + 2>/dev/null ||
		find "$packages" -name '*.deb' -exec cp -t "$archives" {} + || :
}

keep() {
	part=$packages/part.$$
	for deb in "$archives"/*.deb; do
		to=$packages/${deb##*/}
		if [ ! -e "$deb" ] || [ -e "$to" ]; then
			continue
		fi
		cp "$deb" "$part" && chown --reference="$packages" "$part" &&
			mv "$part" "$to" && continue
		rm -f "$part"
		echo "W: $packages: packages could not be kept there" >&2
		break
	done
}

case $1 in
take)
	take
	;;
keep)
	keep
	;;
begin)
	take
	mkdir -p "$3/etc/apt/preferences.d"
	printf 'Package: linux-*\nPin: release a=%s\nPin-Priority: 990\n' \
		"$4" >"$3/etc/apt/preferences.d/kernel"
	;;
end)
	for deb in "$packages"/*.deb; do
		[ -e "$archives/${deb##*/}" ] || rm -f "$deb"
	done
	keep
	;;
esac
