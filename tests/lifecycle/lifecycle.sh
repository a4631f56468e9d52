# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154
# lifecycle.sh - a clean system, the kernels that it is offered, and older packages
#
# To be sourced after system.sh, tap.sh and tests/cli/installed.sh, with a directory
# $work and the name of a system in $root.
#
#   lifecycle_system NAME     makes $root: the suite of a line of tests/kernels, with
#                             its DKMS, all sources of that line, and no kernel; sets
#                             older and newer to versions of linux-image-amd64
#   lifecycle_repository      our packages are offered as well
#   lifecycle_kernel VERSION  from now on this version of the kernel is offered
#   lifecycle_package VERSION FILE
#                             builds lkp-example-dkms of another version, as FILE
#   lifecycle_fault PACKAGE PART SED-SCRIPT FILE
#                             makes FILE of our package: with a change of one of its
#                             files, DEBIAN/... or usr/...
#   lifecycle_dependencies    what lkp-example-utils depends on
#   lifecycle_install WHAT... apt-get install --yes WHAT, without a fresh initramfs
#   lifecycle_offer NAME FILE...
#                             a repository of these packages, /srv/lkp/NAME of the
#                             system
#   lifecycle_offer_kernel PACKAGE...
#                             the newer kernel's, and what they need, as "kernels";
#                             sets second to its release
#   lifecycle_alone           a machine of its own: no other repositories, and no
#                             timers that do something of themselves
#   lifecycle_kernels         the releases of the kernels that are installed
#   holds VERSION RELEASE...  DKMS, files and modprobe agree on what is installed
#   proven RELEASE...         verify proves the modules on each of these kernels
#   noticed COMMAND...        succeeds if the command fails

version=$("$top/src/dist/version")
version_older=0.0.9
modules='lkp_example lkp_example_client lkp_example_probe'

lifecycle_system() {
	system_line "$1"
	lifecycle_base=$suite/amd64
	system_unpack "$lifecycle_base" "$root"
	system_line "$1"
	system_sources >"$root/etc/apt/sources.list"
	rm -f "$root"/etc/apt/sources.list.d/*
	system_apt_conf >"$root/etc/apt/apt.conf.d/90host"
	inside apt-get update || return
	lifecycle_offered >"$work/offered"
	older=$(head -n 1 "$work/offered")
	newer=$(tail -n 1 "$work/offered")
	[ -n "$newer" ]
}

lifecycle_repository() {
	system_repository "$root" && inside apt-get update
}

lifecycle_kernel() {
	printf 'Package: linux-*\nPin: version %s\nPin-Priority: 990\n' "$1" \
		>"$root/etc/apt/preferences.d/kernel"
}

# Versions of the kernel, the oldest first.
lifecycle_offered() {
	inside apt-cache madison linux-image-amd64 |
		awk -F '|' '{ gsub(/ /, "", $2); print $2 }' | sort -u -V
}

lifecycle_package() {
	lifecycle_tree=$work/package/tree
	rm -rf "$work/package"
	copy_sources "$lifecycle_tree" &&
		sed -i "s/^PACKAGE_VERSION=.*/PACKAGE_VERSION=\"$1\"/" \
			"$lifecycle_tree/dkms.conf" &&
		sed -i "1s/(.*)/($1)/" "$lifecycle_tree/debian/changelog" &&
		(cd "$lifecycle_tree" && dpkg-buildpackage --build=all -us -uc \
			--ignore-builtin-builddeps) &&
		cp "$work/package/lkp-example-dkms_$1_all.deb" "$2"
}

lifecycle_fault() {
	rm -rf "$work/fault"
	dpkg-deb --raw-extract "$build/deb/$1_${version}"_*.deb "$work/fault" &&
		cp "$work/fault/$2" "$work/as-it-was" &&
		sed -i "$3" "$work/fault/$2" &&
		! diff "$work/as-it-was" "$work/fault/$2" &&
		dpkg-deb --root-owner-group --build "$work/fault" "$4"
}

lifecycle_dependencies() {
	dpkg-deb --field "$build/deb/lkp-example-utils_$version"_*.deb Depends |
		sed 's/([^)]*)//g; s/|[^,]*//g; s/,/ /g'
}

# DKMS has the package of this version, installed for these kernels and for no other,
# and modprobe finds all modules; of no other kernel and version there are any.
holds() {
	wanted=$1
	shift
	inside dkms status | sed 's|^lkp-example, |lkp-example/|' |
		grep '^lkp-example/' | sort >"$work/status"
	cat "$work/status"
	for release in "$@"; do
		echo "lkp-example/$wanted, $release, x86_64: installed"
	done | sort | diff - "$work/status" || return
	for release in "$@"; do
		for module in $modules; do
			[ "$(inside modinfo -k "$release" -F version "$module")" = \
				"$wanted" ] || return
		done
	done
	find "$root/lib/modules" -name 'lkp_example*.ko*' >"$work/files"
	cat "$work/files"
	[ "$(wc -l <"$work/files")" = $((3 * $#)) ] &&
		[ "$(find "$root/usr/src" -maxdepth 1 -name 'lkp-example-*')" = \
			"$root/usr/src/lkp-example-$wanted" ]
}

# By a boot, unless this very build was proven before.
proven() {
	for release in "$@"; do
		# shellcheck disable=SC2086 # a list
		as_user "$build/bin/lkp-example" verify --root "$root" \
			--kernel "$release" $modules || return
	done
}

noticed() {
	! "$@"
}

lifecycle_install() {
	fetches env INITRD=No apt-get install --yes "$@"
}

lifecycle_offer() {
	offer_dir=$work/offer/$1
	offer_to=$root/srv/lkp/$1
	shift
	mkdir -p "$offer_dir" "${offer_to%/*}" && cp "$@" "$offer_dir" &&
		"$top/tests/tools/deb-repo.sh" "$offer_dir" "$offer_to"
}

# The files of what apt would install, among others that it has got before.
lifecycle_downloaded() {
	sed -n 's/^Inst \([^ ]*\) .*/\1/p' | while read -r package; do
		find "$root/var/cache/apt/archives" \
			-name "${package}_${newer}_*.deb"
	done
}

lifecycle_offer_kernel() {
	lifecycle_kernel "$newer"
	# shellcheck disable=SC2046 # names of packages have no blanks
	lifecycle_install --download-only "$@" &&
		lifecycle_offer kernels $(inside apt-get install --simulate "$@" |
			lifecycle_downloaded) || return
	second=$(find "$root/srv/lkp/kernels" -name 'linux-image-[0-9]*.deb' |
		sed 's|.*/linux-image-\([^_]*\)_.*|\1|')
}

lifecycle_alone() {
	rm -rf "$root"/etc/apt/apt.conf.d/9* "$root"/etc/apt/preferences.d/kernel \
		"$root"/etc/apt/sources.list.d/* "$root"/var/cache/apt/archives/*.deb \
		"$root"/var/lib/apt/lists/*
	: >"$root/etc/apt/sources.list"
	echo 'Dpkg::Use-Pty "false";' >"$root/etc/apt/apt.conf.d/90alone"
	for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer \
		fstrim.timer e2scrub_all.timer; do
		ln -sf /dev/null "$root/etc/systemd/system/$unit" || return
	done
}

lifecycle_kernels() {
	for lifecycle_dir in "$root"/lib/modules/*/modules.dep; do
		[ ! -e "$lifecycle_dir" ] ||
			basename "${lifecycle_dir%/modules.dep}"
	done
}
