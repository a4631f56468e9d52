#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# turns.sh - boot a kernel for nothing, for verify and for virtme-ng, in turns
#
# Usage: turns.sh BUILD ROOT RELEASE RUNS NAME...
#
# BUILD is where the programs were built, ROOT a system with the kernel RELEASE
# and our package. Each NAME is measured once a turn, all of them emulated:
#
#   bare        that kernel in verify's machine, with an init that powers off
#   verify      a quick verification, from the command to the verdict
#   virtme-ng   "true" in that kernel, by vng, with the files of this system
#
# Prints a line a measurement: NAME, seconds, processor seconds. With
# GUEST=FILE, verify takes that guest program.
set -eu
build=$1
root=$2
release=$3
runs=$4
shift 4
time=$(mktemp)
said=$(mktemp)
trap 'rm -f "$time" "$said"' EXIT
trap 'exit 130' INT TERM HUP

# Two processors, as verify has. The 9p file system was faster than virtiofs;
# of "microvm", which it takes by itself where it can, this kernel has no driver.
measure() {
	case $1 in
	bare)
		"$build/bench/bare-boot" "$root" "$release" \
			"$build/bench/power-off" >"$time"
		;;
	verify)
		"$build/bench/timed" "$time" "$build/bin/lkp-example" verify \
			--again --accel tcg ${GUEST:+--guest "$GUEST"} \
			--root "$root" --kernel "$release" lkp_example
		;;
	virtme-ng)
		"$build/bench/timed" "$time" vng --disable-kvm --force-9p \
			--cpus 2 --run "/boot/vmlinuz-$release" -- true
		;;
	*)
		echo "there is nothing called $1"
		return 1
		;;
	esac
}

while [ "$runs" -gt 0 ]; do
	runs=$((runs - 1))
	for name; do
		if ! measure "$name" </dev/null >"$said" 2>&1; then
			tail -n 20 "$said" >&2
			echo "${0##*/}: $name has failed, see above" >&2
			exit 2
		fi
		echo "$name $(cat "$time")"
	done
done
