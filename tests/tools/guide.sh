#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# guide.sh - write the outputs of lkp-example-guide(7) anew	(make guide)
#
# Runs each command of the page on the reference kernel. What differs in
# nothing but addresses and the like stays as it is.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"

need_debian
need_root "$0" "$@"
as_user mkdir -p "$build" "$cache" ||
	die "$build or $cache cannot be made: see above"
need_packages run
. "$top/tests/tools/system.sh"
. "$top/tests/guide/guide.sh"

cd "$top"
step "building the programs and the packages"
as_user make --no-print-directory programs
as_user tests/tools/deb.sh
system_work
guide_system || die "no system for the guide: see above"
step "running the commands of the guide"
guide_run "$work/outputs" ||
	die "the commands did not all run: $(tail -n 5 "$work/guide.log")"
guide_fill "$guide" "$work/outputs" >"$work/page"
diff -u "$guide" "$work/page" || :
cat "$work/page" >"$guide"
step "written: ${guide#"$top"/}"
