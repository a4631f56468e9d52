# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# build.sh - build modules in a clean system, for the tests in this directory
#
# To be sourced after host.sh, system.sh and tap.sh, with a system in $root
# whose kernel is $release.
#
#   in_root COMMAND...         in the system, with messages in plain ASCII
#   kbuild DIR ARGUMENT...     the kernel's make with M=DIR; its output is in
#                              $log, and shown if it fails
#   quiet                      nothing in $log looks like a warning
#   test_modules               builds tests/modules, and puts them where depmod looks
#   products DIR SOURCES       what a build has left there, by name
log=$work/build.log

in_root() {
	system_run "$root" env LC_ALL=C "$@"
}

kbuild() {
	kbuild_dir=$1
	shift
	in_root make -C "/lib/modules/$release/build" M="$kbuild_dir" "$@" \
		>"$log" 2>&1 && return
	cat "$log"
	return 1
}

quiet() {
	! grep -inE 'warning|error' "$log"
}

# Small modules that some checks need; one of them uses lkp_example.
test_modules() {
	cp -r "$top/tests/modules" "$root/srv/" &&
		cp "$top/src/module/api.h" "$top/src/module/snapshot.h" \
			"$top/src/module/message_env.h" "$root/srv/modules/" &&
		in_root make -s -C "/lib/modules/$release/build" \
			M=/srv/modules W=1 modules >"$log" 2>&1 &&
		cp "$root"/srv/modules/*.ko "$root/lib/modules/$release/updates/" &&
		in_root depmod "$release" &&
		quiet
}

products() {
	(cd "$1" && find . -type f) | sed 's|^\./||' | while read -r product; do
		[ -e "$2/$product" ] || printf '%s\n' "$product"
	done | LC_ALL=C sort
}
