#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# package.t - the Debian packages and the RPM packages, as they were built
#
# lintian has nothing to say about the packages of "make deb", and they hold what
# they should, and nothing else. The RPM packages are built here, from the tree,
# and hold the same files. Their versions are that of dkms.conf.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/plain-test.sh"

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

# expected PACKAGE: what is to be in it, as paths without a leading slash
expected() {
	printf "usr/share/%s/$1\n" lintian/overrides
	printf "usr/share/doc/$1/%s\n" changelog.gz copyright
	case $1 in
	*-dkms)
		printf 'usr/%s\n' lib/modprobe.d/lkp-example.conf \
			lib/sysusers.d/lkp-example.conf \
			lib/udev/rules.d/60-lkp-example.rules \
			lib/systemd/system/lkp-example-smoke-test.service \
			lib/systemd/system/multi-user.target.wants/lkp-example-smoke-test.service \
			libexec/lkp-example/smoke-test \
			"share/doc/$1/README.Debian.gz" \
			share/man/man4/lkp_example.4.gz \
			share/man/man7/lkp-example-guide.7.gz \
			"src/lkp-example-$version/dkms.conf"
		(cd "$tree" && find src/module -type f \( -name Kbuild \
			-o -name Kconfig -o -name '*.[ch]' ! -name '*.mod.c' \)) |
			sed "s|^|usr/src/lkp-example-$version/|"
		;;
	*-utils)
		printf 'usr/%s\n' bin/lkp-example bin/lkp-example-user \
			lib/kernel/install.d/99-lkp-example.install \
			lib/systemd/system/lkp-example-verify.service \
			lib/systemd/system/lkp-example-verify.timer \
			lib/systemd/system/lkp-example-verify@.service \
			lib/systemd/system-preset/90-lkp-example.preset \
			libexec/lkp-example/lkp-guest \
			libexec/lkp-example/queue-verify \
			share/bash-completion/completions/lkp-example \
			share/man/man1/lkp-example-user.1.gz \
			share/man/man8/lkp-example.8.gz
		;;
	esac
}

# contents PACKAGE DEB
contents() {
	dpkg-deb --fsys-tarfile "$2" | tar -t | sed 's|^\./||; /\/$/d; /^$/d' |
		sort >"$work/contents"
	expected "$1" | sort | diff - "$work/contents"
}

# same_sources DIR: an unpacked package has the files of the tree it is from.
same_sources() {
	diff -r "$tree/src/module" "$1/usr/src/lkp-example-$version/src/module" &&
		cmp "$tree/dkms.conf" "$1/usr/src/lkp-example-$version/dkms.conf" &&
		cmp "$tree/src/dist/smoke-test" \
			"$1/usr/libexec/lkp-example/smoke-test"
}

# same_completion DIR
same_completion() {
	cmp "$tree/src/dist/bash-completion/lkp-example" \
		"$1/usr/share/bash-completion/completions/lkp-example"
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

# rpm_builds DIR: makes DIR/lkp-example-VERSION into packages, unpacked in
# DIR/root.
rpm_builds() {
	to_user -R "$1" &&
		as_user "$top/tests/tools/rpm.sh" "$1/lkp-example-$version" "$1" &&
		mkdir "$1/root" &&
		for rpm in "$1"/*.rpm; do
			(cd "$1" && rpm2archive "$rpm") &&
				tar -xzf "$rpm.tgz" -C "$1/root" || return
		done
}

# The files below a directory, but for those that only one kind of package has:
# Debian has dh_dkms for what build-modules does.
names() {
	(cd "$1" && find usr -type f ! -path 'usr/share/doc/*' \
		! -path 'usr/share/licenses/*' ! -path 'usr/share/lintian/*' \
		! -path 'usr/lib/.build-id/*' \
		! -path usr/libexec/lkp-example/build-modules -printf '%m %p\n') |
		sed 's/\.gz$//' | sort
}

# What both kinds of packages install; programs are compiled by other options.
same_files() {
	names "$1" >"$work/names" && names "$2" | diff "$work/names" - || return
	for dir in usr/src usr/lib usr/libexec usr/share/bash-completion; do
		diff -r -x .build-id -x lkp-guest -x build-modules "$1/$dir" "$2/$dir" || return
	done
}

version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"$/\1/p' "$top/dkms.conf")
dkms=$build/deb/lkp-example-dkms_${version}_all.deb
utils=$(find "$build/deb" -name "lkp-example-utils_${version}_*.deb" 2>/dev/null)
changes=$(find "$build/deb" -name '*.changes' 2>/dev/null)
tree=$build/deb/lkp-example-$version
if [ ! -f "$dkms" ] || [ ! -f "$utils" ] || [ ! -f "$changes" ]; then
	bail "there are no packages of version $version: run 'make deb' first"
fi
chmod 755 "$work"

check "lintian: the packages and their .changes" \
	lintian_clean "$changes" "$dkms" "$utils"
check "lintian: the packages as the repository has them" \
	lintian_clean "$build/repo/${dkms##*/}" "$build/repo/${utils##*/}"
files "$top" | grep '^debian/.*lintian-overrides$' |
	sed "s|^|$top/|" >"$work/overrides"
while read -r file <&3; do
	check "${file##*/}: each override has its reason" \
		overrides_explained "$file"
done 3<"$work/overrides"
check "deb: -dkms holds what is expected, and nothing else" \
	contents lkp-example-dkms "$dkms"
check "deb: -utils holds what is expected, and nothing else" \
	contents lkp-example-utils "$utils"
dpkg-deb -R "$dkms" "$work/dkms"
dpkg-deb -R "$utils" "$work/utils"
dpkg-deb -x "$dkms" "$work/both"
dpkg-deb -x "$utils" "$work/both"
check "deb: the files of -dkms are those of the tree it was built from" \
	same_sources "$work/dkms"
check "deb: the completion in -utils is that of the tree" \
	same_completion "$work/utils"
check "versions: dkms.conf, debian/changelog and the spec agree" \
	versions_agree "$top"

mkdir "$work/rpm"
copy_tree "$work/rpm/lkp-example-$version"
check "rpm: rpmbuild makes the packages" rpm_builds "$work/rpm"
check "rpm: they install the same files as the Debian packages" \
	same_files "$work/both" "$work/rpm/root"

# fault dkms|utils COMMAND...: a package with a fault, $work/planted.deb
fault() {
	rm -rf "$work/planted"
	cp -a "$work/$1" "$work/planted"
	shift
	env -C "$work/planted" "$@" ||
		bail "no fault could be planted in the package"
	dpkg-deb --root-owner-group -b "$work/planted" "$work/planted.deb" \
		>"$work/log" 2>&1 || bail "the package could not be packed again"
}

fault dkms chmod 666 usr/lib/modprobe.d/lkp-example.conf
check "lintian: a planted file that all may write is found" \
	finds non-standard-file-perm lintian_clean "$work/planted.deb"
fault dkms rm usr/share/doc/lkp-example-dkms/copyright
check "lintian: a planted lack of a copyright is found" \
	finds no-copyright-file lintian_clean "$work/planted.deb"
fault dkms sed -i 's/repeated-path-segment/no-manual-page/' \
	usr/share/lintian/overrides/lkp-example-dkms
check "lintian: a planted override that is of no use is found" \
	finds 'unused-override|mismatched-override' lintian_clean "$work/planted.deb"
fault utils cp usr/libexec/lkp-example/lkp-guest usr/bin/lkp-example-user
check "lintian: a planted static program, where none is expected, is found" \
	finds 'statically-linked-binary.*lkp-example-user' \
	lintian_clean "$work/planted.deb"
fault utils rm usr/share/man/man8/lkp-example.8.gz
check "lintian: a planted lack of a manual page is found" \
	finds no-manual-page lintian_clean "$work/planted.deb"
check "deb: ... and by its name" finds 'man8/lkp-example.8.gz' \
	contents lkp-example-utils "$work/planted.deb"
fault utils sed -i '2a systemctl start lkp-example-verify.timer' DEBIAN/postinst
check "lintian: a planted unit that is started whatever policy-rc.d says is found" \
	finds 'maintainer-script-calls-systemctl' lintian_clean "$work/planted.deb"
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
fault dkms touch "usr/src/lkp-example-$version/src/module/lkp_example.mod.c"
check "deb: a planted product of a build is found" \
	finds 'lkp_example.mod.c' contents lkp-example-dkms "$work/planted.deb"
fault dkms rm "usr/src/lkp-example-$version/src/module/Kbuild"
check "deb: a planted lack of a source is found" \
	finds 'Kbuild' contents lkp-example-dkms "$work/planted.deb"
echo >>"$work/planted/usr/src/lkp-example-$version/dkms.conf"
cp "$tree/src/module/Kbuild" \
	"$work/planted/usr/src/lkp-example-$version/src/module"
check "deb: a planted change of a file is found" \
	finds 'dkms.conf' same_sources "$work/planted"
sed -i '/^complete /d' \
	"$work/both/usr/share/bash-completion/completions/lkp-example"
check "deb: a planted change of the completion is found" \
	finds 'completions/lkp-example' same_completion "$work/both"
check "rpm: a planted difference between the packages is found" \
	finds '^< complete -F' same_files "$work/rpm/root" "$work/both"
chmod 644 "$work/both/usr/libexec/lkp-example/lkp-guest"
check "rpm: a planted other mode of a program is found" \
	finds '644 .*lkp-guest' same_files "$work/rpm/root" "$work/both"

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
