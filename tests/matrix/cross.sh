# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# cross.sh - a cell of another architecture than the one of the system
#
# To be sourced after base.sh. The modules are built in $root by the system's own
# DKMS, for the headers of the other architecture, with Debian's cross compiler. What
# the virtual machine boots then is that architecture's own: kernel, kmod and C
# library.
#
#   cross_install        has all that is needed to build in $root: for $release of
#                        $arch, with its $images and $headers, by the compiler $gcc
#   cross_build          DKMS builds the modules
#   cross_programs PACKAGE...
#                        sets programs to a system, in the directory $own, that has
#                        these packages of $arch, and the kernel of $root
#   guest_program        sets program to the guest program for $arch

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

# Call: cross_put PACKAGES INTO: the files of that list, in order, as they are
cross_put() {
	while read -r deb; do
		dpkg-deb --fsys-tarfile "$root/var/cache/apt/archives/$deb" |
			tar -x --keep-directory-symlink -C "$2" || return
	done <"$1"
}

# Packages of the other architecture are put in their places, and not installed: some
# of their headers depend on a compiler that would run there.
cross_unpack() {
	printf '%s\n' "linux-headers-$release,$images" | tr , '\n' >"$own/wanted"
	# shellcheck disable=SC2046 # a list
	system_run "$root" sh -c 'cd /var/cache/apt/archives && apt-get download "$@"' \
		sh $(sed "s/\$/:$arch/" "$own/wanted") || return
	sed "s/\$/_${kernel}_$arch.deb/; s/:/%3a/" "$own/wanted" >"$own/debs"
	cross_put "$own/debs" "$root"
}

# DKMS is told below for what to build: by itself it would do so for this system. It
# runs depmod for kernels that have a modules.dep, which their installation makes.
cross_install() {
	[ -e "$root/etc/apt/sources.list.d/$arch.list" ] || cross_indices || return
	mkdir -p "$root/etc/dkms" && : >"$root/etc/dkms/no-autoinstall"
	# shellcheck disable=SC2046 # a list
	apt_install "gcc-$gcc-$(cross_triplet)" "libc6-dev-$arch-cross" \
		$(printf '%s\n' "$headers" | tr , ' ') lkp-example-dkms &&
		cross_unpack && : >"$root/lib/modules/$release/modules.dep"
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

# Call: cross_apt ARGUMENT...: as the apt of an empty system of that architecture. The
# suite itself keeps its files; what its pockets list may be gone.
cross_apt() {
	system_run "$root" apt-get -o APT::Architecture="$arch" \
		-o APT::Architectures="$arch" -o Dir::State::status=/dev/null \
		--target-release="$system" --yes "$@"
}

# Unpacked with all that they need: nothing of it can run here.
cross_programs_into() {
	mkdir -p "$1/usr/bin" "$1/usr/sbin" "$1/usr/lib" "$1/usr/lib64" || return
	for link in bin sbin lib lib64; do
		ln -s "usr/$link" "$1/$link"
	done
	# shellcheck disable=SC2086 # a list
	cross_apt --simulate install $cross_wanted >"$own/wanted" &&
		cross_apt --download-only install $cross_wanted || return
	# As apt names the files; it says so only of those that it has to get.
	sed -n 's/^Inst \([^ ]*\) (\([^ ]*\) .*\[\([^]]*\)\]).*/\1_\2_\3.deb/p' \
		"$own/wanted" | sed 's/:/%3a/g' >"$own/debs"
	cross_put "$own/debs" "$1" &&
		mkdir -p "$1/boot" "$1/lib/modules" "$1/lib/modprobe.d"
}

# They are the same for all cells of that system and architecture.
cross_programs() {
	cross_wanted=$*
	programs=$own/programs
	system_layer "programs-$system-$arch" cross_programs_into &&
		system_mount "$programs" "$own/programs.own" "$layer" &&
		cp "$root/usr/lib/modprobe.d/lkp-example.conf" \
			"$programs/lib/modprobe.d/" &&
		mount --bind "$root/boot" "$programs/boot" &&
		mount --bind "$root/lib/modules" "$programs/lib/modules"
}

# The guest program of the architecture, built once while its sources are the same.
guest_build() {
	mkdir -p "$root/srv/tree/src" "${program%/*}" &&
		cp -r "$top/src/guest" "$top/src/module" "$root/srv/tree/src/" &&
		system_run "$root" make -s -j2 -C /srv/tree/src/guest \
			CC="$triplet-gcc-$gcc" O=/srv/guest BIN=/srv/guest &&
		cp "$root/srv/guest/lkp-guest" "$program.new" &&
		mv "$program.new" "$program" &&
		to_user -R "$build/matrix/guest"
}

guest_program() {
	key=$(cat "$top"/src/guest/* "$top"/src/module/*.h "$top"/src/module/uapi/*.h |
		cksum | cut -d' ' -f1)
	program=$build/matrix/guest/$arch-$key/lkp-guest
	as_user mkdir -p "$build/matrix/guest"
	exec 7>"$build/matrix/guest/$arch.lock"
	flock 7
	guest_status=0
	[ -e "$program" ] || guest_build || guest_status=$?
	exec 7>&-
	return "$guest_status"
}
