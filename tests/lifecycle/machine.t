#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# machine.t - an administrator's way with the package, on a machine that runs
#
# A clean Debian stable on a disk, booted with systemd as process 1, three times: with
# the older of the kernels that are offered, where the package of an older version is
# installed and used, and a newer kernel arrives; with that newer kernel, where the
# package is upgraded while the module is in use, installed again, downgraded, removed
# and purged; and once more to see that nothing is left. machine-script does this
# there, by apt, with repositories that are directories: there is no network. What the
# machine has left on its disk is proven on both kernels from outside, for a machine
# in an emulated machine would take too long.
#
# The kernels are those that Debian makes for virtual machines ("cloud"): depmod and
# dpkg take several times as long with the thousands of modules of the others, which
# upgrade.t has. In the end, machines with a fault show what would be noticed.
# shellcheck disable=SC2317 # functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"

need_space "$work" 7000
. "$top/tests/lifecycle/lifecycle.sh"
. "$top/tests/lifecycle/disk.sh"
root=$work/root
srv=$root/srv/lkp
logs=$build/tests/machine
kernel_packages="linux-image-cloud-amd64 linux-headers-cloud-amd64"
machine_seconds=3600
snapshot=off

# What the packages depend on is there; they themselves come by the machine's own apt.
# Without what a kernel recommends, its upgrade would be kept back.
install_system() {
	# shellcheck disable=SC2046,SC2086 # lists
	lifecycle_install $kernel_packages systemd-sysv apparmor openssl \
		$(lifecycle_dependencies) &&
		inside useradd --create-home member &&
		inside useradd --create-home stranger
}

# Of the older version, lkp-example-utils is the newer one, but for its number.
repositories() {
	# shellcheck disable=SC2086 # a list
	lifecycle_package "$version_older" "$work/dkms.deb" &&
		lifecycle_fault lkp-example-utils DEBIAN/control \
			"s/^Version: .*/Version: $version_older/" "$work/utils.deb" &&
		lifecycle_offer older "$work/dkms.deb" "$work/utils.deb" &&
		lifecycle_offer newer "$build"/deb/*.deb &&
		lifecycle_offer_kernel $kernel_packages
}

# The machine has no network, and does nothing but what it is told.
settings() {
	lifecycle_alone || return
	printf '%s=%s\n' version "$version" version_older "$version_older" \
		older "$first" newer "$second" >"$srv/facts"
	cp "$top/tests/lifecycle/machine-script" "$srv/" &&
		cp "$top/tests/lifecycle/machine.service" \
			"$root/etc/systemd/system/" &&
		mkdir -p "$root/etc/systemd/system/multi-user.target.wants" &&
		ln -s ../machine.service \
			"$root/etc/systemd/system/multi-user.target.wants/"
}

# Call: boots STATE [WORD...]; the words are for the kernel. One processor: with a thread
# for each of several, the emulated kernel oopses now and then, see src/cli/vm.c.
boots() {
	disk_boot "$machine_seconds" "$1" -machine q35 -cpu "$disk_cpu" -m 2048 \
		-kernel "$work/kernel" -initrd "$work/initrd" \
		-append "root=/dev/vda rootfstype=ext4 rw console=ttyS0 panic=-1 \
no_timer_check lkp.state=$*" \
		-drive "if=virtio,format=raw,cache=unsafe,snapshot=$snapshot,file=$work/disk"
}

# A kernel that has panicked ends QEMU as one does that powers off.
powers_off() {
	grep -E 'reboot: Power down|ACPI: PM: Preparing to enter system sleep state S5' \
		"$work/$1.console"
}

# What it says if it is not, verify knows.
kernel_is_content() {
	complaints=$(sed -n '/^#define COMPLAINTS/,/\.\*"$/s/^\t"\(.*\)".*/\1/p' \
		"$top/src/cli/verdict.c" | tr -d '\n')
	! grep -aE -- "$complaints" "$work/$1.console"
}

# Call: machine STATE RESULTS [WORD...]
machine() {
	state=$1
	wanted_results=$2
	shift 2
	began=$(date +%s)
	shown=$work/$state.console
	check "$state: the machine runs" boots "$state" "$@"
	check "$state: it powers off" powers_off "$state"
	check "$state: its kernel has no complaint" kernel_is_content "$state"
	shown=
	as_user cp "$work/$state.said" "$work/$state.console" "$logs"
	echo "# $state: $(($(date +%s) - began)) s"
	sed 's/^/script: /' "$work/$state.said" >"$work/said"
	results "$state" "$work/said" "$wanted_results"
}

# Both kernels, as the machine has left them, and without its results.
outside() {
	root=$work/left
	proven "$first" "$second"
}

newer_kernel() {
	for file in "vmlinuz-$second kernel" "initrd.img-$second initrd"; do
		disk_read "$work/disk" "/boot/${file% *}" "$work/${file#* }" || return
		to_user "$work/${file#* }"
	done
}

# Call: found_out STATE RESULTS RED GREEN; of what machine says of it, regular expressions
# for a line that is red, and one that is not. The fault is process 1, for that is quick.
found_out() {
	(
		snapshot=on
		machine "$1" "$2" init=/srv/lkp/machine-script
	) >"$work/found"
	cat "$work/found"
	grep -E "^not ok .*$3" "$work/found" && grep -E "^ok .*$4" "$work/found"
}

as_user mkdir -p "$logs"
needed "a clean system" lifecycle_system 6.12
if [ "$older" = "$newer" ]; then
	skip "the machine" "the archive offers one kernel only today"
	finish
fi
lifecycle_kernel "$older"
needed "systemd, and the older kernel" install_system
first=$(lifecycle_kernels)
needed "an initramfs" disk_kernel "$first"
needed "repositories for the machine" repositories
echo "# from $first to $second"
needed "settings of the machine" settings
needed "a disk" disk_make "$root" "$work/disk"
to_user "$work/kernel" "$work/initrd"

machine first 28
check "what the machine has left" disk_tree "$work/disk" "$work/left"
check "... is proven from outside, on both kernels" outside
check "the newer kernel, from its disk" newer_kernel
machine second 39
machine third 3

check "a machine that says less than it should would be noticed" \
	found_out short 2 '2 results' 'it powers off'
check "one whose kernel panics, too" \
	found_out panic 1 'its kernel has no complaint' '1 results'
machine_seconds=60
check "one that does not end, too" \
	found_out hangs 1 'the machine runs' '1 results'
finish
