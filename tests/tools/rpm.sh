#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# rpm.sh - build the RPM packages
#
# Usage: rpm.sh                      (make rpm)
#        rpm.sh TREE DIRECTORY       of another source tree, into DIRECTORY
#
# Makes $build/rpm/*.rpm from a copy of the sources, so that the clone stays as it
# is. What they need to be built is here as packages of Debian's, of which rpm
# does not know: --nodeps.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"

case $# in
0)
	dir=$build/rpm
	rm -rf "$dir"
	git -C "$top" ls-files >/dev/null ||
		die "git does not list the sources, see above: a clone is" \
			"needed, and git"
	copy_sources "$dir/tree"
	tree=$dir/tree
	;;
2)
	tree=$1
	dir=$2
	;;
*)
	echo "Usage: rpm.sh [TREE DIRECTORY]" >&2
	exit 2
	;;
esac
command -v rpmbuild >/dev/null ||
	die "there is no rpmbuild: install it by 'apt-get install rpm'"

# The spec has the version, and sees in %prep whether dkms.conf has it as well.
version=$(sed -n 's/^Version: *//p' "$tree/rpm/lkp-example.spec")
mkdir -p "$dir/rpmbuild/SOURCES"
tar -c --transform "s|^\.|lkp-example-$version|" -C "$tree" . |
	gzip -1 >"$dir/rpmbuild/SOURCES/lkp-example-$version.tar.gz"
log=$dir/build.log
# What is in them is of the time of the last change, and of no machine.
if ! rpmbuild -bb --nodeps --define "_topdir $dir/rpmbuild" \
	--define 'source_date_epoch_from_changelog 1' \
	--define 'use_source_date_epoch_as_buildtime 1' \
	--define 'clamp_mtime_to_source_date_epoch 1' \
	--define '_buildhost localhost' \
	--define "_tmppath $dir/rpmbuild" --define "_rpmdir $dir" \
	--define '_rpmfilename %%{name}-%%{version}-%%{release}.%%{arch}.rpm' \
	"$tree/rpm/lkp-example.spec" >"$log" 2>&1; then
	tail -n 20 "$log" >&2
	die "the packages did not build, see above and $log"
fi
rm -rf "$dir/rpmbuild"
say "built: $(cd "$dir" && echo ./*.rpm)"
