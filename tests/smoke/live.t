#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# live.t - the package's smoke test on a running kernel
#
# Installs the package in a clean system, takes that system along into a
# virtual machine, and runs the smoke test there: on a healthy module, on a
# loaded one, on broken ones, and on kernels that forbid it.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"

root=$work/root
tree=$root/srv/variants

# Call: variant NAME SED; the module with one line of main.c changed. All are built in
# one tree, where only that file is compiled again.
variant() {
	cp "$top/src/module/main.c" "$tree/src/module/" &&
		sed -i "$2" "$tree/src/module/main.c" || return
	[ "$1" = good ] ||
		! cmp -s "$top/src/module/main.c" "$tree/src/module/main.c" ||
		return
	system_run "$root" make -s -C "/lib/modules/$release/build" \
		M=/srv/variants/src/module modules &&
		cp "$tree/src/module/lkp_example.ko" \
			"$root/usr/lib/lkp-variants/$1.ko"
}

# Without the kernel's own modules, which nothing here loads: depmod takes its time
# for each of these thousands, in an emulated machine above all.
variants() {
	rm -r "$root/lib/modules/$release/kernel" &&
		system_run "$root" depmod "$release" &&
		mkdir -p "$root/usr/lib/lkp-variants" "$tree/src" &&
		cp -r "$top/src/module" "$tree/src/" &&
		cp "$top/dkms.conf" "$tree/" || return
	loaded='pr_info("Module loaded ...\\n");'
	variant good '' &&
		variant other 's/a message behind/another message behind/' &&
		variant fails "s/$loaded/return -EIO;/" &&
		variant empty 's/"goodbye"/""/' &&
		variant warns 's/pr_info("Module exiting ...\\n");/WARN_ON(1);/' &&
		variant hangs "s/$loaded/for (;;) msleep(1000);/
			s/#include <linux.errno.h>/&\\n#include <linux\/delay.h>/" &&
		sed "s/vermagic=${release%%.*}/vermagic=x/" \
			"$root/usr/lib/lkp-variants/good.ko" \
			>"$root/usr/lib/lkp-variants/foreign.ko"
}

# Call: in_machine SCRIPT SECONDS
in_machine() {
	as_user "$build/bin/lkp-example" verify --root "$root" \
		--kernel "$release" --script "$top/tests/smoke/$1" \
		--timeout "$2" lkp_example >"$work/$1.out" 2>&1
}

# The script must end well, and the warning of the module must be noticed.
broken() {
	! in_machine broken-script 300 &&
		grep -q '^  ok 1 script.run' "$work/broken-script.out" &&
		grep -q 'BROKEN, script.taint: the kernel has warned' \
			"$work/broken-script.out"
}

system_unpack 6.12 "$root" >"$work/unpack.log" 2>&1 ||
	die "no system: $(cat "$work/unpack.log")"
release=$(system_release "$root")
shown=$work/install.log
check "apt-get install lkp-example-dkms" system_install 6.12 "$root"
shown=
check "variants of the module build" variants

shown=$work/live-script.out
check "live-script ends well" in_machine live-script 300
results live "$work/live-script.out" 22
shown=$work/broken-script.out
check "broken-script: the verdict on its modules is red" broken
results broken "$work/broken-script.out" 3
finish
