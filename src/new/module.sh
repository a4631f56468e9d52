#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# module.sh - build and install the module, and prove it in a virtual machine
#
# Usage: module.sh build|install|verify|run|test [KERNEL]
#        module.sh uninstall|clean
#
# These are the targets of the same names of the Makefile. All but build and clean
# register the sources with this machine's DKMS, and need root for that; where the
# package is installed, that is what is tested. Nothing is loaded into the running
# kernel: "lkp-example verify" boots the kernel in a virtual machine.
# Exit status: 0 all is well, 1 it is not, 2 something is missing.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
module=@MODULE@
package=@PACKAGE@
version=$("$top/src/dist/version")
source=/usr/src/$package-$version

# One clear sentence on what is wrong, one on what to do.
die() {
	printf 'module.sh: %s\n' "$*" >&2
	exit 2
}

need() {
	command -v "$1" >/dev/null || die "there is no $1: install $2"
}

need_root() {
	[ "$(id -u)" = 0 ] && return
	need sudo "sudo, or run this as root"
	echo "This needs root, for DKMS: using sudo."
	exec sudo "$0" "$command" "$kernel"
}

has_image() {
	[ -e "/boot/vmlinuz-$1" ] || [ -e "/lib/modules/$1/vmlinuz" ]
}

# What can be built here and booted.
find_kernel() {
	for kernel in "$(uname -r)" $(find /lib/modules/ -mindepth 1 -maxdepth 1 \
		-printf '%f\n' | sort -rV); do
		[ ! -e "/lib/modules/$kernel/build/Makefile" ] ||
			! has_image "$kernel" || return 0
	done
	die "no kernel here has both its headers and its image: install them" \
		"(Debian: linux-image-amd64 linux-headers-amd64)"
}

build() {
	[ -e "/lib/modules/$kernel/build/Makefile" ] ||
		die "there are no headers of kernel $kernel: install them"
	make -C "/lib/modules/$kernel/build" M="$top/src/module" modules
}

is_installed() {
	dkms status -m "$package" -v "$version" -k "$kernel" | grep -q ': installed'
}

is_packaged() {
	dpkg -S "$source/dkms.conf" >/dev/null 2>&1 ||
		rpm -qf "$source/dkms.conf" >/dev/null 2>&1
}

install() {
	need dkms dkms
	need_root
	if is_packaged; then
		is_installed || die "the package of version $version is installed," \
			"and DKMS has not built it for $kernel: see dkms status"
		echo "The package of version $version is installed: it is used."
		return
	fi
	uninstall
	# Not in this tree: what root makes there, the user could not remove.
	stage=$(mktemp -d)
	"$top/src/dist/install-dkms" "$stage"
	dkms add "$stage$source"
	rm -rf "$stage"
	dkms install -m "$package" -v "$version" -k "$kernel"
}

uninstall() {
	[ -e "$source" ] || return 0
	! is_packaged || die "version $version is installed as a package: remove that"
	need_root
	# DKMS may have refused to add it.
	[ -z "$(dkms status -m "$package" -v "$version")" ] ||
		dkms remove -m "$package" -v "$version" --all
	rm -rf "$source"
}

need_verify() {
	need lkp-example lkp-example-utils
}

# Call: prove [OPTION...]
prove() {
	lkp-example verify --kernel "$kernel" "$@" "$module"
}

verify() {
	need_verify
	install
	prove
}

run() {
	verify
	prove --script "$top/tests/device"
}

# Call: check WHAT COMMAND...
check() {
	what=$1
	shift
	status=0
	"$@" || status=$?
	case $status in
	0) passed=$((passed + 1)) ;;
	1) failed=$((failed + 1)); echo "failed: $what" ;;
	*) exit "$status" ;;
	esac
}

test() {
	need_verify
	passed=0
	failed=0
	install
	is_packaged || trap uninstall EXIT
	check "it is installed for $kernel" is_installed
	check "it loads, works and unloads" prove
	check "the device" prove --script "$top/tests/device"
	echo "$passed passed, $failed failed"
	[ "$failed" = 0 ]
}

clean() {
	find "$top/src/module" \( -name '*.o' -o -name '*.ko' -o -name '*.mod' \
		-o -name '*.mod.c' -o -name '.*.cmd' -o -name '.*.d' \
		-o -name Module.symvers -o -name modules.order \) -delete
	rm -rf "$top/build"
}

command=$1
kernel=${2:-}
case $command in
build | install | verify | run | test) [ -n "$kernel" ] || find_kernel ;;
uninstall | clean) ;;
*) die "there is no command '$command'" ;;
esac
"$command"
