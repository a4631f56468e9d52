# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# system.sh - Debian systems in a directory
#
# To be sourced after host.sh, by a script that runs as root. A system is made
# from a line of tests/kernels, and kept in the cache as a compressed archive. It
# is unpacked once for all tests of a run; each use begins with a clean one, for
# what it changes goes into a layer of its own (overlayfs). The matrix adds kernels
# by itself; it uses systems without one, by these names:
#
#   SUITE/ARCH   has DKMS, and what the packages of kernels depend on
#
#   system_work              makes the directory $work, removed at exit
#   system_inside COMMAND    goes on as that command, none of which outlives us
#   system_unpack NAME DIR   a fresh copy of a system
#   system_with_modules NAME DIR [PACKAGE...]
#                            the same, with lkp-example-dkms and these in it
#   system_drop DIR          that copy is needed no more
#   system_release DIR       the release of its kernel
#   system_run DIR COMMAND   runs a command in it
#   system_install NAME DIR [PACKAGE...]
#                            apt-get install lkp-example-dkms, in it, or these
#   system_libraries         what lkp-example is built with, beside compiler and make
#   system_rpm DIR ARGUMENT...
#                            this machine's rpm, for a system that has none

# A system is made again after a week, so that it has the current kernel.
system_days=7

hook=$top/tests/tools/system-hook.sh

# What a script mounts is mounted for it alone, and vanishes with it. Without
# root, need_root begins it anew.
if [ "${system_private:-}" != $$ ] && [ "$(id -u)" = 0 ]; then
	exec env system_private=$$ unshare --mount --propagation private "$0" "$@"
fi

# A directory for systems, in which nothing is mounted for anybody else.
system_work() {
	need_space /var/tmp 2500
	# What a killed run has left behind: nobody holds its lock any more.
	find /var/tmp -maxdepth 1 -name 'lkp-example.*' -user root |
		while read -r old; do
			flock -n "$old" rm -rf "$old" || :
		done
	inside=
	work=
	trap system_end EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	# It is locked before it has the name by which it would be found.
	work=$(mktemp -d /var/tmp/lkp-new.XXXXXX)
	exec 9<"$work"
	flock 9
	chmod 755 "$work"
	mv -T "$work" "/var/tmp/lkp-example.${work##*.}"
	work=/var/tmp/lkp-example.${work##*.}
}

# Called at exit. With process 1 of a name space all others there end, and it
# ends last.
system_end() {
	trap '' INT TERM HUP
	if [ -n "$inside" ]; then
		init=
		read -r init _ <"/proc/$inside/task/$inside/children" || :
		kill -KILL "$inside" || :
		wait "$inside" 2>/dev/null || :
		while grep -qs '^State:.[^XZ]' "/proc/$init/status"; do
			sleep 0.1
		done
	fi
	system_unmount
	rm -rf "$work"
	[ ! -d "$cache/systems" ] || flock -n "$cache/systems" \
		find "$cache/systems" -name '*.part.*' -delete || :
	give_back || :
}

# Nothing that is removed is to be in use.
system_unmount() {
	awk -v work="$work/" 'index($2, work) == 1 { print $2 }' /proc/self/mounts |
		sort -r | while read -r mounted; do
			umount --lazy "$mounted"
		done
}

# Run a command that finds $work as LKP_WORK, and exit with its status. All its
# processes and mounts, and its temporary files, are gone when it ends, and when
# we end, be it by SIGKILL. It runs in the background for a signal to end it at
# once, whatever it is doing.
system_inside() {
	mkdir -m 1777 "$work/tmp"
	LKP_WORK=$work TMPDIR=$work/tmp setpriv --pdeathsig KILL \
		unshare --mount --mount-proc --pid --fork --kill-child \
		--propagation private "$@" 8<&- 9<&- &
	inside=$!
	status=0
	wait "$inside" || status=$?
	inside=
	exit "$status"
}

# Sets suite, from and pockets to those of a line of tests/kernels, and which
# packages there are, of which architecture.
system_line() {
	system_arch=amd64
	include=linux-image-amd64,linux-headers-amd64
	case $1 in
	*/*)
		suite=${1%/*}
		from=$suite
		pockets=
		system_arch=${1#*/}
		include=dkms,gcc,make,libc6-dev,initramfs-tools,linux-base,passwd
		return
		;;
	esac
	read -r suite from pockets <<-EOF
	$(awk -v name="$1" '$1 == name { $1 = ""; print }' "$top/tests/kernels")
	EOF
	[ -n "$suite" ] || die "tests/kernels has no line '$1'"
}

# The settings by which this machine's apt reaches the archive.
system_apt_conf() {
	apt-config dump | grep -E '^Acquire::(https?::Proxy|Check-Valid-Until|Check-Date|Retries|ForceIPv[46]) '
	printf '%s "%s";\n' APT::Install-Recommends false Acquire::Languages none \
		APT::Sandbox::User root Dpkg::Use-Pty false
}

# The lines of sources.list.
system_sources() {
	debian=$(mirror Debian)
	security=$(mirror Debian-Security)
	[ -n "$debian" ] || die "apt knows no Debian archive: run 'apt-get" \
		"update', or see sources.list(5)"
	printf 'deb %s %s main\n' "$debian" "$suite"
	[ "$suite" = "$from" ] || printf 'deb %s %s main\n' "$debian" "$from"
	for pocket in $pockets; do
		case $pocket in
		updates) printf 'deb %s %s-updates main\n' "$debian" "$suite" ;;
		security) [ -z "$security" ] ||
			printf 'deb %s %s-security main\n' "$security" "$suite" ;;
		esac
	done
}

# Let mmdebstrap make what system_line has set, as the file $1 for $archive. What
# apt downloads is kept in $debs. Call: system_bootstrap FILE OPTION...
system_bootstrap() {
	bootstrap_file=$1
	shift
	as_user mkdir -p "$debs"
	system_apt_conf >"$archive.conf"
	system_sources >"$archive.list"
	# The pin is of use where the kernel comes from another suite. A fresh
	# initramfs in a system that boots with one of ours is time lost. And
	# mmdebstrap that fails hangs up on its whole process group: setsid.
	INITRD=No follow "$archive.log" '^I: (running apt|downloading|installing|extracting|creating).*' \
		setpriv --pdeathsig KILL unshare --mount-proc --pid --fork \
		--kill-child setsid mmdebstrap --variant=apt --format=tar \
		--aptopt="$archive.conf" \
		--setup-hook="'$hook' begin '$debs' \"\$1\" '$from'" "$@" \
		"$suite" "$bootstrap_file" "$archive.list" || {
		grep -E '^(E|W|Err|error):?' "$archive.log" | tail -n 5 >&2
		return 1
	}
	to_user "$archive.conf" "$archive.list" "$archive.log"
}

# Make the system $1, as the file $2.
system_make() {
	step "making a clean Debian $suite for $system_arch, with ${include%%,*}"
	debs=$cache/packages/$(system_file "$1")
	system_bootstrap "$2" --skip=essential/unlink,cleanup/apt/lists \
		--architectures="$system_arch" --include="$include" \
		--customize-hook="'$hook' end '$debs' \"\$1\""
}

# The name of a system, as one of a file.
system_file() {
	printf '%s\n' "$1" | tr / -
}

# Sets archive to the file in the cache that holds WHAT. If there is none that is
# new enough, COMMAND makes it, with the name of a new file as its last argument.
# KEY, a word, is another one where it is to be made of something else.
# Call: system_kept NAME KEY WHAT COMMAND...
system_kept() {
	kept_name=$1
	kept_what=$3
	archive=$cache/systems/$1-$2.tar.zst
	kept_new=$cache/systems/$1-$2.part.tar.zst
	shift 3
	kept_is_new && return
	as_user mkdir -p "$cache/systems"
	exec 8<"$cache/systems"
	flock -n 8 || {
		step "waiting for another run, which makes a Debian system"
		flock 8
	}
	if ! kept_is_new; then
		need_space "$cache" 1500
		if "$@" "$kept_new"; then
			to_user "$kept_new"
			mv "$kept_new" "$archive"
			# Those of other sources, or made by other scripts, that
			# nobody uses.
			find "$cache/systems" -name "$kept_name-*" \
				! -name "${archive##*/}*" \
				-mtime "+$system_days" -delete
		elif [ -e "$archive" ]; then
			rm -f "$kept_new"
			say "$kept_what could not be made again: using the one of" \
				"$(date -r "$archive" +%F)"
		else
			rm -f "$kept_new"
			die "$kept_what could not be made: $(trouble "$archive.log")"
		fi
	fi
	exec 8<&-
}

# There may be none yet, of which find complains.
kept_is_new() {
	[ -n "$(find "$archive" -mtime "-$system_days" 2>/dev/null)" ]
}

# The word that stands for the text of standard input.
system_key() {
	cksum | cut -d' ' -f1
}

# Sets archive to the file that holds the system $1; it is made if need be.
system_archive() {
	system_line "$1"
	key=$(system_sources) || exit
	case $1 in */*) key="$key $include" ;; esac
	key=$({ printf '%s\n' "$key"; cat "$hook"; } | system_key)
	system_kept "$(system_file "$1")" "$key" "Debian $suite" system_make "$1"
}

# The system that $archive holds, in the new directory $1.
system_extract() {
	step "unpacking a clean Debian $suite"
	mkdir "$1"
	tar -x -f "$archive" --zstd --numeric-owner -C "$1" \
		2>"$work/unpack.log" && return
	head -n 3 "$work/unpack.log" >&2
	die "$archive could not be unpacked:" \
		"$(trouble "$work/unpack.log" "'make distclean' drops it")"
}

# Sets layer to a directory that a command fills, once for all who share LKP_LAYERS.
# The command is given the name of a new directory; what it sets is lost.
# Call: system_layer NAME COMMAND...
system_layer() {
	layer=${LKP_LAYERS:-$work/layers}/$(system_file "$1")
	shift
	mkdir -p "${layer%/*}"
	exec 7>"$layer.lock"
	flock 7
	layer_status=0
	if [ ! -d "$layer" ]; then
		rm -rf "$layer.new"
		("$@" "$layer.new") || layer_status=$?
		[ "$layer_status" != 0 ] || mv "$layer.new" "$layer"
	fi
	exec 7>&-
	return "$layer_status"
}

# The lowest layer: what was unpacked, and the packages for its apt.
system_unpack_into() {
	system_archive "$1"
	system_extract "$2"
	mkdir -p "$2/srv/lkp-example"
	packages=$cache/packages/$(system_file "$1")
	as_user mkdir -p "$packages"
	"$hook" take "$packages" "$2"
}

# Layers, the upper one first, as the directory $1; what is written goes into $2,
# and need not be on the disk for that: who unmounts would wait until all is.
system_mount() {
	mkdir -p "$1" "$2/upper" "$2/work"
	mount -t overlay overlay \
		-o "volatile,lowerdir=$3,upperdir=$2/upper,workdir=$2/work" "$1"
}

# Sets layer_own to a new directory, for what one system has for itself. Fails if there
# can be none: an assignment has the status of its command.
system_own() {
	layer_own=$(mktemp -d "$work/own.XXXXXX")
}

# The layer of what COMMAND writes in a system of the layers LOWER, as the directory
# NEW. COMMAND is given the directory of that system as its last argument.
# Call: system_written LOWER NEW COMMAND...
system_written() {
	written_lower=$1
	written_new=$2
	shift 2
	system_own || return
	written_own=$layer_own
	system_mount "$written_own/root" "$written_own" "$written_lower" &&
		"$@" "$written_own/root" && umount "$written_own/root" &&
		mv "$written_own/upper" "$written_new"
}

# Whether there can be layers: not where /var/tmp is one itself, as in most
# containers.
system_has_layers() {
	[ -z "${has_layers:-}" ] || return "$has_layers"
	has_layers=0
	mkdir -p "$work/try/lower"
	if system_mount "$work/try/root" "$work/try" "$work/try/lower" 2>/dev/null; then
		umount "$work/try/root"
	else
		has_layers=1
	fi
	rm -rf "$work/try"
	return "$has_layers"
}

system_unpack() {
	system_line "$1"
	system_has_layers || {
		system_unpack_into "$1" "$2"
		return
	}
	system_layer "$1" system_unpack_into "$1" || return
	packages=$cache/packages/$(system_file "$1")
	system_own || return
	system_mount "$2" "$layer_own" "$layer"
}

# What was unpacked is needed no more: there may be another one in its place.
system_drop() {
	! mountpoint -q "$1" || umount "$1"
	rm -rf "$1"
}

# As debian/control says.
system_libraries() {
	sed -n '/^Build-Depends-Arch:/,/^Standards-Version:/ {
		s/^Build-Depends-Arch://
		/:/d
		s/,//
		p
	}' "$top/debian/control"
}

# As system_install, but what is said is of interest only if it fails.
system_install_quietly() {
	system_install "$@" >"$work/log" 2>&1 && return
	cat "$work/log" >&2
	return 1
}

# Beside lkp-example-dkms, those in $with_packages, a list.
with_packages=
system_install_modules() {
	# shellcheck disable=SC2086	# a list
	system_install_quietly "$@" lkp-example-dkms $with_packages
}

system_install_into() {
	system_written "$2" "$3" system_install_modules "$1"
}

system_with_modules() {
	with_name=$1
	with_dir=$2
	shift 2
	with_packages=$*
	set -- "$with_name" "$with_dir"
	system_has_layers || {
		system_unpack "$@" && system_install_modules "$@"
		return
	}
	system_line "$1"
	system_layer "$1" system_unpack_into "$1" || return
	lowest=$layer
	system_layer "$1.modules$(printf %s "$with_packages" | system_key)" \
		system_install_into "$1" "$lowest" || return
	packages=$cache/packages/$(system_file "$1")
	system_own || return
	system_mount "$2" "$layer_own" "$layer:$lowest"
}

# The release string of the system's kernel; it has one.
system_release() {
	basename "$(dirname "$(ls "$1"/lib/modules/*/modules.dep)")"
}

# Run a command in a system, with the network and the clock of this machine, in
# name spaces of its own: when it ends, however it ends, no process and no
# mount of it is left. Packages that it has downloaded are kept in $packages.
system_run() {
	system_dir=$1
	shift
	system_status=0
	unshare --mount --pid --fork --kill-child --propagation private \
		"$top/tests/tools/system-enter.sh" "$system_dir" "$build/repo" "$@" ||
		system_status=$?
	[ -z "${packages:-}" ] ||
		"$hook" keep "$packages" "$system_dir"
	return "$system_status"
}

# This machine's rpm, on a system that has none. Scriptlets run inside of it. What
# they need is there, as packages of Debian's: --nodeps.
# Call: system_rpm DIR ARGUMENT...
system_rpm() {
	# shellcheck disable=SC2016	# for the shell inside
	unshare --mount --pid --fork --kill-child --propagation private \
		sh -c 'mount -t proc proc "$1/proc" && exec rpm --root "$@" --nodeps' \
		sh "$@" </dev/null
}

# The line that an administrator would write into sources.list.
system_repository() {
	cp "$build/repo/lkp-example.asc" "$1/etc/apt/trusted.gpg.d/"
	printf 'deb [signed-by=%s] file:/srv/lkp-example ./\n' \
		/etc/apt/trusted.gpg.d/lkp-example.asc \
		>"$1/etc/apt/sources.list.d/lkp-example.list"
	system_apt_conf >"$1/etc/apt/apt.conf.d/90host"
}

system_install() {
	packages=$cache/packages/$1
	system_repository "$2"
	system_name=$1
	system_dir=$2
	shift 2
	[ $# != 0 ] || set -- lkp-example-dkms
	if follow "$work/install.log" '^(Building module|Setting up|Running|Signing|Installing|lkp-example).*' \
		system_run "$system_dir" sh -c 'apt-get update &&
			apt-get install --yes "$@"' sh "$@"; then
		! grep -q '^W: Failed to fetch' "$work/install.log" ||
			say "The archive cannot be reached: the cache had what is needed."
		return 0
	fi
	# What DKMS says is in a file of its own; and $work goes, these stay.
	find "$system_dir/var/lib/dkms" -name make.log -exec cat {} + \
		>>"$work/install.log" 2>/dev/null
	cp "$work/install.log" "$build/install-$system_name.log"
	to_user "$build/install-$system_name.log"
	grep -E -m 20 '^(E|W|Err|Error!|dpkg: error)|error:' "$work/install.log" >&2 ||
		tail -n 5 "$work/install.log" >&2
	return 1
}
