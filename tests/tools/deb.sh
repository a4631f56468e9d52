#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# deb.sh - build the Debian packages and a signed repository that holds them
#
# Usage: deb.sh          (make deb)
#
# Makes $build/deb/*.deb from a copy of the sources, so that the clone stays as
# it is, and $build/repo, an apt repository: see deb-repo.sh.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"

version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$top/dkms.conf")
tree=$build/deb/lkp-example-$version
log=$build/deb/build.log

rm -rf "$build/deb" "$build/repo"
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

"$top/tests/tools/deb-repo.sh" "$build/deb" "$build/repo"
say "built: $(cd "$build" && echo deb/*.deb), repository: $build/repo"
