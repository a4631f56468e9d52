# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# installed.sh - what the tests of installed packages share
#
# To be sourced after system.sh and tap.sh, with a directory $work and a system
# in $root.
#
#   inside COMMAND...             runs a command in the system
#   fetches COMMAND...            runs one there that gets packages, which passes
#                                 over those that only the archive's index has
#   says STATUS TEXT COMMAND...   its status, and a line of its output, which is
#                                 in $work/out
#   files_of_system               what is there, but for what apt and dpkg write
#                                 down about themselves, and what a boot drops

inside() {
	system_run "$root" "$@" </dev/null
}

# An old suite's index may name versions that the archive has dropped: those are
# pinned away, with all that is made of the same source, and it is tried again.
fetches() {
	for _ in 1 2 3; do
		inside "$@" >"$work/fetched" 2>&1 && break
		sed -n 's|^E: Failed to fetch .*/\([^/]*\)/[^/_]*_\([^/_]*\)_[^/]*  404 .*|\1 \2|p' \
			"$work/fetched" | sed 's/%2b/+/g; s/%7e/~/g' | sort -u |
			while read -r source dropped; do
				printf 'Package: src:%s\nPin: version *%s\nPin-Priority: -1\n\n' \
					"$source" "$dropped"
			done >"$work/dropped"
		[ -s "$work/dropped" ] || break
		cat "$work/dropped" >>"$root/etc/apt/preferences.d/dropped"
	done
	cat "$work/fetched"
	! grep '^E: ' "$work/fetched"
}

says() {
	wanted=$1
	text=$2
	shift 2
	status=0
	"$@" >"$work/out" 2>&1 || status=$?
	cat "$work/out"
	echo "status $status, and $wanted is right; a line must match: $text"
	[ "$status" = "$wanted" ] && grep -qE -- "$text" "$work/out"
}

files_of_system() {
	find "$root" -xdev \( -path "$root/proc" -o -path "$root/sys" \
		-o -path "$root/dev" -o -path "$root/run" -o -path "$root/var/cache" \
		-o -path "$root/var/log" -o -path "$root/var/lib/apt" \
		-o -path "$root/var/lib/dpkg" -o -path "$root/tmp" \) -prune \
		-o -printf '%y %m %P\n' | sort
}
