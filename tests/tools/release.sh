#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# release.sh - whether this tree can be released
#
# Usage: release.sh                       all of it		(make release-check)
#        release.sh versions [TREE]       the versions and changelogs agree
#        release.sh archive FILE [TREE]   make the tarball of HEAD, and compare it
#        release.sh compare FILE [TREE]   a tarball has what git has in HEAD
#        release.sh tag [TREE]            the tag of the version, if it is there
#        release.sh packages FILE DIR     build all packages of a tarball twice
#
# A release is a signed tag, vVERSION, and the tarball that "git archive" makes of
# it. In its packages nothing may depend on where, when and by whom they were built:
# they are built twice, with another path, user's mask, language, time zone, clock and
# host name, and are to be the same bytes.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"

wrong() {
	echo "$*"
	faults=1
}

# Each place that has the version, or a changelog, of the same day.
versions() {
	faults=
	version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"$/\1/p' "$1/dkms.conf")
	[ -n "$version" ] || wrong "dkms.conf: no version"
	deb() {
		dpkg-parsechangelog -l "$tree/debian/changelog" -S "$1"
	}
	tree=$1
	spec=$1/rpm/lkp-example.spec
	entry=$(sed -n '/^%changelog$/{n;p;}' "$spec")
	while IFS='|' read -r where found; do
		[ "$found" = "$version" ] ||
			wrong "$where has version '$found', and dkms.conf has '$version'"
	done <<-END
	debian/changelog|$(deb Version)
	rpm/lkp-example.spec|$(sed -n 's/^Version: *//p' "$spec")
	rpm/lkp-example.spec, %changelog|$(echo "$entry" | sed 's/.* - //; s/-[0-9]*$//')
	src/dist/version|$("$1/src/dist/version")
	README.md, the matrix|$(sed -n 's/^lkp-example \(.*\), [0-9-]*: .*/\1/p' "$1/README.md")
	END
	[ "$(deb Distribution)" != UNRELEASED ] ||
		wrong "debian/changelog: this version is UNRELEASED"
	deb_day=$(LC_ALL=C date -u -d "$(deb Date)" '+%a %b %d %Y')
	rpm_day=$(echo "$entry" | sed 's/^\* \([A-Z][a-z]* [A-Z][a-z]* [0-9]* [0-9]*\) .*/\1/')
	[ "$deb_day" = "$rpm_day" ] ||
		wrong "debian/changelog is of $deb_day, and the spec's of $rpm_day"
	[ "$(deb Maintainer)" = "$(echo "$entry" |
		sed 's/^\* [A-Za-z]* [A-Za-z]* [0-9]* [0-9]* \(.*>\) .*/\1/')" ] ||
		wrong "the changelogs are of different people"
	[ -z "$faults" ]
}

git_in() {
	git -c safe.directory="$tree" -C "$tree" "$@"
}

# Call: archive FILE TREE; nothing in it is of this moment.
archive() {
	tree=$2
	version=$("$2/src/dist/version")
	git_in archive --format=tar --prefix="lkp-example-$version/" HEAD |
		gzip -9n >"$1"
}

# It has each file that git has, as git has it, and no other.
compare() {
	tree=$2
	at=$(mktemp -d)
	mkdir "$at/tar" "$at/git"
	tar -x -f "$1" -C "$at/tar" --strip-components=1
	git_in ls-tree -r -z --name-only HEAD | tr '\0' '\n' | sort >"$at/wanted"
	(cd "$at/tar" && find . ! -type d -printf '%P\n') | sort >"$at/there"
	status=0
	diff "$at/wanted" "$at/there" || status=1
	[ "$status" = 1 ] || while read -r path; do
		git_in cat-file blob "HEAD:$path" | cmp -s - "$at/tar/$path" || {
			say "another text: $path"
			status=1
		}
	done <"$at/there"
	rm -rf "$at"
	return "$status"
}

# Before it is made, the recipe; afterwards it must be right.
tag() {
	tree=$1
	name=v$("$1/src/dist/version")
	git_in rev-parse -q --verify "refs/tags/$name" >/dev/null || {
		say "there is no tag $name yet: git tag -s $name -m 'lkp-example $name'"
		return
	}
	[ "$(git_in rev-parse "$name^{commit}")" = "$(git_in rev-parse HEAD)" ] || {
		say "the tag $name is not on this commit"
		return 1
	}
	git_in verify-tag "$name" || {
		say "the tag $name is not signed by a key that is known here"
		return 1
	}
	say "the tag $name is signed, and on this commit"
}

# Call: build_in DIRECTORY TARBALL COMMAND...; the command runs both builds in an
# environment of its own.
build_in() {
	mkdir -p "$1/deb" "$1/rpm"
	(umask "$2" && tar -x -f "$3" -C "$1/deb" --no-same-permissions --touch)
	mv "$1"/deb/lkp-example-* "$1/deb/tree"
	cp -a "$1/deb/tree" "$1/rpm/tree"
	mask=$2
	dir=$1
	shift 3
	# shellcheck disable=SC2016	# of the shell inside
	"$@" sh -ec '
		umask "$2"
		cd "$1/deb/tree"
		DEB_BUILD_OPTIONS=noautodbgsym dpkg-buildpackage -b -us -uc \
			--ignore-builtin-builddeps >"$1/deb.log" 2>&1
		"$3/tests/tools/rpm.sh" "$1/rpm/tree" "$1/rpm" >"$1/rpm.log" 2>&1
	' sh "$dir" "$mask" "$top" || {
		tail -n 20 "$dir"/*.log
		return 1
	}
}

# Call: packages TARBALL DIRECTORY
packages() {
	rm -rf "$2"
	mkdir -p "$2"
	at=$(cd "$2" && pwd)
	build_in "$at/one" 022 "$1" env LC_ALL=C TZ=UTC || return
	build_in "$at/another/and/longer" 002 "$1" \
		env LC_ALL=C.UTF-8 LANGUAGE=de TZ=Pacific/Kiritimati \
		unshare --uts --map-root-user sh -c 'hostname elsewhere && exec "$@"' sh \
		faketime -f '+400d' || return
	status=0
	for file in "$at"/one/deb/*.deb "$at"/one/rpm/*.rpm; do
		other=$at/another/and/longer/${file#"$at"/one/}
		if cmp "$file" "$other"; then
			say "the same twice: ${file##*/}"
		else
			say "differs: ${file##*/}"
			status=1
		fi
	done
	return "$status"
}

all() {
	cd "$top"
	tree=$top
	step "versions and changelogs"
	versions "$top" || die "they do not agree: see above"
	[ -z "$(git_in status --porcelain)" ] ||
		die "there are changes that are not committed: commit them, or 'git stash'"
	step "the tag"
	tag "$top" || die "see above"
	step "the tarball"
	mkdir -p "$build/release"
	tarball=$build/release/lkp-example-$version.tar.gz
	archive "$tarball" "$top"
	archive "$tarball.again" "$top"
	cmp "$tarball" "$tarball.again" || die "git makes another one each time"
	rm "$tarball.again"
	compare "$tarball" "$top" || die "it has not what git has: see above"
	step "the packages, twice"
	packages "$tarball" "$build/release/packages" ||
		die "they are not reproducible: see above; diffoscope tells more"
	say "ready: $tarball. Then: gpg --armor --detach-sign $tarball"
}

case ${1:-all} in
all) all ;;
versions | tag) "$1" "${2:-$top}" ;;
archive | compare) "$1" "$2" "${3:-$top}" ;;
packages) packages "$2" "$3" ;;
*) die "there is no '$1': see the head of this file" ;;
esac
