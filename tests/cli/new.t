#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# new.t - lkp-example new makes a project that builds, is clean and passes its tests
#
# Its packages are built and looked at here. In a clean system, what continuous
# integration would run runs its own tests, which boot the kernel there; and its
# package is installed by apt, built by DKMS, and proven from outside.
# shellcheck disable=SC2317 # functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"

root=$work/root
made=$work/made
# Nobody is known but who is named.
nobody=$work/nobody
ann='Ann Other <ann@example.org>'
zoe="Zoë O'Neil-Søn 100% & Sons. <zoe.o-neil+lkp@mail.example.org>"
longest=the_longest_name_has_forty_characters_x0

# Call: new ARGUMENT...
new() {
	as_user env -C "$made" -u DEBFULLNAME -u DEBEMAIL HOME="$nobody" \
		XDG_CONFIG_HOME="$nobody" GIT_CONFIG_NOSYSTEM=1 \
		"$build/bin/lkp-example" new "$@"
}

# Call: refused STATUS TEXT ARGUMENT...; and there is what was there before
refused() {
	find "$made" -printf '%y %m %s %P\n' | sort >"$work/before"
	says "$1" "$2" new_from_third "$@" || return
	find "$made" -printf '%y %m %s %P\n' | sort | diff "$work/before" -
}

new_from_third() {
	shift 2
	new "$@"
}

lintian_clean() {
	as_user lintian --display-info --display-experimental --pedantic \
		--tag-display-limit 0 \
		--fail-on error,warning,info,pedantic,experimental "$@"
}

# Call: deb_is_clean NAME
deb_is_clean() {
	as_user make -C "$made/$1" deb &&
		lintian_clean "$made/$1"/build/deb/*.changes
}

rpm_is_clean() {
	as_user make -C "$made/$1" rpm &&
		as_user rpmlint -c "$made/$1/rpm/rpmlint.toml" \
			"$made/$1"/rpm/*.spec "$made/$1"/build/rpm/*.rpm \
			>"$work/rpmlint" 2>&1
	cat "$work/rpmlint"
	grep -qE ' 0 errors, 0 warnings' "$work/rpmlint"
}

scripts_are_clean() {
	(cd "$made/$1" && grep -rlE '^#!/bin/sh' . | xargs shellcheck)
}

no_word_is_left() {
	! grep -rnE '@[A-Z_]+@' "$made/$1" &&
		! find "$made/$1" | grep @
}

from_environment() {
	as_user env -C "$made" HOME="$nobody" DEBFULLNAME='Deb Name' \
		DEBEMAIL=deb@example.org "$build/bin/lkp-example" new by_env &&
		grep -x 'Maintainer: Deb Name <deb@example.org>' \
			"$made/by_env/debian/control"
}

from_git() {
	printf '[user]\n\tname = Git Name\n\temail = git@example.org\n' \
		>"$nobody/.gitconfig"
	new by_git || return
	rm "$nobody/.gitconfig"
	grep -x 'MODULE_AUTHOR("Git Name <git@example.org>");' \
		"$made/by_git/src/module/by_git.c"
}

# The rest is as it was, and no other file is beside it.
full_disk() {
	mkdir "$made/small"
	mount -t tmpfs -o size=64k tmpfs "$made/small"
	to_user "$made/small"
	says 2 'small/hello_new could not be made.*No space left' \
		new hello_new --author "$ann" --dir "$made/small/hello_new"
	full=$?
	find "$made/small" -mindepth 1 | grep . && full=1
	umount "$made/small"
	rmdir "$made/small"
	return "$full"
}

# By QEMU of this machine.
verify() {
	as_user "$build/bin/lkp-example" verify --root "$root" hello_new
}

nothing_in_dkms() {
	inside dkms status >"$work/out" && ! grep . "$work/out"
}

nothing_left() {
	nothing_in_dkms && ! find "$root/usr" "$root/lib/modules/" "$root/var/lib" \
		-name 'hello[-_]new*' ! -path '*/var/lib/dpkg/*' | grep .
}

no_product_in_git() {
	git -C "$root/srv/hello_new" init --quiet &&
		git -C "$root/srv/hello_new" add --all &&
		git -C "$root/srv/hello_new" ls-files | sort >"$work/in_git" &&
		(cd "$made/hello_new" && find . -path ./build -prune -o -type f \
			-printf '%P\n') | sort | diff - "$work/in_git"
}

# A write that forgets how long the message is.
break_module() {
	sed -i '/message_size = count;/d' \
		"$root/usr/src/hello-new-0.1.0/src/module/hello_new.c"
	inside dkms remove hello-new/0.1.0 --all
	inside dkms install hello-new/0.1.0 -k "$release"
}

same_template() {
	mv "$work/template.tar" "$work/first.tar" && template "$work/tree" &&
		cmp "$work/first.tar" "$work/template.tar"
}

# Call: template TREE
template() {
	"$1/src/new/template" "$work/template" "$work/template.tar"
}

# Call: plant FILE SED; a tree with a fault
plant() {
	rm -rf "$work/planted"
	cp -r "$work/tree" "$work/planted"
	sed -i "$2" "$work/planted/$1"
	! cmp -s "$work/tree/$1" "$work/planted/$1" ||
		die "nothing was planted in $1: $2"
}

mkdir "$made" "$nobody"
chmod 755 "$work"
to_user "$made" "$nobody"

[ "${#longest}" = 40 ] || die "$longest does not have 40 characters"
echo "# what is made"
check "a project" says 0 '^hello_new: made' new hello_new --author "$zoe"
check "... with the longest name, and another license" says 0 "^$longest: made" \
	new "$longest" --author "$ann" --license 'GPL-2.0-only OR MIT'
check "... in a folder that is named, by a third license" \
	says 0 'elsewhere: made' new other --author "$ann" \
	--license GPL-2.0-or-later --dir "$made/elsewhere/"
for project in hello_new "$longest" elsewhere; do
	check "$project: no word is left" no_word_is_left "$project"
	check "$project: lintian has nothing to say" deb_is_clean "$project"
	check "$project: rpmlint has nothing to say" rpm_is_clean "$project"
done
check "shellcheck has nothing to say" scripts_are_clean hello_new
check "the license of the module" grep -x 'MODULE_LICENSE("Dual MIT/GPL");' \
	"$made/$longest/src/module/$longest.c"
check "the license of its file" \
	grep -x '// SPDX-License-Identifier: GPL-2.0-or-later' \
	"$made/elsewhere/src/module/other.c"
check "the author, from DEBFULLNAME and DEBEMAIL" from_environment
check "the author, from git" from_git

echo "# what is refused"
mkdir "$made/empty" "$made/full"
echo mine >"$made/full/file"
ln -s nowhere "$made/link"
for there in empty full full/file link; do
	check "a folder that is there: $there" refused 1 \
		"$there is there already" other --author "$ann" --dir "$there"
done
check "a folder in one that is not there" refused 2 \
	'nowhere/x could not be made.*No such file' other --author "$ann" \
	--dir nowhere/x
check "a disk that is full" full_disk
while IFS='|' read -r name why; do
	check "a name: '$name'" refused 2 "'$name' cannot be.*: $why" "$name" \
		--author "$ann"
done <<END
|a Debian package has
x|a Debian package has
${longest}0|it has at most 40
2fast|it begins with a small letter
_x|it begins with
Hello|it begins with a small letter
hello-new|it has small letters
hello.new|it has small letters
a/../b|it has small letters
häll|it has small letters
hello_|a '_' stands between
hello__new|a '_' stands between
while|that is a keyword
typeof|that is a keyword
vmlinux|that means something else
lkp_example|that means something else
END
check "a name with a newline, on one line" refused 2 "'a.x0ab' cannot be" 'a
b' --author "$ann"
check "a name that a device has" refused 1 "there is /dev/null" null \
	--author "$ann"
check "no name" refused 2 'what is the name' --author "$ann"
check "two names" refused 2 "'two' is a second one" one two --author "$ann"
check "a license that nobody knows" refused 2 "'MIT' is not one of" other \
	--author "$ann" --license MIT
while IFS='|' read -r author why; do
	check "an author: '$author'" refused 2 "$why.*--author='NAME <ADDRESS>'" \
		other --author "$author"
done <<'END'
|has no <ADDRESS>
Ann Other|has no <ADDRESS>
<ann@example.org>|name '' is empty
Ann <ann@example.org> x|has no <ADDRESS>
Ann "A" Other <ann@example.org>|has one of
Ann \ Other <ann@example.org>|has one of
Other, Ann <ann@example.org>|has one of
Ann <x> <ann@example.org>|has one of
Ann Other <ann>|is not of the form
Ann Other <ann@localhost>|is not of the form
Ann Other <ann@ex%{ample}.org>|is not of the form
Ann Other <an n@example.org>|is not of the form
END
check "an author with a newline" refused 2 "name 'Ann.x0aX' has a control" \
	other --author 'Ann
X <ann@example.org>'
check "an author that is no UTF-8" refused 2 "name 'Ann .xe9' has a control" \
	other --author "$(printf 'Ann \351') <ann@example.org>"
check "no author at all" refused 2 'neither DEBFULLNAME' other

echo "# the project in a clean system"
system_unpack 6.12 "$root" >"$work/log" 2>&1 || bail "no system"
release=$(system_release "$root")
system_repository "$root"
packages=$cache/packages/6.12
cp -r "$made/hello_new" "$root/srv/"
rm -rf "$root/srv/hello_new/build"
check "its own tests, as in continuous integration: .ci/run" \
	says 0 '^3 passed, 0 failed$' inside /srv/hello_new/.ci/run
check "... leave nothing behind in DKMS" \
	nothing_in_dkms
check "make run, as its README says" says 0 'ok it unloads again' \
	inside make -C /srv/hello_new run
check "make uninstall" inside make -C /srv/hello_new uninstall
check "... leaves nothing behind in DKMS" nothing_in_dkms
check "make build" inside make -C /srv/hello_new build
check "git takes no product of a build for a source" no_product_in_git

cp "$made/hello_new/build/deb/hello-new-dkms_0.1.0_all.deb" "$root/srv/"
check "apt-get install of its package" \
	says 0 '^Setting up hello-new-dkms' inside apt-get install --yes \
	/srv/hello-new-dkms_0.1.0_all.deb
check "DKMS has built it" says 0 "^hello-new/0.1.0, $(literal "$release"),.*: installed" \
	inside dkms status
check "it is proven, from outside" \
	says 0 "^hello_new on $(literal "$release"): proven, loads, works and unloads" \
	verify
check "modinfo says who has made it" says 0 "^$(literal "$zoe")\$" \
	inside modinfo -k "$release" -F author hello_new
# This machine's kernel may have the last one as well, and is looked at before.
for name in hello_new zonefs exportfs; do
	check "a name that a kernel here has: $name" says 1 \
		"(kernel $(literal "$release") has a module|the name) '$name' .*: choose another" \
		inside lkp-example new "$name" --author "$ann"
done

echo "# a planted fault in the module, and the end of the packages"
break_module >"$work/log" 2>&1 || bail "the module could not be broken"
check "a planted fault in the module is found by its own tests" \
	finds '^2 passed, 1 failed$' inside make -C /srv/hello_new test
check "... and they say where" grep -E 'not ok \.\.\. and read' "$work/found"
shown=$work/out
check "apt-get purge" says 0 '^Removing hello-new-dkms' inside apt-get purge \
	--yes hello-new-dkms
check "... leaves nothing behind" nothing_left
shown=
check "its RPM package is installed" system_rpm "$root" -U \
	"$made/hello_new/build/rpm/hello-new-dkms-0.1.0-1.noarch.rpm"
check "... and DKMS has built it" says 0 "^hello-new/0.1.0, $(literal "$release"),.*: installed" \
	inside dkms status
check "... and removed" system_rpm "$root" -e hello-new-dkms
check "... which leaves nothing behind" nothing_left

echo "# a planted fault in the template"
copy_tree "$work/tree"
check "the template can be made of a copy" template "$work/tree"
check "... and twice it is the same" same_template
plant debian/rules '0,/^# new: end$/{/^# new: end$/d}'
check "a planted region without an end is found" \
	finds 'debian/rules: .* do not go together' template "$work/planted"
plant src/dist/install-dkms '0,/^# new: not$/s//# new: nott/'
check "a planted mark that is none is found" \
	finds 'src/dist/install-dkms: .* do not go together' template "$work/planted"
plant rpm/lkp-example.spec 's|^%dir %{programs}$|&\n%{programs}/lkp-guest|'
check "a planted file of this project's alone is found" \
	finds 'lkp-example.spec: that is about this project' template "$work/planted"
plant dkms.conf 's/^BUILT_MODULE_NAME.0./BUILT_MODULE_NAMES[0]/'
check "a planted line that is not understood is found" \
	finds 'dkms.conf has no line' template "$work/planted"
plant debian/copyright '/^ Free Software Foundation/s/\.$/;/'
check "a planted other text of a license is found" \
	finds 'another text of GPL' template "$work/planted"
plant src/new/README.md '1s/MODULE/MODUL/'
check "a planted word that nobody knows is found" \
	finds 'nobody knows the word @MODUL@' template "$work/planted"
finish
