#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# suites.t - the packages as a Debian suite itself builds, installs and uses them
#
# Usage: suites.t [NAME]		a name of tests/kernels, 6.12 unless given
#
# In one clean system the packages are built from the sources, by the suite's own
# tools, with the build dependencies that they declare. In another one they are
# installed; the commands run there with the suite's libraries, and verify boots
# the suite's kernel with the suite's QEMU. Then all of it is removed.
# shellcheck disable=SC2317	# functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"
name=${1:-6.12}
version=$("$top/src/dist/version")

packages=$cache/packages/$name
root=$work/builder

build_dependencies() {
	mkdir "$root/srv/source" && copy_sources "$root/srv/source/tree" &&
		inside apt-get update &&
		fetches sh -c 'cd /srv/source/tree && apt-get build-dep --yes ./'
}

build_packages() {
	inside sh -c 'cd /srv/source/tree &&
		DEB_BUILD_OPTIONS=noautodbgsym dpkg-buildpackage -b -us -uc'
}

no_warnings() {
	! grep -E '^[^ ]+:[0-9]+: warning: ' "$work/out"
}

install_packages() {
	cp "$work"/builder/srv/source/*.deb "$root/srv/" &&
		inside apt-get update &&
		fetches sh -c 'apt-get install --yes /srv/lkp-example-*.deb' &&
		rm "$root"/srv/*.deb
}

install_qemu() {
	fetches apt-get install --yes qemu-system-x86
}

# The program uses the libraries of this very system, and all of them are there.
own_libraries() {
	inside ldd /usr/bin/lkp-example >"$work/out"
	cat "$work/out"
	! grep 'not found' "$work/out" &&
		for library in kmod archive elf jansson gcrypt gnutls; do
			grep -q "^[[:space:]]*lib$library\.so" "$work/out" ||
				return
		done
}

purge() {
	inside apt-get purge --yes --auto-remove lkp-example-dkms \
		lkp-example-utils qemu-system-x86
}

# But for packages that apt keeps: what they have is listed, in part by names from
# before /lib was a link to /usr/lib; and for the alternatives that they offer. The
# group of the device stays, by Debian's policy: passwd, group and theirs differ.
nothing_left() {
	files_of_system | diff "$work/before" - | grep '^[<>]' >"$work/out"
	{
		cat "$root"/var/lib/dpkg/info/*.list |
			sed -E 's|^/||; s|^(lib[0-9a-z]*\|bin\|sbin)/|usr/&|'
		find "$root" -xdev \( -lname '/etc/alternatives/*' -o \
			-path "$root/etc/alternatives/*" \) -printf '%P\n'
		printf 'etc/%s\netc/%s-\n' passwd passwd group group \
			shadow shadow gshadow gshadow
	} >"$work/listed"
	awk 'NR == FNR { listed[$0]; next }
		{ path = $0; sub(/^[<>] [^ ]+ [0-9]+ /, "", path) }
		!(path in listed)' "$work/listed" "$work/out" >"$work/left"
	cat "$work/left"
	[ ! -s "$work/left" ]
}

system_unpack "$name" "$root" >"$work/log" 2>&1 || bail "no system"
system_apt_conf >"$root/etc/apt/apt.conf.d/90host"
# What the build needs is not what the system is made of: a root for each.
cp -a --reflink=auto "$root" "$work/root" || bail "no second system"
needed "apt-get build-dep" says 0 . build_dependencies
needed "dpkg-buildpackage" says 0 'dpkg-buildpackage: info: binary' \
	build_packages
check "... without a warning of the compiler" no_warnings

root=$work/root
release=$(system_release "$root")
line=$(literal "$release")
echo "# kernel: $release, $(inside cat /etc/debian_version)"
inside modprobe --version | sed 's/^/# /'
files_of_system >"$work/before"
needed "apt-get install both packages" says 0 . install_packages
check "the libraries are those of this suite" own_libraries
check "lkp-example --version" \
	says 0 "^lkp-example $version\$" inside lkp-example --version
check "lkp-example status: built and installed" \
	says 0 "^$line  *lkp_example  *updates/dkms/lkp_example.ko[.xz]*  *yes " \
	inside lkp-example status
check "lkp-example doctor" \
	says 0 '^nothing stands in the way' inside lkp-example doctor
check "lkp-example inspect" \
	says 0 "^kernel $line would load lkp_example\$" \
	inside lkp-example inspect lkp_example
check "lkp-example inspect --json" \
	says 0 '"loads": true' inside lkp-example inspect --json lkp_example
check "lkp-example verify, without QEMU" \
	says 77 'apt-get install qemu-system-x86' \
	inside lkp-example verify lkp_example
check "apt-get install qemu-system-x86" says 0 . install_qemu
check "lkp-example verify: proven by the QEMU of this suite" \
	says 0 "^lkp_example on $line: proven, loads, works and unloads" \
	inside lkp-example verify lkp_example
sed -n 's/^.*: proven, .* (/# proven (/p' "$work/out"
check "lkp-example verify: the result is kept" \
	says 0 '\(kept; --again computes it anew\)$' \
	inside lkp-example verify lkp_example
check "lkp-example status: proven" \
	says 0 "^$line  *lkp_example .*  proven 20..-..-..  " \
	inside lkp-example status
check "apt-get purge" says 0 '^Purging configuration files for lkp-example-utils' \
	purge
mkdir "$root/var/lib/lkp-planted"
check "a planted rest is found" \
	finds '^> d 755 var/lib/lkp-planted$' nothing_left
rmdir "$root/var/lib/lkp-planted"
check "nothing is left" nothing_left
finish
