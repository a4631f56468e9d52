# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154
# disk.sh - a system in a directory becomes the disk of a machine
#
# To be sourced after system.sh and installed.sh, with a directory $work and the name
# of a system in $root, which has initramfs-tools.
#
#   disk_kernel RELEASE       makes an initramfs for a root file system on a disk, and
#                             copies kernel and initramfs to $work/kernel and
#                             $work/initrd
#   disk_make DIR DISK        a file system with all that is in DIR, as a file
#   disk_read DISK FILE TO    copies a file out of that
#   disk_tree DISK DIR        all that is there, as a directory
#
# and $disk_cpu, the processor that runs such a machine for long.

# All that can be emulated, but for what src/cli/architecture.c leaves out as well; and
# cmpxchg16b, which leaves wrong flags behind in QEMU 7.2: where an interrupt comes
# next, and one does sometime, the kernel oopses for no fault of its own.
disk_cpu=max,-erms,-fsrm,-cx16

# A few modules are enough, which saves time, and more where a machine makes its own.
disk_kernel() {
	sed -i 's/^MODULES=.*/MODULES=list/' \
		"$root/etc/initramfs-tools/initramfs.conf" &&
		printf '%s\n' virtio_pci virtio_blk ext4 \
			>>"$root/etc/initramfs-tools/modules" &&
		inside update-initramfs -c -k "$1" &&
		cp "$root/boot/initrd.img-$1" "$work/initrd" &&
		cp "$root/boot/vmlinuz-$1" "$work/kernel"
}

disk_make() {
	truncate -s 4G "$2" &&
		mke2fs -q -t ext4 -E lazy_itable_init=1 -O ^has_journal -d "$1" "$2" &&
		to_user "$2"
}

# It says nothing by its status.
disk_read() {
	rm -f "$3"
	debugfs -R "dump $2 $3" "$1" 2>&1 && [ -s "$3" ]
}

disk_tree() {
	mkdir "$2" && debugfs -R "rdump / $2" "$1" >"$work/rdump" 2>&1
	grep -v -e '^debugfs ' -e '^rdump: ' "$work/rdump"
	[ -e "$2/usr/bin" ]
}
