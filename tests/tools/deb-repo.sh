#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# deb-repo.sh - make a signed repository of Debian packages
#
# Usage: deb-repo.sh PACKAGES DIRECTORY
#
# PACKAGES is a directory with *.deb; the repository that DIRECTORY becomes is
# signed. The key is made for it and thrown away; its public half stays there, as
# lkp-example.asc.
set -eu

if [ $# -ne 2 ]; then
	echo "Usage: deb-repo.sh PACKAGES DIRECTORY" >&2
	exit 2
fi
packages=$(cd "$1" && pwd)
rm -rf "$2"
mkdir -p "$2"
cd "$2"
cp "$packages"/*.deb .

keys=$(mktemp -d)
trap 'gpgconf --homedir "$keys" --kill all; rm -rf "$keys"' EXIT
trap 'exit 130' INT TERM HUP
gpg() {
	command gpg --homedir "$keys" --batch --quiet --no-tty "$@"
}
apt-ftparchive packages . >Packages
apt-ftparchive -o APT::FTPArchive::Release::Suite=lkp-example \
	-o APT::FTPArchive::Release::Origin=lkp-example release . >"$keys/Release"
mv "$keys/Release" .
gpg --passphrase '' --quick-generate-key lkp-example-repository ed25519 sign never
gpg --clearsign -o InRelease Release
gpg --armor --export >lkp-example.asc
