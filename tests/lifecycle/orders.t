#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# orders.t - the package, a kernel and its headers, in any order; and what fails
#
# Usage: orders.t [NAME]		a name of tests/kernels, 6.12 unless given
#
# In a clean system of that suite: the package before the headers, the headers
# before the package, the image last, no headers at all, two kernels at once, a
# kernel that is removed. Then what goes wrong: no compiler, one that crashes, a
# disk that fills, dpkg that is killed. When the cause is gone, dpkg mends all of it,
# and the module is proven by booting the kernel with it.
# shellcheck disable=SC2317 # functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"
name=${1:-6.12}

. "$top/tests/lifecycle/lifecycle.sh"
root=$work/root

# Back to a system with neither kernel nor package. Of newer kernels the parts have
# packages of their own, whose names an older apt would not know.
purge() {
	# shellcheck disable=SC2016 # for the shell inside, and of dpkg-query
	inside sh -c 'dpkg --configure -a
		apt-get purge --yes --auto-remove $(dpkg-query --show \
			--showformat="\${Package}\n" "lkp-example-*" "linux-*" |
			grep -E "^(lkp-example|linux-(image|headers|modules|binary))-")' &&
		[ -z "$(lifecycle_kernels)" ]
}

# The names of the kernels' own packages: of each line of the index, the package.
two_at_once() {
	for offered in "$older" "$newer"; do
		inside apt-cache show "linux-image-amd64=$offered" |
			sed -n 's/^Depends:.*linux-image-\([0-9][^ ,]*\).*/\1/p'
	done >"$work/releases"
	# shellcheck disable=SC2046 # releases have no blanks
	lifecycle_install $(sed 's/.*/linux-image-& linux-headers-&/' \
		"$work/releases") lkp-example-dkms
}

# Nothing of ours is built, and DKMS knows of the package.
only_added() {
	inside dkms status | tee "$work/status"
	[ "$(sed 's|^lkp-example, |lkp-example/|' "$work/status")" = \
		"lkp-example/$version: added" ] &&
		! find "$root/lib/modules" -name 'lkp_example*' | grep .
}

# Call: says_why RELEASE REGEX; "lkp-example status" has it.
says_why() {
	"$build/bin/lkp-example" status --root "$root" >"$work/out" 2>&1
	cat "$work/out"
	grep -F "$1" "$work/out" | grep -qE -- "$2"
}

# Call: gone RELEASE; neither modules nor an entry of DKMS
gone() {
	[ ! -e "$root/lib/modules/$1/updates" ] &&
		inside dkms status >"$work/status" &&
		! grep -F "$1" "$work/status"
}

# Call: fails CAUSE COMMAND...; for this cause, a regular expression for what DKMS or
# its log says. A build that fails ends apt, and leaves the package half configured:
# so Debian's DKMS has it.
fails() {
	cause=$1
	shift
	"$@" >"$work/out" 2>&1
	status=$?
	find "$root/var/lib/dkms" -name make.log -exec cat {} + >>"$work/out"
	cat "$work/out"
	echo "status $status"
	[ "$status" != 0 ] && grep -qE -- "$cause" "$work/out" &&
		inside dkms status >"$work/status" &&
		! grep '^lkp-example.*: installed' "$work/status"
}

mended() {
	inside dpkg --configure -a && holds "$version" "$release"
}

compilers() {
	find "$root/usr/bin" -name 'x86_64-linux-gnu-gcc-[0-9]*'
}

no_compiler() {
	for compiler in $(compilers); do
		mv "$compiler" "$compiler.away"
	done
	lifecycle_install lkp-example-dkms
}

compiler_crashes() {
	for compiler in $(compilers); do
		# shellcheck disable=SC2016 # the shell of that script
		printf '#!/bin/sh\nkill -SEGV $$\n' >"${compiler%.away}"
		chmod +x "${compiler%.away}"
	done
	lifecycle_install lkp-example-dkms
}

compiler_back() {
	for compiler in "$root"/usr/bin/*.away; do
		mv "$compiler" "${compiler%.away}"
	done
}

# A kernel for which this source does not compile, as a coming one may be: a header is
# called otherwise.
kernel_does_not_fit() {
	find "$root/usr/src" -path '*/include/linux/miscdevice.h' -exec mv {} {}.away ';' &&
		lifecycle_install lkp-example-dkms
}

kernel_fits() {
	find "$root/usr/src" -name 'miscdevice.h.away' | while read -r header; do
		mv "$header" "${header%.away}"
	done
}

disk_full() {
	mkdir -p "$root/var/lib/dkms" &&
		mount -t tmpfs -o size=400k tmpfs "$root/var/lib/dkms" || return
	lifecycle_install lkp-example-dkms
}

# As when the power fails: every process of apt at once, in the middle of a build.
killed() {
	inside env INITRD=No apt-get install --yes lkp-example-dkms \
		>"$work/killed" 2>&1 &
	apt=$!
	until find "$root/var/lib/dkms/lkp-example" -name '*.o' 2>/dev/null | grep -q .; do
		kill -0 "$apt" 2>/dev/null || return
		sleep 0.1
	done
	pkill -KILL -P "$apt"
	! wait "$apt" && inside dpkg --audit | tee "$work/audit" &&
		grep lkp-example-dkms "$work/audit"
}

# --- orders

needed "a clean system" lifecycle_system "$name"
needed "a package repository" lifecycle_repository
lifecycle_kernel "$newer"

check "the package alone, no kernel and no headers" \
	lifecycle_install lkp-example-dkms
check "... nothing is built" only_added
check "a kernel after it, without headers" \
	lifecycle_install linux-image-amd64
release=$(lifecycle_kernels)
check "... nothing is built" only_added
check "... the status says so" says_why "$release" \
	'lkp_example is missing on kernel .*: it was not built for it'
check "the headers, last" lifecycle_install linux-headers-amd64
check "... the modules are there" holds "$version" "$release"
check "... and proven" proven "$release"
check "all is purged" purge

check "headers alone" lifecycle_install linux-headers-amd64
check "the package after them, no kernel" lifecycle_install lkp-example-dkms
check "the kernel, last" lifecycle_install linux-image-amd64
check "... the modules are there" holds "$version" "$release"
check "... and proven" proven "$release"
check "all is purged" purge

if [ "$older" = "$newer" ]; then
	skip "two kernels at once" "the archive offers one kernel only today"
	needed "a kernel and its headers" \
		lifecycle_install linux-image-amd64 linux-headers-amd64
else
	check "two kernels and the package at once" two_at_once
	# shellcheck disable=SC2046 # releases have no blanks
	check "... the modules are there" holds "$version" $(lifecycle_kernels)
	# shellcheck disable=SC2046
	check "... and proven" proven $(lifecycle_kernels)
	other=$(lifecycle_kernels | grep -vx "$release")
	check "a kernel is removed" inside apt-get purge --yes \
		"linux-image-$other" "linux-headers-$other"
	check "... and nothing is left for it" gone "$other"
	check "... the other one has all" holds "$version" "$release"
	check "the package is purged" inside apt-get purge --yes lkp-example-dkms
fi

# --- what goes wrong

check "no compiler: apt fails, and says why" \
	fails "gcc-[0-9]+: (not found|No such file)" no_compiler
check "... the status names the kernel" says_why "$release" \
	'lkp_example is missing on kernel'
check "a compiler that crashes, the same" \
	fails "Segmentation fault|Error 139" compiler_crashes
compiler_back
check "the compiler is back: mended" mended
check "the package is purged" inside apt-get purge --yes lkp-example-dkms

check "a kernel for which it does not compile, the same" \
	fails "fatal error: linux/miscdevice.h" kernel_does_not_fit
kernel_fits
check "a kernel that fits: mended" mended
check "the package is purged" inside apt-get purge --yes lkp-example-dkms

check "a disk that fills, the same" fails "No space left on device" disk_full
umount "$root/var/lib/dkms"
check "there is room again: mended" mended
check "the package is purged" inside apt-get purge --yes lkp-example-dkms

check "dpkg is killed in the middle of a build" killed
check "... and run again: mended" mended
check "... proven" proven "$release"
finish
