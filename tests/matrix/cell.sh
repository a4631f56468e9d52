#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# cell.sh - one cell of the matrix
#
# Usage: cell.sh NAME		from matrix.sh, in its name space
#
# Installs a kernel and lkp-example-dkms in a clean system, has DKMS build the
# modules, and boots that kernel with them. What comes of it is in $cells/NAME, a
# slash of the name being a "+": log, what was done; verify.json, console and
# report, what the machine said; state, a line "STATE SECONDS REASON"; and
# result.json, all of that and what was resolved.
#
# STATE is passed; failed; unavailable, if a package could not be had, or there was
# no room for it; or skipped, if that was expected by tests/matrix/skips.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"
. "$top/tests/tools/system.sh"
. "$top/tests/matrix/index.sh"
. "$top/tests/matrix/base.sh"
. "$top/tests/matrix/cross.sh"
. "$top/tests/matrix/peers.sh"
. "$top/tests/build/clang.sh"
work=$LKP_WORK
name=$1
cells=$build/matrix/cells
file=$(printf %s "$name" | tr / +)
dir=$cells/$file
own=${LKP_CELLS:-$work/cells}/$file
root=$own/root
modules='lkp_example lkp_example_client lkp_example_probe'
version=$("$top/src/dist/version")

tab=$(printf '\t')
IFS=$tab read -r _ suite system arch label compiler gcc kernels <<-CELL
$(grep -F "$name$tab" "$work/cells.tsv")
CELL

# A line of the log, with the second of the cell.
phase() {
	say "==> $(($(date +%s) - began)) s: $*"
}

# Call: ends STATE REASON
ends() {
	printf '%s\n' "$2" >"$dir/reason"
	case $1 in
	passed) exit 0 ;;
	unavailable) exit 77 ;;
	esac
	exit 1
}

# What could not be had is no fault of what was to be tried.
install_ends() {
	if grep -qE 'No space left on device|enough free space|MB are needed' "$1"; then
		ends unavailable "the disk is full: make room in $cache and in ${own%/*}"
	elif grep -qE '^E: (Failed to fetch|Unable to locate package|Package .* has no installation candidate)' "$1"; then
		ends unavailable "$(grep -E '^E: (Failed to fetch|Unable|Package)' "$1" |
			head -n 1 | sed 's/^E: //; s/ *\[IP: .*//')"
	elif grep -q 'could not be made: .* is out of reach' "$1"; then
		ends unavailable "$(grep 'could not be made: ' "$1" | tail -n 1)"
	fi
	dkms_ends "$1"
}

# What DKMS says is in a file of its own; of the rest, the first is the cause.
dkms_ends() {
	find "$root/var/lib/dkms" -name make.log -exec cat {} + >"$dir/make.log"
	cat "$dir/make.log"
	ends failed "$(cat "$dir/make.log" "$1" |
		grep -m 1 -E '(^|[^a-z])error: |^(E:|Error!|dpkg: error)')"
}

# The kernel, its headers and our package at once: as by a user.
install_native() {
	apt_install "linux-image-$release" "linux-headers-$release" lkp-example-dkms
}

# As an administrator would tell DKMS to use another compiler: by a file of
# /etc/dkms. Which options of that kernel mean nothing to it is found by building on
# trial.
install_clang() {
	apt_install "linux-image-$release" "linux-headers-$release" clang || return
	mkdir -p "$root/srv/tree/src" "$root/etc/dkms"
	cp -r "$top/src/module" "$root/srv/tree/src/"
	cp "$top/dkms.conf" "$root/srv/tree/"
	cp "$top/tests/build/clang-without" "$root/srv/"
	options=$root/srv/clang-without.options
	: >"$options"
	until system_run "$root" make -C "/lib/modules/$release/build" \
		M=/srv/tree/src/module CC=/srv/clang-without modules \
		>"$dir/clang" 2>&1; do
		cat "$dir/clang"
		clang_unknown "$dir/clang" "$options" >"$dir/unknown" || return
		cat "$dir/unknown" >>"$options"
	done
	# shellcheck disable=SC2016 # DKMS sets these
	sed -n 's|^\(MAKE.*\) modules"$|\1 CC=/srv/clang-without modules"|p' \
		"$top/dkms.conf" >"$root/etc/dkms/lkp-example.conf"
	apt_install lkp-example-dkms
}

# Runs COMMAND for one kernel after another, till the archive has one.
first_kernel() {
	for each in $kernels; do
		IFS='=' read -r release kernel pocket images headers <<-EACH
		$each
		EACH
		phase "installing Linux $kernel of $pocket"
		printf '%s %s %s\n' "$release" "$kernel" "$pocket" >"$dir/kernel"
		"$@" >"$dir/install" 2>&1 && return
		cat "$dir/install"
		grep -qE '^E: Failed to fetch .* 404 ' "$dir/install" || return
	done
	return 1
}

# From here on, $root is a system of the other architecture.
cross_root() {
	guest_of_cell
	phase "modprobe of $arch"
	cross_programs kmod || install_ends "$dir/log"
	root=$programs
}

guest_of_cell() {
	guest_program || ends failed "the guest program did not compile"
	guest=--guest=$program
}

prove() {
	phase "booting $release"
	status=0
	# shellcheck disable=SC2086 # a list
	as_user "$build/bin/lkp-example" verify --json --root "$1" \
		--kernel "$release" --log "$dir/boot" $guest $modules \
		>"$dir/verify.json" || status=$?
	cat "$dir/verify.json"
	case $status in
	0) ends passed "" ;;
	77) ends unavailable "$(jq -r '.results[0].reason' "$dir/verify.json")" ;;
	1) ends failed "$(jq -r '.results[0].reason' "$dir/verify.json")" ;;
	esac
	ends failed "lkp-example verify: $(tail -n 1 "$dir/log")"
}

run_cell() {
	[ -n "$kernels" ] || ends unavailable "no kernel"
	case $name in
	*/index/*) ends unavailable "$kernels" ;;
	esac
	index_architecture "$arch"
	native=$arch
	[ "$label" = apt ] || native=amd64
	pockets=$(index_rows | awk -v suite="$suite" '$1 == suite { print $3; exit }')
	base_system "$suite" "$system" "$pockets" "$native" || install_ends "$dir/log"
	phase "a clean $system is there"
	base_overlay "$own" || install_ends "$dir/log"
	packages=$cache/packages/$(system_file "$system/$native")
	guest=
	if [ "$label" = apt ]; then
		case $compiler in
		clang) first_kernel install_clang ;;
		*) first_kernel install_native ;;
		esac || install_ends "$dir/install"
		cat "$dir/install"
		[ "$arch" = amd64 ] || guest_of_cell
	else
		first_kernel cross_install || install_ends "$dir/install"
		cat "$dir/install"
		phase "DKMS builds for $arch"
		cross_build || dkms_ends "$dir/log"
	fi
	system_run "$root" dkms status -m lkp-example |
		grep -F "$release" | grep -F installed ||
		dkms_ends "$dir/log"
	# shellcheck disable=SC2016 # dpkg-query's own syntax
	system_run "$root" dpkg-query -W -f '${Version}' dkms >"$dir/dkms"
	case $compiler in
	clang) system_run "$root" clang --version ;;
	*) system_run "$root" "$triplet-gcc-$gcc" --version ;;
	esac | head -n 1 >"$dir/compiler"
	[ -z "${LKP_PEERS:-}" ] || peers
	[ "$label" = apt ] || cross_root
	prove "$root"
}

# The cell's place is given back in any case.
trap 'base_drop "$own"' EXIT
trap 'exit 130' INT TERM HUP
rm -rf "$dir"
as_user mkdir -p "$dir"
began=$(date +%s)
printf 'running %s\n' "$began" >"$dir/state"
status=0
(run_cell) >"$dir/log" 2>&1 || status=$?
phase "done" >>"$dir/log"
base_drop "$own"
"$top/tests/matrix/result.sh" "$name" "$status" "$(($(date +%s) - began))" "$dir"
