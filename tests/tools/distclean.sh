#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# distclean.sh - remove what the project's scripts have cached
#
# Usage: distclean.sh          (make distclean)
#
# Removes by name what they put there, so that an LKP_CACHE which points to a
# directory that is used for other things as well does no harm.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"

[ -d "$cache" ] || exit 0
# Rests of a run that was killed may be root's.
[ -z "$(find "$cache" ! -user "$(id -u)" -print -quit)" ] || need_root "$0"
if [ -d "$cache/systems" ]; then
	exec 8<"$cache/systems"
	flock -n 8 || die "a run makes a Debian system in $cache: wait for its end"
fi
rm -rf "$cache/packages" "$cache/systems" "$cache/kernel-scripts" \
	"$cache/matrix" "$cache/kvm"
rmdir "$cache" 2>/dev/null ||
	say "$cache stays: there is more in it than this project's files"
