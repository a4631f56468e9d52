#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# autopkgtest.t - the tests of the Debian packages, as Debian runs them
#
# autopkgtest with its runner for QEMU, on the packages as they were built: the tests
# of debian/tests, one of which boots a newer kernel, and those that
# autopkgtest-pkg-dkms adds. The machine is a clean Debian stable with the older of the
# kernels that are offered; the newer one is in a repository on its disk, for there is
# no network. It boots by firmware and grub, so that a kernel that was installed is
# the one that a reboot starts. None of the tests may be skipped. In the end, a module
# that fails when it is loaded must be found out.
# shellcheck disable=SC2317 # functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"

need_space "$work" 9000
. "$top/tests/lifecycle/lifecycle.sh"
. "$top/tests/lifecycle/disk.sh"
root=$work/root
logs=$build/tests/autopkgtest
kernel_packages="linux-image-amd64 linux-headers-amd64"
# The tests want this package, and read nothing of its thousands of files.
no_documents="Dpkg::Options::=--path-exclude=/usr/share/doc/linux-doc*"

# What autopkgtest and the tests themselves want as well: it is of Debian's archive.
install_system() {
	# shellcheck disable=SC2046,SC2086 # lists
	lifecycle_install -o "$no_documents" $kernel_packages linux-doc systemd-sysv \
		openssl apt-utils dpkg-dev dctrl-tools python3-minimal $(lifecycle_dependencies)
}

# The loader's file system is one of QEMU's, of a directory; and the firmware looks for
# the disk only where it might boot from that. The links that the loader follows are
# those that a Debian kernel sets when it is installed.
loader() {
	mkdir -p "$work/grub" "$work/esp/EFI/BOOT" "$work/esp/EFI/debian" &&
		inside sh -c 'cd /srv && apt-get download grub-efi-amd64-signed' &&
		dpkg-deb --extract "$root"/srv/grub-efi-amd64-signed_*.deb \
			"$work/grub" &&
		rm "$root"/srv/grub-efi-amd64-signed_*.deb &&
		cp "$work/grub/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed" \
			"$work/esp/EFI/BOOT/BOOTX64.EFI" || return
	cat >"$work/esp/EFI/debian/grub.cfg" <<-END
		set timeout=0
		search --no-floppy --file --set=root /vmlinuz
		linux /vmlinuz root=/dev/vda rootfstype=ext4 rw console=ttyS0 no_timer_check
		initrd /initrd.img
		boot
	END
	to_user -R "$work/esp"
}

settings() {
	lifecycle_alone || return
	units=$root/etc/systemd/system
	echo "deb [signed-by=/srv/lkp/kernels/lkp-example.asc] file:/srv/lkp/kernels ./" \
		>"$root/etc/apt/sources.list"
	mkdir -p "$units/multi-user.target.wants" &&
		cp "$top/tests/lifecycle/autopkgtest@.service" "$units" &&
		for console in hvc1 ttyS1; do
			ln -s ../autopkgtest@.service \
				"$units/multi-user.target.wants/autopkgtest@$console.service" ||
				return
		done
	# What installs a kernel without its initramfs leaves this to others.
	inside linux-update-symlinks install "$first" "/boot/vmlinuz-$first" &&
		ls -l "$root/vmlinuz" "$root/initrd.img" && inside apt-get update
}

# Call: run_autopkgtest NAME [OPTION...] DEB...; its tests are in NAME/summary. Exit status
# 8 would be for no tests at all, 2 for one that was skipped.
run_autopkgtest() {
	output=$work/$1
	shift
	as_user env TMPDIR="$work/tmp" LKP_CONSOLE="$output/console" \
		autopkgtest --output-dir "$output" \
		--timeout-factor=4 --no-built-binaries "$@" "$work/tree/" -- qemu \
		--qemu-command "$top/tests/lifecycle/emulator" --boot=efi \
		--ram-size 2048 --timeout-reboot=1800 --qemu-options="-cpu $disk_cpu -drive \
file=fat:rw:$work/esp,format=raw,if=none,id=esp \
-device ide-hd,drive=esp,bootindex=0 -global virtio-blk-pci.bootindex=1" \
		"$work/disk"
}

# Call: verdict NAME TEST WORD
verdict() {
	cat "$work/$1/summary"
	grep -E "^$2 +$3" "$work/$1/summary"
}

needed "a clean system" lifecycle_system 6.12
if [ "$older" = "$newer" ]; then
	skip "the tests of the packages" "the archive offers one kernel only today"
	finish
fi
lifecycle_kernel "$older"
needed "systemd, and the older kernel" install_system
first=$(lifecycle_kernels)
# shellcheck disable=SC2086 # a list
needed "a newer kernel for the machine" lifecycle_offer_kernel $kernel_packages
echo "# from $first to $second"
needed "an initramfs" disk_kernel "$first"
needed "a loader" loader
needed "settings of the machine" settings
needed "a disk" disk_make "$root" "$work/disk"
copy_sources "$work/tree"
mkdir -m 1777 "$work/tmp"
mkdir "$work/passes" "$work/fails"
to_user "$work/passes" "$work/fails"

shown=$work/passes/log
check "autopkgtest: all tests pass, and none is skipped" \
	run_autopkgtest passes "$build"/deb/*.deb
shown=
for test in load-read-unload kernel-upgrade dkms-autopkgtest; do
	check "... $test" verdict passes "$test" PASS
done
sed 's/^/# /' "$work/passes/summary"
check "... the newer kernel has run" \
	grep -F "PASS: loads, works and unloads on $second" "$work/passes/log"

check "a module that fails when it is loaded" lifecycle_fault lkp-example-dkms \
	"usr/src/lkp-example-$version/src/module/main.c" \
	's/pr_info("Module loaded ...\\n");/return -EIO;/' "$work/fault.deb"
run_autopkgtest fails --test-name=load-read-unload "$work/fault.deb" \
	"$build"/deb/lkp-example-utils_*.deb >"$work/out" 2>&1
check "... is found out by the status of autopkgtest" [ $? = 4 ]
check "... and by its summary" verdict fails load-read-unload FAIL
as_user rm -rf "$logs"
as_user mkdir -p "$logs"
as_user cp -r "$work/passes" "$work/fails" "$logs"
finish
