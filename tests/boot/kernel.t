#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# kernel.t - the package on one Debian kernel, from apt to the running module
#
# Usage: kernel.t NAME		a name of tests/kernels
#
# Installs lkp-example-dkms by name, by apt, in a clean system of that suite,
# where its own DKMS builds the modules; compiles them there once more with all of
# the kernel's warnings, and as for kernels that lack something; boots the kernel
# and checks the modules, as verify does and then item by item of the guide, with
# bad input and stress (for LKP_STRESS_SECONDS: 3, or 60 in "make test-all"); and
# looks at what surrounds them: udev, the console, and selftest on a host.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"
name=$1

root=$work/root
logs=$build/tests/kernel-$name
items=$build/tests/items-$name
. "$top/tests/build/build.sh"

dkms_installed() {
	in_root dkms status -m lkp-example | grep -F ", $release, x86_64: installed"
}

# A build of its own: DKMS' is without warnings, and leaves no objects.
builds_without_warnings() {
	cp -r "$top/src/module" "$top/dkms.conf" "$root/srv/" &&
		mkdir -p "$root/srv/tree/src" &&
		mv "$root/srv/module" "$root/srv/tree/src/" &&
		mv "$root/srv/dkms.conf" "$root/srv/tree/" &&
		in_root make -C "/lib/modules/$release/build" \
			M=/srv/tree/src/module W=1 modules >"$work/build.log" 2>&1 &&
		[ "$(find "$root/srv/tree/src/module" -name '*.ko' | wc -l)" = 3 ] &&
		! grep -inE 'warning|error' "$work/build.log"
}

# Once more, for a kernel without FEATURE. Call: builds_without FEATURE OPTION...
builds_without() {
	cp "$top"/tests/build/without_*.h "$root/srv/"
	feature=$1
	shift
	in_root make -C "/lib/modules/$release/build" M=/srv/tree/src/module W=1 \
		KCFLAGS="-include /srv/without_$feature.h" "$@" modules \
		>"$work/build.log" 2>&1 &&
		! grep -inE 'warning|error' "$work/build.log"
}

# Call: has_no MODULE SYMBOL [TEXT]: it needs none such, and has that text.
has_no() {
	file=$root/srv/tree/src/module/$1.ko
	nm "$file" >"$work/symbols" && grep -q ' U .*printk$' "$work/symbols" &&
		! grep -E " U ($2)\$" "$work/symbols" &&
		{ [ $# = 2 ] || strings "$file" | grep -F "$3"; }
}

# Each of its results is one of ours.
unprobed() {
	install -D -t "$root/usr/lib/lkp-unprobed" \
		"$root/srv/tree/src/module/lkp_example_probe.ko" &&
		as_user "$build/bin/lkp-example" verify --root "$root" \
			--kernel "$release" --script "$top/tests/boot/unprobed-script" \
			lkp_example >"$work/unprobed" 2>&1
}

# Call: proven LOGS OPTION...
proven() {
	proven_logs=$1
	shift
	as_user "$build/bin/lkp-example" verify --root "$root" --kernel "$release" \
		--log "$proven_logs" "$@" lkp_example lkp_example_client \
		lkp_example_probe
}

# The rule and the group of the package, with the system's own udev; selftest.
as_on_a_host() {
	as_user "$build/bin/lkp-example" verify --root "$root" --kernel "$release" \
		--script "$top/tests/boot/host-script" lkp_example >"$work/host" 2>&1
}

# What a person would read in the log, in order, by another way than the
# guest's own check of it.
messages_in_order() {
	sed -n 's/^# dmesg: lkp_example: //p' "$logs/report.ktap" |
		grep -vE 'taint|^Built for |^Module lkp_example: state ' |
		head -n 7 >"$work/messages"
	printf '%s\n' 'Module loaded ...' 'The answer is 42 ...' \
		'Int param: 42' 'String param: default value' hello goodbye \
		'Module exiting ...' | diff - "$work/messages"
}

system_unpack "$name" "$root" >"$work/unpack.log" 2>&1 || {
	sed 's/^/# /' "$work/unpack.log"
	die "no system for $name"
}
release=$(system_release "$root")
echo "# kernel: $release"
as_user mkdir -p "$logs" "$items"
printf '%s\n' "$release" | tee "$logs/release" >"$items/release"

shown=$work/install.log
check "$name: apt-get install lkp-example-dkms" system_install "$name" "$root"
check "$name: dkms status says installed" dkms_installed
shown=$work/build.log
check "$name: builds with W=1 and no warning" builds_without_warnings
shown=
check "$name: proven on the live kernel" proven "$logs"
check "$name: the kernel's log has the messages in order" messages_in_order
shown=$work/build.log
check "$name: the modules of the tests build" test_modules
shown=
rm -f "$items/report.ktap"
# With the group stress, whose results are ours as well; each for so long.
check "$name: every item of the guide, on the live kernel" \
	proven "$items" --checks full,stress \
	--stress-seconds "${LKP_STRESS_SECONDS:-3}"
[ ! -f "$items/report.ktap" ] || report "$name" "$items/report.ktap"
shown=$work/host
check "$name: as on a host: udev, and selftest" as_on_a_host
sed -n 's/^ *script: ok /# /p' "$work/host"
check "$name: as on a host: 16 results" \
	[ "$(grep -c '^ *script: ok ' "$work/host")" = 16 ]
shown=
. "$top/tests/boot/console.sh"
shown=$work/build.log
check "item 095: $name: builds without CONFIG_MODULE_UNLOAD" \
	builds_without module_unload
check "item 095: $name: no reference is counted then" \
	has_no lkp_example 'module_put|try_module_get|__module_get'
check "item 121: $name: builds without CONFIG_KPROBES" \
	builds_without kprobes CONFIG_KPROBES= CONFIG_KRETPROBES=
check "item 121: $name: no probe is set then, and it says so" \
	has_no lkp_example_probe '(un)?register_k(ret)?probe' \
	'unavailable: this kernel has no kprobes'
check "item 121: $name: builds without CONFIG_KRETPROBES" \
	builds_without kretprobes CONFIG_KRETPROBES=
shown=$work/unprobed
check "item 121: $name: loads, and says that probes are unavailable" unprobed
sed -n 's/^ *script: ok /# /p' "$work/unprobed"
check "item 121: $name: 6 results" \
	[ "$(grep -c '^ *script: ok ' "$work/unprobed")" = 6 ]
finish
