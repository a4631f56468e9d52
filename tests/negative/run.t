#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# run.t - "make run" on bad input and when it is interrupted
#
# Without network, disk space, root or Debian, and when something does not
# build, it says in one sentence what is wrong; interrupted or killed, it leaves
# no process, mount, loop device or file; and the next run works.
#
# Usage: run.t [short]
#
# All of it is real. This script goes on in name spaces of its own, with a
# /var/tmp of its own, so that what it finds there is what "make run" has left,
# and nothing else. Copies of the source tree and of the cache are used.
# shellcheck disable=SC2317,SC2016 # functions that check calls; sed scripts
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"
. "$top/tests/tools/system.sh"

if [ -z "${LKP_RUN_T:-}" ]; then
	system_archive 6.12 >&2
	dir=$(mktemp -d "$build/run-t.XXXXXX") || exit
	trap 'rm -rf "$dir"' EXIT
	trap 'exit 130' INT TERM HUP
	LKP_RUN_T=$dir archive=$archive unshare --mount --mount-proc --pid --fork \
		--kill-child --propagation private "$0" "$@"
	exit
fi
dir=$LKP_RUN_T
. "$top/tests/tools/tap.sh"
trap 'exit 130' INT TERM HUP
unset LKP_RUN_T LKP_BUILD LKP_LAYERS SUDO_UID SUDO_GID
out=$dir/out
shown=$out
export YES=1

# --- the set up: a private /var/tmp, a clone, a cache that is filled, and one
# that has the packages only

link() {
	cp -lp -t "$@" 2>/dev/null || cp -p -t "$@"
}

full=$dir/full/lkp-example
empty=$dir/empty/lkp-example
set_up() {
	mkdir -p "$dir/var-tmp" "$dir/src" "$empty/packages/6.12" \
		"$full/packages/6.12" "$full/systems" &&
		chmod 1777 "$dir/var-tmp" && mount --bind "$dir/var-tmp" /var/tmp &&
		link "$full/systems" "$archive" &&
		link "$full/packages/6.12" "$cache"/packages/6.12/*.deb &&
		link "$empty/packages/6.12" "$cache"/packages/6.12/*.deb &&
		copy_sources "$dir/src" && git -C "$dir/src" init -q &&
		git -C "$dir/src" add -A && cp /proc/self/mounts "$dir/mounts"
}

# --- what is checked

# Call: run CACHE [COMMAND...], with "make run" as the end of the command.
# Its clone is $src. Leaves $status and $out.
run() {
	run_cache=$1
	shift
	status=0
	LKP_CACHE=$run_cache "$@" make --no-print-directory -C "$src" run >"$out" 2>&1 </dev/null ||
		status=$?
}

# Call: fails SENTENCE RUN...; one sentence of ours, and it matches.
fails() {
	sentence=$1
	shift
	run "$@"
	echo "status $status; the one sentence must match: $sentence"
	[ "$status" = 2 ] &&
		[ "$(grep -cE '^[a-z]+\.sh: ' "$out")" = 1 ] &&
		grep -qE "^[a-z]+\.sh: .*$sentence" "$out" &&
		nothing_left
}

proven() {
	run "$@"
	[ "$status" = 0 ] && nothing_left &&
		tail -n 1 "$out" | grep -q '^lkp_example, lkp_example_client, lkp_example_probe on .*: proven, '
}

no_processes() {
	for process in /proc/[0-9]*; do
		[ "$process" = "/proc/$$" ] && continue
		grep -qs '^State:.[^Z]' "$process/status" || continue
		tr '\0' ' ' <"$process/cmdline"
		return 1
	done
}

no_mounts() {
	diff "$dir/mounts" /proc/self/mounts
}

no_loop_devices() {
	! losetup -a | grep -F "$dir"
}

no_files() {
	[ -z "$(ls -A /var/tmp)" ] &&
		[ -z "$(find "$dir/full" "$dir/empty" -name '*part*')" ] ||
		! ls -lA /var/tmp "$full"/* "$empty"/*
}

nothing_left() {
	no_processes && no_mounts && no_loop_devices && no_files
}

# Call: finds CHECK COMMAND...; what the command plants, the check finds.
finds() {
	checked=$1
	shift
	"$checked" && "$@" && ! "$checked"
}

plant_process() {
	sleep 600 &
	planted=$!
}

plant_loop_device() {
	truncate -s 1M "$dir/loop" && planted=$(losetup -f --show "$dir/loop")
}

# --- bad surroundings

# Call: small DIRECTORY OPTIONS COMMAND...: with a small disk there.
small() {
	unshare --mount --propagation private sh -c 'mount -t tmpfs -o "$2" tmpfs "$1" &&
		shift 2 && exec "$@"' sh "$@"
}

fedora() {
	unshare --mount --propagation private sh -c 'mount --bind "$0" \
		"$(readlink -f /etc/os-release)" && exec "$@"' "$dir/os-release" "$@"
}

# An ordinary user on a machine without sudo.
without_sudo() {
	mkdir /var/tmp/src /var/tmp/bin
	ln -s /usr/bin/* /usr/sbin/* /var/tmp/bin/ 2>/dev/null
	rm -f /var/tmp/bin/sudo
	cp -r "$src/Makefile" "$src/tests" /var/tmp/src/
	src=/var/tmp/src
	run "$full" setpriv --reuid 65534 --regid 65534 --clear-groups \
		env PATH=/var/tmp/bin
	src=$dir/src
	rm -r /var/tmp/src /var/tmp/bin
	[ "$status" = 2 ] && grep -q '^run.sh: this needs root.*: run it as root$' "$out" &&
		[ "$(grep -c '^run.sh: ' "$out")" = 1 ]
}

# --- interruption: on a terminal, by its interrupt key, as a person does it

# Call: begin CACHE; "make run" on a terminal of its own, as $terminal.
begin() {
	rm -f "$dir/keys"
	mkfifo "$dir/keys"
	: >"$out"
	LKP_CACHE=$1 env --default-signal=INT script -qfc "trap : INT; make -C '$src' run; echo \"status \$?\"" \
		"$out" <"$dir/keys" >/dev/null 2>&1 &
	terminal=$!
	exec 7>"$dir/keys"
}

# Call: see LINE; waits until it is printed.
see() {
	tries=600
	until grep -q "$1" "$out"; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.2
	done
}

# Ends the terminal; two minutes are granted, for a disk that others use as well.
end() {
	tries=600
	while grep -qs '^State:.[^Z]' "/proc/$terminal/status"; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || break
		sleep 0.2
	done
	exec 7>&-
	wait "$terminal"
	[ "$tries" -gt 0 ] || echo "it does not end"
	[ "$tries" -gt 0 ]
}

# Call: interrupted CACHE LINE [SECONDS after it]
interrupted() {
	begin "$1"
	see "$2" && sleep "${3:-0}"
	printf '\003' >&7
	end && grep -q '^status 130' "$out" && ! grep -q 'proven' "$out" &&
		nothing_left
}

# The first process that is ours, killed: it can do nothing about it.
killed() {
	begin "$1"
	see "$2" && sleep "${3:-0}"
	victim=$(grep -la 'tests/tools/run\.sh' /proc/[0-9]*/cmdline |
		sort -V | head -n 1)
	kill -KILL "$(basename "$(dirname "$victim")")"
	end && no_processes && no_mounts && no_loop_devices
}

# A command in a system, and all that has started it, here in one of this machine's
# programs. As the first process of its name space it would get no signal.
terminated() {
	system=$dir/system
	mkdir -p "$system/usr" "$system/proc" "$system/sys" "$system/dev/pts" "$system/etc" &&
		cp -a /bin /lib* "$system" && mount --bind /usr "$system/usr" || return
	setsid unshare --mount --pid --fork --kill-child --propagation private \
		"$top/tests/tools/system-enter.sh" "$system" none sleep 1234 &
	session=$!
	until grep -qsx sleep /proc/[0-9]*/comm; do
		sleep 0.2
		kill -0 "$session" || return
	done
	kill -TERM "-$session"
	sleep 1
	no_processes
	result=$?
	kill -KILL "-$session" 2>/dev/null
	wait "$session"
	umount "$system/usr" && return "$result"
}

# --- the checks

src=$dir/src
check "a private copy of the sources and of the cache" set_up

shown=
check "a process that is left would be found" finds no_processes plant_process
kill "$planted"
wait "$planted" 2>/dev/null
mkdir "$dir/mount"
check "a mount that is left would be found" \
	finds no_mounts mount -t tmpfs tmpfs "$dir/mount"
umount "$dir/mount"
check "a loop device that is left would be found" \
	finds no_loop_devices plant_loop_device
losetup -d "$planted"
check "a file that is left would be found" finds no_files mkdir /var/tmp/lkp-example.x
rmdir /var/tmp/lkp-example.x
check "a command in a system ends when it is terminated" terminated
shown=$out

archive_uri=$(mirror Debian)
check "no network and no cache" fails \
	"Debian trixie could not be made: $archive_uri is out of reach: check the network" \
	"$empty" unshare --net
check "no space for the cache" fails "has [0-9]* MB free, and 1500 MB are needed: make room" \
	"$empty" small "$empty" size=100m
check "no space for a system" fails "/var/tmp has [0-9]* MB free, and 2500 MB are needed: make room" \
	"$full" small /var/tmp size=100m
long check "the disk fills up while a system is made" fails \
	"Debian trixie could not be made: the disk is full: make room" \
	"$empty" small /var/tmp size=3g,nr_inodes=2000
long check "the disk fills up while a system is unpacked" fails \
	"could not be unpacked: the disk is full: make room" \
	"$full" small /var/tmp size=3g,nr_inodes=2000
check "neither root nor sudo" without_sudo
printf 'ID=fedora\n' >"$dir/os-release"
check "not Debian" fails "runs fedora, not Debian: use a Debian 12 or 13" "$full" fedora

# Call: broken FILE SED_SCRIPT SENTENCE RUN...
broken() {
	cp -r "$dir/src" "$dir/broken"
	src=$dir/broken
	sed -i "$2" "$src/$1"
	result=0
	cmp -s "$src/$1" "$dir/src/$1" && result=1
	shift 2
	fails "$@" || result=1
	rm -rf "$src"
	src=$dir/src
	return "$result"
}
check "the package does not build" broken debian/control 's/debhelper-compat (= 13)/debhelper-compat (= 99)/' \
	"the package did not build, see above and /.*/build.log" "$full"
check "the guest program does not compile" broken src/guest/init.c '$a broken' \
	"did not compile: see above" "$full"
long check "the module does not compile" broken src/module/main.c '$a broken' \
	"the package could not be installed: see above and /.*/install-6.12.log" "$full"
long check "... and the compiler's error is shown" grep -q 'main\.c:[0-9].*error: ' "$out"

long check "interrupted while a system is made" \
	interrupted "$empty" 'I: installing essential packages'
long check "interrupted while the package is installed" \
	interrupted "$full" 'Setting up make'
check "interrupted while the kernel boots" \
	interrupted "$full" '^booting' 2
long check "killed while the package is installed" killed "$full" 'Setting up'
check "the next run works, even without network" proven "$full" unshare --net
check "... and says that the archive is out of reach" \
	grep -q '^The archive cannot be reached: the cache had what is needed' "$out"
long check "the next run works that makes a system" proven "$empty"
finish
