#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# bad_input.t - what is not as it should be: a sentence, the status, nothing left
#
# Files of a system are replaced by what is no file, or too much of one; the host
# is short of room, of descriptors and of memory, or will not let us; and whoever
# waits gives up. lkp-example runs under the sanitizers here, and nothing that it
# does may end it otherwise than it says.
#
# Where a machine would be booted is told by taking QEMU away: status 77.
# shellcheck disable=SC2016	# $0 and $@ are of a shell inside
# shellcheck disable=SC2317	# functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"
. "$top/tests/tools/sanitized.sh"

root=$work/root
lkp_example=$work/bin/lkp-example
# A leak is reported once only, at a normal end: elsewhere it is in the way.
export ASAN_OPTIONS=exitcode=99
export HOME="$work/home"
unset XDG_CACHE_HOME

# The machine has the module in a file that it did not come with.
set_up() {
	system_unpack 6.12 "$root" && release=$(system_release "$root") || return
	mkdir -p "$root/lib/modules/$release/updates" "$work/no-qemu" \
		"$work/home" "$work/tmp" &&
		mv "$root/lib/modules/$release/kernel/drivers/net/dummy.ko.xz" \
			"$root/lib/modules/$release/updates" &&
		system_run "$root" depmod "$release"
}

# Call: run COMMAND [ARGUMENT...]; lkp-example's, on this system, without QEMU
run() {
	subcommand=$1
	shift
	case $subcommand in
	verify) set -- --quiet --accel tcg "$@" ;;
	esac
	PATH=${path-$work/no-qemu} "$lkp_example" "$subcommand" \
		--root "$root" "$@"
}

# Call: says STATUS TEXT COMMAND...; TEXT is in its one message. In time, too: it
# waits for nobody. TEXT may be empty: then it says nothing about itself.
says() {
	wanted=$1
	text=$2
	shift 2
	"$@" >"$work/said" 2>&1 </dev/null &
	pid=$!
	(sleep "${limit:-60}" && kill -KILL "$pid") 2>/dev/null &
	watch=$!
	wait "$pid"
	got=$?
	kill "$watch" 2>/dev/null
	cut -c 1-400 "$work/said" | tail -n 20
	messages=$(grep -c '^lkp-example' "$work/said")
	echo "status $got, and $wanted is right; messages: $messages; one has: $text"
	[ "$got" = "$wanted" ] || return
	if [ -n "$text" ]; then
		[ "$messages" = 1 ] && grep '^lkp-example' "$work/said" |
			grep -qF -- "$text"
	else
		[ "$messages" = 0 ]
	fi
}

# --- standard output that takes nothing

to_full() {
	"$@" >/dev/full
}

no_room() {
	check "full disk: $*" says 2 'No space left on device' \
		to_full "$lkp_example" "$@"
}

test_full_disk() {
	no_room --help
	no_room --version
	for command in verify inspect status doctor get set watch probe log \
		selftest; do
		no_room "$command" --help
	done
	no_room log --console
	no_room log --console --json
	for arguments in 'inspect dummy' 'inspect -q dummy' \
		'inspect --json dummy' 'status dummy' 'status --json dummy' \
		'doctor' 'doctor --json'; do
		# shellcheck disable=SC2086 # they are several
		check "full disk: $arguments" says 2 'No space left on device' \
			to_full run $arguments
	done
	for option in '' --json; do
		check "full disk: verify $option" full_verify $option
	done
}

# It says first that there is no QEMU.
full_verify() {
	run verify "$@" dummy >/dev/full 2>"$work/said"
	[ $? = 2 ] && cat "$work/said" && [ "$(wc -l <"$work/said")" = 2 ] &&
		grep -q 'standard output: No space left on device' "$work/said"
}

# --- what is in the place of a file

# Call: replaced FILE KIND COMMAND...; it is as before, afterwards.
replaced() {
	file=$1
	kind=$2
	shift 2
	mv "$file" "$work/kept" || return
	case $kind in
	nothing) ;;
	directory) mkdir "$file" ;;
	pipe) mkfifo "$file" ;;
	device) mknod "$file" c 1 5 ;;
	loop) ln -s "${file##*/}" "$file" ;;
	empty) : >"$file" ;;
	huge) truncate -s 64G "$file" ;;
	random) head -c 100000 /dev/urandom >"$file" ;;
	esac
	"$@"
	result=$?
	rm -rf "$file"
	mv "$work/kept" "$file"
	return "$result"
}

# Each line: kind, subcommand, status, and what it says; "-": nothing of its own
test_file() {
	what=$1
	file=$2
	while read -r kind command status text; do
		[ "$text" != - ] || text=
		arguments=dummy
		[ "$command" != doctor ] || arguments=
		check "$what, in its place: $kind: $command" replaced "$file" \
			"$kind" says "$status" "$text" run "$command" $arguments
	done
}

test_module() {
	test_file module "$root/lib/modules/$release/updates/dummy.ko.xz" <<-EOT
	nothing verify 2 dummy.ko.xz of the system: No such file
	nothing inspect 2 dummy.ko.xz: No such file
	nothing status 1 -
	directory verify 2 dummy.ko.xz of the system is no file
	directory inspect 2 dummy.ko.xz: Is a directory
	directory status 1 -
	pipe verify 2 dummy.ko.xz of the system is no file
	pipe inspect 2 dummy.ko.xz is no file
	pipe status 1 -
	pipe doctor 2 dummy.ko.xz is no file
	device verify 2 dummy.ko.xz of the system is no file
	device inspect 2 dummy.ko.xz is no file
	device status 1 -
	device doctor 2 dummy.ko.xz is no file
	loop verify 2 dummy.ko.xz of the system: Too many levels
	loop inspect 2 dummy.ko.xz: Too many levels
	loop status 1 -
	loop doctor 2 dummy.ko.xz: Too many levels
	empty verify 77 there is no qemu
	empty inspect 1 -
	empty status 1 -
	empty doctor 1 -
	huge verify 2 does not fit into the initramfs
	huge inspect 2 dummy.ko.xz: File too large
	huge status 1 -
	huge doctor 2 dummy.ko.xz: File too large
	random verify 77 there is no qemu
	random inspect 1 -
	random status 1 -
	random doctor 1 -
	EOT
}

test_kernel() {
	test_file kernel "$root/boot/vmlinuz-$release" <<-EOT
	nothing verify 2 no image of kernel $release
	nothing inspect 2 no image of kernel $release
	nothing status 0 -
	directory verify 2 vmlinuz-$release is no file
	directory inspect 2 vmlinuz-$release is no file
	directory doctor 2 vmlinuz-$release is no file
	pipe verify 2 vmlinuz-$release is no file
	pipe inspect 2 vmlinuz-$release is no file
	pipe doctor 2 vmlinuz-$release is no file
	device verify 2 vmlinuz-$release is no file
	device inspect 2 vmlinuz-$release is no file
	loop verify 2 no image of kernel $release
	loop inspect 2 no image of kernel $release
	empty verify 2 vmlinuz-$release is no kernel: it has 0 bytes
	empty inspect 2 vmlinuz-$release is no kernel: it has 0 bytes
	empty doctor 2 vmlinuz-$release is no kernel: it has 0 bytes
	huge verify 2 vmlinuz-$release is no kernel: it has 68719476736 bytes
	huge inspect 2 vmlinuz-$release is no kernel: it has 68719476736 bytes
	huge doctor 2 vmlinuz-$release is no kernel: it has 68719476736 bytes
	huge status 0 -
	random inspect 2 its symbols cannot be read
	EOT
}

test_index() {
	for name in modules.dep.bin modules.alias.bin modules.builtin.bin; do
		test_file "$name" "$root/lib/modules/$release/$name" <<-EOT
		directory verify 2 $name of the system is no file
		directory inspect 2 $name of the system is no file
		directory status 2 $name of the system is no file
		pipe verify 2 $name of the system is no file
		pipe inspect 2 $name of the system is no file
		pipe status 2 $name of the system is no file
		EOT
	done
	test_file modules.dep.bin \
		"$root/lib/modules/$release/modules.dep.bin" <<-EOT
	nothing verify 2 has no module dummy
	nothing inspect 2 has no module dummy
	nothing status 1 -
	nothing doctor 1 -
	empty verify 2 has no module dummy
	empty inspect 2 has no module dummy
	random verify 2 has no module dummy
	random inspect 2 has no module dummy
	random status 1 -
	huge verify 2 does not fit into the initramfs
	huge inspect 2 has no module dummy
	EOT
	test_file modules.dep "$root/lib/modules/$release/modules.dep" <<-EOT
	nothing verify 2 the system has no kernel
	nothing inspect 2 the system has no kernel
	nothing status 2 the system has no kernel
	nothing doctor 2 the system has no kernel
	pipe verify 77 there is no qemu
	huge verify 77 there is no qemu
	EOT
	test_file modprobe "$root/usr/bin/kmod" <<-EOT
	nothing verify 2 the system has no /sbin/modprobe (package kmod)
	directory verify 2 /sbin/modprobe of the system is no file
	pipe verify 2 /sbin/modprobe of the system is no file
	EOT
	test_file "the C library" \
		"$root/usr/lib/x86_64-linux-gnu/libc.so.6" <<-EOT
	nothing verify 2 the system has no library libc.so.6
	directory verify 2 the system has no library libc.so.6
	random verify 2 the system has no library libc.so.6
	EOT
}

# --- options that name a file

test_options() {
	echo text >"$work/text"
	mkfifo "$work/pipe"
	mkdir "$work/directory"
	while read -r option file text; do
		check "verify $option $file" says 2 "$text" \
			run verify "$option" "$file" dummy
	done <<-EOT
	--guest $work/nothing nothing: No such file
	--guest $work/directory directory is no file
	--guest $work/pipe pipe is no file
	--guest /dev/zero /dev/zero is no file
	--guest $work/text text is no static executable
	--guest /bin/true /bin/true is no static executable
	--script $work/nothing nothing: No such file
	--script $work/directory directory is no file
	--script $work/pipe pipe is no file
	--log $work/text text: Not a directory
	--log $work/nothing/nothing nothing: No such file
	--root $work/text text: Not a directory
	--root $work/nothing nothing: No such file
	--root $work/directory cannot list /lib/modules of the system
	--kernel ../../boot ' is no kernel version
	--kernel 1.2.3 no image of kernel 1.2.3
	EOT
	rm -r "$work/text" "$work/pipe" "$work/directory"
}

# --- who may not

# Call: unreadable FILE COMMAND...
unreadable() {
	locked=$1
	shift
	chmod 600 "$locked" && "$@"
	result=$?
	chmod 644 "$locked"
	return "$result"
}

as_other() {
	subcommand=$1
	shift
	set -- "$lkp_example" "$subcommand" --root "$root" "$@"
	setpriv --reuid 65534 --regid 65534 --clear-groups \
		env PATH="$work/no-qemu" "$@"
}

test_permission() {
	for file in "boot/vmlinuz-$release" \
		"lib/modules/$release/updates/dummy.ko.xz"; do
		for command in verify inspect doctor; do
			arguments=dummy
			[ "$command" != doctor ] || arguments=
			# shellcheck disable=SC2086 # an argument, or none
			check "an ordinary user may not read ${file##*/}: $command" \
				unreadable "$root/$file" says 2 \
				"${file##*/}" as_other "$command" $arguments
		done
	done
	mkdir "$work/logs"
	check "an ordinary user may not write in --log DIR" says 2 \
		"logs: Permission denied" as_other verify --log "$work/logs" \
		dummy
	rmdir "$work/logs"
}

# --- the host is short of something

# Call: limited OPTION VALUE COMMAND...; in a shell of its own
limited() (
	ulimit "$1" "$2" && shift 2 && "$@"
)

# With that little, it says which file was too many, or does its work as ever.
# Call: enough_or TEXT STATUS COMMAND...
enough_or() {
	text=$1
	shift 2
	"$@" >"$work/said" 2>&1 </dev/null
	got=$?
	head -c 2000 "$work/said"
	echo "status $got; it says '$text', or ends with $usual"
	case $got in
	"$usual") ! grep -q "$text" "$work/said" ;;
	2) [ "$(grep -c '^lkp-example' "$work/said")" = 1 ] &&
		grep -q "^lkp-example: .*$text" "$work/said" ;;
	127) grep -q 'error while loading shared libraries' "$work/said" ;;
	*) false ;;
	esac
}

# Call: until_enough TEXT OPTION AMOUNTS STATUS COMMAND...; with each amount of
# what OPTION of ulimit is about: the first is too little, the last is not.
until_enough() {
	short=0
	complaint=$1
	option=$2
	amounts=$3
	usual=$4
	shift 4
	for amount in $amounts; do
		enough_or "$complaint" "$usual" \
			limited "$option" "$amount" run "$@" || return
		[ "$got" = "$usual" ] || short=$((short + 1))
	done
	echo "$short times too little"
	[ "$short" -gt 0 ] && [ "$got" = "$usual" ]
}

few_descriptors() {
	until_enough 'Too many open files' -n '4 5 6 7 8 9 10 12 14 16' "$@"
}

little_memory() {
	until_enough '\(memory\|cannot be read\)' -v \
		'40000 60000 80000 100000 140000 180000 260000' "$@"
}

closed() {
	run "$@" <&- >&-
}

# Full, or read-only, is all that it might write to.
no_room_anywhere() {
	unshare --mount --propagation private sh -c '
		for dir in "$0/tmp" "$0/home" /dev/shm; do
			mount -t tmpfs -o size=4k tmpfs "$dir" || exit
			dd if=/dev/zero of="$dir/filled" bs=4k 2>/dev/null
		done
		cd "$0/tmp" && TMPDIR=$0/tmp && export TMPDIR && exec "$@"' \
		"$work" "$lkp_example" verify --quiet --accel tcg \
		--root "$root" --again dummy
}

test_limits() {
	check "standard input and output are closed: inspect" \
		says 2 'standard output: Bad file descriptor' closed inspect dummy
	check "standard input and output are closed: status" \
		says 2 'standard output: Bad file descriptor' closed status dummy
	check "no file may have more than 100 blocks: verify" \
		says 2 'File too large' limited -f 100 run verify dummy
	ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0
	check "few descriptors: verify" few_descriptors 77 verify dummy
	check "few descriptors: inspect" few_descriptors 0 inspect dummy
	check "few descriptors: status" few_descriptors 0 status dummy
	check "few descriptors: doctor" few_descriptors 0 doctor
	ASAN_OPTIONS=exitcode=99
	# The sanitizers take terabytes of address space.
	lkp_example=$build/bin/lkp-example
	check "little memory: verify" little_memory 77 verify dummy
	check "little memory: inspect" little_memory 0 inspect dummy
	check "little memory: status" little_memory 0 status dummy
	path=$PATH
	check "little memory: QEMU has it not" \
		says 2 'QEMU failed: ' limited -v 400000 run verify --again dummy
	unset path
	lkp_example=$work/bin/lkp-example
	limit=300
	check "no room anywhere: proven all the same" \
		says 0 '' no_room_anywhere
	unset limit
}

# --- who gives up

# What a run may leave: the lock, and what it knows of KVM.
left() {
	find "$work/home" "$work/tmp" "$root/var/lib/lkp-example" -type f \
		! -name .lock ! -name kvm
}

has_child() {
	qemu=$(cut -d ' ' -f 1 "/proc/$pid/task/$pid/children") &&
		[ -n "$qemu" ] && grep -q qemu "/proc/$qemu/cmdline"
}

has_begun() {
	has_child && grep -q '^ *ok 1 ' "$work/said"
}

is_waiting() {
	grep -q '^waiting for another ' "$work/said"
}

is_packing() {
	grep -q '^memfd_create' "$work/strace" 2>/dev/null
}

# Call: given_up SIGNAL STATUS PHASE [COMMAND...]; COMMAND runs lkp-example. Checks
# of one module would be over before anybody has seen them run.
given_up() {
	signal=$1
	wanted=$2
	phase=$3
	shift 3
	rm -rf "$root/var/lib/lkp-example" "$work/strace"
	qemu=
	(
		cd "$work/tmp" && exec env --default-signal=INT,TERM,HUP \
			TMPDIR="$work/tmp" "$@" "$lkp_example" verify \
			--accel tcg --root "$root" dummy ifb nlmon veth macvlan \
			bonding
	) >"$work/said" 2>&1 &
	pid=$!
	until "$phase"; do
		cat "$work/said"
		[ -d "/proc/$pid" ] || return
		sleep 0.1
	done
	kill "-$signal" "$pid"
	wait "$pid"
	got=$?
	for _ in $(seq 50); do
		[ -d "/proc/${qemu:-none}" ] || break
		sleep 0.1
	done
	echo "status $got, and $wanted is right; QEMU was $qemu; left: $(left)"
	[ "$got" = "$wanted" ] && [ ! -d "/proc/${qemu:-none}" ] &&
		[ -z "$(left)" ]
}

# Another one is at it, as far as the lock tells.
other_has_lock() {
	lock=$root/var/lib/lkp-example/results/.lock
	mkdir -p "${lock%/*}" && : >"$lock" &&
		"$lkp_example" verify --quiet --accel tcg --root "$root" \
			dummy >/dev/null 2>&1 &
	other=$!
	pid=$other
	until has_child; do
		[ -d "/proc/$other" ] || return
		sleep 0.1
	done
	given_up_waiting
	result=$?
	kill "$other"
	wait "$other"
	return "$result"
}

given_up_waiting() {
	env --default-signal=INT "$lkp_example" verify --accel tcg \
		--root "$root" dummy >"$work/said" 2>&1 &
	pid=$!
	until is_waiting; do
		cat "$work/said"
		[ -d "/proc/$pid" ] || return
		sleep 0.1
	done
	kill -INT "$pid"
	wait "$pid"
	[ $? = 130 ]
}

test_signals() {
	check "SIGINT while the machine starts" given_up INT 130 has_child
	check "SIGTERM while the checks run" given_up TERM 143 has_begun
	check "SIGHUP while the checks run" given_up HUP 129 has_begun
	check "SIGKILL while the checks run" given_up KILL 137 has_begun
	check "SIGINT while the initramfs is made" given_up INT 130 is_packing \
		strace -D -o "$work/strace" -e trace=memfd_create \
		-e inject=memfd_create:delay_exit=3000000
	rm -rf "$root/var/lib/lkp-example"
	check "SIGINT while another one has the lock" other_has_lock
	check "nothing is left" [ -z "$(left)" ]
}

# While somebody renames files, the kernel is not sure of "..", and wants to be
# asked again: here each second time. Leaks cannot be looked for under strace.
while_files_are_renamed() {
	PATH="$work/no-qemu" ASAN_OPTIONS="$ASAN_OPTIONS:detect_leaks=0" \
		"$strace" -o "$work/strace" -e trace=openat2 \
		-e inject=openat2:error=EAGAIN:when=1+2 \
		"$lkp_example" verify --quiet --again --root "$root" dummy
}

check "lkp-example builds with sanitizers" build_sanitized
check "a system, with a module that its kernel came without" set_up
echo "# kernel: $release"
check "it is as it should be: inspect" says 0 '' run inspect dummy
check "it is as it should be: doctor" says 0 '' run doctor
check "it is as it should be: verify" says 77 'there is no qemu' \
	run verify dummy
strace=$(command -v strace)
check "while files are renamed: verify" says 77 'there is no qemu' \
	while_files_are_renamed
check "... the kernel was asked again" grep -q 'EAGAIN.*INJECTED' "$work/strace"
test_full_disk
test_module
test_kernel
test_index
test_options
test_permission
test_limits
test_signals
finish
