#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# rpm-repo.sh - make a signed repository of RPM packages
#
# Usage: rpm-repo.sh PACKAGES DIRECTORY        (make rpm-repo)
#
# PACKAGES is a directory with *.rpm; they are signed, and so is the repository
# that DIRECTORY becomes. The key is made for it and thrown away; its public half
# stays there, as lkp-example.asc.
set -eu

if [ $# -ne 2 ]; then
	echo "Usage: rpm-repo.sh PACKAGES DIRECTORY" >&2
	exit 2
fi
command -v createrepo_c >/dev/null || {
	echo "rpm-repo.sh: there is no createrepo_c: install it by 'apt-get" \
		"install createrepo-c'" >&2
	exit 2
}

rm -rf "$2"
mkdir -p "$2"
cp "$1"/*.rpm "$2"

# Some rpm wants its path.
gpg=$(command -v gpg)
keys=$(mktemp -d)
trap 'gpgconf --homedir "$keys" --kill all; rm -rf "$keys"' EXIT
trap 'exit 130' INT TERM HUP
gpg() {
	"$gpg" --homedir "$keys" --batch --quiet --no-tty "$@"
}
# By RSA: older rpm knows no other kind.
gpg --passphrase '' --quick-generate-key lkp-example-repository rsa3072 sign never
gpg --armor --export >"$2/lkp-example.asc"
rpmsign --addsign --define "__gpg $gpg" --define "_gpg_path $keys" \
	--define '_gpg_name lkp-example-repository' "$2"/*.rpm >/dev/null
createrepo_c --quiet "$2"
gpg --armor --detach-sign "$2/repodata/repomd.xml"
echo "signed repository: $2"
