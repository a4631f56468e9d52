#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# doctor.t - lkp-example doctor finds each illness, and none in the healthy
#
# The package is installed, and is well. Then one thing at a time is taken away,
# broken or put in the way, as it happens to people; the cause must be named,
# alone, and be gone when the thing is back.
# shellcheck disable=SC2016 # $1 is of a shell inside
# shellcheck disable=SC2317 # functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"

root=$work/root

doctor() {
	timeout 120 "$build/bin/lkp-example" doctor --root "$root" "$@"
}

no_system() {
	"$build/bin/lkp-example" doctor --root "$work/nowhere"
	[ $? = 2 ]
}

healthy() {
	doctor >"$work/said" 2>&1
	status=$?
	cat "$work/said"
	[ "$status" = 0 ] &&
		[ "$(cat "$work/said")" = "nothing stands in the way of a module here" ]
}

# Call: ill CLASS CAUSE CURE; that, and nothing else
ill() {
	doctor >"$work/said" 2>&1
	status=$?
	cat "$work/said"
	echo "status $status, and 1 is right; it must say: $2 / $3"
	[ "$status" = 1 ] && [ "$(wc -l <"$work/said")" = 2 ] &&
		sed -n 1p "$work/said" | grep -qF -- "$2" &&
		sed -n 2p "$work/said" | grep -qF -- "$3" &&
		doctor --json | jq -e --arg class "$1" \
			'length == 1 and .[0].class == $class'
}

# Call: away PATH...; so that "back" brings all of them
away() {
	for path; do
		mv "$root$path" "$root$path.away" &&
			echo "$root$path" >>"$work/away" || return
	done
}

back() {
	while read -r path; do
		rm -rf "$path" && mv "$path.away" "$path"
	done <"$work/away"
	: >"$work/away"
}

# Call: without WHAT CLASS CAUSE CURE PATH...
without() {
	what=$1 class=$2 cause=$3 cure=$4
	shift 4
	away "$@" || die "nothing to take away: $*"
	check "without $what" ill "$class" "$cause" "$cure"
	back
}

# A build that really fails, in the log that DKMS writes.
fail_build() {
	source=$root/usr/src/lkp-example-$version/src/module/main.c
	cp "$source" "$work/main.c" && echo 'no C;' >>"$source"
	system_run "$root" dkms remove "lkp-example/$version" -k "$release"
	! system_run "$root" dkms build "lkp-example/$version" -k "$release"
}

mend_build() {
	cp "$work/main.c" "$source" &&
		system_run "$root" dkms install "lkp-example/$version" -k "$release"
}

make_mutations() {
	"${CC:-cc}" -std=c11 -D_GNU_SOURCE -Wall -Wextra -O1 -o "$work/mutate" \
		"$top/tests/cli/mutate.c" -lelf && mkdir "$work/mutations" &&
		case $module in
		*.xz) xz -dc "$root$module" ;;
		*) cat "$root$module" ;;
		esac >"$work/module.ko" &&
		"$work/mutate" "$work/module.ko" "$work/mutations"
}

# Call: replaced MUTATION CLASS CAUSE; the file is packed as it was
replaced() {
	away "$module" || die "nothing to replace: $module"
	case $module in
	*.xz) xz --check=crc32 <"$work/mutations/$1.ko" ;;
	*) cat "$work/mutations/$1.ko" ;;
	esac >"$root$module"
	check "a module that is $1" ill "$2" "$3" 'dkms install --force'
	back
}

# --- the initramfs, made by Debian's tool; and what verify has found

# A small one, but for the module and those that come along with any.
make_initramfs() {
	sed -i 's/^MODULES=.*/MODULES=list/; /^COMPRESS=/d' \
		"$root/etc/initramfs-tools/initramfs.conf" &&
		echo "COMPRESS=$1" >>"$root/etc/initramfs-tools/initramfs.conf" &&
		echo lkp_example >"$root/etc/initramfs-tools/modules" &&
		rm -f "$initramfs" &&
		system_run "$root" sh -c 'apt-get install --yes xz-utils zstd &&
			update-initramfs -c -k "$1" &&
			lsinitramfs "/boot/initrd.img-$1" | grep lkp_example.ko
			' sh "$release"
}

# Microcode comes first, in an archive that is not compressed.
early_archive() {
	system_run "$root" sh -c 'cd /etc && echo hostname | cpio -o -H newc' \
		>"$work/early" && head -c 1000 /dev/zero >>"$work/early" &&
		cat "$work/early" "$initramfs" >"$work/both" &&
		cp "$work/both" "$initramfs"
}

# A build that loads, and says that it cannot.
other_build() {
	sed -i 's/pr_info("Module loaded ...\\n");/return -EIO;/' "$source" &&
		! cmp -s "$source" "$work/main.c" &&
		system_run "$root" dkms remove "lkp-example/$version" \
			-k "$release" &&
		system_run "$root" dkms install "lkp-example/$version" \
			-k "$release"
}

is_broken() {
	"$build/bin/lkp-example" verify --root "$root" lkp_example
	[ $? = 1 ]
}

# Call: altered COMMAND...; it writes what is to stand in the initramfs's place.
altered() {
	cp "$initramfs" "$work/initramfs" && "$@" >"$work/altered" &&
		cp "$work/altered" "$initramfs"
}

# Anything but an answer is a crash, or no end.
any_answer() {
	for tenth in $(seq 0 9); do
		altered head -c "$(($(wc -c <"$initramfs") * tenth / 10))" \
			"$initramfs" || return
		doctor
		status=$?
		cp "$work/initramfs" "$initramfs"
		[ "$status" -le 1 ] || return
	done
}

initramfs_stays_old() {
	for tool in gzip xz zstd; do
		cp -p "$work/old.ko" "$root$taken"
		check "an initramfs by $tool" make_initramfs $tool
		check "... all is well" healthy
		cp -p "$work/new.ko" "$root$taken"
		check "... the module is built again" ill stale_initramfs \
			"the lkp_example in the initramfs of kernel $release is not the one" \
			"update-initramfs -u -k $release"
	done
}

: >"$work/away"
system_with_modules 6.12 "$root" >"$work/unpack.log" 2>&1 ||
	die "no system: $(cat "$work/unpack.log")"
release=$(system_release "$root")
version=$("$top/src/dist/version")
kernel=/lib/modules/$release
built=/var/lib/dkms/lkp-example/$version/$release
compiler=$(sed -n 's/^CONFIG_CC_VERSION_TEXT="\([^ ]*\) .*/\1/p' \
	"$root/boot/config-$release")
module=$(cd "$root" && find ".$kernel/updates" -name 'lkp_example_client.ko*' |
	sed 's/^\.//')
check "a module to change" make_mutations

check "all is well" healthy
without "headers" headers_missing "the headers of this kernel are not" \
	"apt-get install linux-headers-" "$kernel/build" "$built"
without "its compiler" compiler_missing "its compiler, $compiler, is not" \
	"/usr/bin/$compiler" "/usr/bin/$compiler" "$built"
without "what was built" not_built "is not built for kernel $release" \
	"dkms autoinstall -k $release" "$built"
without "the source" source_gone "whose source is gone" \
	"dkms remove lkp-example/$version --all" "/usr/src/lkp-example-$version"
without "dkms" dkms_missing "and no dkms" "apt-get install dkms" /usr/sbin/dkms
replaced other_configuration vermagic "it was built for another kernel"
replaced symbol_of_nobody symbols "which neither the kernel nor a module"
replaced other_checksum versions "it was built for another"
replaced half elf "it was cut off, or damaged"

mkdir "$root$kernel/extra" && cp "$work/module.ko" "$root$kernel/extra/new.ko"
check "a file that depmod has not seen" ill not_indexed \
	"is not in modules.dep" "depmod $release"
mv "$root$kernel/extra/new.ko" "$root$kernel/extra/lkp_example_client.ko"
check "a second copy of a module" ill shadowed "is there twice for kernel" \
	"remove the one that is not wanted"
rm -r "$root$kernel/extra"

check "a build that fails" fail_build
check "... is found" ill build_failed "the build failed" "read /var/lib/dkms/"
check "... and mended" mend_build
check "all is well again" healthy

initramfs=$root/boot/initrd.img-$release
taken=$(cd "$root" && find ".$kernel/updates" -name 'lkp_example.ko*' |
	sed 's/^\.//')
cp -p "$root$taken" "$work/old.ko"
check "another build" other_build
cp -p "$root$taken" "$work/new.ko"
initramfs_stays_old
check "microcode before it" early_archive
check "... the module is found behind that" ill stale_initramfs \
	"is not the one that is installed" "update-initramfs -u -k $release"
cp -p "$work/old.ko" "$root$taken"
altered head -c "$(($(wc -c <"$initramfs") / 2))" "$initramfs"
check "one that was cut off" ill initramfs_damaged \
	"cannot be read to its end" "update-initramfs -u -k $release"
cp "$work/initramfs" "$initramfs"
altered head -c 1000000 /dev/urandom
check "one that is none" healthy
cp "$work/initramfs" "$initramfs"
check "ten that end anywhere" any_answer
rm "$initramfs"
check "no initramfs" healthy

cp -p "$work/new.ko" "$root$taken"
check "a module that verify finds broken" is_broken
check "... is ill" ill broken \
	"lkp_example is broken on kernel $release: lkp_example.load" \
	"lkp-example verify --again --kernel $release lkp_example"
cp -p "$work/old.ko" "$root$taken"
check "... until another one is installed" healthy

check "a system that is none" no_system
finish
