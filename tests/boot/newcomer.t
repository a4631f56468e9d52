#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# newcomer.t - somebody who has nothing but README.md
#
# A clean Debian, with an ordinary user who may use sudo and has a clone. There the
# commands of README.md are run, as they stand in it (tests/readme/blocks.awk): both
# packages are built and installed, the first lessons of the tour are seen, a module
# of one's own is made, and installed as a package. What came of it is booted, and the
# commands for a running module are run there. In the end all is removed. The times
# are printed.
# shellcheck disable=SC2016	# $0 and $1 are of a shell inside
# shellcheck disable=SC2317	# functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"

root=$work/root
home=/srv/newcomer
script=$work/script
out=$work/out

# apt is answered yes: that is what a person does.
a_machine() {
	system_unpack 6.12 "$root" &&
		system_apt_conf >"$root/etc/apt/apt.conf.d/90host" &&
		echo 'APT::Get::Assume-Yes "true";' >"$root/etc/apt/apt.conf.d/91yes" &&
		inside apt-get update && inside apt-get install sudo passwd &&
		inside useradd -m -d "$home" -s /bin/sh -u 1234 newcomer &&
		echo 'newcomer ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/newcomer" &&
		copy_sources "$root$home/lkp-example" &&
		git -C "$root$home/lkp-example" init -q -b main &&
		git -C "$root$home/lkp-example" add --all &&
		chown -R 1234:1234 "$root$home"
}

# The commands of a file, each of which has to succeed. Call: as_newcomer FILE
as_newcomer() {
	begin=$(date +%s)
	system_run "$root" setpriv --reuid 1234 --regid 1234 --init-groups \
		env HOME="$home" sh -exc 'cd ~/lkp-example && . /dev/fd/3' \
		>"$out" 2>&1 3<"$1"
	status=$?
	seconds=$(($(date +%s) - begin))
	cat "$out"
	return "$status"
}

# Call: block CONTEXT N: the Nth block of these, as the file $script
block() {
	awk -v where="$1" -v wanted="$2" \
		-f "$top/tests/readme/blocks.awk" "$top/README.md" >"$script"
	[ -s "$script" ]
}

# Call: blocks CONTEXT; how many there are
blocks() {
	awk -v where="$1" -v count=1 -f "$top/tests/readme/blocks.awk" \
		"$top/README.md"
}

# Somebody who looks at three lessons of a tour, and at nothing else.
run_block() {
	printf '\n\nq\n' >"$work/typed"
	as_newcomer "$script" <"$work/typed"
}

# The programs that are not of that machine's own would not fit into the other one.
# shellcheck disable=SC2046 # a list
make_room() {
	inside apt-get purge qemu-system-x86 apt-utils gnupg debhelper dh-dkms &&
		inside apt-mark auto $(system_libraries) &&
		inside apt-get autoremove && inside apt-get clean
}

in_machine() {
	{
		echo '#!/bin/sh'
		echo 'export LC_ALL=C; set -ex'
		awk -v where=vm -f "$top/tests/readme/blocks.awk" "$top/README.md"
	} >"$script"
	chmod 755 "$work"
	begin=$(date +%s)
	as_user "$build/bin/lkp-example" verify --root "$root" \
		--kernel "$release" --script "$script" --timeout 600 lkp_example \
		lkp_example_client lkp_example_probe hello_new >"$out" 2>&1
	status=$?
	seconds=$(($(date +%s) - begin))
	sed -n 's/^ *script: //p' "$out" >"$work/said"
	return "$status"
}

saw() {
	grep -E -- "$1" "${2:-$out}"
}

nothing_left() {
	! inside dpkg -l | grep -E '^ii +lkp-example' &&
		! find "$root/lib/modules/" -name 'lkp_example*' | grep .
}

needed "a machine, and a clone" a_machine
release=$(system_release "$root")
total=0
number=0
seen=
count=$(blocks newcomer)
while [ "$number" -lt "$count" ]; do
	number=$((number + 1))
	block newcomer "$number"
	first=$(head -n 1 "$script")
	shown=$out
	check "README.md: $first ..." run_block
	shown=
	total=$((total + seconds))
	echo "# $seconds s"
	case $(cat "$script") in
	*'lkp-example tour'*)
		seen="$seen tour"
		check "the first lesson, and what its commands print" saw '^    live$'
		check "... the second" saw '^002\. '
		check "... the third" saw '^003\. '
		;;
	*'make deb'*'lkp-example-dkms'*)
		seen="$seen packages"
		check "DKMS has built the modules" says 0 \
			"^lkp-example/.*, $(literal "$release"),.*: installed" \
			inside dkms status
		;;
	*'lkp-example new'*)
		seen="$seen new"
		check "DKMS has built the module of one's own" says 0 \
			"^hello-new/.*, $(literal "$release"),.*: installed" \
			inside dkms status
		;;
	*'lkp-example verify'*)
		seen="$seen verify"
		check "the modules are proven" saw ': proven, '
		;;
	esac
done
echo "# from a clone to a module of one's own: $total s"
check "what came of these was looked at: $seen" [ "$seen" = " packages tour new verify" ]
sed 's/^lkp-example tour$/lkp-example detour/' "$top/README.md" >"$work/planted"
awk -v where=newcomer -v wanted=2 -f "$top/tests/readme/blocks.awk" "$work/planted" \
	>"$script"
check "a planted command that is none is found" finds "no command 'detour'" run_block

check "room in the machine" make_room
shown=$out
check "README.md: what is for a running module, in a virtual machine" in_machine
shown=
echo "# $seconds s"
check "... the module says goodbye" saw '^goodbye(\+ |$)' "$work/said"
check "... and what was written" saw '^good morning$' "$work/said"
check "... and what the command has set" saw '"good evening"' "$work/said"
check "... vfs_read was called" saw '^vfs_read: [1-9][0-9]* calls' "$work/said"
check "... the module of one's own is loaded, and has a message" \
	saw '^\+ sudo cat /dev/hello_new' "$work/said"

block removal 1
shown=$out
check "README.md: removal" run_block
shown=
check "... leaves nothing" nothing_left

finish
