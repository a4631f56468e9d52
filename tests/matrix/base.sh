# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# base.sh - the systems that cells share, and the one that a cell has for itself
#
# To be sourced after host.sh, system.sh and index.sh, in the name space of
# system_inside. Bases are made once a run, by the first cell that needs them, and
# are never changed then: what a cell does goes into a directory of its own.
#
#   base_system SUITE SYSTEM POCKETS ARCH
#                        sets base to a clean SYSTEM, whose apt has our repository,
#                        and the indices of SUITE as they are in the cache
#   base_overlay DIR     mounts $base on DIR/root, with what is written in DIR
#   base_drop DIR        takes it away again, and what cross.sh mounts
#   apt_install PACKAGE...
#                        in $root, from $pocket

# Of the caches of an apt that has just looked at all indices, each cell's apt
# takes what is still right. Call: base_prepare SUITE SYSTEM POCKETS ARCH ROOT
base_prepare() {
	index_update "$1" "$2" "$3" "$4" &&
		find "$5/var/lib/apt/lists" -type f -delete &&
		cp "$index"/lists/*_* "$5/var/lib/apt/lists/" &&
		cp "$index/sources.list" "$5/etc/apt/sources.list" &&
		rm -f "$5"/etc/apt/sources.list.d/* &&
		system_repository "$5" || return
	packages='' system_run "$5" sh -c 'apt-get update --no-list-cleanup \
		-o Dir::Etc::SourceList=/etc/apt/sources.list.d/lkp-example.list \
		-o Dir::Etc::SourceParts=/dev/null -o APT::Get::List-Cleanup=0 &&
		apt-cache gencaches'
}

# Call: base_fill SUITE SYSTEM POCKETS ARCH NEW
base_fill() {
	system_written "$lowest" "$5" base_prepare "$1" "$2" "$3" "$4"
}

# Experimental is the system of sid, with other indices.
base_system() {
	system_layer "$2/$4" system_unpack_into "$2/$4" || return
	lowest=$layer
	system_layer "$1-$4.indices" base_fill "$@" && base=$layer:$lowest
}

base_overlay() {
	system_mount "$1/root" "$1" "$base"
}

base_drop() {
	for mounted in "$1/programs" "$1/root"; do
		if mountpoint -q "$mounted"; then
			umount --recursive "$mounted"
		fi
	done
	rm -rf --one-file-system "$1"
}

# The kernel and what belongs to it come from one pocket: another one may have newer
# packages of the same names, or have lost them. A fresh initramfs in a system that
# boots with one of ours is time lost.
apt_install() {
	system_run "$root" env INITRD=No apt-get install --yes \
		--target-release="$pocket" "$@"
}
