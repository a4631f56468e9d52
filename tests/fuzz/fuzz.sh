#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# fuzz.sh - run the fuzzers
#
# Usage: fuzz.sh SECONDS [TARGET...]	(make fuzz FUZZ_SECONDS=N TARGETS='...')
#
# Each target (fuzz_TARGET.c here) runs for that long, and begins with what earlier
# runs have kept in build/fuzz/corpus, and with real files. What makes one fail is in
# build/fuzz/found, and the status is 1 then.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"
. "$top/tests/fuzz/seeds.sh"

seconds=$1
shift
# shellcheck disable=SC2046	# a list
[ $# != 0 ] || set -- $(fuzz_targets)
for target; do
	[ -e "$top/tests/fuzz/fuzz_$target.c" ] ||
		die "there is no fuzzer '$target': TARGETS are of $(fuzz_targets | paste -sd ' ')"
done
need_debian
need_packages fuzz
as_user mkdir -p "$build/fuzz/found"
step "building the fuzzers"
as_user make -s -C "$top/tests/fuzz" O="$build/fuzz" -j"$(nproc)" ||
	die "they did not compile: see above"

# What they write is in memory, and does not outlive us.
TMPDIR=$(as_user mktemp -d /dev/shm/lkp-fuzz.XXXXXX)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
trap 'exit 130' INT TERM HUP
status=0
for target in "$@"; do
	corpus=$build/fuzz/corpus/$target
	as_user mkdir -p "$corpus"
	fuzz_seeds "$target" "$corpus"
	step "$target: $seconds s"
	as_user "$build/fuzz/$target" -max_total_time="$seconds" -max_len=65536 -len_control=0 \
		-rss_limit_mb=4096 -timeout=60 -print_final_stats=1 \
		-artifact_prefix="$build/fuzz/found/$target-" "$corpus" \
		>"$build/fuzz/$target.log" 2>&1 || status=1
	grep -E '^(SUMMARY|does not hold|Done|stat::number_of_executed)|: (runtime )?error: ' \
		"$build/fuzz/$target.log" | sed 's/^/    /'
	grep -oE 'cov: [0-9]+' "$build/fuzz/$target.log" | tail -n 1 | sed 's/^/    /'
done
exit $status
