#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# host.t - what is refused on this host, and what else is of a running kernel
#
# Installs the package in a clean system, where DKMS signs the modules by a key
# that nobody has enrolled; proves them, so that the results are kept; and takes
# that system along into a virtual machine, which plays the host. There
# host-script makes the kernel want signatures, in each of the ways that there
# are, and asks verify and doctor.
#
# shellcheck disable=SC2016 # $1 is of a shell inside
# shellcheck disable=SC2317 # functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"
. "$top/tests/tools/program.sh"

root=$work/root
lkp=$root/opt/lkp
lkp_example=$build/bin/lkp-example

# The kernel's image does not come along from /boot.
take_along() {
	program_into "$lkp" &&
		cp "$root/boot/vmlinuz-$release" \
			"$root/lib/modules/$release/vmlinuz" &&
		cp "$root/boot/config-$release" "$lkp/config"
}

# The certificate that DKMS signs by, as firmware keeps it, by a tool that is not
# ours; and one of somebody else.
keys() {
	cp "$root/var/lib/dkms/mok.pub" "$lkp/mok.pub" &&
		system_run "$root" sh -c 'apt-get install --yes efitools &&
			cd /opt/lkp &&
			openssl x509 -inform DER -in mok.pub -out mok.pem &&
			openssl req -new -x509 -nodes -newkey rsa:2048 \
				-subj "/CN=somebody else/" -days 1 \
				-keyout other.key -out other.pem &&
			cert-to-efi-sig-list -g "$(cat /proc/sys/kernel/random/uuid)" \
				mok.pem mok.esl &&
			cert-to-efi-sig-list other.pem other.esl'
}

# Call: packed FILE; as DKMS has packed the module
packed() {
	case $module in
	*.xz) xz --check=crc32 <"$1" ;;
	*) cat "$1" ;;
	esac
}

# A build that is not signed, with other code; and one that was changed after it
# was signed.
other_build() {
	mkdir -p "$root/srv/other/src" &&
		cp -r "$top/src/module" "$root/srv/other/src/" &&
		cp "$top/dkms.conf" "$root/srv/other/" &&
		sed -i 's/a message behind/another message behind/' \
			"$root/srv/other/src/module/main.c" &&
		system_run "$root" make -s -C "/lib/modules/$release/build" \
			M=/srv/other/src/module modules &&
		packed "$root/srv/other/src/module/lkp_example.ko" \
			>"$lkp/other" &&
		case $module in
		*.xz) xz -dc "$module" ;;
		*) cat "$module" ;;
		esac >"$work/signed.ko" &&
		sed 's/a message behind/A message behind/' "$work/signed.ko" \
			>"$lkp/changed.ko" &&
		! cmp -s "$work/signed.ko" "$lkp/changed.ko"
}

# lkp-example that does not ask what the host wants.
mutant() {
	copy_sources "$work/mutant" &&
		sed -i 's/^\t*judge_by_host(o,.*/(void)judge_by_host;/' \
			"$work/mutant/src/cli/verify.c" &&
		! cmp -s "$top/src/cli/verify.c" "$work/mutant/src/cli/verify.c" &&
		make -s -C "$work/mutant/src/cli" O="$work/mutant/o" BIN="$lkp/mutant"
}

prove() {
	for module in lkp_example lkp_example_client; do
		as_user "$lkp_example" verify --root "$root" "$module" || return
	done
}

in_machine() {
	as_user "$lkp_example" verify --root "$root" --kernel "$release" \
		--script "$top/tests/cli/host-script" --timeout 500 \
		lkp_example lkp_example_client >"$work/said" 2>&1
}

system_unpack 6.12 "$root" >"$work/log" 2>&1 || die "$(cat "$work/log")"
release=$(system_release "$root")
echo "# kernel: $release"
mkdir "$lkp"
shown=$work/install.log
check "apt-get install lkp-example-dkms" system_install 6.12 "$root" \
	lkp-example-dkms openssl
shown=
module=$(find "$root/lib/modules/$release/updates" -name 'lkp_example.ko*')
check "keys, enrolled and not" keys
check "another build of the module" other_build
check "what the machine needs" take_along
check "a mutant of lkp-example" mutant
check "the modules are proven" prove
shown=$work/said
check "host-script ends well" in_machine
shown=
results host "$work/said" 37
finish
