#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# options.t - parameters that an administrator has set are no fault of a module
#
# The module is loaded with what modprobe.d says, as on the machine itself. What is
# only so by its defaults is not looked at then; that it does not load at all with
# them, is a fault.
# shellcheck disable=SC2317 # functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"

root=$work/root

# Call: with OPTIONS STATUS REGEX
with() {
	printf '%s\n' '# of the administrator' "$1" >"$root/etc/modprobe.d/local.conf"
	says "$2" "$3" as_user "$build/bin/lkp-example" verify --root "$root" \
		--kernel "$release" lkp_example
}

# Call: skipped COUNT
skipped() {
	grep ' # SKIP' "$work/out"
	[ "$(grep -c ' # SKIP /etc/modprobe.d has options for it' "$work/out")" = "$1" ]
}

system_with_modules 6.12 "$root" >"$work/log" 2>&1 || die "$(cat "$work/log")"
release=$(system_release "$root")
name=$(literal "$release")
check "no options: proven" with '# options lkp_example max_size=3' 0 \
	"^lkp_example on $name: proven"
check "... nothing is left out" skipped 0
check "options of another module: proven" with 'options lkp_example_client x=1' 0 \
	"^lkp_example on $name: proven"
check "... nothing is left out" skipped 0
check "a short message, another text: proven" \
	with '  options lkp-example max_size=9 string_param=other' 0 \
	"^lkp_example on $name: proven"
check "... with these parameters" grep -q 'lkp_example: String param: other' "$work/out"
check "... what the defaults do is left out" skipped 5
check "a parameter with which it does not load: broken" \
	with 'options lkp_example fail=device' 1 \
	"^lkp_example on $name: BROKEN, lkp_example\.load: "
finish
