# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154
# world.sh - Debian systems whose packages rpm and dnf manage
#
# To be sourced after host.sh and system.sh. A world is a Debian suite in a
# directory, with its own rpm, dnf, kernel-install and compiler. dpkg is gone from
# it, and an RPM package "base-image" provides what dpkg had installed. A
# repository in /srv/world has Debian's dkms and two of its kernels, as RPM
# packages in the layout of Fedora's. world-hook.sh makes all this.
#
#   world_line NAME          sets suite, from, pockets and dnf; NAME is a suite
#   world_unpack NAME DIR    a fresh copy of a world; made first, if need be

# The suites, with what stands in for Fedora's dnf there:
#
#   bookworm   rpm 4.18, dnf 4
#   trixie     rpm 4.20, dnf 4
#   forky      rpm 6, dnf 5; its newer kernel is that of sid
world_line() {
	suite=$1
	from=$1
	pockets='updates security'
	dnf=dnf
	case $1 in
	bookworm | trixie) ;;
	forky)
		from=unstable
		pockets=
		dnf=dnf5
		;;
	*) die "there is no world '$1': it is bookworm, trixie or forky" ;;
	esac
}

# What is in it; the libraries are those that lkp-example-utils is linked with.
world_packages() {
	printf '%s,' rpm "$dnf" createrepo-c rpmlint gnupg systemd kmod gcc make \
		libelf-dev libssl-dev patch cpio file gawk pahole procps xz-utils \
		zstd openssl passwd bsdutils libarchive13 libkmod2 libjansson4 \
		libgnutls30
	printf '%s\n' libgcrypt20
}

# Make the world, as the file $1.
world_make() {
	step "making a clean Debian $suite whose packages rpm manages"
	debs=$cache/packages/rpm-$suite
	system_bootstrap "$1" --skip=essential/unlink,cleanup/apt \
		--include="$(world_packages)" \
		--setup-hook="printf 'Package: *\nPin: release n=$suite*\nPin-Priority: 900\n' >\"\$1/etc/apt/preferences.d/suite\"" \
		--customize-hook="'$top/tests/rpm/world-hook.sh' fetch \"\$1\"" \
		--customize-hook="'$hook' end '$debs' \"\$1\"" \
		--customize-hook="'$top/tests/rpm/world-hook.sh' make \"\$1\""
}

# Sets archive to the file that holds the world $1; it is made if need be.
world_archive() {
	world_line "$1"
	key=$(system_sources) || exit
	key=$({ printf '%s\n' "$key" "$(world_packages)"
		cat "$hook" "$top/tests/rpm/world-hook.sh" "$top"/tests/rpm/world/*
	} | system_key)
	system_kept "rpm-$1" "$key" "the world of $suite" world_make
}

# The world $1, in the new directory $2.
world_unpack() {
	world_archive "$1"
	system_extract "$2"
	mkdir -p "$2/srv/lkp-example"
}
