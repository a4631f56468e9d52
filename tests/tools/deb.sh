#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# deb.sh - build the Debian packages and a signed repository that holds them
#
# Usage: deb.sh          (make deb)
#
# Makes $build/deb/*.deb from a copy of the sources, so that the clone stays as
# it is, and $build/repo, an apt repository: see deb-repo.sh. What was made of the same
# sources, on a machine with the same packages, stays: others may be reading it.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"

version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$top/dkms.conf")
tree=$build/deb/lkp-example-$version
log=$build/deb/build.log
key=$build/deb/key

done_with() {
	say "$1: $(cd "$build" && echo deb/*.deb), repository: $build/repo"
	exit
}

git -C "$top" ls-files >/dev/null ||
	die "git does not list the sources, see above: a clone is needed, and git"
mkdir -p "$build"
new=$(mktemp -d "$build/deb-XXXXXX")
trap 'rm -rf "$new"' EXIT
trap 'exit 130' INT TERM HUP
copy_sources "$new/lkp-example-$version"
new_key=$({
	tar -c --sort=name --mtime=@0 --owner=0 --group=0 -C "$new" .
	stat -c %Y /var/lib/dpkg/status
} | sha256sum)
[ ! -e "$build/repo/InRelease" ] ||
	[ "$new_key" != "$(cat "$key" 2>/dev/null)" ] || done_with "as they were built"
rm -rf "$build/deb" "$build/repo"
mv "$new" "$build/deb"
chmod 755 "$build/deb"

cd "$tree"
# Of build-essential, the C compiler is enough; and nobody debugs what is tested.
if ! DEB_BUILD_OPTIONS=noautodbgsym dpkg-buildpackage -b -us -uc \
	--ignore-builtin-builddeps >"$log" 2>&1; then
	tail -n 20 "$log" >&2
	die "the package did not build, see above and $log"
fi

"$top/tests/tools/deb-repo.sh" "$build/deb" "$build/repo"
printf '%s\n' "$new_key" >"$key"
done_with built
