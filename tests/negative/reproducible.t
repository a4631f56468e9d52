#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# reproducible.t - all packages are the same bytes when they are built twice
#
# "make release-check" builds them, in a clone, with all around them different; then they
# are built with two planted faults: the name of the machine, and where and how it was.
# shellcheck disable=SC2016	# of the script that is planted in
# shellcheck disable=SC2317	# functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/plain-test.sh"
chmod 755 "$work"

# Call: tarball FILE, of $work/tree
tarball() {
	version=$("$top/src/dist/version")
	tar -c -z -f "$1" --transform "s|^\.|lkp-example-$version|" -C "$work/tree" .
}

packages() {
	"$top/tests/tools/release.sh" packages "$1" "$work/built" >"$work/said" 2>&1
	status=$?
	cat "$work/said"
	return "$status"
}

# All of it, as before a release: from a commit.
release_check() {
	git -C "$work/tree" init -q -b main &&
		git -C "$work/tree" add --all &&
		git -C "$work/tree" -c user.name=test -c user.email=test@localhost \
			commit -q -m test &&
		LKP_BUILD=$work/build "$work/tree/tests/tools/release.sh" >"$work/said" 2>&1
	status=$?
	cat "$work/said"
	return "$status"
}

copy_tree "$work/tree"
check "make release-check" release_check
check "... builds four packages twice, and each is the same" \
	[ "$(grep -c '^the same twice: ' "$work/said")" = 4 ]

sed -i 's|^install_files "\$source" dkms.conf$|&; (pwd; umask) >"$source/planted"|' \
	"$work/tree/src/dist/install-dkms"
grep -q planted "$work/tree/src/dist/install-dkms" || die "nothing was planted"
echo 'hostname >>"$destdir/usr/share/bash-completion/completions/lkp-example"' \
	>>"$work/tree/src/dist/install-utils"
tarball "$work/bad.tgz"
check "a planted name of the machine is found" \
	finds '^differs: lkp-example-utils_' packages "$work/bad.tgz"
for package in 'dkms_.*deb' 'dkms-.*rpm' 'utils-.*rpm'; do
	check "... and in $package" grep -E "^differs: lkp-example-$package" "$work/found"
done
finish
