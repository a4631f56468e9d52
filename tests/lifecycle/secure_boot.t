#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# secure_boot.t - the package on machines with Secure Boot
#
# Usage: secure_boot.t [NAME]		a name of tests/kernels, 6.12 unless given
#        secure_boot.t NAME/install
#
# Installs the package in a clean system, where DKMS signs the modules by a key of
# its own (that of Debian 11 does not: they are signed by hand there); and boots that
# system by firmware, shim and grub, as a person's machine does. Its state is one of
# these: the key is not enrolled; the owner has enrolled it; Secure Boot is disabled,
# where all must be different; and once more, without shim and grub, a firmware has a
# key of its own. secure_boot-script looks at the modules there. To type a password
# into the blue screen is left out: the key is written to where that would put it.
#
# With /install, the package is installed again on the machine itself, where nobody
# has enrolled the key and DKMS compiles the modules: that takes ten minutes.
# shellcheck disable=SC2317 # functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"
. "$top/tests/tools/program.sh"
name=${1:-6.12}
name=${name%/install}

need_space "$work" 7000
. "$top/tests/lifecycle/disk.sh"
. "$top/tests/lifecycle/secure_boot.sh"
root=$work/root
srv=$root/srv/lkp
logs=$build/tests/secure_boot-$(system_file "${1:-$name}")
process_1=/srv/lkp/secure_boot-script
key=/var/lib/dkms/mok.key
certificate=/var/lib/dkms/mok.pub

# A root file system on a disk needs an initramfs. Any system that boots has mount.
install_tools() {
	inside apt-get update &&
		fetches env INITRD=No apt-get install --yes openssl mokutil \
			initramfs-tools mount
}

# Call: unpacked FILE, packed FILE; as DKMS has packed the modules
unpacked() {
	case $1 in
	*.xz) xz -dc "$1" ;;
	*) cat "$1" ;;
	esac
}

packed() {
	case $module in
	*.xz) xz --check=crc32 <"$1" ;;
	*) cat "$1" ;;
	esac
}

is_signed() {
	[ "$(tail -c 28 "$1" | tr -d '\n')" = '~Module signature appended~' ]
}

# Call: sign KEY CERTIFICATE FILE; paths inside the system
sign() {
	inside "/lib/modules/$release/build/scripts/sign-file" sha256 "$@"
}

# That of Debian 11 has made no key, and signed nothing.
sign_all() {
	inside openssl req -new -x509 -nodes -days 36500 -newkey rsa:2048 \
		-subj '/CN=DKMS module signing key/' -keyout "$key" \
		-outform DER -out "$certificate" || return
	for file in "$root/lib/modules/$release"/updates/dkms/*.ko; do
		sign "$key" "$certificate" "${file#"$root"}" || return
	done
}

# As DKMS has built it. Without debugging information, there is nothing to strip but
# what stands behind the module.
variants() {
	mkdir -p "$srv/modules" "$work/variants" &&
		unpacked "$module" >"$work/variants/dkms" &&
		strip --strip-debug -o "$work/variants/unsigned" \
			"$work/variants/dkms" &&
		is_signed "$work/variants/dkms" &&
		! is_signed "$work/variants/unsigned" &&
		sed 's/a message behind/A message behind/' "$work/variants/dkms" \
			>"$work/variants/changed" &&
		! cmp -s "$work/variants/dkms" "$work/variants/changed" &&
		inside openssl req -new -x509 -nodes -days 36500 -newkey rsa:2048 \
			-subj '/CN=somebody else/' -keyout /srv/lkp/other.key \
			-outform DER -out /srv/lkp/other.der &&
		firmware_own "$srv" || return
	for whose in other own; do
		cp "$work/variants/unsigned" "$srv/$whose.ko" &&
			sign "/srv/lkp/$whose.key" "/srv/lkp/$whose.der" \
				"/srv/lkp/$whose.ko" &&
			mv "$srv/$whose.ko" "$work/variants/$whose" || return
	done
	for variant in dkms unsigned changed other own; do
		packed "$work/variants/$variant" >"$srv/modules/$variant" || return
	done
}

along() {
	program_into "$srv/bin" &&
		cp "$top/tests/lifecycle/secure_boot-script" "$srv/" &&
		cp "$build"/deb/lkp-example-dkms_*.deb "$srv/lkp-example-dkms.deb" &&
		rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/srv/lkp/*.key
}

variables() {
	inside openssl x509 -inform DER -in "$certificate" >"$work/mok.pem" &&
		for state in "$@"; do
			firmware_variables "$state" "$work/mok.pem" || return
		done
}

# Call: machine STATE RESULTS COMMAND...
machine() {
	machine_state=$1
	machine_results=$2
	shift 2
	began=$(date +%s)
	shown=$work/$machine_state.console
	check "$name, $machine_state: the machine runs, and powers off" \
		"$@" "$machine_state"
	shown=
	as_user cp "$work/$machine_state.said" "$work/$machine_state.console" "$logs"
	echo "# $machine_state: $(($(date +%s) - began)) s"
	grep '^# ' "$work/$machine_state.said"
	sed 's/^/script: /' "$work/$machine_state.said" >"$work/said"
	results "$name, $machine_state" "$work/said" "$machine_results"
}

# Call: signed_by_dkms; the module that is installed, by the key that is there
signed_by_dkms() {
	serial=$(inside openssl x509 -inform DER -in "$certificate" -noout -serial)
	found=$(inside modinfo -k "$release" -F sig_key lkp_example)
	echo "$serial $found"
	[ "${serial#serial=}" = "$(echo "$found" | tr -d ':[:space:]')" ]
}

# What was printed on the machine, is done here.
cures() {
	cp "$srv/modules/$2" "$module" && ! signed_by_dkms || return
	sed -n "s/^# $1: //p" "$work/enabled.said" | sed "$3" >"$root/srv/cure"
	cat "$root/srv/cure"
	[ -s "$root/srv/cure" ] && inside sh -e /srv/cure && signed_by_dkms
}

as_user mkdir -p "$logs"
system_unpack "$name" "$root" >"$work/log" 2>&1 || die "$(cat "$work/log")"
release=$(system_release "$root")
needed "$name: tools of the system" install_tools
shown=$work/install.log
needed "$name: apt-get install lkp-example-dkms" system_install "$name" "$root"
shown=
module=$(find "$root/lib/modules/$release/updates" -name 'lkp_example.ko*')
# shellcheck disable=SC2016 # dpkg-query's own syntax
echo "# kernel: $release, DKMS $(inside dpkg-query -W -f '${Version}' dkms)"
case $name in
5.10) needed "$name: DKMS does not sign; signed by hand" sign_all ;;
esac
check "$name: the modules are signed by DKMS's key" signed_by_dkms
needed "$name: firmware, shim and grub" firmware_install
needed "$name: the module, signed and not" variants
needed "$name: what is on the disk besides" along
needed "$name: an initramfs" disk_kernel "$release"
needed "$name: variables of the firmware" \
	variables enabled install enrolled disabled own
needed "$name: a disk" disk_make "$root" "$work/disk"

if [ "$name" != "${1:-6.12}" ]; then
	boot_seconds=1500
	machine install 4 boot_from_shim
	finish
fi

machine enabled 25 boot_from_shim
check "$name: what the smoke test says cures a module that is not signed" \
	cures "cure of enabled, not signed" unsigned ''
check "$name: what the doctor says cures it, too" \
	cures "doctor on enabled, not signed" unsigned 's/^[^:]*: //'
check "$name: what the doctor says cures one that another key signed" \
	cures "doctor on enabled, signed by another key" other 's/^[^:]*: //'
machine enrolled 26 boot_from_shim
machine disabled 10 boot_from_shim
machine own 11 boot_directly
finish
