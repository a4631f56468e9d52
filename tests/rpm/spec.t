#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# spec.t - the RPM spec, with the macros of each distribution
#
# Debian's rpm reads and builds it as if it were the rpm of Fedora, of Enterprise
# Linux 8 to 10 and of openSUSE, as far as macros tell: tests/rpm/macros has what
# each of them defines. And the scriptlets, as they are in the package, are sound.
# The programs are not compiled here; package.t has them.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/plain-test.sh"
. "$top/tests/rpm/life.sh"

# Call: rpm_of MACROS COMMAND...: one of rpm's, which finds these macros as well
rpm_of() {
	macros=$top/tests/rpm/macros/$1
	program=$2
	shift 2
	as_user "$program" --load="$macros" "$@"
}

# Nothing is left that rpm did not know; %% is for the shell.
parses() {
	rpm_of "$1" rpmspec -P "$2" >"$work/parsed" &&
		grep -q '^%posttrans dkms' "$work/parsed" &&
		! grep -nE '%\{|%_|^%systemd|^%sysusers|^%kernel_module' \
			"$work/parsed"
}

# Call: folder MACRO NAME: where the distribution has it, or else where Debian has it
folder() {
	found=$(rpm_of "$distribution" rpm -E "%{$1}")
	case $found in
	%*) echo "/usr/lib/$2" ;;
	*) echo "$found" ;;
	esac
}

# Call: builds DISTRIBUTION SPEC: -dkms, with its files where that one has them.
builds() {
	distribution=$1
	sed -f "$top/tests/rpm/modules-only.sed" "$2" >"$work/tree/rpm/lkp-example.spec"
	rm -rf "$work/build"
	mkdir -p "$work/build/SOURCES"
	tar -czf "$work/build/SOURCES/lkp-example-$version.tar.gz" -C "$work" \
		--transform "s/^tree/lkp-example-$version/" tree
	to_user -R "$work/build"
	rpm_of "$1" rpmbuild -bb --nodeps --define "_topdir $work/build" \
		--define "_tmppath $work/build" \
		"$work/tree/rpm/lkp-example.spec" || return
	rpm -qlp "$work"/build/RPMS/noarch/*.rpm >"$work/list"
	for file in "$(folder _modprobedir modprobe.d)/lkp-example.conf" \
		"$(folder _sysusersdir sysusers.d)/lkp-example.conf" \
		"$(folder _udevrulesdir udev/rules.d)/60-lkp-example.rules" \
		"$(folder _unitdir systemd/system)/lkp-example-smoke-test.service" \
		/usr/libexec/lkp-example/build-modules; do
		grep -xF "$file" "$work/list" ||
			{ echo "not in the package: $file"; return 1; }
	done
}

# Call: scriptlets SPEC: each is there as a file of its own, in $work/scriptlets.
scriptlets() {
	rm -rf "$work/scriptlets"
	mkdir "$work/scriptlets"
	rpmspec -P "$1" | awk -v dir="$work/scriptlets" '
		/^%(pre|post|(trans)?(file)?trigger)[a-z]* (dkms|utils)/ {
			file = dir "/" substr($1, 2) "-" $2
			next
		}
		/^%/ { file = "" }
		file { print > file }'
}

# It ends well whatever happens, and knows of no running kernel.
is_sound() {
	shellcheck -s sh "$1" || return
	[ "$(grep -v '^ *$' "$1" | tail -n 1)" = 'exit 0' ] ||
		{ echo "does not end by 'exit 0'"; return 1; }
	! grep -n 'uname -r' "$1"
}

all_sound() {
	scriptlets "$1" || return
	ls "$work/scriptlets"
	for scriptlet in "$work/scriptlets"/*; do
		is_sound "$scriptlet" || { echo "in ${scriptlet##*/}"; return 1; }
	done
}

# Call: each_was_looked_at SPEC: what all_sound has gone through
each_was_looked_at() {
	scriptlets_of "$1" | tr ' ' - | sort >"$work/wanted"
	[ -s "$work/wanted" ] && find "$work/scriptlets" -type f -printf '%f\n' | sort |
		diff "$work/wanted" -
}

copy_tree "$work/tree"
chmod 755 "$work"
to_user -R "$work"
for macros in "$top"/tests/rpm/macros/*; do
	name=${macros##*/}
	check "$name: the spec parses" parses "$name" "$top/rpm/lkp-example.spec"
	check "$name: the package builds, its files in the folders of $name" \
		builds "$name" "$top/rpm/lkp-example.spec"
done
check "the scriptlets are sound" all_sound "$top/rpm/lkp-example.spec"
check "the scriptlets: each of the spec's was looked at" \
	each_was_looked_at "$top/rpm/lkp-example.spec"

# fault SED: $work/planted.spec
fault() {
	sed "$1" "$top/rpm/lkp-example.spec" >"$work/planted.spec"
	! cmp -s "$top/rpm/lkp-example.spec" "$work/planted.spec" ||
		bail "no fault could be planted: $1"
}

fault 's/^%files dkms/&\n%{_nowhere}\/lkp-example.conf/'
check "a planted macro that nobody defines is found" \
	finds '%\{_nowhere\}' parses fedora "$work/planted.spec"
fault '/^%{!?_modprobedir/d'
check "a planted lack of a fallback is found" \
	finds '%\{_modprobedir\}' parses el8 "$work/planted.spec"
fault 's/%{_prefix}\/libexec/%{_libexecdir}/'
check "a planted folder that differs in Leap is found" \
	finds 'File not found|not in the package' builds opensuse-leap15 "$work/planted.spec"
fault '/^%posttrans dkms/,/^exit/s/^exit 0/exit 1/'
check "a planted scriptlet that exits 1 is found" \
	finds "does not end by 'exit 0'" all_sound "$work/planted.spec"
# shellcheck disable=SC2016	# for the scriptlet
fault 's|^%{programs}/build-modules.*|dkms install -k "$(uname -r)" \|\| :|'
check "a planted build for the running kernel is found" \
	finds 'uname -r' all_sound "$work/planted.spec"
# shellcheck disable=SC2016	# for the scriptlet
fault 's|^%{programs}/smoke-test .*|[ $foo == 1 ]|'
check "a planted fault of a scriptlet's shell is found" \
	finds 'SC[0-9]+' all_sound "$work/planted.spec"
finish
