#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# compilers.t - the modules build on every kernel line of the archive, by gcc
#	and by clang
#
# Usage: compilers.t [NAME]	a name of tests/kernels; without, all
#
# Takes long, and downloads a gigabyte: only "make test-all" runs it.
#
# Which lines there are (5.10, 6.1, ...) is asked of the archive: of each Debian
# of tests/kernels, with its -security, -updates and -backports, the newest
# linux-headers-*-amd64 of each line, with the compiler that it depends on. The
# modules are built with W=1, and no warning is allowed.
#
# Debian configures its kernels for gcc, so some options of theirs mean nothing
# to clang. Those that it says it does not know are left out, one by one, until
# it has no more to say; a comment in the output lists them. What is proven is
# that clang accepts our sources, not that such a module may be loaded.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"

root=$work/root
. "$top/tests/build/build.sh"
. "$top/tests/build/clang.sh"

# offers LINE: whether there is such a suite; it may only be missing.
offers() {
	printf 'deb %s main\n' "$1" >"$root/srv/more.list"
	if in_root apt-get update -o Dir::Etc::SourceList=/srv/more.list \
		-o Dir::Etc::SourceParts=/dev/null -o APT::Get::List-Cleanup=0 \
		>"$log" 2>&1; then
		cat "$root/srv/more.list" >>"$root/etc/apt/sources.list.d/more.list"
		return
	fi
	grep -q 'does not have a Release file' "$log" && return
	cat "$log"
	return 1
}

# The system has the suite, and maybe more; what else there is, is added.
add_sources() {
	if [ "$suite" = sid ]; then
		offers "$(mirror Debian) testing" && offers "$(mirror Debian) experimental"
	else
		offers "$(mirror Debian) $suite-updates" &&
			offers "$(mirror Debian) $suite-backports" &&
			offers "$(mirror Debian-Security) $suite-security"
	fi
}

prepare() {
	system_apt_conf >"$root/etc/apt/apt.conf.d/90host"
	add_sources && in_root apt-get update >"$log" 2>&1 &&
		! grep -E '^(E:|W: Failed)' "$log" || return
	in_root apt-get install --yes make perl clang >"$log" 2>&1 || {
		tail -n 20 "$log"
		return 1
	}
	mkdir -p "$root/srv/tree/src"
	cp -r "$top/src/module" "$root/srv/tree/src/"
	cp "$top/dkms.conf" "$root/srv/tree/"
	cp "$top/tests/build/clang-without" "$root/srv/"
}

# "LINE PACKAGE": headers of each line, the newest last; no -cloud and no -rt.
lines() {
	in_root apt-cache pkgnames linux-headers- |
		grep -E '^linux-headers-[0-9]+\.[0-9].*-amd64$' |
		grep -vE -e '-(rt|cloud)-' | sort -V |
		sed 's/^linux-headers-\([0-9]*\.[0-9]*\).*/\1 &/'
}

# The newest one, or one before: an index may name what its archive has lost.
# Status 44 (404, as far as a status goes): it has lost all of the line.
fetch_headers() {
	for package in $(grep "^$1 " "$work/lines" | sed 's/.* //' | tac); do
		in_root apt-get install --yes "$package" >"$log" 2>&1 && return
		grep '^E:' "$log"
		grep -q '^E: Failed to fetch .* 404 ' "$log" || return
	done
	return 44
}

# Sets release. "linux-headers-6.12-amd64" may be no more than a dependency.
install_headers() {
	release=
	lost=0
	fetch_headers "$1" || {
		lost=$?
		return 1
	}
	release=$(find "$root/usr/src" -maxdepth 1 -name "linux-headers-$1*-amd64" |
		sed 's|.*/linux-headers-||' | grep -E "^$1([.+-]|\$)" | sort -V | tail -n 1)
	[ -e "$root/usr/src/linux-headers-$release/Makefile" ] || release=
}

# Kbuild itself remarks that this is not the compiler of the kernel. $accepted
# is a regular expression for what else is none of ours.
no_warning() {
	! grep -inE 'warning|error' "$log" | grep -vE \
		"the compiler differs from the one used to build the kernel${accepted:+|$accepted}"
}

builds() {
	kbuild /srv/tree/src/module clean && kbuild /srv/tree/src/module W=1 "$@" modules &&
		no_warning && [ "$(find "$root/srv/tree" -name '*.ko' | wc -l)" = 3 ]
}

# objtool holds the code against the configuration, and misses what the options
# of gcc would have made: thunks for returns and for indirect calls. And what
# clang says about the kernel's own headers is not about our sources.
builds_by_clang() {
	accepted='objtool: .*(found in (MITIGATION_)?RE(TPOLINE|THUNK) build|missing int3 after ret)$'
	accepted="$accepted|^[0-9]+:/usr/src/linux-headers-[^ ]*: warning: "
	accepted="$accepted|^[0-9]+:[0-9]+ warnings? generated\.$"
	options=$root/srv/clang-without.options
	: >"$options"
	until builds CC=/srv/clang-without >"$work/built"; do
		clang_unknown "$log" "$options" >"$work/unknown" || {
			cat "$work/built"
			return 1
		}
		cat "$work/unknown" >>"$options"
	done
}

awk -v name="${1:-}" '/^[^#[:space:]]/ && (name == "" || name == $1) {
	print $1 }' "$top/tests/kernels" >"$work/names"
while read -r name <&3; do
	system_unpack "$name" "$root" >"$work/unpack.log" 2>&1 ||
		die "$(cat "$work/unpack.log")"
	shown=$log
	check "$suite: what the archive has, and clang" prepare
	shown=
	lines >"$work/lines"
	check "$suite: it has headers of kernels" [ -s "$work/lines" ]
	cut -d ' ' -f 1 "$work/lines" | uniq >"$work/each"
	while read -r line <&5; do
		install_headers "$line" >"$work/installed" 2>&1
		if [ "$lost" = 44 ]; then
			sed 's/^/# /' "$work/installed"
			skip "$suite, Linux $line: headers" "in the index, not in the archive"
			continue
		fi
		shown=$work/installed
		check "$suite, Linux $line: headers" [ -n "$release" ]
		shown=
		[ -n "$release" ] || continue
		echo "# $suite: linux-headers-$release"
		accepted=
		check "$suite, Linux $line: gcc" builds
		sed -n 's/^.*The kernel was built by/# &/p; s/^.*You are using/# &/p' "$log"
		check "$suite, Linux $line: clang" builds_by_clang
		echo "# $suite: $(in_root clang --version | head -n 1), without:" \
			"$(paste -s -d ' ' "$root/srv/clang-without.options");" \
			"objtool misses $(grep -c 'warning: objtool: ' "$log") thunks"
	done 5<"$work/each"
	system_drop "$root"
done 3<"$work/names"
finish
