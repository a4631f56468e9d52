# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# host.sh - what the project's scripts need to know about this machine
#
# To be sourced, with $top set to the top of the source tree. It sets
#
#   build      where everything that is built goes
#   cache      what is expensive to get again: packages and Debian systems
#   user_id    who owns both: whoever called sudo, else the one who runs this
#
# A script that needs root calls need_root first; what it then does for the
# user (building, booting) it does as the user, by as_user.

build=${LKP_BUILD:-$top/build}

say() {
	printf '%s\n' "$*"
}

# One clear sentence on what is wrong, one on what to do; then status 2.
die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 2
}

# A heading for a step that may take long.
step() {
	printf '==> %s\n' "$*"
}

user_id=$(id -u)
user_group=$(id -g)
if [ "$user_id" = 0 ] && [ -n "${SUDO_UID:-}" ]; then
	user_id=$SUDO_UID
	user_group=${SUDO_GID:-$user_id}
fi
# The user's XDG_CACHE_HOME and HOME do not come through sudo, LKP_CACHE does.
if [ "$user_id" = "$(id -u)" ]; then
	user_home=$HOME
	cache=${LKP_CACHE:-${XDG_CACHE_HOME:-$user_home/.cache}/lkp-example}
else
	user_home=$(getent passwd "$user_id" | cut -d: -f6)
	cache=${LKP_CACHE:-$user_home/.cache/lkp-example}
fi

# Run a command as the user who owns the clone and the cache.
as_user() {
	if [ "$user_id" = "$(id -u)" ]; then
		"$@"
	else
		setpriv --reuid "$user_id" --regid "$user_group" --init-groups \
			env HOME="$user_home" XDG_CACHE_HOME="${cache%/*}" "$@"
	fi
}

# Give a file that root has made to the user.
to_user() {
	chown "$user_id:$user_group" "$@"
}

# What root has made in the clone and in the cache goes to the user, too; by
# name, for the cache may be in a directory that has other things in it.
give_back() {
	for made in "$build" "$cache/packages" "$cache/systems"; do
		[ ! -e "$made" ] || to_user -R "$made"
	done
}

# A copy of the sources: what git knows of, or would offer to add, and no
# product of a build. Call: copy_sources DIRECTORY
copy_sources() {
	mkdir -p "$1"
	(
		cd "$top" && git -c safe.directory="$top" ls-files -z --cached \
			--others --exclude-standard |
			tar -c --null --ignore-failed-read --files-from=- 2>/dev/null
	) | tar -x -C "$1"
}

# Go on as root: by sudo, if we are not. Call: need_root "$0" "$@"
need_root() {
	[ "$(id -u)" = 0 ] && return
	command -v sudo >/dev/null ||
		die "this needs root, to make and enter a Debian system, and" \
			"there is no sudo: run it as root"
	say "This needs root, to make and enter a Debian system: using sudo."
	exec sudo env LKP_CACHE="$cache" LKP_BUILD="$build" YES="${YES:-}" "$@"
}

# Only Debian has the packages and the kernels that this is about.
need_debian() {
	os=$(. /etc/os-release 2>/dev/null && printf '%s' "${ID:-}")
	[ "$os" = debian ] && command -v apt-get >/dev/null && return
	die "this machine runs ${os:-an unknown system}, not Debian: use a" \
		"Debian 12 or 13 machine, a virtual one will do"
}

# The first package of NAME|NAME that apt knows.
first_known() {
	printf '%s\n' "$1" | tr '|' '\n' | while read -r known; do
		apt-cache show "$known" >/dev/null 2>&1 || continue
		printf '%s\n' "$known"
		break
	done
}

# Call, as root: need_packages SET...; the sets of tests/host-packages.
need_packages() {
	sets=" $* "
	missing=
	while read -r set package _; do
		case $sets in *" $set "*) ;; *) continue ;; esac
		case $package in *'|'*) package=$(first_known "$package") ;; esac
		dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null |
			grep -qx installed || missing="$missing $package"
	done <"$top/tests/host-packages"
	[ -n "$missing" ] || return 0
	say "These Debian packages are needed and not installed:"
	printf '   %s\n' "$missing" | fold -s -w 76
	if [ -z "${YES:-}" ] && [ -t 0 ]; then
		printf 'Install them now? [Y/n] '
		read -r answer || answer=no
		case $answer in
		'' | [Yy]*) ;;
		*) die "nothing was installed: install them, or run with YES=1" ;;
		esac
	fi
	step "installing packages"
	log=$build/host-packages.log
	if ! follow "$log" '^(Unpacking|Setting up|Waiting) .*' host_install; then
		grep -E '^(E|W|dpkg: error)' "$log" | tail -n 5 >&2
		die "the packages could not be installed: $(trouble "$log")"
	fi
	to_user "$log"
}

# Also after an apt that was interrupted, or beside one that runs by itself.
host_install() {
	# shellcheck disable=SC2086 # a list
	dpkg --configure -a && apt-get update &&
		apt-get -o DPkg::Lock::Timeout=300 install \
			--yes --no-install-recommends $missing
}

# The cause, by the log of what has failed, and what to do about it. If it is
# none of the usual ones: $2, or else where to look.
trouble() {
	if grep -qE 'No space left on device|enough free space' "$1"; then
		say "the disk is full: make room in $cache and in /var/tmp"
	elif grep -q 'Failed to fetch' "$1"; then
		say "$(mirror Debian) is out of reach: check the network and" \
			"apt's sources, then run this again"
	else
		say "${2:-see above and $1}"
	fi
}

# Call: need_space DIRECTORY MEGABYTES
need_space() {
	free=$(df -Pm "$1" | awk 'NR == 2 { print $4 }')
	[ "$free" -ge "$2" ] ||
		die "$1 has $free MB free, and $2 MB are needed: make room" \
			"('make distclean' drops what this project has cached)"
}

# The archives that apt is set up with, "LABEL|URI" each.
mirrors() {
	# shellcheck disable=SC2016 # apt's own syntax
	apt-get indextargets --format '$(LABEL)|$(REPO_URI)' \
		'Identifier: Packages' 'Origin: Debian'
}

# The URI of an archive, as apt is set up to reach it: Debian, Debian-Security. A
# script that starts others asks apt once for all of them: LKP_MIRRORS.
mirror() {
	printf '%s\n' "${LKP_MIRRORS-$(mirrors)}" | sed -n "s/^$1|//p" | head -n 1
}

# Run a command with its output in a file, and show the lines of it that match
# a sed -E expression, as they come. Call: follow LOG EXPRESSION COMMAND...
follow() {
	follow_log=$1
	follow_lines=$2
	shift 2
	exec 4>&1
	# Locks (7 to 9) are ours; and some tools cope with few open files only.
	follow_status=$({
		{ "$@" 2>&1 </dev/null 3>&- 4>&- 7<&- 8<&- 9<&-; echo $? >&3; } | tee "$follow_log" |
			sed -u -n -E "s/$follow_lines/    &/p" >&4
	} 3>&1)
	exec 4>&-
	return "${follow_status:-1}"
}
