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

# Call: base_once NAME COMMAND...: the command fills $base.new, once. What it sets is
# lost: a system has a suite of its own.
base_once() {
	base=$work/bases/$1
	shift
	mkdir -p "$work/bases"
	exec 7>"$base.lock"
	flock 7
	if [ ! -e "$base" ]; then
		rm -rf "$base.new"
		("$@") || {
			exec 7>&-
			return 1
		}
		mv "$base.new" "$base"
	fi
	exec 7>&-
}

base_index() {
	index_update "$@"
	find "$base.new/var/lib/apt/lists" -type f -delete
	cp "$index"/lists/*_* "$base.new/var/lib/apt/lists/"
	cp "$index/sources.list" "$base.new/etc/apt/sources.list"
	rm -f "$base.new"/etc/apt/sources.list.d/*
}

# Of the caches of an apt that has just looked at all indices, each cell's apt
# takes what is still right.
base_fill_system() {
	system_unpack "$2/$4" "$base.new" || return
	base_index "$@"
	system_repository "$base.new"
	# A system that nobody boots may lose what the disk has not got yet.
	printf 'force-unsafe-io\n' >"$base.new/etc/dpkg/dpkg.cfg.d/unsafe"
	packages=
	system_run "$base.new" sh -c 'apt-get update --no-list-cleanup \
		-o Dir::Etc::SourceList=/etc/apt/sources.list.d/lkp-example.list \
		-o Dir::Etc::SourceParts=/dev/null -o APT::Get::List-Cleanup=0 &&
		apt-cache gencaches'
}

base_system() {
	base_once "$1-$4" base_fill_system "$@"
}

base_overlay() {
	mkdir -p "$1/root" "$1/upper" "$1/work" &&
		mount -t overlay overlay -o \
			"lowerdir=$base,upperdir=$1/upper,workdir=$1/work" "$1/root"
}

base_drop() {
	for mounted in "$1/programs/boot" "$1/programs/lib/modules" "$1/root"; do
		if mountpoint -q "$mounted"; then
			umount --recursive "$mounted"
		fi
	done
	rm -rf --one-file-system "$1"
}
