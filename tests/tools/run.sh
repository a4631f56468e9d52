#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# run.sh - build the package, install it, and prove it on a live kernel
#
# Usage: run.sh          (make run)
#
# The package is built from this source tree and installed by name, by apt, in
# a clean Debian system, where DKMS builds the module for that system's kernel.
# That kernel is then booted in a throw-away virtual machine, which loads, uses
# and unloads the module. This machine's own kernel and system stay untouched.
# Ends with one line, the verdict, and its status: 0 proven, 1 broken, 2 error.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"
. "$top/tests/tools/system.sh"
name=${1:-6.12}

# First, what is to be known and done on this machine; then, from LKP_WORK on,
# all the rest, which leaves nothing behind however it ends.
if [ -z "${LKP_WORK:-}" ]; then
	need_debian
	need_root "$0" "$@"
	as_user mkdir -p "$build" "$cache" ||
		die "$build or $cache cannot be made: see above"
	give_back
	need_space "$build" 100
	need_packages run
	system_work
	system_inside "$0" "$@"
fi
work=$LKP_WORK

step "building the guest program and lkp-example"
as_user make --no-print-directory -C "$top" programs ||
	die "they did not compile: see above"
step "building the packages and their repository"
as_user "$top/tests/tools/deb.sh"

system_unpack "$name" "$work/system"
step "apt-get install lkp-example-dkms, in a clean Debian $suite"
system_install "$name" "$work/system" ||
	die "the package could not be installed:" \
		"$(trouble "$work/install.log" "see above and $build/install-$name.log")"

step "booting that system's kernel in a throw-away virtual machine"
status=0
as_user "$build/bin/lkp-example" verify --root "$work/system" \
	--log "$build/run" lkp_example lkp_example_client \
	lkp_example_probe || status=$?
exit $status
