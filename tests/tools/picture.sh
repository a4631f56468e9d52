#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# picture.sh - make the picture of README.md anew, from a real run	(make picture)
#
# Runs "make run", and some commands in a virtual machine on such a system. What came
# out is kept as a text, tests/picture/terminal.txt, and the picture is made of that.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"

need_debian
need_root "$0" "$@"
. "$top/tests/tools/system.sh"
picture=$top/tests/picture

system_work
step "make run"
"$top/tests/tools/run.sh" >"$work/run" || die "it has failed: $(tail -n 5 "$work/run")"
step "installing both packages in a clean Debian"
root=$work/root
system_unpack 6.12 "$root"
system_install 6.12 "$root" lkp-example-dkms lkp-example-utils ||
	die "the packages could not be installed, see above"
step "running commands in a virtual machine"
chmod 755 "$work"
# It keeps what it finds in that system, where status sees it.
"$build/bin/lkp-example" verify --root "$root" --quiet lkp_example \
	lkp_example_client lkp_example_probe
as_user "$build/bin/lkp-example" verify --root "$root" --log "$build/picture" \
	--script "$picture/script" lkp_example lkp_example_probe >"$work/verify" ||
	die "they have failed: $(tail -n 5 "$work/verify")"
{
	echo '$ make run'
	grep '^==>' "$work/run"
	tail -n 1 "$work/run" | fold -s -w 90
	sed -n 's/^# script: \{0,1\}//p' "$build/picture/report.ktap"
} | sed 's/[[:blank:]]*$//' >"$picture/terminal.txt"
awk -f "$picture/svg.awk" "$picture/terminal.txt" >"$picture/terminal.svg"
to_user "$picture/terminal.txt" "$picture/terminal.svg"
step "written: tests/picture/terminal.svg"
