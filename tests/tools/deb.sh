#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# deb.sh - build the Debian packages and a signed repository that holds them
#
# Usage: deb.sh          (make deb)
#
# Makes $build/deb/*.deb from a copy of the sources, so that the clone stays as
# it is, and $build/repo, an apt repository. The repository is signed with a
# key that is made for it and thrown away; its public half stays beside it.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"

version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$top/dkms.conf")
tree=$build/deb/lkp-example-$version
log=$build/deb/build.log

rm -rf "$build/deb" "$build/repo"
mkdir -p "$build/repo"
git -C "$top" ls-files >/dev/null ||
	die "git does not list the sources, see above: a clone is needed, and git"
copy_sources "$tree"

cd "$tree"
# Of build-essential, the C compiler is enough; and nobody debugs what is tested.
if ! DEB_BUILD_OPTIONS=noautodbgsym dpkg-buildpackage -b -us -uc \
	--ignore-builtin-builddeps >"$log" 2>&1; then
	tail -n 20 "$log" >&2
	die "the package did not build, see above and $log"
fi

cd "$build/repo"
cp ../deb/*.deb .
apt-ftparchive packages . >Packages
apt-ftparchive -o APT::FTPArchive::Release::Suite=lkp-example \
	-o APT::FTPArchive::Release::Origin=lkp-example release . >../Release
mv ../Release .

keys=$(mktemp -d)
trap 'gpgconf --homedir "$keys" --kill all; rm -rf "$keys"' EXIT
trap 'exit 130' INT TERM HUP
gpg() {
	command gpg --homedir "$keys" --batch --quiet --no-tty "$@"
}
gpg --passphrase '' --quick-generate-key lkp-example-repository ed25519 sign never
gpg --clearsign -o InRelease Release
gpg --armor --export >lkp-example.asc
say "built: $(cd "$build" && echo deb/*.deb), repository: $build/repo"
