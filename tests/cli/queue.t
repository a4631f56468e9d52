#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# queue.t - after a rebuild, modules are verified by themselves
#
# Installs both packages in a clean system, where no systemd runs: nothing is
# queued. What the unit runs is then run by hand, with QEMU, and with all that
# makes it wait or leave the work. In the end that system is booted by its own
# systemd, with what was proven: queue-script tries the hooks and the units there.
# QEMU is not in that machine, as it would have to emulate a machine in one that
# is emulated.
#
# shellcheck disable=SC2317	# functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"

root=$work/root
queue=$root/var/lib/lkp-example/queue
sets=$root/etc/lkp-example/verify-modules
shown=$work/out

put_into_queue() {
	mkdir -p "$queue" "${sets%/*}" && : >"$queue/$release"
}

# The command of the unit. Call: queued [VARIABLE=VALUE...]
queued() {
	env "$@" "$root/usr/bin/lkp-example" verify --root "$root" --queued \
		--kernel "$release"
}

# Call: done_with REGEX [VARIABLE=VALUE...]; it is out of the queue then.
done_with() {
	regex=$1
	shift
	put_into_queue && says 0 "$regex" queued "$@" &&
		[ ! -e "$queue/$release" ]
}

# Call: status REGEX
status() {
	says 0 "$1" "$root/usr/bin/lkp-example" status --root "$root"
}

# apt-get, stopped in the middle: it holds the lock of a package manager.
while_packages_change() {
	put_into_queue || return
	rm -f "$root/tmp/begun"
	system_run "$root" apt-get install --yes --reinstall \
		-o DPkg::Pre-Invoke::='touch /tmp/begun; sleep 10' \
		lkp-example-utils >"$work/apt.log" 2>&1 &
	apt=$!
	until [ -e "$root/tmp/begun" ] || ! kill -0 "$apt" 2>/dev/null; do
		sleep 0.1
	done
	says 0 '^waiting until the package manager has finished' queued &&
		tail -n 1 "$work/out" | grep -q '(kept' &&
		wait "$apt"
}

# What hooks may print or return must trouble nobody.
silent() {
	system_run "$root" "$@" >"$work/out" 2>&1 && [ ! -s "$work/out" ]
}

# The same module, but other bytes: without a section that says who compiled it.
other_build() {
	file=$(find "$root/lib/modules/$release/updates" -name 'lkp_example.ko*')
	to=$root/usr/lib/lkp-test/lkp_example.ko
	case $file in
	*.ko) cp "$file" "$to" ;;
	*.xz) xz -dc "$file" >"$to" ;;
	esac && objcopy --remove-section .comment "$to" && case $file in
	*.xz) xz --check=crc32 "$to" ;;
	esac
}

# What the machine takes along: a kernel (/boot stays behind), and a package.
take_along() {
	cp "$root/boot/vmlinuz-$release" "$root/lib/modules/$release/vmlinuz" &&
		mkdir -p "$work/deb/DEBIAN" "$work/deb/usr/src/lkp-test" \
			"$root/usr/lib/lkp-test" &&
		printf '%s\n' 'Package: lkp-test' 'Version: 1' \
			'Architecture: all' 'Maintainer: nobody <nobody@localhost>' \
			'Description: a source for DKMS' >"$work/deb/DEBIAN/control" &&
		: >"$work/deb/usr/src/lkp-test/source" &&
		dpkg-deb --root-owner-group --build "$work/deb" \
			"$root/usr/lib/lkp-test/lkp-test.deb" &&
		other_build
}

in_machine() {
	as_user "$build/bin/lkp-example" verify --root "$root" \
		--kernel "$release" --script "$top/tests/cli/queue-script" \
		--init --timeout 900 lkp_example lkp_example_client \
		lkp_example_probe >"$work/out" 2>&1
}

system_unpack 6.12 "$root" >"$work/log" 2>&1 || die "$(cat "$work/log")"
release=$(system_release "$root")
name=$(literal "$release")
echo "# kernel: $release"
shown=$work/install.log
check "apt-get install both packages" system_install 6.12 "$root" \
	lkp-example-dkms lkp-example-utils systemd systemd-sysv
check "without systemd, nothing is queued" [ ! -e "$queue" ]
shown=$work/out
check "the hooks are silent there" silent sh -c \
	"/usr/lib/kernel/install.d/99-lkp-example.install add $release &&
	/usr/libexec/lkp-example/queue-verify"
check "... and queue nothing" [ ! -e "$queue" ]

put_into_queue
check "status says what is queued" status \
	"^$name +lkp_example +updates/dkms/lkp_example\.ko[.xz]* +yes +[a-z]+ +queued +- "
check "the modules of this project are proven" done_with \
	"^lkp_example, lkp_example_client, lkp_example_probe on $name: proven, "
check "... and that is kept" status \
	"^$name +lkp_example +updates/dkms/lkp_example\.ko[.xz]* +yes +[a-z]+ +proven 20"
check "... and not found out again" done_with 'proven, .* \(kept'
check "for a journal, lines have levels" done_with \
	'^<6>lkp_example, .*: proven' JOURNAL_STREAM=1:1
check "while packages change, it waits" while_packages_change

printf '%s\n' '# other modules' dummy '  nothing-such  ' >"$sets"
check "other modules may be named" done_with "^dummy on $name: proven"
echo 'dummy eql' >"$sets"
check "... several for one machine" done_with "^dummy, eql on $name: proven"
echo nothing-such >"$sets"
check "no module is installed: said, and no error" done_with \
	"^no module to verify is installed for kernel $name\$"
echo 'options dummy numdummies=nonsense' >"$root/etc/modprobe.d/fault.conf"
echo dummy >"$sets"
check "what is broken is said, as a warning, and no error" done_with \
	"^<4>dummy on $name: BROKEN" JOURNAL_STREAM=1:1
rm "$root/etc/modprobe.d/fault.conf" "$sets"
mkdir "$sets"
check "a list that is none: said, and no error" done_with 'verify-modules: Is a directory'
rmdir "$sets"
: >"$root/etc/lkp-example/no-verify"
check "switched off: said, and nothing is done" done_with '^switched off by /etc'
rm "$root/etc/lkp-example/no-verify"
check "a kernel that is gone: said, and no error" says 0 \
	'^kernel 1\.2\.3 has no image' "$root/usr/bin/lkp-example" verify \
	--root "$root" --queued --kernel 1.2.3
check "without a kernel: a wrong usage" says 2 'needs --kernel' \
	"$root/usr/bin/lkp-example" verify --queued

shown=
check "what goes along into the machine" take_along
shown=$work/out
check "the hooks and the units, where systemd runs" in_machine
shown=
results queue "$work/out" 40
finish
