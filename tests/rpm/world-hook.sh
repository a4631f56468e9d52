#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# world-hook.sh - make a Debian system into one whose packages rpm manages
#
# Usage: world-hook.sh fetch|make DIRECTORY		(for mmdebstrap, see world.sh)
#
# fetch: apt downloads Debian's dkms, and its two newest kernels of one series
#	with their headers; which those are, the archive's indices say.
# make:	these become RPM packages and a repository in /srv/world; the RPM package
#	base-image takes over from dpkg, which is removed.
#
# What was taken is written to /srv/world/kernels, a line "RELEASE VERSION" for
# each kernel, the newest last.
set -eu
root=$2
here=$(cd "$(dirname "$0")" && pwd)
world=$root/srv/world
archives=$root/var/cache/apt/archives

inside() {
	chroot "$root" env -i LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive HOME=/root \
		PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

# --- fetch -------------------------------------------------------------------

# The releases that have headers, the newest first.
releases() {
	inside apt-cache pkgnames linux-headers- |
		sed -n 's/^linux-headers-\([0-9].*-cloud-amd64\)$/\1/p' | sort -rV
}

# The one that Debian's package for "the current kernel" depends on.
current() {
	inside apt-cache depends --important linux-headers-cloud-amd64 |
		sed -n 's/.* linux-headers-\([0-9].*-cloud-amd64\)$/\1/p' | head -n 1
}

# Those of the same series that come after it, or rather, came before it.
older() {
	releases | awk -v newest="$1" -v series="$(echo "$1" | cut -d. -f1,2)." '
		seen && index($0, series) != 1 { exit }
		seen { print }
		$0 == newest { seen = 1 }'
}

# Older ones may be in the index and not in the archive any more: the next, then.
fetch() {
	mkdir -p "$world"
	newest=$(current)
	: >"$world/releases"
	for release in $newest $(older "$newest"); do
		[ "$(wc -l <"$world/releases")" -lt 2 ] || break
		inside apt-get install --yes --download-only \
			--no-install-recommends "linux-image-$release" \
			"linux-headers-$release" || continue
		printf '%s\n' "$release" >>"$world/releases"
	done
	grep -q . "$world/releases"
	inside apt-get install --yes --download-only --no-install-recommends dkms
	# The cache of apt is emptied when it is kept: see system-hook.sh.
	mkdir -p "$world/debs"
	cp -l "$archives"/dkms_*.deb "$archives"/linux-*.deb "$world/debs"
}

# --- make --------------------------------------------------------------------

# Call: build SPEC [OPTION...]
build() {
	cp "$here/world/$1" "$world/"
	spec=/srv/world/$1
	shift
	inside rpmbuild -bb --define '_topdir /srv/world/rpmbuild' \
		--define '_rpmdir /srv/world/packages' \
		--define '_binary_payload w1.zstdio' --define 'debug_package %{nil}' \
		"$@" "$spec"
}

# Call: unpack NAME DEB...; the files of Debian packages, as /srv/world/NAME.
unpack() {
	rm -rf "${world:?}/$1"
	mkdir "$world/$1"
	name=$1
	shift
	for deb; do
		dpkg-deb -x "$deb" "$world/$name"
	done
}

# The Debian packages of a kernel; of its tools there may be one for the series.
debs_of() {
	abi=${1%-cloud-amd64}
	tools=$(find "$world/debs" -name "linux-kbuild-${abi}_*.deb")
	[ -n "$tools" ] ||
		find "$world/debs" -name "linux-kbuild-$(echo "$1" | cut -d. -f1,2)_*.deb"
	find "$world/debs" -name "*-${abi}[-_]*.deb"
}

# A version of Debian's, as one of RPM: without the last hyphen and what follows.
make_kernel() {
	# shellcheck disable=SC2046	# names of files without blanks
	unpack kernel $(debs_of "$1")
	deb=$(find "$world/debs" -name "linux-image-$1_*.deb")
	version=$(dpkg-deb -f "$deb" Version)
	build kernel.spec --define "release_name $1" \
		--define "deb_version ${version%-*}" \
		--define "deb_revision ${version##*-}"
	printf '%s %s\n' "$1" "$version" >>"$world/kernels"
	rm -rf "$world/kernel"
}

make_dkms() {
	deb=$(find "$world/debs" -name 'dkms_*.deb')
	version=$(dpkg-deb -f "$deb" Version)
	unpack dkms "$deb"
	cp "$here/world/40-dkms.install" "$world/dkms/"
	build dkms.spec --define "deb_version ${version%-*}"
	rm -rf "$world/dkms"
}

# What rpm calls the libraries. Some files with such a name are none, but texts for
# the linker: the first bytes of the others say that they are ELF.
list_libraries() {
	inside find -L /usr/lib/x86_64-linux-gnu -name '*.so*' -type f \
		>"$world/files"
	# shellcheck disable=SC2016	# perl's own
	inside perl -lne 'open my $file, "<", $_ or die "$_: $!\n";
		defined read $file, my $magic, 4 or die "$_: $!\n";
		print if $magic eq "\x7fELF"' /srv/world/files >"$world/libraries"
	inside /usr/lib/rpm/elfdeps --provides <"$world/libraries"
}

# Names of packages, of libraries as rpm calls them, and of programs.
make_base() {
	# shellcheck disable=SC2016	# dpkg's own
	inside dpkg-query -W -f '${Package}\n${Provides}\n' >"$world/dpkg"
	list_libraries >"$world/provides"
	inside find /bin/ /sbin/ /usr/bin /usr/sbin -maxdepth 1 ! -type d \
		>"$world/programs"
	# What Fedora calls them, besides.
	printf '%s\n' elfutils-libelf-devel openssl-devel which xz procps-ng \
		'rtld(GNU_HASH)' >"$world/fedora"
	tr ',' '\n' <"$world/dpkg" | sed 's/ //g; s/(.*//; /^$/d' |
		sort -u - "$world/provides" "$world/programs" "$world/fedora" |
		sed 's/^/Provides: /' >"$world/base-image.provides"
	build base-image.spec
	inside sh -c 'rpm -i --nodeps /srv/world/packages/noarch/base-image-*.rpm'
}

# The system says what it is like; dkms and dnf ask.
make_system() {
	sed -i '/^ID_LIKE=/d' "$root/etc/os-release"
	echo 'ID_LIKE="fedora"' >>"$root/etc/os-release"
	install -D -m 755 "$here/world/20-grub.install" \
		"$root/usr/lib/kernel/install.d/20-grub.install"
	mkdir -p "$root/etc/yum.repos.d" "$root/etc/dnf"
	cp "$here/world/dnf.conf" "$root/etc/dnf/dnf.conf"
	cp "$here/world/world.repo" "$root/etc/yum.repos.d/"
	# It would offer again what was installed before.
	! [ -d "$root/etc/dnf/libdnf5-plugins" ] || printf '[main]\nenabled = 0\n' \
		>"$root/etc/dnf/libdnf5-plugins/local.conf"
	cp "$here/world/scriptlet_trace.c" "$world/"
	plugins=$(inside rpm -E '%{__plugindir}')
	mkdir -p "$root$plugins"
	inside gcc -shared -fPIC -O1 -Wall -Wextra -Werror \
		-o "$plugins/scriptlet_trace.so" /srv/world/scriptlet_trace.c
	# shellcheck disable=SC2016	# a macro of rpm
	echo '%__transaction_scriptlet_trace %{__plugindir}/scriptlet_trace.so' \
		>"$root/usr/lib/rpm/macros.d/macros.transaction_scriptlet_trace"
}

# To the archive, a package is what apt and dpkg know of. Here, rpm is.
drop_dpkg() {
	for program in dpkg dpkg-query dpkg-deb apt apt-get apt-cache; do
		rm -f "$root/usr/bin/$program"
	done
	rm -rf "$root/var/lib/dpkg" "$root/var/lib/apt" "$archives"
}

make_all() {
	mkdir -p "$world/packages"
	: >"$world/kernels"
	make_dkms
	sort -V "$world/releases" | while read -r release; do
		make_kernel "$release"
	done
	make_base
	make_system
	inside createrepo_c -q /srv/world/packages
	rm -rf "$world/debs" "$world/rpmbuild"
	drop_dpkg
}

case $1 in
fetch) fetch ;;
make) make_all ;;
esac
