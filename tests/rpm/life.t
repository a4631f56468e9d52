#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# life.t - the RPM packages, from the first installation to the last removal
#
# Usage: life.t NAME		bookworm, trixie or forky
#
# rpm, dnf and dkms do what they do on Fedora, with kernels that Debian has built
# and that are packed as Fedora's are: see world.sh. After each step the modules
# are there for each kernel, and each kernel is booted with them. Every scriptlet
# of the spec runs. Packages with planted faults show that this would be seen.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"
. "$top/tests/tools/system.sh"
. "$top/tests/tools/tap.sh"
. "$top/tests/rpm/world.sh"
. "$top/tests/rpm/life.sh"
world_line "$1"
life_begin "$1" "$@"
. "$top/tests/lint/lint.sh"
shown=$work/log

# What is ours, but for what dnf keeps about packages, and a group, which may own
# files that nobody knows of.
nothing_left() {
	left=$(cd "$root" && find etc usr var lib/modules/ boot -name '*lkp[-_]*' \
		! -path 'etc/yum.repos.d/*' ! -path 'var/cache/*dnf*' \
		! -path 'var/lib/dnf/*' ! -path 'var/log/*' \
		! -path 'usr/lib/sysimage/*')
	printf '%s\n' "$left"
	[ -z "$left" ] && ! inside rpm -qa 'lkp-example-*' | grep .
}

# Each message that is passed over stands in rpmlint.toml, with its reason.
rpmlint_is_clean() {
	inside sh -c 'rpmlint -c /srv/rpmlint.toml /srv/lkp-example.spec \
		/srv/current/*.rpm' >"$work/rpmlint" 2>&1
	cat "$work/rpmlint"
	grep -qE ' 0 errors, 0 warnings' "$work/rpmlint"
}

planted_rpmlint() {
	sed -i 's|^%files dkms|&\n%{_prefix}/lib/elsewhere/file|' \
		"$root/srv/lkp-example.spec"
	rpmlint_is_clean
}

# The scriptlets of the spec, as rpm calls them in its own words.
all_have_run() {
	scriptlets_of "$top/rpm/lkp-example.spec" >"$work/spec"
	[ -s "$work/spec" ] || return
	while read -r kind of; do
		grep -E "^%$kind(in)?\(lkp-example-$of-" "$work/scriptlets" ||
			{ echo "%$kind $of has not run"; return 1; }
	done <"$work/spec"
}

# Call: of_version VERSION COMMAND...: another version of ours, and no other
# difference but what COMMAND makes.
of_version() {
	sed -i "s/$version/$1/" dkms.conf rpm/lkp-example.spec && shift && "$@"
}

# --- Before ------------------------------------------------------------------

check "packages: version $version_old" run packages old without_programs of_version "$version_old" true
check "packages: version $version" run packages current true
check "packages: another release of $version" run packages bump bump
[ "$tap_failed" = 0 ] || bail "there is nothing to install"
cp "$top/tests/rpm/rpmlint.toml" "$top/rpm/lkp-example.spec" "$root/srv/"
check "rpmlint: the spec and the packages" rpmlint_is_clean
check "rpmlint: a planted file of a library's folder is found" \
	finds 'hardcoded-library-path.*elsewhere' planted_rpmlint
freeze

# --- The life ----------------------------------------------------------------

check "a kernel, as $dnf installs it" run dnf_with world install \
	"kernel-core-$package_old" "kernel-devel-matched-$package_old"
check "install" run dnf_with lkp-old install lkp-example-dkms
echo "# $name: $(inside rpm --version), $dnf $(inside "$dnf" --version |
	head -n 1), dkms" \
	"$(inside rpm -q --qf '%{version}' dkms), kernels $release_old and $release"
state "install" "$version_old" "$release_old"
freeze

if [ "$release" = "$release_old" ]; then
	skip "kernel upgrade" "upgrade not tested: the archive of $name has one kernel, $release"
else
	check "a kernel without its headers" run dnf_with world install \
		"kernel-core-$package"
	check "a kernel without its headers: status says why there is no module" \
		is_missing "$release" 'its headers are not installed'
	check "a kernel without its headers: dkms status shows that none is there" \
		finds '^< lkp-example/.*: installed' status_is "$version_old" \
		"$release_old" "$release"
	check "the headers come" run dnf_with world install "kernel-devel-$package"
	built "the headers come" "$version_old" "$release_old" "$release"
	undo
	check "kernel and package at once" run dnf_with lkp-current upgrade
	state "kernel and package at once" "$version" "$release_old" "$release"
	undo
	check "kernel upgrade" run dnf_with world upgrade 'kernel*'
	state "kernel upgrade" "$version_old" "$release_old" "$release"
	check "old kernel removed" run dnf_with world remove \
		"kernel-core-$package_old" "kernel-devel-$package_old"
	state "old kernel removed" "$version_old" "$release"
fi
check "upgrade" run dnf_with lkp-current upgrade lkp-example-dkms
# As Fedora has it: what no preset names is disabled.
mkdir -p "$root/usr/lib/systemd/system-preset"
echo 'disable *' >"$root/usr/lib/systemd/system-preset/99-default-disable.preset"
check "upgrade: and the programs" run dnf_with lkp-current install lkp-example-utils
check "upgrade: their timer is enabled" inside systemctl is-enabled lkp-example-verify.timer
inside systemctl --quiet disable lkp-example-verify.timer
state "upgrade" "$version" "$release"
check "another release" run dnf_with lkp-bump upgrade 'lkp-example-*'
state "another release" "$version" "$release"
check "another release: the timer that was disabled stays so" \
	finds '^disabled$' inside systemctl is-enabled lkp-example-verify.timer
inside systemctl --quiet preset lkp-example-verify.timer
check "downgrade" run dnf_with lkp-old downgrade lkp-example-dkms
state "downgrade" "$version_old" "$release"
check "reinstall" run dnf_with lkp-old reinstall lkp-example-dkms
state "reinstall" "$version_old" "$release"
check "removed" run dnf_with world remove 'lkp-example-*'
check "removed: all scriptlets have succeeded" scriptlets_are_good
check "removed: nothing is left" nothing_left
check "every scriptlet of the spec has run" all_have_run

# --- Planted faults ----------------------------------------------------------

# Call: fault NAME COMMAND...: another release, as COMMAND changes it, comes in.
# dnf 5 calls a transaction failed when a scriptlet is, dnf 4 does not.
fault() {
	undo
	fault=$1
	shift
	run packages "$fault" without_programs of_version "$version_old" "$@" ||
		bail "no package with the fault $fault"
	run dnf_with "lkp-$fault" upgrade lkp-example-dkms
	inside rpm -q lkp-example-dkms | grep -q -- "-$version_old-2" ||
		bail "the package with the fault $fault was not installed"
}

fails() {
	bump && spec '/^%posttrans dkms/,/^exit/s/^exit 0/exit 1/' && "$@"
}

# shellcheck disable=SC2016	# for the script
for_the_running_kernel() {
	sed -i -e '/^for dir in/,/^done/d' \
		-e 's/^exit "$result"/build_for "$(uname -r)"\n&/' \
		src/dist/build-modules
}

without_depmod() {
	bump && sed -i 's/ --force/& --no-depmod/' src/dist/build-modules
}

shown=
fault post built_too_early
check "a planted build in %post, before the old %preun, is found" \
	finds '^< lkp-example/.*: installed' status_is "$version_old" "$release_old"
# Two at once: each check sees its own.
fault exit fails for_the_running_kernel
check "a planted scriptlet that exits 1 is found" \
	finds '^%posttrans\(lkp-example-dkms-.* [1-9]' scriptlets_are_good
check "a planted build for the running kernel only is found" \
	finds '^< lkp-example/.*: installed' status_is "$version_old" "$release_old"
fault depmod without_depmod
check "a planted lack of depmod is found" \
	finds 'has no module lkp_example in its index' proven_on "$release_old"
finish
