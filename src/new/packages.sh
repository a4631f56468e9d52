#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# packages.sh - build the packages, from a copy of the sources
#
# Usage: packages.sh deb|rpm
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
package=@PACKAGE@
version=$("$top/src/dist/version")
kind=$1
dir=$top/build/$kind
tree=$dir/$package-$version

need() {
	command -v "$1" >/dev/null && return
	echo "packages.sh: there is no $1: install $2" >&2
	exit 2
}

deb() {
	need dh_dkms dh-dkms
	need dpkg-buildpackage dpkg-dev
	cd "$tree"
	dpkg-buildpackage -b -us -uc
}

# Nothing is compiled here: DKMS does that where the package is installed.
rpm() {
	need rpmbuild rpm-build
	mkdir -p "$dir/rpmbuild/SOURCES"
	tar -czf "$dir/rpmbuild/SOURCES/$package-$version.tar.gz" -C "$dir" \
		"$package-$version"
	rpmbuild -bb --define "_topdir $dir/rpmbuild" --define "_rpmdir $dir" \
		--define '_rpmfilename %%{name}-%%{version}-%%{release}.%%{arch}.rpm' \
		"$tree/rpm/$package.spec"
	rm -rf "$dir/rpmbuild"
}

rm -rf "$dir"
mkdir -p "$tree"
tar -c -C "$top" --exclude=./build --exclude=./.git . | tar -x -C "$tree"
"$kind"
rm -rf "$tree"
ls "$dir"
