#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# commands.t - the subcommands of lkp-example that use the loaded module
#
# Installs the package in a clean system, adds the programs that were built here
# and the libraries that they need, and takes that system along into a virtual
# machine, where commands-script uses them.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"
. "$top/tests/tools/system.sh"
. "$top/tests/tools/tap.sh"

system_work
root=$work/root

# From the system's own suite; perl reads JSON.
libraries() {
	system_run "$root" apt-get install --yes libarchive13 libelf1 \
		libgcrypt20 libgnutls30 libjansson4 libkmod2 perl
}

programs() {
	install -t "$root/usr/local/bin" "$build/bin/lkp-example" \
		"$build/bin/lkp-guest" &&
		system_run "$root" lkp-example --version
}

in_machine() {
	as_user "$build/bin/lkp-example" verify --root "$root" \
		--kernel "$release" --script "$top/tests/cli/commands-script" \
		--timeout 240 lkp_example lkp_example_client lkp_example_probe \
		>"$work/said" 2>&1
}

system_unpack 6.12 "$root" >"$work/log" 2>&1 || die "$(cat "$work/log")"
release=$(system_release "$root")
echo "# kernel: $release"
shown=$work/install.log
check "the package is installed" system_install 6.12 "$root"
shown=
check "the system has the libraries" libraries
check "the programs run there" programs
shown=$work/said
check "the commands, on the running kernel" in_machine
shown=
results commands "$work/said" 161
finish
