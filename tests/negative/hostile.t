#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# hostile.t - a module that attacks its host gets nothing out of it
#
# The module lkp_hostile owns the virtual machine, and does to its devices what
# it can; lkp-example, under the sanitizers here, must come to its end, and call
# nothing proven that it has not seen. And QEMU itself, while it runs, is looked
# at from outside: what could it do to the host, if somebody owned it, too? Each
# rule of that is taken out in turn, and must be missed.
#
# Usage: hostile.t [short]
# shellcheck disable=SC2317	# functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"
. "$top/tests/tools/sanitized.sh"

root=$work/root
bin=$work/bin
shown=$work/said

set_up() {
	system_unpack 6.12 "$root" &&
		packages=$cache/packages/6.12 &&
		cp -r "$top/tests/negative/lkp_hostile" "$root/srv/" &&
		system_run "$root" sh -c 'apt-get update &&
			apt-get install --yes make perl && make \
			-C /lib/modules/*/build M=/srv/lkp_hostile W=1 modules' &&
		release=$(system_release "$root") &&
		mkdir "$root/lib/modules/$release/updates" &&
		cp "$root/srv/lkp_hostile/lkp_hostile.ko" \
			"$root/lib/modules/$release/updates" &&
		system_run "$root" depmod "$release"
}

# Programs of which one rule is taken out; at first, of none.
build_copy() {
	copy_sources "$work/tree" && make -s -C "$work/tree/src/cli" WERROR= \
		O="$work/copy" BIN="$work/copy-bin" &&
		cp "$build/bin/lkp-guest" "$work/copy-bin"
}

# Call: without SED FILE COMMAND...; the rule must be there to be taken out.
without() {
	sed -i "$1" "$work/tree/src/cli/$2"
	if cmp -s "$top/src/cli/$2" "$work/tree/src/cli/$2"; then
		echo "the sed script fits nothing: $1"
		return 1
	fi
	file=$2
	shift 2
	make -s -C "$work/tree/src/cli" WERROR= O="$work/copy" \
		BIN="$work/copy-bin" && bin=$work/copy-bin "$@"
	status=$?
	cp "$top/src/cli/$file" "$work/tree/src/cli/$file"
	return "$status"
}

# --- what the process can do to the host

# The program that lkp-example, process $1, has started: $emulator. It is looked
# at when it has forbidden itself system calls, or has had time to do so.
find_emulator() {
	emulator=none
	seen=0
	while grep -q '^State:.[^Z]' "/proc/$1/status"; do
		sleep 0.1
		emulator=$(cut -d ' ' -f 1 "/proc/$1/task/$1/children")
		case $(cat "/proc/${emulator:-none}/comm") in
		sleep) return ;;
		qemu*) seen=$((seen + 1)) ;;
		esac
		if [ "$seen" = 80 ] || has status '^Seccomp:.2'; then
			return
		fi
	done 2>/dev/null
	return 1
}

# Call: rule NAME COMMAND...; the rules that do not hold are printed by name.
rule() {
	name=$1
	shift
	"$@" && return
	echo "not confined: $name" | tee -a "$work/looked"
}

# Call: has FILE REGEX
has() {
	grep -qE "$2" "/proc/$emulator/$1"
}

limited() {
	has limits "^Max $1  *([0-9]+)  *[0-9]" &&
		[ "$(sed -n "s/^Max $1  *\([0-9]*\) .*/\1/p" \
			"/proc/$emulator/limits")" -le "$2" ]
}

# A socket, a pipe or a thing without a name can be written; a file cannot, be
# it by the process itself or, if it is in memory, by root.
no_file_writable() {
	memory=
	for fd in "/proc/$emulator/fd/"*; do
		to=$(readlink "$fd")
		case $to in
		socket:* | pipe:* | anon_inode:*) continue ;;
		/memfd:*) memory=yes && ! dd if=/dev/zero of="$fd" bs=1 count=1 conv=notrunc \
			2>/dev/null || return ;;
		*) ! grep -qE '^flags:.*[12]$' \
			"/proc/$emulator/fdinfo/${fd##*/}" || return ;;
		esac
	done
	# That there was one, or nothing was tried.
	[ "$memory" ] || ! has comm qemu
}

only_loopback() {
	[ "$(sed -n 's/^ *\(.*\):.*/\1/p' "/proc/$emulator/net/dev")" = lo ]
}

nothing_mounted_writable() {
	[ "$(awk '{ print $6 }' "/proc/$emulator/mountinfo" |
		grep -vcE '^ro(,|$)')" = 0 ]
}

same() {
	[ "$(readlink "/proc/$emulator/$1")" = "$(readlink "/proc/self/$1")" ]
}

other_processes() {
	! same ns/pid
}

# Nobody may have waited for it.
gone() {
	! grep -qs '^State:.[^XZ]' "/proc/$emulator/status"
}

# Call: looked_at COMMAND...; which starts lkp-example, with a file open that is
# none of its business. SIGKILL ends it, and must end the other, too.
looked_at() {
	: >"$work/looked"
	"$@" 7>>"$work/open" >"$work/said" 2>&1 &
	pid=$!
	if ! find_emulator "$pid"; then
		echo "it starts no emulator"
		kill "$pid"
		return 2
	fi
	grep -E '^(Uid|Groups|Cap|NoNew|Seccomp:)' "/proc/$emulator/status"
	rule user has status "^Uid:.$user.$user.$user.$user$"
	rule groups has status '^Groups:[[:space:]]*$'
	for set in Inh Prm Eff Amb; do
		rule capabilities has status "^Cap$set:.0+$"
	done
	rule privileges has status '^NoNewPrivs:.1'
	! has comm qemu || rule sandbox has status '^Seccomp:.2'
	rule network only_loopback
	rule mounts nothing_mounted_writable
	rule processes other_processes
	rule files no_file_writable
	rule file-size limited 'file size' 0
	rule core limited 'core file size' 0
	rule open-files limited 'open files' 128
	rule memory limited 'address space' 2147483648
	kill -KILL "$pid"
	wait "$pid" 2>/dev/null
	sleep 1
	rule outlives gone
	gone || kill -KILL "$emulator"
	[ ! -s "$work/looked" ]
}

# Call: started COMMAND...; which goes on with lkp-example
started() {
	looked_at "$@" env PATH="${path:-$PATH}" HOME="$work" \
		"$bin/lkp-example" verify --quiet --again --accel tcg \
		--root "$root" --kernel "$release" lkp_hostile
}

# With groups, which root has as well on many a system.
by_root() {
	user=65534
	started setpriv --groups 4,24
}

by_user() {
	user=65533
	started setpriv --reuid 65533 --regid 65533 --clear-groups
}

# As in a container that is not allowed name spaces: there are none, then.
by_root_without() {
	user=65534
	! started setpriv --bounding-set -sys_admin &&
		broken network mounts processes
}

# Call: broken RULE...; these, and no others, do not hold.
broken() {
	[ "$(sed -n 's/^not confined: //p' "$work/looked" | uniq | xargs)" = "$*" ]
}

# Call: missed RULE...
missed() {
	! by_root && broken "$@"
}

# QEMU gives up new privileges as well, so something else stands in for it.
# shellcheck disable=SC2016	# "$0" is its own
missed_by_sleep() {
	mkdir -p "$work/sleep" &&
		printf '%s\n' '#!/bin/sh' 'exec sleep 300' \
			>"$work/sleep/qemu-system-x86_64" &&
		chmod 755 "$work/sleep/qemu-system-x86_64" &&
		path=$work/sleep:$PATH missed "$@"
}

# --- what the module can do

mode() {
	printf 'options lkp_hostile mode=%s\n' "$1" \
		>"$root/etc/modprobe.d/lkp_hostile.conf"
}

# Call: attack MODE STATUS REASON [ARGUMENT...]; the reason ends the output.
attack() {
	mode "$1"
	wanted=$2
	reason=$3
	shift 3
	env PATH="${path:-$PATH}" ASAN_OPTIONS=exitcode=99 \
		"$bin/lkp-example" verify --accel tcg --root "$root" \
		--kernel "$release" "$@" lkp_hostile >"$work/said" 2>&1
	got=$?
	echo "status $got, and $wanted is right; the reason must match: $reason"
	[ "$got" = "$wanted" ] && tail -n 1 "$work/said" |
		grep -qE "^lkp_hostile on [^ ]*: $reason"
}

# What a terminal would obey: control characters, of 7 and of 8 bits.
harmless() {
	LC_ALL=C tr -d '\n\t -~' <"$work/said" >"$work/odd"
	od -c "$work/odd"
	[ -s "$work/said" ] && [ ! -s "$work/odd" ]
}

# It was said, in the report and on the console, and none of it is shown as it is.
terminal() {
	rm -rf "$work/logs"
	attack terminal 1 'BROKEN, lkp_hostile.load: .x1b]0;owned.x07.x1b\[2J(.xc2.x9b|..)31m(.x9b|.)m; kernel: BUG: .x1b\[7mconsole' \
		"$@" && harmless
}

terminal_log() {
	terminal --log "$work/logs" &&
		LC_ALL=C grep -q "$(printf '\033\\[5mreport')" "$work/logs/report.ktap" &&
		LC_ALL=C grep -q "$(printf '\033\\[7mconsole')" "$work/logs/console.log"
}

# Once it is kept, a status shows it, too.
terminal_status() {
	"$bin/lkp-example" status --root "$root" lkp_hostile >"$work/said"
	[ $? = 1 ] && grep -qF 'lkp_hostile.load: \x1b]0;owned' "$work/said" &&
		harmless
}

not_harmless() {
	! terminal && ! harmless
}

# Call: peak PID; the most memory that it has had so far, in MB.
peak() {
	sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$1/status" 2>/dev/null |
		awk '{ print int($1 / 1024) }'
}

# Call: bounded MB OF_EMULATOR_MB MODE STATUS REASON ARGUMENT...; the programs
# are those without sanitizers, which need memory of their own.
bounded() {
	most=$1
	most_emulator=$2
	shift 2
	ours=0
	its=0
	bin=$build/bin attack "$@" &
	attacker=$!
	while [ -e "/proc/$attacker" ] && grep -qs '^State:.[^Z]' "/proc/$attacker/status"; do
		pid=$(cut -d ' ' -f 1 "/proc/$attacker/task/$attacker/children")
		emulator=$(cut -d ' ' -f 1 "/proc/$pid/task/$pid/children")
		now=$(peak "$pid")
		[ "${now:-0}" -le "$ours" ] || ours=$now
		now=$(peak "$emulator")
		[ "${now:-0}" -le "$its" ] || its=$now
		sleep 0.2
	done 2>/dev/null
	wait "$attacker" || return
	echo "lkp-example had $ours MB, QEMU $its MB; at most $most and $most_emulator are right"
	[ "$ours" -gt 0 ] && [ "$ours" -le "$most" ] && [ "$its" -gt 100 ] &&
		[ "$its" -le "$most_emulator" ]
}

# A machine with one thing more than it should have.
# shellcheck disable=SC2016	# "$@" is its own
with_device() {
	mkdir -p "$work/more" &&
		printf '%s\n' '#!/bin/sh' \
			"exec $(command -v qemu-system-x86_64) \"\$@\" -device $1" \
			>"$work/more/qemu-system-x86_64" &&
		chmod 755 "$work/more/qemu-system-x86_64" &&
		path=$work/more:$PATH attack devices 1 \
			"BROKEN, lkp_hostile.load: .*Device or resource busy" --again
}

# Long after the limit, it reports, and somebody has to end it.
goes_on() {
	mode steady
	timeout 300 "$bin/lkp-example" verify --accel tcg --root "$root" \
		--kernel "$release" --timeout 3 lkp_hostile >"$work/said" 2>&1 &
	verify=$!
	until [ "$(grep -c 'still here' "$work/said")" -gt 45 ]; do
		kill -0 "$verify" || return
		sleep 1
	done
	kill "$verify"
	! wait "$verify"
}

check "lkp-example builds with sanitizers" build_sanitized
check "the hostile module builds with W=1" set_up
release=$(system_release "$root")
echo "# kernel: $release"
long check "a copy to take rules out of" build_copy

# It runs for as long as one looks.
mode steady
check "root's QEMU: confined" by_root
check "a user's QEMU: confined" by_user
check "root without name spaces: confined but for these" by_root_without
for line in \
	'user groups capabilities:confine.c:s/ become_nobody(c->kvm) ||//' \
	'groups:confine.c:s/setgroups(groups, &group)/0/' \
	'network:confine.c:s/CLONE_NEWNET | //' \
	'mounts:confine.c:/^\tmount_read_only();/d' \
	'mounts processes:confine.c:s/CLONE_NEWPID | //' \
	'files:confine.c:s/is_kept(c, fd) ? 0 : FD_CLOEXEC/0/' \
	'files:memory_file.c:s/F_SEAL_WRITE | //' \
	'file-size:confine.c:s/limit(RLIMIT_FSIZE, 0) ||//' \
	'core:confine.c:s/limit(RLIMIT_CORE, 0) ||//' \
	'open-files:confine.c:s/limit(RLIMIT_NOFILE, OPEN_FILES) ||//' \
	'memory:confine.c:s/limit(RLIMIT_AS, .*) ?/0 ?/' \
	'sandbox:vm.c:s/"on,obsolete=deny,.*"/"off"/' \
	'outlives:confine.c:s/return prctl(PR_SET_PDEATHSIG, SIGKILL)/return 0/'; do
	name=${line%%:*}
	script=${line#*:}
	# shellcheck disable=SC2086	# a list
	long check "missed if it is not there: $name (${script%%:*})" \
		without "${script#*:}" "${script%%:*}" missed $name
done
long check "missed if it is not there: privileges (confine.c)" without \
	's/prctl(PR_SET_NO_NEW_PRIVS.*) ||/0 ||/' confine.c missed_by_sleep privileges

check "a module that does nothing" attack none 0 'proven, '
check "orders to the terminal: it gets none" terminal
long check "... nor if the result is kept" terminal
long check "... nor from status" terminal_status
long check "... though they were sent" terminal_log
long check "missed if texts are printed as they are" without \
	's/len = plain_length(text, size);/len = 1;/' output.c \
	not_harmless
check "a NUL hides no complaint" attack nul 1 'BROKEN, kernel: BUG: behind a NUL'
long check "missed if a NUL ends the console" without \
	's/^\t\treplace_nuls(b, before);/\t\t(void)before;/' vm.c \
	attack nul 0 'proven, '
check "a flood on the console: nothing proven, and memory is bounded" \
	bounded 200 600 flood 2 'ERROR, lkp_hostile.load: the machine has said more than the ' \
	--timeout 60 --quiet
long check "a flood on the line of the report: the same" attack lines 2 \
	'ERROR, lkp_hostile.load: the machine has said more than the ' --timeout 60
long check "a flood without the end of a line: the same" bounded 200 600 line 2 \
	'ERROR, lkp_hostile.load: the machine has said more than the ' --timeout 60
long check "a report that has no end" attack steady 2 \
	'ERROR, lkp_hostile.load: the machine was still at work after 39 s, ' --timeout 3
long check "missed if there is no limit to all of it" without \
	's/if (last && now() > last)/if (0)/' vm.c goes_on
check "all of the memory: nothing proven, and it is the machine's" \
	bounded 200 900 memory 1 'BROKEN, lkp_hostile.load: ' --timeout 30
check "QEMU's doors: there are none" attack exit 0 'proven, '
long check "everything to every port" attack ports 1 \
	'BROKEN, lkp_hostile.load: the machine stopped'
check "no network, no disk, nothing of virtio" attack devices 0 'proven, '
long check "noticed: something of virtio" with_device virtio-rng-pci
long check "noticed: a network" with_device rtl8139,romfile=
finish
