# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# secure_boot.sh - a machine with firmware, Secure Boot and a disk
#
# To be sourced after system.sh, installed.sh and disk.sh, with a directory $work. The
# machine of "lkp-example verify" has no firmware, so it is none of these. There are no keys
# of a vendor in here but those that Debian's package of the firmware has.
#
#   firmware_install       gets the firmware, shim, grub, and the tools for its keys
#   firmware_variables STATE CERTIFICATE
#                          makes the variables of a machine: with Secure Boot, as it
#                          is sold; "enrolled": with CERTIFICATE (PEM) enrolled by its
#                          owner (MOK) besides; "disabled": without Secure Boot;
#                          "own": with a key of the firmware's own and no other
#   firmware_own DIR       that key and its certificate, as own.key and own.der; they
#                          are Debian's "snakeoil"
#   boot_from_shim STATE   firmware, shim, grub, the kernel; what a person has
#   boot_directly STATE    firmware, and the kernel
#
# The kernel is $work/kernel, its initramfs $work/initrd, its root file system
# $work/disk, which stays as it is, and process 1 $process_1 with STATE as argument.
# What process 1 writes to ttyS1 is in $work/STATE.said, and the console in
# $work/STATE.console. There is no network.

# The first suite of Debian that has virt-fw-vars; it is the host's tools, whatever
# the host is.
firmware_system=trixie/amd64
firmware_code=/usr/share/OVMF/OVMF_CODE_4M.secboot.fd
firmware_keys=/usr/share/ovmf/PkKek-1-snakeoil
# By whom a key was enrolled: shim, as mokutil does.
shim_guid=605dab50-e046-4300-abb6-3dd810dd8b23
boot_seconds=600

firmware_run() {
	system_run "$work/firmware" "$@" </dev/null
}

firmware_install() {
	system_unpack "$firmware_system" "$work/firmware" &&
		system_sources >"$work/firmware/etc/apt/sources.list" &&
		system_apt_conf >"$work/firmware/etc/apt/apt.conf.d/90host" &&
		firmware_run apt-get update &&
		firmware_run apt-get install --yes --no-install-recommends ovmf \
			shim-signed grub-efi-amd64-signed \
			python3-virt-firmware openssl &&
		cp "$work/firmware$firmware_code" "$work/code.fd" &&
		to_user "$work/code.fd"
}

firmware_variables() {
	firmware_from=/usr/share/OVMF/OVMF_VARS_4M.ms.fd
	case $1 in
	disabled) firmware_from=/usr/share/OVMF/OVMF_VARS_4M.fd ;;
	own) firmware_from=/usr/share/OVMF/OVMF_VARS_4M.snakeoil.fd ;;
	esac
	cp "$work/firmware$firmware_from" "$work/$1.fd" || return
	if [ "$1" = enrolled ]; then
		cp "$2" "$work/firmware/srv/mok.pem" &&
			firmware_run virt-fw-vars --input "$firmware_from" \
				--output /srv/enrolled.fd \
				--add-mok "$shim_guid" /srv/mok.pem &&
			cp "$work/firmware/srv/enrolled.fd" "$work/" || return
	fi
	to_user "$work/$1.fd"
}

# Debian's own example of a key that a firmware trusts; all have its password.
firmware_own() {
	# shellcheck disable=SC2016 # $1 is of a shell inside
	firmware_run sh -c 'openssl rsa -in "$1.key" -passin pass:snakeoil \
			-out /srv/own.key &&
		openssl x509 -in "$1.pem" -outform DER -out /srv/own.der' \
		sh "$firmware_keys" &&
		cp "$work/firmware/srv/own.key" "$work/firmware/srv/own.der" "$1"
}

# Call: boot STATE OPTION... Of the processor's cmpxchg16b, src/cli/architecture.c tells.
boot() {
	boot_state=$1
	shift
	disk_boot "$boot_seconds" "$boot_state" \
		-machine q35,smm=on -cpu qemu64,-cx16 -m 1024 \
		-global driver=cfi.pflash01,property=secure,value=on \
		-drive "if=pflash,format=raw,unit=0,readonly=on,file=$work/code.fd" \
		-drive "if=pflash,format=raw,unit=1,file=$work/$boot_state.fd" \
		-drive "if=virtio,format=raw,snapshot=on,file=$work/disk" "$@"
}

# A busy host emulates too few ticks of a timer for Linux 5.10, which would panic.
boot_arguments() {
	echo "root=/dev/vda rootfstype=ext4 rw init=$process_1" \
		"console=ttyS0 panic=-1 no_timer_check lkp.state=$1"
}

boot_from_shim() {
	boot_esp=$work/$1.esp
	mkdir -p "$boot_esp/EFI/BOOT" "$boot_esp/EFI/debian" &&
		cp "$work/firmware/usr/lib/shim/shimx64.efi.signed" \
			"$boot_esp/EFI/BOOT/BOOTX64.EFI" &&
		cp "$work/firmware/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed" \
			"$boot_esp/EFI/BOOT/grubx64.efi" &&
		cp "$work/kernel" "$work/initrd" "$boot_esp/" &&
		printf 'set timeout=0\nlinux /kernel %s\ninitrd /initrd\nboot\n' \
			"$(boot_arguments "$1")" >"$boot_esp/EFI/debian/grub.cfg" &&
		to_user -R "$boot_esp" || return
	boot "$1" -drive "format=raw,file=fat:rw:$boot_esp,if=none,id=esp" \
		-device ide-hd,drive=esp,bootindex=0
}

# The firmware says that the kernel is not signed by its key, and starts what QEMU
# gives it all the same.
boot_directly() {
	to_user "$work/kernel" "$work/initrd" || return
	boot "$1" -kernel "$work/kernel" -initrd "$work/initrd" \
		-append "$(boot_arguments "$1")"
}
