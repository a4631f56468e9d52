#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# binary-packages.sh - the modules, built and signed, as packages for one kernel
#
# Usage: KERNEL=VERSION KEY=FILE CERT=FILE binary-packages.sh	(make binary-packages)
#
# For machines that have no compiler: lkp-example-modules-VERSION has the modules for
# that kernel, signed by KEY, whose certificate CERT is; lkp-example-common has what
# belongs to them on any kernel. Both exclude lkp-example-dkms. They are made of the
# same sources as that, by the headers of that kernel, which are in KDIR (default:
# /lib/modules/VERSION/build). Of "deb" and "rpm", those are made for which there is
# the tool. They go to $build/binary.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"

kernel=${KERNEL:-}
case $kernel in
'' | [!0-9]* | *[!A-Za-z0-9.+~_-]*)
	die "name the kernel: make binary-packages KERNEL=VERSION KEY=FILE CERT=FILE" ;;
esac
kdir=${KDIR:-/lib/modules/$kernel/build}
[ -f "$kdir/Makefile" ] ||
	die "there are no headers of kernel $kernel in $kdir: install them, or say" \
		"where they are by KDIR="
if [ ! -r "${KEY:-}" ] || [ ! -r "${CERT:-}" ]; then
	die "the modules are signed: name a key and its certificate, KEY=FILE CERT=FILE"
fi
# sign-file makes a signature by any two of them.
public() {
	openssl "$@" -pubkey -noout 2>/dev/null || openssl "$@" -inform DER -pubkey -noout
}
public_key=$(openssl pkey -in "$KEY" -pubout) || die "$KEY is no private key: see above"
[ "$(public x509 -in "$CERT")" = "$public_key" ] ||
	die "$CERT is not the certificate of the key $KEY"
key=$(realpath "$KEY")
certificate=$(realpath "$CERT")
sign=$kdir/scripts/sign-file
[ -x "$sign" ] || die "$kdir has no scripts/sign-file, which signs modules"

version=$("$top/src/dist/version")
out=$build/binary
work=$out/work
rm -rf "$out"
git -C "$top" ls-files >/dev/null ||
	die "git does not list the sources, see above: a clone is needed, and git"
copy_sources "$work/tree"

# As DKMS does it: built, without what is for debuggers only, signed.
step "building the modules for $kernel"
if ! make -C "$kdir" M="$work/tree/src/module" modules >"$out/build.log" 2>&1; then
	tail -n 20 "$out/build.log" >&2
	die "they did not build, see above and $out/build.log"
fi
[ "$(modinfo -F vermagic "$work/tree/src/module/lkp_example.ko" | cut -d' ' -f1)" = \
	"$kernel" ] || die "the headers in $kdir are not of kernel $kernel"
modules=$work/modules
mkdir -p "$modules"
for file in "$work/tree/src/module"/*.ko; do
	strip -g -o "$modules/${file##*/}" "$file"
	"$sign" sha256 "$key" "$certificate" "$modules/${file##*/}"
done

# What DKMS' package has besides sources.
"$work/tree/src/dist/install-dkms" "$work/common"
rm -rf "$work/common/usr/src"

name=lkp-example-modules-$(printf '%s' "$kernel" | tr '[:upper:]_' '[:lower:]-')
what='kernel modules lkp_example, lkp_example_client, lkp_example_probe'
epoch=$(date -d "$(sed -n 's/^ -- .*>  //p' "$work/tree/debian/changelog" | head -n 1)" +%s)

# Call: deb PACKAGE ARCHITECTURE FIELDS, with its files in $work/PACKAGE
deb() {
	dir=$work/$1
	install -D -p -m 644 "$work/tree/debian/copyright" \
		"$dir/usr/share/doc/$1/copyright"
	gzip -9n <"$work/tree/debian/changelog" >"$dir/usr/share/doc/$1/changelog.gz"
	[ ! -d "$dir/usr/share/man" ] ||
		find "$dir/usr/share/man" -type f ! -name '*.gz' -exec gzip -9n {} +
	{
		printf 'Package: %s\nVersion: %s\nArchitecture: %s\n' "$1" "$version" "$2"
		sed -n 's/^Maintainer: /&/p' "$work/tree/debian/control"
		printf 'Section: kernel\nPriority: optional\n'
		printf '%s\n' "$3"
	} >"$dir/DEBIAN/control"
	(cd "$dir" && find usr -type f -exec md5sum {} +) >"$dir/DEBIAN/md5sums"
	chmod -R u=rwX,go=rX "$dir"
	SOURCE_DATE_EPOCH=$epoch dpkg-deb --root-owner-group -b "$dir" "$out" >"$out/deb.log"
}

# A script of the package: script PACKAGE NAME, with its commands on standard input
script() {
	mkdir -p "$work/$1/DEBIAN"
	{ printf '#!/bin/sh\nset -e\n'; cat; } >"$work/$1/DEBIAN/$2"
	chmod 755 "$work/$1/DEBIAN/$2"
}

# In these scripts and in those of the RPM packages, what comes of the smoke test, a
# module that is in use, or another one that depmod cannot read, is no reason for the
# package manager to stop.
debs() {
	mkdir -p "$work/lkp-example-common" "$work/$name/usr/lib/modules/$kernel/updates"
	cp -a "$work/common/." "$work/lkp-example-common"
	cp -a "$modules" "$work/$name/usr/lib/modules/$kernel/updates/lkp-example"
	script lkp-example-common postinst <<-'END'
	[ "$1" != configure ] || groupadd --system --force lkp-example
	END
	script "$name" postinst <<-END
	[ "\$1" != configure ] || depmod $kernel
	if [ "\$1" = configure ] && [ "\$(uname -r)" = $kernel ]; then
		/usr/libexec/lkp-example/smoke-test || true
	fi
	END
	script "$name" prerm <<-END
	if [ "\$1" = remove ] && [ "\$(uname -r)" = $kernel ]; then
		/usr/libexec/lkp-example/smoke-test --unload || true
	fi
	END
	script "$name" postrm <<-END
	[ "\$1" != remove ] || [ ! -e /lib/modules/$kernel/modules.order ] || depmod $kernel
	END
	deb lkp-example-common all "Depends: kmod, passwd
Conflicts: lkp-example-dkms
Replaces: lkp-example-dkms
Description: what belongs to the kernel module lkp_example on any kernel
 For packages that have the modules ready built."
	deb "$name" "$(dpkg --print-architecture)" "Depends: kmod, linux-image-$kernel, lkp-example-common (= $version)
Conflicts: lkp-example-dkms
Replaces: lkp-example-dkms
Provides: lkp-example-modules (= $version)
Description: $what
 Built and signed for Linux $kernel."
}

rpms() {
	mkdir -p "$work/rpm/SOURCES"
	tar -c -z -f "$work/rpm/SOURCES/files.tar.gz" -C "$work" common modules
	cat >"$work/rpm/modules.spec" <<-END
	%global debug_package %{nil}
	%global __os_install_post %{nil}
	Name: $name
	Version: $version
	Release: 1
	Summary: The $what, for Linux $kernel
	License: GPL-2.0-only
	Source0: files.tar.gz
	Requires: lkp-example-common = %{version}
	Requires: kernel-uname-r = $kernel
	Requires(post): kmod
	Requires(postun): kmod
	Conflicts: lkp-example-dkms
	Provides: lkp-example-kmod = %{version}
	Provides: lkp-example-modules = %{version}
	%description
	Built and signed for Linux $kernel.
	%package -n lkp-example-common
	Summary: What belongs to the kernel module lkp_example on any kernel
	BuildArch: noarch
	Requires(pre): /usr/sbin/groupadd
	Conflicts: lkp-example-dkms
	%description -n lkp-example-common
	For packages that have the modules ready built.
	%prep
	%setup -q -c
	%install
	mkdir -p %{buildroot}/lib/modules/$kernel/extra
	cp -a common/. %{buildroot}
	cp -a modules %{buildroot}/lib/modules/$kernel/extra/lkp-example
	%pre -n lkp-example-common
	groupadd --system --force lkp-example || :
	%post
	depmod $kernel || :
	%preun
	if [ "\$1" -eq 0 ] && [ "\$(uname -r)" = $kernel ]; then
	    /usr/libexec/lkp-example/smoke-test --unload || :
	fi
	%postun
	[ ! -e /lib/modules/$kernel/modules.order ] || depmod $kernel || :
	%files
	/lib/modules/$kernel/extra/lkp-example
	%files -n lkp-example-common
	/usr/lib
	/usr/libexec/lkp-example
	/usr/share/man/man*/*
	END
	rpmbuild -bb --nodeps --define "_topdir $work/rpm" --define "_rpmdir $out" \
		--define '_rpmfilename %%{name}-%%{version}-%%{release}.%%{arch}.rpm' \
		"$work/rpm/modules.spec" >"$out/rpm.log" 2>&1 || {
		tail -n 20 "$out/rpm.log" >&2
		die "the RPM packages did not build, see above"
	}
}

made=
if command -v dpkg-deb >/dev/null; then
	debs
	made=1
fi
if command -v rpmbuild >/dev/null; then
	rpms
	made=1
fi
[ -n "$made" ] || die "there is neither dpkg-deb nor rpmbuild here: install one of them"
rm -rf "$work"
say "built: $(cd "$out" && echo *.deb *.rpm | sed 's/ [*].rpm//')"
