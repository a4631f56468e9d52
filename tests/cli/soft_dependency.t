#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# soft_dependency.t - what a module needs may need more than its symbols say
#
# dm-persistent-data needs libcrc32c, whose soft dependency is the cipher without
# which it does not load. Where nobody names that, it is not there.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"

root=$work/root

# Call: verify STATUS REGEX
verify() {
	status=0
	as_user "$build/bin/lkp-example" verify --root "$root" \
		dm-persistent-data >"$work/out" 2>&1 || status=$?
	cat "$work/out"
	[ "$status" = "$1" ] && grep -qE "$2" "$work/out"
}

not_named() {
	sed -i '/^softdep libcrc32c /d' \
		"$root/lib/modules/$(system_release "$root")/modules.softdep"
}

system_unpack 6.12 "$root" >"$work/log" 2>&1 || die "$(cat "$work/log")"
check "a soft dependency of a dependency is there" verify 0 ': proven, '
check "it is named no more" not_named
check "... and what needs it does not load" verify 1 \
	': BROKEN, dm-persistent-data.load: .*Unknown symbol'
finish
