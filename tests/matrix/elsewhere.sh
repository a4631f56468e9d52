#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# elsewhere.sh - a cell of the matrix in a container of another distribution
#
# Usage: elsewhere.sh deb|rpm|zypper|epel QEMU KERNEL-PACKAGE...	(matrix.yml)
#
# Changes the system that it runs in: it is for a container that is thrown away, and
# refuses to work elsewhere than in a CI, which sets CI=true.
set -eux
top=$(cd "$(dirname "$0")/../.." && pwd)
[ "${CI:-}" = true ] || {
	echo "elsewhere.sh: this changes the system: it runs only where CI=true" >&2
	exit 2
}
kind=$1
qemu=$2
shift 2
cd "$top"

build_deb() {
	apt-get update
	apt-get install --yes dkms dpkg-dev kmod "$qemu" "$@"
	apt-get build-dep --yes ./
	dpkg-buildpackage -b -us -uc
	apt-get install --yes ../lkp-example-dkms_*.deb ../lkp-example-utils_*.deb
}

install_by_dnf() {
	dnf install --assumeyes 'dnf-command(builddep)' rpm-build dkms kmod "$qemu" "$@"
	dnf builddep --assumeyes rpm/lkp-example.spec
	make rpm
	dnf install --assumeyes ./build/rpm/lkp-example-dkms-*.rpm \
		./build/rpm/lkp-example-utils-[0-9]*.rpm
}

case $kind in
deb) build_deb "$@" ;;
rpm) install_by_dnf "$@" ;;
epel)
	dnf install --assumeyes epel-release 'dnf-command(config-manager)'
	dnf config-manager --set-enabled crb
	install_by_dnf "$@"
	;;
zypper)
	zypper --non-interactive install rpm-build dkms kmod "$qemu" "$@" \
		gcc make glibc-devel-static libgnutls-devel libjansson-devel \
		libarchive-devel libelf-devel libgcrypt-devel libkmod-devel \
		libzstd-devel
	make rpm
	zypper --non-interactive install --allow-unsigned-rpm \
		./build/rpm/lkp-example-dkms-*.rpm \
		./build/rpm/lkp-example-utils-[0-9]*.rpm
	;;
*)
	echo "elsewhere.sh: '$kind' is no kind of packages" >&2
	exit 2
	;;
esac
dkms status -m lkp-example | grep installed
lkp-example verify --all lkp_example lkp_example_client lkp_example_probe
