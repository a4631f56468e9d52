#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# package.t - the Debian package and the RPM package, as they were built
#
# lintian has nothing to say about the package of "make deb", and it holds what
# it should, and nothing else. The RPM package is built here, from the tree, and
# holds the same files. Their versions are that of dkms.conf.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"
. "$top/tests/tools/tap.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
. "$top/tests/lint/lint.sh"

lintian_clean() {
	as_user lintian --display-info --display-experimental --pedantic \
		--tag-display-limit 0 \
		--fail-on error,warning,info,pedantic,experimental "$@"
}

# Each override stands below a comment, or below others that do.
overrides_explained() {
	awk '/^#/ { why = 1; next }
		/^[[:blank:]]*$/ { why = 0; next }
		!why { print FILENAME ":" FNR ": no reason: " $0; bad = 1 }
		END { exit bad }' "$@"
}

# expected TREE: what is to be in the package, as paths without a leading slash
expected() {
	printf 'usr/%s\n' lib/modprobe.d/lkp-example.conf \
		lib/sysusers.d/lkp-example.conf \
		lib/udev/rules.d/60-lkp-example.rules \
		libexec/lkp-example/smoke-test \
		share/doc/lkp-example-dkms/README.Debian \
		share/doc/lkp-example-dkms/changelog.gz \
		share/doc/lkp-example-dkms/copyright \
		share/lintian/overrides/lkp-example-dkms \
		share/man/man7/lkp-example-guide.7.gz \
		"src/lkp-example-$version/dkms.conf"
	(cd "$1" && find src/module -type f \( -name Kbuild -o -name Kconfig \
		-o -name '*.[ch]' ! -name '*.mod.c' \)) |
		sed "s|^|usr/src/lkp-example-$version/|"
}

# contents DEB
contents() {
	dpkg-deb --fsys-tarfile "$1" | tar -t | sed 's|^\./||; /\/$/d; /^$/d' |
		sort >"$work/contents"
	expected "$tree" | sort | diff - "$work/contents"
}

# same_sources DIR: an unpacked package has the files of the tree it is from.
same_sources() {
	diff -r "$tree/src/module" "$1/usr/src/lkp-example-$version/src/module" &&
		cmp "$tree/dkms.conf" "$1/usr/src/lkp-example-$version/dkms.conf" &&
		cmp "$tree/src/dist/smoke-test" \
			"$1/usr/libexec/lkp-example/smoke-test"
}

# versions_agree TREE
versions_agree() {
	dkms=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"$/\1/p' "$1/dkms.conf")
	deb_version=$(dpkg-parsechangelog -l "$1/debian/changelog" -S Version)
	rpm_version=$(rpmspec -q --srpm --qf '%{version}' \
		"$1/rpm/lkp-example.spec")
	echo "dkms.conf: $dkms, debian: $deb_version, rpm: $rpm_version"
	[ -n "$dkms" ] && [ "$dkms" = "$deb_version" ] &&
		[ "$dkms" = "$rpm_version" ]
}

# rpm_builds DIR: makes DIR/lkp-example-VERSION into a package, in DIR
rpm_builds() {
	mkdir "$1/SOURCES" &&
		tar -czf "$1/SOURCES/lkp-example-$version.tar.gz" -C "$1" \
			"lkp-example-$version" && to_user -R "$1" &&
		as_user rpmbuild -bb --define "_topdir $1" --define "_tmppath $1" \
			"$1/lkp-example-$version/rpm/lkp-example.spec" &&
		mv "$1"/RPMS/noarch/*.rpm "$1/package.rpm" &&
		(cd "$1" && rpm2archive package.rpm) && mkdir "$1/root" &&
		tar -xzf "$1/package.rpm.tgz" -C "$1/root"
}

# What both packages install, below the directories of either.
same_files() {
	for dir in usr/src usr/lib usr/libexec; do
		diff -r "$1/$dir" "$2/$dir" || return
	done
}

# rpm_script NAME: what is to run at installation, with its macros expanded
rpm_script() {
	rpm -qp --qf "%{$1}" "$work/rpm/package.rpm" >"$work/script"
	[ -s "$work/script" ] && shellcheck -s sh "$work/script"
}

version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"$/\1/p' "$top/dkms.conf")
deb=$build/deb/lkp-example-dkms_${version}_all.deb
changes=$(find "$build/deb" -name '*.changes' 2>/dev/null)
tree=$build/deb/lkp-example-$version
if [ ! -f "$deb" ] || [ ! -f "$changes" ]; then
	bail "there is no package of version $version: run 'make deb' first"
fi
chmod 755 "$work"

check "lintian: the package and its .changes" lintian_clean "$changes" "$deb"
check "lintian: the package as the repository has it" \
	lintian_clean "$build/repo/${deb##*/}"
files "$top" | grep '^debian/.*lintian-overrides$' |
	sed "s|^|$top/|" >"$work/overrides"
while read -r file <&3; do
	check "${file##*/}: each override has its reason" \
		overrides_explained "$file"
done 3<"$work/overrides"
check "deb: it holds what is expected, and nothing else" contents "$deb"
dpkg-deb -R "$deb" "$work/deb"
check "deb: its files are those of the tree it was built from" \
	same_sources "$work/deb"
check "versions: dkms.conf, debian/changelog and the spec agree" \
	versions_agree "$top"

mkdir "$work/rpm"
copy_tree "$work/rpm/lkp-example-$version"
check "rpm: rpmbuild makes the package" rpm_builds "$work/rpm"
check "rpm: it installs the same files as the Debian package" \
	same_files "$work/deb" "$work/rpm/root"
check "rpm: shellcheck of %pre" rpm_script PREIN
check "rpm: shellcheck of %preun" rpm_script PREUN
check "rpm: shellcheck of %posttrans" rpm_script POSTTRANS

# fault NAME COMMAND...: a package with a fault, $work/planted.deb
fault() {
	rm -rf "$work/planted"
	cp -a "$work/deb" "$work/planted"
	env -C "$work/planted" "$@" ||
		bail "no fault could be planted in the package"
	dpkg-deb --root-owner-group -b "$work/planted" "$work/planted.deb" \
		>"$work/log" 2>&1 || bail "the package could not be packed again"
}

fault chmod 666 usr/lib/modprobe.d/lkp-example.conf
check "lintian: a planted file that all may write is found" \
	finds non-standard-file-perm lintian_clean "$work/planted.deb"
fault rm usr/share/doc/lkp-example-dkms/copyright
check "lintian: a planted lack of a copyright is found" \
	finds no-copyright-file lintian_clean "$work/planted.deb"
fault sed -i 's/repeated-path-segment/no-manual-page/' \
	usr/share/lintian/overrides/lkp-example-dkms
check "lintian: a planted override that is of no use is found" \
	finds 'unused-override|mismatched-override' lintian_clean "$work/planted.deb"
mkdir "$work/changes"
cp "$build/deb"/*.deb "$build/deb"/*.buildinfo "$work/changes"
sed '/^Checksums-Sha256/,$s/ [0-9a-f]\{8\}/ 00000000/' "$changes" \
	>"$work/changes/${changes##*/}"
check "lintian: a planted wrong checksum in the .changes is found" \
	finds checksum-mismatch lintian_clean "$work/changes/${changes##*/}"
printf '\na-package: a-tag\n' | cat "$top"/debian/*lintian-overrides - \
	>"$work/planted.overrides"
check "overrides: a planted one without a reason is found" \
	finds 'no reason: a-package' overrides_explained "$work/planted.overrides"
fault touch "usr/src/lkp-example-$version/src/module/lkp_example.mod.c"
check "deb: a planted product of a build is found" \
	finds 'lkp_example.mod.c' contents "$work/planted.deb"
fault rm "usr/src/lkp-example-$version/src/module/Kbuild"
check "deb: a planted lack of a source is found" \
	finds 'Kbuild' contents "$work/planted.deb"
echo >>"$work/planted/usr/src/lkp-example-$version/dkms.conf"
cp "$tree/src/module/Kbuild" \
	"$work/planted/usr/src/lkp-example-$version/src/module"
check "deb: a planted change of a file is found" \
	finds 'dkms.conf' same_sources "$work/planted"
check "rpm: a planted difference between the packages is found" \
	finds 'dkms.conf' same_files "$work/planted" "$work/rpm/root"

for file in dkms.conf debian/changelog rpm/lkp-example.spec; do
	rm -rf "$work/planted"
	copy_tree "$work/planted"
	sed -i "/^PACKAGE_V\|^lkp-example (\|^Version:/s/$version/99.$version/" \
		"$work/planted/$file"
	check "versions: a planted other one in $file is found" \
		finds ' 99\.' versions_agree "$work/planted"
done
mkdir "$work/rpm-planted"
copy_tree "$work/rpm-planted/lkp-example-$version"
sed -i "/^PACKAGE_V/s/$version/99.$version/" \
	"$work/rpm-planted/lkp-example-$version/dkms.conf"
check "rpm: with a planted other version, rpmbuild refuses to build" \
	finds 'dkms.conf has 99\.' rpm_builds "$work/rpm-planted"
finish
