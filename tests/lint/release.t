#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# release.t - what has to agree in a release does, and a release is what git has
#
# tests/tools/release.sh says what is looked at (make release-check); tests/negative/
# reproducible.t has the packages built twice. Tags are made in a copy, by a key of ours.
# shellcheck disable=SC2317	# functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/plain-test.sh"
trap 'gpgconf --homedir "$GNUPGHOME" --kill all; rm -rf "$work" "$tap_output"' EXIT
release=$top/tests/tools/release.sh
tree=$work/tree
GNUPGHOME=$work/keys
export GNUPGHOME

git_in() {
	git -C "$tree" -c user.name=test -c user.email=test@example.org "$@"
}

# A repository of its own, with what is here.
make_tree() {
	copy_tree "$tree" && git_in init -q -b main && git_in add --all --force &&
		git_in commit -q -m sources
}

make_key() {
	mkdir -m 700 "$GNUPGHOME" &&
		gpg --batch --quiet --passphrase '' \
			--quick-generate-key test@example.org ed25519 sign never
}

# Call: plant FILE SED; in the tree, until unplant
plant() {
	planted=$1
	cp "$tree/$1" "$work/before"
	sed -i "$2" "$tree/$1"
	! cmp -s "$tree/$1" "$work/before" || die "nothing was planted in $1: $2"
}

unplant() {
	cat "$work/before" >"$tree/$planted"
}

# Call: disagrees WHAT FILE SED EVIDENCE
disagrees() {
	plant "$2" "$3"
	check "a planted $1 is found" finds "$4" "$release" versions "$tree"
	unplant
}

archive_twice() {
	"$release" archive "$work/one.tgz" "$tree" || return
	(umask 077 && touch "$tree"/* && cd / && TZ=Asia/Tokyo \
		"$release" archive "$work/two.tgz" "$tree") &&
		cmp "$work/one.tgz" "$work/two.tgz"
}

# Call: repack SHELL; the tarball, after that was done in it
repack() {
	rm -rf "$work/packed"
	mkdir "$work/packed"
	tar -x -f "$work/one.tgz" -C "$work/packed"
	(cd "$work/packed"/* && sh -c "$1")
	(cd "$work/packed" && tar -c -z -f "$work/planted.tgz" -- *)
}

tagged() {
	"$release" tag "$tree" >"$work/said" && grep -E "$1" "$work/said"
}

check "a repository" make_tree
check "a key" make_key
check "versions and changelogs agree" "$release" versions "$top"
disagrees "other version of dkms.conf" dkms.conf \
	's/^PACKAGE_VERSION=.*/PACKAGE_VERSION="9.9"/' "dkms.conf has '9.9'"
disagrees "other version of debian/changelog" debian/changelog '1s/(.*)/(9.9)/' \
	"^debian/changelog has version '9.9'"
disagrees "version that is not released" debian/changelog '1s/unstable/UNRELEASED/' \
	'is UNRELEASED'
disagrees "other version of the spec" rpm/lkp-example.spec \
	's/^Version: .*/Version: 9.9/' "^rpm/lkp-example.spec has version '9.9'"
disagrees "other version of the spec's changelog" rpm/lkp-example.spec \
	'/^%changelog/{n;s/ - .*/ - 9.9-1/;}' "%changelog has version '9.9'"
disagrees "other day of a changelog" rpm/lkp-example.spec \
	'/^%changelog/{n;s/ 20[0-9]* / 1999 /;}' 'of .* 1999'
disagrees "other maintainer of a changelog" rpm/lkp-example.spec \
	'/^%changelog/{n;s/ maintainers </ others </;}' 'of different people'
disagrees "matrix of another version" README.md \
	's/^lkp-example [0-9.]*, /lkp-example 9.9, /' "^README.md, the matrix has version '9.9'"

check "the tarball is the same twice, whatever is around it" archive_twice
check "it has what git has" "$release" compare "$work/one.tgz" "$tree"
repack 'echo >more'
check "a planted file more is found" finds '^> more$' \
	"$release" compare "$work/planted.tgz" "$tree"
repack 'rm LICENSE'
check "a planted file less is found" finds '^< LICENSE$' \
	"$release" compare "$work/planted.tgz" "$tree"
repack 'echo "# more" >>dkms.conf'
check "a planted other file is found" finds 'another text: dkms.conf' \
	"$release" compare "$work/planted.tgz" "$tree"

tag=v$("$top/src/dist/version")
check "before there is a tag, the recipe" tagged "git tag -s $tag"
git_in tag -s -u test@example.org -m "$tag" "$tag"
check "a signed tag" tagged 'is signed, and on this commit'
git_in commit -q --allow-empty -m more
check "a planted tag on another commit is found" finds 'is not on this commit' \
	"$release" tag "$tree"
git_in tag -f -a -m "$tag" "$tag" >"$work/log" 2>&1
check "a planted tag that nobody has signed is found" finds 'is not signed' \
	"$release" tag "$tree"
git_in tag -f -s -u test@example.org -m "$tag" "$tag" >"$work/log" 2>&1
gpg --batch --yes --delete-secret-and-public-key \
	"$(gpg --list-keys --with-colons | sed -n 's/^fpr:*\([0-9A-F]*\):/\1/p' | head -n 1)"
check "... or by a key that nobody knows" finds 'is not signed' \
	"$release" tag "$tree"
finish
