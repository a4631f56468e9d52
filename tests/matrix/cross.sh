# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# cross.sh - a cell of another architecture than the one of the system
#
# To be sourced by cell.sh. The modules are built by the system's own DKMS, for the
# headers of the other architecture, with Debian's cross compiler. What the virtual
# machine boots then is that architecture's own: kernel, kmod and C library.

# The indices of the other architecture, beside those of the system's own.
cross_indices() {
	index_update "$suite" "$system" "$pockets" "$arch"
	cp "$index"/lists/*_* "$root/var/lib/apt/lists/" &&
		cp "$index/sources.list" "$root/etc/apt/sources.list.d/$arch.list" &&
		system_run "$root" dpkg --add-architecture "$arch"
}

cross_triplet() {
	printf '%s\n' "$triplet" | tr _ -
}

# Packages of the other architecture are put in their places, and not installed: some
# of their headers depend on a compiler that would run there.
cross_unpack() {
	# shellcheck disable=SC2046 # a list
	system_run "$root" sh -c 'cd /srv && apt-get download "$@"' sh \
		$(printf '%s\n' "linux-headers-$release,$images" |
			tr , '\n' | sed "s/\$/:$arch/") || return
	for deb in "$root"/srv/linux-*.deb; do
		dpkg-deb --fsys-tarfile "$deb" |
			tar -x --keep-directory-symlink -C "$root" || return
	done
	rm "$root"/srv/linux-*.deb
}

# DKMS is told below for what to build: by itself it would do so for this system.
cross_install() {
	[ -e "$root/etc/apt/sources.list.d/$arch.list" ] || cross_indices || return
	mkdir -p "$root/etc/dkms" && : >"$root/etc/dkms/no-autoinstall"
	# shellcheck disable=SC2046 # a list
	apt_install "gcc-$gcc-$(cross_triplet)" "libc6-dev-$arch-cross" \
		$(printf '%s\n' "$headers" | tr , ' ') lkp-example-dkms &&
		cross_unpack && system_run "$root" depmod "$release"
}

# The tools of the other architecture stand before those of the system.
cross_build() {
	mkdir "$root/srv/cross" &&
		ln -s "/usr/bin/$triplet-strip" "$root/srv/cross/strip" &&
		system_run "$root" env ARCH="$karch" CROSS_COMPILE="$triplet-" \
			PATH=/srv/cross:/usr/sbin:/usr/bin:/sbin:/bin \
			dkms install -m lkp-example -v "$version" -k "$release" \
			-a "$machine"
}

# Call: cross_apt ARGUMENT...: as the apt of an empty system of that architecture
cross_apt() {
	system_run "$root" apt-get -o APT::Architecture="$arch" \
		-o APT::Architectures="$arch" -o Dir::State::status=/dev/null \
		--yes "$@"
}

# A system that has modprobe, its libraries, and the kernel.
cross_programs() {
	mkdir -p "$programs/usr/bin" "$programs/usr/sbin" "$programs/usr/lib" \
		"$programs/usr/lib64" "$programs/boot" || return
	for link in bin sbin lib lib64; do
		ln -s "usr/$link" "$programs/$link"
	done
	cross_apt --simulate install kmod >"$dir/programs" &&
		cross_apt --download-only install kmod || return
	# As apt names the files; it says so only of those that it has to get.
	sed -n 's/^Inst \([^ ]*\) (\([^ ]*\) .*\[\([^]]*\)\]).*/\1_\2_\3.deb/p' \
		"$dir/programs" | sed 's/:/%3a/g' >"$dir/debs"
	while read -r deb; do
		dpkg-deb --fsys-tarfile "$root/var/cache/apt/archives/$deb" |
			tar -x --keep-directory-symlink -C "$programs" || return
	done <"$dir/debs"
	mkdir -p "$programs/lib/modules" "$programs/lib/modprobe.d" &&
		cp "$root/usr/lib/modprobe.d/lkp-example.conf" \
			"$programs/lib/modprobe.d/" &&
		mount --bind "$root/boot" "$programs/boot" &&
		mount --bind "$root/lib/modules" "$programs/lib/modules"
}

# From here on, $root is a system of the other architecture.
cross_root() {
	guest_program
	programs=$own/programs
	phase "modprobe of $arch"
	cross_programs || install_ends "$dir/log"
	root=$programs
}
