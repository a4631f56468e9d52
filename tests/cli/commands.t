#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# commands.t - the subcommands of lkp-example that use the loaded module
#
# Usage: commands.t [NAME]		a name of tests/kernels, 6.12 unless given
#
# Installs the package in a clean system, adds the programs that were built here
# and the libraries that they need, and takes that system along into a virtual
# machine, where commands-script uses them. In a system whose C library is too
# old for them, they are built.
# shellcheck disable=SC2016	# $part is of a shell inside
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"
kernel=${1:-6.12}

root=$work/root

# Call: older_than_ours; what is built here does not run there.
older_than_ours() {
	theirs=$(inside getconf GNU_LIBC_VERSION)
	newest=$(printf '%s\n' "$theirs" "$(getconf GNU_LIBC_VERSION)" |
		sort -V | tail -n 1)
	[ "$theirs" != "$newest" ]
}

# From the system's own suite; perl reads JSON, and script, of bsdutils, makes a
# terminal.
libraries() {
	fetches apt-get install --yes bsdutils libarchive13 libelf1 \
		libgcrypt20 libgnutls30 libjansson4 libkmod2 libzstd1 perl &&
		install -t "$root/usr/local/bin" "$build/bin/lkp-example" \
			"$build/bin/lkp-guest"
}

# shellcheck disable=SC2046 # a list
built_there() {
	copy_sources "$root/srv/source" &&
		fetches apt-get install --yes bsdutils gcc libc6-dev make perl \
			$(system_libraries) &&
		inside sh -c 'for part in guest cli; do
			make -s -C "/srv/source/src/$part" O="/srv/build/$part" \
				BIN=/usr/local/bin || exit
		done'
}

in_machine() {
	as_user "$build/bin/lkp-example" verify --root "$root" \
		--kernel "$release" --script "$top/tests/cli/commands-script" \
		--timeout 600 lkp_example lkp_example_client lkp_example_probe \
		>"$work/said" 2>&1
}

system_with_modules "$kernel" "$root" >"$work/log" 2>&1 || die "$(cat "$work/log")"
release=$(system_release "$root")
echo "# kernel: $release"
if older_than_ours; then
	check "the programs are built there" built_there
else
	check "the system has the libraries" libraries
fi
check "the programs run there" inside lkp-example --version
shown=$work/said
check "the commands, on the running kernel" in_machine
shown=
results commands "$work/said" 167
finish
