#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# installed.t - lkp-example-utils, installed by apt, used and removed
#
# The package was built for the Debian that this machine runs, so it is installed
# in a clean system of the same suite. That has no QEMU: what needs it is done
# from outside, by the programs that were installed there.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"

suite=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
name=$(awk -v suite="$suite" '$2 == suite && $3 == suite { print $1 }' \
	"$top/tests/kernels")
[ -n "$name" ] || die "tests/kernels has no system of suite '$suite', which" \
	"this machine runs"
version=$("$top/src/dist/version")
program=/usr/bin/lkp-example
# A module of Debian's kernel that needs no hardware.
module=dummy

root=$work/root
out=$work/out
shown=

nothing_left() {
	files_of_system | diff "$work/before" - &&
		! find "$root/var/lib/dpkg/info" -name 'lkp-example-utils*' | grep .
}

# Whoever installs the modules gets the command, and no emulator.
recommended() {
	inside apt-get install --simulate -o APT::Install-Recommends=true \
		lkp-example-dkms >"$out" 2>&1
	cat "$out"
	grep -q '^Inst lkp-example-utils ' "$out" && ! grep -q '^Inst qemu' "$out"
}

completes() {
	install -m 755 "$top/tests/cli/tab.sh" "$root/tmp/tab.sh"
	echo '. /usr/share/bash-completion/bash_completion' >"$root/tmp/rc"
	echo 'lkp-example ver' |
		system_run "$root" /tmp/tab.sh /tmp/rc >"$out"
	cat "$out"
	grep -qx 'lkp-example verify' "$out"
}

# By QEMU of this machine.
verify() {
	as_user "$root$program" verify --root "$root" --kernel "$release" "$module"
}

system_unpack "$name" "$root" >"$work/log" 2>&1 || bail "no system"
release=$(system_release "$root")
shown=$work/install.log
check "apt-get install of what uses the package: man, completion" \
	system_install "$name" "$root" bash-completion man-db
shown=
check "-dkms recommends the package, and with that no QEMU" recommended
shown=$work/install.log
files_of_system >"$work/before"
check "apt-get install lkp-example-utils" \
	system_install "$name" "$root" lkp-example-utils
shown=

check "lkp-example --version" \
	says 0 "^lkp-example $version\$" inside lkp-example --version
check "lkp-example --help" says 0 '^  verify ' inside lkp-example --help
check "lkp-example verify --help" \
	says 0 '--root=DIR ' inside lkp-example verify --help
check "lkp-example-user" says 0 '^goodbye$' inside lkp-example-user
for page in lkp-example.8 lkp-example-user.1; do
	check "man finds $page" says 0 "/$page\.gz\$" \
		inside man -w "${page##*.}" "${page%.*}"
done
check "man shows it" says 0 'prove kernel modules on a kernel' \
	inside man lkp-example
check "bash completes it" completes
check "verify, without QEMU: it says what is missing" \
	says 77 "apt-get install qemu-system-x86" \
	inside lkp-example verify --root / --kernel "$release" "$module"
check "verify, with QEMU: a module of this system is proven" \
	says 0 "^$module on $release: proven, loads, works and unloads" verify

mv "$root/usr/libexec/lkp-example/lkp-guest" "$work"
check "with a planted lack of lkp-guest, nothing is proven" \
	says 2 'lkp-guest: No such file or directory' verify
mv "$work/lkp-guest" "$root/usr/libexec/lkp-example"
mkdir "$root/var/lib/lkp-planted"

shown=$out
check "apt-get remove" \
	says 0 '^Removing lkp-example-utils' inside apt-get remove --yes lkp-example-utils
check "... and the command is gone" \
	says 127 'lkp-example.*No such file' inside lkp-example --help
check "... and man does not find it" \
	says 16 'No manual entry' inside man -w lkp-example
check "... and bash does not complete it" finds '^lkp-example ver$' completes
check "apt-get purge, and of what came with it" says 0 . inside \
	apt-get purge --yes --auto-remove lkp-example-utils
shown=
check "a planted rest is found" \
	finds '^> d 755 var/lib/lkp-planted$' nothing_left
rmdir "$root/var/lib/lkp-planted"
check "nothing is left" nothing_left
finish
