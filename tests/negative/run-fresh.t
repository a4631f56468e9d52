#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# run-fresh.t - "make run" on a fresh machine, by a user who may use sudo
#
# Usage: run-fresh.t		(as root; all in private name spaces)
#
# The machine is a Debian 12 and a Debian 13 in a directory, with the required
# packages, make, git and sudo. An ordinary user there clones this source tree, runs
# "make run", runs it again, and drops the cache; nothing that is made in the
# clone or in the cache may be root's.
# shellcheck disable=SC2317,SC2016 # functions that check calls; inner shells
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"

home=/srv/user

out=$work/out

# Call: make_machine SUITE
make_machine() {
	system_apt_conf >"$work/apt.conf"
	setpriv --pdeathsig KILL unshare --mount-proc --pid --fork --kill-child \
		setsid env TMPDIR="$work" mmdebstrap --variant=required --format=directory \
		--aptopt="$work/apt.conf" --skip=cleanup/apt/lists \
		--include=make,git,sudo,ca-certificates \
		"$1" "$machine" "$(sources "$1")" &&
		system_apt_conf >"$machine/etc/apt/apt.conf.d/90host" &&
		chroot "$machine" useradd -m -d "$home" -s /bin/sh -u 1234 user &&
		echo 'user ALL=(ALL) NOPASSWD: ALL' >"$machine/etc/sudoers.d/user" &&
		make_upstream
}

sources() {
	printf 'deb %s %s main\n' "$(mirror Debian)" "$1" \
		"$(mirror Debian)" "$1-updates" \
		"$(mirror Debian-Security)" "$1-security"
}

# What the user will clone.
make_upstream() {
	copy_sources "$machine/srv/upstream" &&
		git -C "$machine/srv/upstream" init -q -b main &&
		git -C "$machine/srv/upstream" add -A &&
		git -C "$machine/srv/upstream" -c user.name=test \
			-c user.email=test@example.org commit -q -m sources &&
		chown -R 1234 "$machine/srv/upstream"
}

# Run a command on the machine, as the user.
as_machine_user() {
	packages='' machine=$machine unshare --mount --pid --fork --kill-child \
		--propagation private sh -c '
		mount --bind "$machine" "$machine" && cd "$machine" &&
		mount --rbind /dev dev && mount -t proc proc proc &&
		mount -t sysfs sysfs sys &&
		for file in /etc/resolv.conf /etc/hosts; do
			[ -e ".$file" ] || : >".$file"
			mount --bind "$file" ".$file"
		done
		exec chroot . setpriv --reuid 1234 --regid 1234 --init-groups \
			env -i HOME="$2" TERM=dumb \
			PATH=/usr/local/bin:/usr/bin:/bin sh -c "$1"' sh "$1" "$home" \
		</dev/null
}

clone() {
	as_machine_user 'cd && git clone -q /srv/upstream clone'
}

proven() {
	begin=$(date +%s)
	as_machine_user 'cd ~/clone && make run' >"$out" 2>&1
	status=$?
	seconds=$(($(date +%s) - begin))
	echo "status $status"
	[ "$status" = 0 ] &&
		tail -n 1 "$out" | grep -q '^lkp_example, lkp_example_client, lkp_example_probe on .*: proven, '
}

no_root_owned() {
	! find "$machine$home" ! -uid 1234 | grep .
}

plant_root_owned() {
	no_root_owned && touch "$machine$home/.cache/planted" && ! no_root_owned
}

nothing_left() {
	[ -z "$(ls -A "$machine/var/tmp")" ] || ! ls -l "$machine/var/tmp"
}

# The rests of a run that was killed may be root's.
distclean() {
	touch "$machine$home/.cache/lkp-example/systems/rest" &&
		as_machine_user 'cd ~/clone && make distclean' &&
		[ ! -e "$machine$home/.cache/lkp-example" ]
}

for suite in bookworm trixie; do
	machine=$work/$suite
	shown=
	check "$suite: a fresh machine" make_machine "$suite"
	check "$suite: git clone" clone
	shown=$out
	check "$suite: make run, the first time" proven
	echo "# $suite: first run: $seconds s"
	check "$suite: make run, again" proven
	echo "# $suite: second run: $seconds s"
	shown=
	check "$suite: nothing is root's" no_root_owned
	check "$suite: nothing is left in /var/tmp" nothing_left
	check "$suite: a file of root's would be found" plant_root_owned
	rm -f "$machine$home/.cache/planted"
	check "$suite: make distclean" distclean
	rm -rf "$machine"
done
finish
