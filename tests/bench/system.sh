# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154
# system.sh - the systems in which benchmarks run
#
# To be sourced after host.sh and tests/tools/system.sh, and after system_work.
#
#   bench_tools               makes $work/tools, Debian stable with its QEMU, and
#                             our programs in /srv/source/build, made there
#   bench_target NAME [PACKAGE...]
#                             sets target to a system in it, as it is named there,
#                             with the kernel of that line of tests/kernels and
#                             our package, and release to that kernel's
#   version_of PACKAGE        its version in $work/tools
#   tell TEXT                 a step, for whoever waits: standard output is the result
#
# Systems are made once for all benchmarks that share LKP_LAYERS.

stable=6.12
tools=$work/tools

tell() {
	step "$@" >&2
}

bench_build_in() {
	copy_sources "$1/srv/source" &&
		system_run "$1" make -C /srv/source programs &&
		system_run "$1" make -C /srv/source/tests/bench &&
		# Without symbols, as the package has them: they are unpacked there.
		system_run "$1" sh -c 'strip /srv/source/build/bin/*'
}

bench_tools() {
	tell "making a system with QEMU and our programs"
	bench_log=$work/bench.log
	{
		# shellcheck disable=SC2046 # a list
		system_with_modules "$stable" "$tools" make gcc libc6-dev \
			$(system_libraries) qemu-system-x86 virtme-ng \
			busybox-static &&
			bench_build_in "$tools"
	} >"$bench_log" 2>&1 ||
		die "there is no system with QEMU: $(tail -n 20 "$bench_log")"
}

bench_target() {
	target=/srv/target
	bench_name=$1
	shift
	tell "making a system with the kernel $bench_name"
	system_with_modules "$bench_name" "$tools$target" "$@" >"$bench_log" 2>&1 ||
		die "there is no system for $bench_name: $(tail -n 20 "$bench_log")"
	release=$(system_release "$tools$target")
}

version_of() {
	# shellcheck disable=SC2016	# dpkg-query puts it in
	system_run "$tools" dpkg-query -W -f '${Version}' "$1"
}
