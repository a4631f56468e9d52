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
#   disk_boot SECONDS NAME OPTION...
#                             runs a machine by QEMU with these options, for so long
#                             at most; what its two serial lines say goes to
#                             $work/NAME.console and $work/NAME.said
#
# and $disk_cpu, the processor that runs such a machine for long: as
# src/cli/architecture.c has it, with the reasons.
disk_cpu=$(sed -n 's/^#define X86_CPU "\(.*\)"$/\1/p' "$top/src/cli/architecture.c")

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

# In the foreground, it gets the signal that ends all of us; and if we are killed, it
# is.
disk_boot() {
	disk_seconds=$1
	disk_name=$2
	shift 2
	as_user setpriv --pdeathsig KILL timeout --foreground "$disk_seconds" \
		setpriv --pdeathsig KILL qemu-system-x86_64 -no-user-config \
		-nodefaults -display none -no-reboot -nic none -accel tcg \
		-device virtio-rng-pci -serial "file:$work/$disk_name.console" \
		-serial "file:$work/$disk_name.said" "$@"
}
