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

# Make the world $1 with mmdebstrap, as the file $2. What a killed run has left of
# it goes first; other runs drop each "*.part.*", for they have a lock of their own.
world_make() {
	rm -f "$cache/systems/rpm-$1"-*.new.tar.zst
	debs=$cache/packages/rpm-$1
	as_user mkdir -p "$debs"
	system_apt_conf >"$2.conf"
	system_sources >"$2.list"
	hook=$top/tests/tools/system-hook.sh
	INITRD=No setpriv --pdeathsig KILL unshare --mount-proc --pid --fork \
		--kill-child setsid mmdebstrap --variant=apt --format=tar \
		--skip=essential/unlink,cleanup/apt --aptopt="$2.conf" \
		--include="$(world_packages)" \
		--setup-hook="'$hook' begin '$debs' \"\$1\" '$from'" \
		--setup-hook="printf 'Package: *\nPin: release n=$suite*\nPin-Priority: 900\n' >\"\$1/etc/apt/preferences.d/suite\"" \
		--customize-hook="'$top/tests/rpm/world-hook.sh' fetch \"\$1\"" \
		--customize-hook="'$hook' end '$debs' \"\$1\"" \
		--customize-hook="'$top/tests/rpm/world-hook.sh' make \"\$1\"" \
		"$suite" "$2.new.tar.zst" "$2.list" >"$2.log" 2>&1 || {
		grep -E '^(E|W|Err|error):?' "$2.log" | tail -n 5 >&2
		rm -f "$2.new.tar.zst"
		return 1
	}
	to_user "$2.new.tar.zst" "$2.conf" "$2.list" "$2.log"
	mv "$2.new.tar.zst" "$2"
	find "$cache/systems" -name "rpm-$1-*" ! -name "${2##*/}*" \
		-mtime "+$system_days" -delete
}

# Sets archive to the file that holds the world $1.
world_archive() {
	world_line "$1"
	key=$(system_sources) || exit
	key=$({ printf '%s\n' "$key" "$(world_packages)"
		cat "$top/tests/tools/system-hook.sh" \
			"$top/tests/rpm/world-hook.sh" "$top"/tests/rpm/world/*
	} | cksum | cut -d' ' -f1)
	archive=$cache/systems/rpm-$1-$key.tar.zst
	as_user mkdir -p "$cache/systems"
	# A lock of its own: other systems may be made at the same time.
	exec 8>"$cache/systems/rpm-$1.lock"
	flock 8
	if [ -z "$(find "$archive" -mtime "-$system_days" 2>/dev/null)" ]; then
		need_space "$cache" 1500
		if world_make "$1" "$archive"; then
			:
		elif [ -e "$archive" ]; then
			say "# the world of $suite could not be made again: using" \
				"the one of $(date -r "$archive" +%F)"
		else
			die "the world of $suite could not be made:" \
				"$(trouble "$archive.log")"
		fi
	fi
	exec 8<&-
}

world_unpack() {
	world_archive "$1"
	mkdir "$2"
	tar -x -f "$archive" --zstd --numeric-owner -C "$2" 2>"$work/unpack.log" ||
		die "$archive could not be unpacked:" \
			"$(trouble "$work/unpack.log" "'make distclean' drops it")"
	packages=
}
