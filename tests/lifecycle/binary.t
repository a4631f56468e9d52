#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# binary.t - the modules ready built: signed packages for one kernel, instead of DKMS
#
# In a clean system with a compiler, "make binary-packages" makes them. They are
# installed in another one, by apt; the modules are proven, upgraded and removed; and
# they and the package of DKMS exclude each other. The RPM packages have the same
# modules, and are installed by rpm.
# shellcheck disable=SC2317	# functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"

maker=$work/maker
root=$work/root
version=$("$top/src/dist/version")

in_maker() {
	system_run "$maker" "$@" </dev/null
}

make_systems() {
	system_unpack 6.12 "$maker" && system_unpack 6.12 "$root" || return
	release=$(system_release "$root")
	name=lkp-example-modules-$release
	system_repository "$root"
	copy_sources "$maker/srv/tree" && git -C "$maker/srv/tree" init -q &&
		git -C "$maker/srv/tree" add --all || return
	for system in "$maker" "$root"; do
		system_apt_conf >"$system/etc/apt/apt.conf.d/90host"
		system_run "$system" apt-get update </dev/null || return
	done
	in_maker apt-get install --yes git rpm openssl make
}

make_keys() {
	for key in ours other; do
		openssl req -new -x509 -nodes -days 100 -newkey rsa:2048 \
			-subj "/CN=A fleet, $key/" -keyout "$maker/srv/$key.key" \
			-out "$maker/srv/$key.crt" || return
	done
}

# Call: built VARIABLE=VALUE...
built() {
	in_maker env -C /srv/tree make binary-packages "$@"
}

# Call: take DIRECTORY; the packages, to where the other system finds them
take() {
	rm -rf "$root/srv/binary"
	cp -r "$maker/srv/tree/build/binary" "$root/srv/binary"
}

install() {
	inside sh -c 'apt-get install --yes --no-install-recommends /srv/binary/*.deb'
}

proven() {
	as_user "$build/bin/lkp-example" verify --root "$root" lkp_example \
		lkp_example_client lkp_example_probe
}

# Call: module_is FIELD VALUE MODULE; of the file that modprobe takes
module_is() {
	inside modinfo -k "$release" -F "$1" "$3" >"$work/said"
	cat "$work/said"
	grep -qxF -- "$2" "$work/said"
}

signed() {
	for module in lkp_example lkp_example_client lkp_example_probe; do
		module_is signer "$1" "$module" || return
	done
}

nothing_left() {
	! find "$root/usr/lib/modules" "$root/usr/lib/udev/rules.d" \
		"$root/usr/libexec" -name 'lkp[-_]example*' | grep .
}

not_in_index() {
	! grep lkp_example "$root/lib/modules/$release/modules.dep"
}

newer() {
	sed -i "s/^PACKAGE_VERSION=.*/PACKAGE_VERSION=\"9.0\"/" "$maker/srv/tree/dkms.conf"
}

same_modules() {
	rm -rf "$work/deb" "$work/rpm"
	mkdir "$work/deb" "$work/rpm"
	dpkg-deb -x "$root/srv/binary/${name}_${version}_amd64.deb" "$work/deb" &&
		(cd "$work/rpm" && rpm2archive "$root/srv/binary/$name-$version-1.x86_64.rpm" &&
			tar -xzf "$root/srv/binary/$name-$version-1.x86_64.rpm.tgz") &&
		diff -r "$work/deb/usr/lib/modules/$release/updates" \
			"$work/rpm/lib/modules/$release/extra"
}

needed "two systems" make_systems
check "keys" make_keys

echo "# what is wrong is said"
check "no kernel" says 2 'name the kernel: make binary-packages KERNEL=' built
check "a kernel that is none" says 2 'name the kernel' built KERNEL=../x
check "a kernel without headers" says 2 'no headers of kernel 6.6.6' built KERNEL=6.6.6
check "no key" says 2 'name a key and its certificate' built "KERNEL=$release"
check "a key that is not there" says 2 'name a key and its certificate' \
	built "KERNEL=$release" KEY=/srv/none CERT=/srv/ours.crt
check "a key that is none, and its like for a certificate" says 2 'is no private key' \
	built "KERNEL=$release" KEY=/etc/hosts CERT=/etc/hosts
check "another one's certificate" says 2 'is not the certificate of the key' \
	built "KERNEL=$release" KEY=/srv/ours.key CERT=/srv/other.crt

echo "# Debian packages"
check "make binary-packages" says 0 "^built: .*$(literal "$name")_$version" \
	built "KERNEL=$release" KEY=/srv/ours.key CERT=/srv/ours.crt
take
check "apt-get install" says 0 "^Setting up $(literal "$name")" install
check "no DKMS there has built anything" says 0 '^none$' \
	inside sh -c 'dkms status | grep lkp || echo none'
check "they are signed by the key that was named" signed 'A fleet, ours'
check "they are proven, from outside" says 0 ': proven, ' proven
check "another signature would be found" finds 'A fleet, ours' signed 'A fleet, other'
check "DKMS' package excludes them" says 0 "^Remv $(literal "$name")" \
	inside apt-get install --simulate lkp-example-dkms
check "apt-get install lkp-example-dkms takes their place" says 0 \
	'^Setting up lkp-example-dkms' inside apt-get install --yes \
	--no-install-recommends lkp-example-dkms
check "... and they take its" says 0 "^Setting up $(literal "$name")" install
check "... and are proven" says 0 ': proven, ' proven

newer
check "make binary-packages" says 0 "^built: .*$(literal "$name")_9.0" \
	built "KERNEL=$release" KEY=/srv/other.key CERT=/srv/other.crt
cp -r "$root/srv/binary" "$work/first"
take
check "an upgrade" says 0 "^Setting up $(literal "$name") \\(9.0\\)" install
check "... has the new modules" module_is version 9.0 lkp_example
check "... signed by the new key" signed 'A fleet, other'
check "... which are proven" says 0 ': proven, ' proven
check "apt-get purge" says 0 "^Removing $(literal "$name")" inside apt-get purge \
	--yes "$name" lkp-example-common
check "... leaves nothing" nothing_left
check "... and modprobe finds nothing" not_in_index

echo "# RPM packages"
rm -rf "$root/srv/binary"
cp -r "$work/first" "$root/srv/binary"
check "they have the same modules" same_modules
check "rpm -U" system_rpm "$root" -U "$root/srv/binary/$name-$version-1.x86_64.rpm" \
	"$root/srv/binary/lkp-example-common-$version-1.noarch.rpm"
check "... signed" signed 'A fleet, ours'
check "... and proven" says 0 ': proven, ' proven
check "rpm -e" system_rpm "$root" -e "$name" lkp-example-common
check "... leaves nothing" nothing_left
check "... and modprobe finds nothing" not_in_index
finish
