#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# test.sh - run tests
#
# Usage: test.sh [TEST[:ARGUMENT]...]	(make test, make test TESTS='...')
#        test.sh --all			(make test-all)
#        test.sh --rpm			(make test-rpm)
#        test.sh --lifecycle		(make test-lifecycle)
#        test.sh --sanitizer		(make test-sanitizer)
#
# Without arguments, all tests of the usual kind; --all: those that take long as
# well; --rpm: all of the RPM packages; --lifecycle: all of a package's life, on each
# suite; --sanitizer: all on the debug kernels, which are built if need be.
#
# Ends with "N passed, N failed, N skipped", and status 0 if none failed.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"
. "$top/tests/tools/system.sh"

need_debian
need_root "$0" "$@"
as_user mkdir -p "$build" "$cache" ||
	die "$build or $cache cannot be made: see above"
# A whole run has machines of all architectures. Who asks for single tests is told by
# what they unpack that there is no room.
case "$*" in
'' | --all) sets="run test matrix" room=8000 ;;
*) sets="run test" room=0 ;;
esac
# shellcheck disable=SC2086	# a list
need_packages $sets

# What root has made here and in the cache is given to the user in the end.
system_work
# All tests of the usual kind, two at a time, have taken 5.7 GB there at most, without
# upgrade.t, which has two kernels of its own.
need_space "$work" "$room"
export LKP_LAYERS="$work/layers"
LKP_MIRRORS=$(mirrors)
export LKP_MIRRORS

cd "$top"
step "building the programs and the packages"
as_user make --no-print-directory programs
as_user tests/tools/deb.sh

# All of the RPM packages, the long ones first.
rpm="tests/rpm/life.t:trixie tests/rpm/life.t:forky tests/rpm/life.t:bookworm
	tests/rpm/trouble.t:trixie"

# The life of the package on each suite.
lifecycle=$(for name in 6.12 6.1 newest 5.10; do
	printf 'tests/lifecycle/%s\n' "upgrade.t:$name" "orders.t:$name" \
		"secure_boot.t:$name"
done)
lifecycle="tests/lifecycle/machine.t tests/lifecycle/autopkgtest.t $lifecycle
	tests/lifecycle/secure_boot.t:6.12/install tests/lifecycle/planted.t
	tests/lifecycle/binary.t"

# All on the debug kernels.
sanitizer="tests/sanitizer/checks.t tests/sanitizer/checks.t:newest
	tests/sanitizer/checks.t:kcsan tests/sanitizer/planted.t
	tests/sanitizer/planted.t:kcsan tests/sanitizer/kunit.t
	tests/sanitizer/kunit.t:newest tests/sanitizer/coverage.t
	tests/fuzz/kernel.t"

# The long ones first: two run at a time.
if [ "$*" = --sanitizer ]; then
	# shellcheck disable=SC2086	# a list
	set -- $sanitizer
	# Five minutes of each: see checks.t.
	export LKP_STRESS_SECONDS="${LKP_STRESS_SECONDS:-300}"
elif [ "$*" = --lifecycle ]; then
	# shellcheck disable=SC2086	# a list
	set -- $lifecycle
elif [ "$*" = --rpm ]; then
	# shellcheck disable=SC2086	# a list
	set -- $rpm tests/rpm/short.t tests/rpm/spec.t
elif [ "${*:---all}" = --all ]; then
	all=${1:-}
	short=
	if [ $# = 0 ]; then
		short=:short
		set -- tests/negative/mutants.t:2 tests/lifecycle/upgrade.t:6.12/short \
			tests/negative/run.t:short tests/negative/faults.t:short \
			tests/negative/hostile.t:short \
			tests/sanitizer/checks.t:short \
			tests/sanitizer/kunit.t:short \
			tests/fuzz/fuzz.t:short
	else
		set -- tests/negative/run-fresh.t tests/boot/newcomer.t \
			tests/negative/reproducible.t tests/negative/mutants.t \
			tests/negative/run.t tests/negative/faults.t \
			tests/negative/hostile.t \
			tests/build/compilers.t tests/matrix/planted.t \
			tests/matrix/bad_input.t tests/fuzz/fuzz.t
		# shellcheck disable=SC2086	# a list
		set -- "$@" $sanitizer $rpm $lifecycle
		# A minute of each, and a thousand cycles: see kernel.t.
		export LKP_STRESS_SECONDS=60
	fi
	set -- "$@" tests/matrix/subset.t tests/matrix/recorded.t \
		tests/smoke/live.t tests/boot/guide.t
	while read -r name _; do
		case $name in
		'' | '#'*) ;;
		*)
			# Of the others the matrix' subset has the quick checks.
			case $all:$name in
			--all:* | :6.12) set -- "$@" "tests/boot/kernel.t:$name" \
				"tests/build/build.t:$name" ;;
			esac
			[ -z "$all" ] || set -- "$@" "tests/cli/suites.t:$name"
			# That of 6.12 is of the usual kind: see below.
			[ -z "$all" ] || [ "$name" = 6.12 ] ||
				set -- "$@" "tests/cli/commands.t:$name"
			;;
		esac
	done <tests/kernels
	for arch in arm64 armhf i386 ppc64el riscv64 s390x; do
		[ -z "$all" ] || set -- "$@" "tests/cli/architectures.t:$arch"
	done
	for file in tests/cli/*.t tests/boot/targets.t; do
		case $all:$file in
		*/suites.t | */architectures.t) ;;
		# What else goes wrong, what is packed otherwise, and the targets of make.
		:*/bad_input.t | :*/compressed.t | :*/targets.t) ;;
		*/tour.t) set -- "$@" "$file$short" ;;
		*) set -- "$@" "$file" ;;
		esac
	done
	set -- "$@" tests/boot/speed.t tests/smoke/smoke.t \
		tests/bench/*.t tests/lint/*.t tests/unit/*.t \
		tests/rpm/short.t tests/rpm/spec.t
fi
step "running the tests; what they print is kept in build/tests"
tests/tools/harness "$@"
