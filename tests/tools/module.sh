#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# module.sh - build, load and install the module from this source tree
#
# Usage: module.sh build KVER KDIR | load | unload | install KVER | uninstall |
#                  clean
#
# These are the targets of the same names of the Makefile, for people who work
# on the sources. They change the running system; where it does not allow that,
# they say why, and what to do.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"

module=lkp_example
file=$top/src/module/$module.ko
running=$(uname -r)
version=$("$top/src/dist/version")
source=/usr/src/lkp-example-$version

need_headers() {
	[ -e "$2/Makefile" ] && return
	die "there are no headers of kernel $1 in $2: install them" \
		"(apt-get install linux-headers-$1), or name a kernel that has" \
		"them: make $3 KVER=VERSION; there are:" \
		"$(find /lib/modules -mindepth 2 -maxdepth 2 -name build 2>/dev/null |
			cut -d/ -f4 | xargs echo | sed 's/^$/none/')"
}

need_modules() {
	[ -e /proc/modules ] ||
		die "the running kernel, $running, can load no modules: it was" \
			"built without them; 'make run' uses one that can"
	[ "$(cat /proc/sys/kernel/modules_disabled 2>/dev/null)" != 1 ] ||
		die "loading modules is switched off until the next boot" \
			"(sysctl kernel.modules_disabled)"
}

# DKMS' sources of this version, if a package has put them there.
need_no_package() {
	! dpkg -S "$source/dkms.conf" >/dev/null 2>&1 ||
		die "version $version is installed as the package" \
			"lkp-example-dkms: remove that first, or choose another" \
			"version in dkms.conf"
}

build() {
	need_headers "$1" "$2" build
	as_user make -C "$2" M="$top/src/module" modules
}

load() {
	[ -e "$file" ] || die "$file is not there: 'make build' makes it"
	need_modules
	built_for=$(modinfo -F vermagic "$file" | cut -d' ' -f1)
	[ "$built_for" = "$running" ] ||
		die "$file is for kernel $built_for, and $running is running:" \
			"make build KVER=$running"
	[ ! -e /sys/module/$module ] ||
		die "$module is loaded already: 'make unload' unloads it"
	need_root "$0" load
	insmod "$file" || {
		dmesg | tail -n 5
		die "the kernel has refused the module, its last messages are above"
	}
	dmesg | grep "$module: " | tail -n 6
}

unload() {
	need_modules
	if [ ! -e /sys/module/$module ]; then
		say "$module is not loaded: there is nothing to do."
		return
	fi
	need_root "$0" unload
	rmmod $module ||
		die "$module is in use: $(cat /sys/module/$module/refcnt) users;" \
			"'fuser -v /dev/$module' lists the programs among them"
	say "unloaded: $module"
}

install() {
	command -v dkms >/dev/null ||
		die "dkms is not installed: apt-get install dkms"
	need_headers "$1" "/lib/modules/$1/build" install
	need_no_package
	need_root "$0" install "$1"
	uninstall
	stage=$build/dkms
	rm -rf "$stage"
	"$top/src/dist/install-dkms" "$stage"
	dkms add "$stage$source"
	dkms install -m lkp-example -v "$version" -k "$1"
	to_user -R "$stage"
	say "installed: modprobe $module"
}

uninstall() {
	need_no_package
	[ -e "$source" ] || {
		[ "$command" = install ] ||
			say "version $version is not installed: there is nothing to do."
		return 0
	}
	need_root "$0" uninstall
	dkms remove -m lkp-example -v "$version" --all || :
	rm -rf "$source"
}

# What Kbuild leaves beside the sources; no kernel's makefiles are needed.
clean() {
	find "$top/src/module" "$top/tests/negative/lkp_fault" \
		"$top/tests/negative/lkp_hostile" \
		\( -name '*.o' -o -name '*.ko' -o -name '*.mod' -o -name '*.mod.c' \
		-o -name '.*.cmd' -o -name '.*.d' -o -name Module.symvers \
		-o -name modules.order -o -name built-in.a \) -delete
}

command=$1
shift
"$command" "$@"
