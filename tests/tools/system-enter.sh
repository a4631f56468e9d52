#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# system-enter.sh - enter a system, from name spaces that system.sh has made
#
# Usage: system-enter.sh DIRECTORY REPOSITORY COMMAND [ARGUMENT...]
set -eu
dir=$1
repository=$2
shift 2

mount -t proc proc "$dir/proc"
mount -t sysfs -o ro sysfs "$dir/sys"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$dir/dev/pts"
for file in /etc/resolv.conf /etc/hosts; do
	[ ! -e "$file" ] || {
		[ -e "$dir$file" ] || : >"$dir$file"
		mount --bind "$file" "$dir$file"
	}
done
[ ! -d "$repository" ] || mount --bind -o ro "$repository" "$dir/srv/lkp-example"
# As the first process of its name space, a command would not get the signals that
# end it: this shell is that.
chroot "$dir" env -i HOME=/root TERM="${TERM:-dumb}" LC_ALL=C.UTF-8 \
	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
	DEBIAN_FRONTEND=noninteractive "$@" || exit
