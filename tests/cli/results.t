#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# results.t - results of verify are kept, and shown by status
#
# A system with two kernels of Debian, and a module that both have. Where a
# machine would be booted is told by taking QEMU away: what is kept has a
# verdict then, and everything else is untested. The store is written by root,
# to whom the system belongs.
#
# shellcheck disable=SC2016	# $1 is of a shell inside
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"

root=$work/root
store=$root/var/lib/lkp-example/results
lkp_example=$build/bin/lkp-example
shown=$work/out

# Call: unbooted STATUS REGEX ARGUMENT...; there is no QEMU to be found.
unbooted() {
	wanted=$1
	regex=$2
	shift 2
	says "$wanted" "$regex" env PATH="$work/no-qemu" \
		"${program:-$lkp_example}" verify --root "$root" "$@"
}

# Call: kept KERNEL [ARGUMENT...]
kept() {
	kernel=$1
	shift
	unbooted 0 "^dummy on $(literal "$kernel"): proven, .*; on 20..-..-..T..:..:..Z\) \(kept; --again computes it anew\)$" \
		--kernel "$kernel" "$@" dummy
}

# Call: not_kept KERNEL [ARGUMENT...]
not_kept() {
	kernel=$1
	shift
	unbooted 77 "^dummy on $(literal "$kernel"): untested, QEMU is not installed[ ;]" \
		--kernel "$kernel" "$@" dummy
}

# Only whole results, and as many as are right.
results() {
	ls -lA "$store"
	[ "$(find "$store" -type f ! -name .lock | wc -l)" = "$1" ] || return
	find "$store" -name '*.json' -exec jq -e \
		'.verdict == "proven" or .verdict == "broken" or error' {} +
}

second_kernel() {
	system_archive 6.1 && tar -x -f "$archive" --zstd --numeric-owner \
		-C "$root" --wildcards './boot/vmlinuz-*' \
		'./usr/lib/modules/*/modules.*' '*/kernel/drivers/net/dummy.ko'
}

# --- two at once, and interrupted ones

# The first one to have the lock boots, the other waits and takes what came of it.
at_once() {
	"$lkp_example" verify --root "$root" --kernel "$new" dummy \
		>"$work/out.1" 2>&1 &
	"$lkp_example" verify --root "$root" --kernel "$new" dummy \
		>"$work/out.2" 2>&1 || return
	wait $! || return
	tail -n 3 "$work/out.1" "$work/out.2"
	[ "$(cat "$work"/out.[12] | grep -c '^booting ')" = 1 ] &&
		[ "$(cat "$work"/out.[12] | grep -c '^waiting for another ')" = 1 ] &&
		[ "$(cat "$work"/out.[12] | grep -c '(kept; --again')" = 1 ]
}

# Ended by Ctrl-C as soon as it is true. Call: ended KERNEL TEST [COMMAND...]
ended() {
	kernel=$1
	test=$2
	shift 2
	: >"$work/out"
	env --default-signal=INT "$@" "$lkp_example" verify --root "$root" \
		--kernel "$kernel" dummy >"$work/out" 2>&1 &
	pid=$!
	until "$test"; do
		[ -d "/proc/$pid" ] || return
		sleep 0.1
	done
	kill -INT "$pid"
	wait "$pid"
	[ $? = 130 ]
}

is_booting() {
	grep '^booting ' "$work/out"
}

is_writing() {
	find "$store" -name '*.new' | grep .
}

interrupted() {
	ended "$older" is_booting
}

# While the result is written: that takes two seconds here.
interrupted_writing() {
	ended "$new" is_writing strace -D -o "$work/strace" -e trace=fsync \
		-e inject=fsync:delay_enter=2000000
}

# --- what is in the store is no result

# Call: foreign COMMAND...; it puts something in the place of the result $file.
foreign() {
	rm -rf "$file"
	"$@" && not_kept "$new" &&
		[ "$(grep -c '^lkp-example: ignoring ' "$work/out")" = 1 ]
	result=$?
	rm -rf "$file"
	cp "$work/result" "$file"
	return "$result"
}

# Call: text STRING
text() {
	printf '%s\n' "$1" >"$file"
}

# Call: edited JQ-PROGRAM
edited() {
	jq "$1" "$work/result" >"$file"
}

# --- what makes another key

# Call: changed FILE; with one byte more, and afterwards as it was.
changed() {
	cp -p "$1" "$work/before" && printf x >>"$1" && not_kept "$new"
	result=$?
	cp -p "$work/before" "$1" && kept "$new" && return "$result"
}

# Call: with_option TEXT; in modprobe.d
with_option() {
	echo "$1" >"$root/etc/modprobe.d/dummy.conf" && not_kept "$new"
	result=$?
	rm "$root/etc/modprobe.d/dummy.conf"
	return "$result"
}

# --- a store that cannot be written

# Call: read_only COMMAND...; this needs name spaces of its own, as below.
read_only() {
	unshare --mount --propagation private sh -c 'mount --bind "$0" "$0" &&
		mount -o remount,bind,ro "$0" && exec "$@"' "$store" "$@"
}

read_only_kept() {
	says 0 '\(kept; --again' read_only "$lkp_example" verify \
		--root "$root" --verbose --kernel "$new" dummy &&
		! grep 'is not kept' "$work/out"
}

# Call: read_only_again TIMES [ARGUMENT...]; how often it says what is the matter
read_only_again() {
	times=$1
	shift
	says 77 'untested' read_only env PATH="$work/no-qemu" "$lkp_example" \
		verify --root "$root" --again --all "$@" dummy &&
		[ "$(grep -c 'the result is not kept in .*: Read-only file system$' \
			"$work/out")" = "$times" ]
}

other_user() {
	says 0 '\(kept; --again' setpriv --reuid 65534 --regid 65534 \
		--clear-groups "$work/bin/lkp-example" verify --root "$root" \
		--kernel "$new" dummy
}

# As the newer one is kept, the older one alone is booted; its result has no
# room. Leaves what the store had in the end in $work/listing.
full_disk() {
	says 0 'the result is not kept in .*: No space left on device$' \
		unshare --mount --propagation private sh -c '
		work=$1
		store=$2
		shift 2
		mkdir "$work/tmpfs"
		mount -t tmpfs -o size=16k,mode=755 tmpfs "$work/tmpfs" &&
			cp -r "$store/." "$work/tmpfs" &&
			mount --bind "$work/tmpfs" "$store" || exit
		dd if=/dev/zero of="$store/.filled" bs=4k 2>/dev/null
		"$@" >"$work/all.json"
		status=$?
		ls -A "$store" >"$work/listing"
		exit $status' sh "$work" "$store" \
		"$lkp_example" verify --json --all --root "$root" dummy
}

only_what_was_there() {
	cat "$work/listing"
	(ls -A "$store" && echo .filled) | sort | diff - "$work/listing"
}

# --- status

# Call: status STATUS REGEX ARGUMENT...
status() {
	wanted=$1
	regex=$2
	shift 2
	says "$wanted" "$regex" "$lkp_example" status --root "$root" "$@"
}

# Call: json FILE PROGRAM
json() {
	jq . "$1" && jq -e "$2" "$1" >"$work/answer"
}

# Another module of the same name: the linker's checksum is what tells them
# apart, and so it is that which differs.
other_module() {
	mkdir -p "$root/opt/lkp/other" &&
		xz -dc "$module" >"$work/dummy.ko" &&
		objcopy -O binary --only-section=.note.gnu.build-id \
			--set-section-flags .note.gnu.build-id=alloc \
			"$work/dummy.ko" "$work/note" &&
		head -c 16 "$work/note" >"$work/other-note" &&
		printf '%020d' 0 >>"$work/other-note" &&
		[ "$(wc -c <"$work/note")" = "$(wc -c <"$work/other-note")" ] &&
		objcopy --update-section ".note.gnu.build-id=$work/other-note" \
			"$work/dummy.ko" "$root/opt/lkp/other/dummy.ko"
}

# lkp-example with all of its libraries: the system has others, or none.
take_along() {
	cp "$lkp_example" "$build/bin/lkp-guest" "$root/opt/lkp" &&
		ldd "$lkp_example" | sed -n 's/.* => \(\/[^ ]*\) .*/\1/p' |
		xargs cp -L -t "$root/opt/lkp" &&
		cp -L "$(ldd "$lkp_example" | sed -n 's/^[[:space:]]*\(\/[^ ]*\) (.*/\1/p')" \
			"$root/opt/lkp/loader"
}

live() {
	says 0 'the script succeeds' "$lkp_example" verify --root "$root" \
		--kernel "$new" --script "$top/tests/cli/status-script" dummy
}

# One letter of its description: the signature does not fit any more.
break_module() {
	cp -p "$module" "$work/module" && xz -dc "$module" |
		sed 's/Dummy netdevice/Dumny netdevice/' |
		xz --check=crc32 >"$work/broken" &&
		! cmp -s "$work/broken" "$module" && cp "$work/broken" "$module"
}

# Call: judged_by FILE COMMAND...; by a program of which that source has changed.
judged_by() {
	rm -rf "$work/tree" "$work/changed"
	copy_sources "$work/tree" && mkdir -p "$work/changed/bin" &&
		printf '/* a change */\n' >>"$work/tree/src/cli/$1" &&
		make -s -C "$work/tree/src/cli" O="$work/changed" \
			BIN="$work/changed/bin" || return
	shift
	cp "$build/bin/lkp-guest" "$work/changed/bin"
	program=$work/changed/bin/lkp-example
	"$@"
	changed=$?
	program=
	return "$changed"
}

system_unpack 6.12 "$root" >"$work/log" 2>&1 || die "$(cat "$work/log")"
new=$(system_release "$root")
second_kernel >"$work/log" 2>&1 || die "no second kernel: $(cat "$work/log")"
older=$(basename "$root"/lib/modules/6.1.*)
new_line=$(literal "$new")
older_line=$(literal "$older")
module=$(echo "$root/lib/modules/$new"/kernel/drivers/net/dummy.ko*)
mkdir "$work/no-qemu" "$work/bin"
cp "$lkp_example" "$build/bin/lkp-guest" "$work/bin"
echo "# kernels: $new, $older"

check "--all and --kernel exclude each other" \
	unbooted 2 '--all and --kernel exclude each other' --all --kernel 6.1 dummy
check "two kernels: which one is to be said" \
	unbooted 2 "has 2 kernels; name one with --kernel, or take --all: $new_line $older_line$" \
	dummy
check "a module that is not there: an error" \
	unbooted 2 "^lkp-example: .*no_such_module" --kernel "$new" no_such_module
check "... and no store is made to look for its result" [ ! -e "$store" ]
check "QEMU is absent: which package has it" unbooted 77 \
	"install it by 'apt-get install qemu-system-x86' or 'dnf install " \
	--kernel "$new" dummy
check "QEMU is absent: untested, on each kernel" unbooted 77 \
	"^dummy on $older_line: untested, QEMU is not installed" --all dummy
check "QEMU is absent: said once" \
	[ "$(grep -c '^lkp-example: ' "$work/out")" = 1 ]
check "what is untested is not kept" results 0
check "an error of our own outweighs untested" unbooted 2 \
	"^no_such_module on $new_line: ERROR, standard error says why" \
	--all no_such_module
check "a module that is there, not verified" status 0 \
	"^$new_line  *dummy  *kernel/drivers/net/dummy.ko[.xz]*  yes  *yes  *-  *-  *-$" dummy
check "the newest kernel first" \
	[ "$(awk 'NR > 1 { print $1 }' "$work/out" | xargs)" = "$new $older" ]
check "modules that are missing" status 1 \
	"^lkp_example_probe is missing on kernel $older_line: it was not built for it"

check "two at once: one computes, one waits and takes it" at_once
check "one result is kept" results 1
check "it is used, without a boot" kept "$new"
file=$(echo "$store"/*.json)
cp "$file" "$work/result"
head -c 200 "$file" >"$work/half"
check "it is used by who may not write" other_user
check "--again computes it anew" not_kept "$new" --again
check "of another kernel nothing is known" not_kept "$older"
check "of a set of modules nothing is known" \
	unbooted 77 'untested' --kernel "$new" dummy loop
check "with another limit of time, neither" not_kept "$new" --timeout 50
check "with another accelerator, neither" not_kept "$new" --accel \
	"$(jq -r 'if .accelerator == "kvm" then "tcg" else "kvm" end' "$file")"
check "--script is always run" not_kept "$new" --script /bin/true
check "--guest is always run" not_kept "$new" --guest "$build/bin/lkp-guest"
check "--checks is always run" not_kept "$new" --checks 91
check "--log is always run" not_kept "$new" --log "$work/logs"
check "--icount is always run" not_kept "$new" --icount
check "another kernel's image" changed "$root/boot/vmlinuz-$new"
check "another module" changed "$module"
check "another modprobe" changed "$root/usr/bin/kmod"
check "options of a module" with_option 'options dummy numdummies=2'
check "another rule of the verdict" judged_by verdict.c not_kept "$new"
check "another limit of the machine" judged_by vm.c not_kept "$new"
check "other sources of the command change nothing" \
	judged_by output.c kept "$new"
check "verify --json: the kept result, and nothing else" unbooted 0 '^{$' \
	--json --kernel "$new" dummy
check "verify --json: what it says" json "$work/out" \
	'.results | length == 1 and .[0].verdict == "proven" and .[0].kept and
	.[0].modules == ["dummy"] and .[0].passed > 3 and .[0].seconds > 0'

check "in the store: nothing in the file" foreign text ''
check "in the store: half a result" foreign cp "$work/half" "$file"
check "in the store: no JSON" foreign text 'dummy: proven'
check "in the store: other JSON" foreign text '[ "proven" ]'
check "in the store: another verdict" foreign edited '.verdict = "error"'
check "in the store: proven, and nothing passed" foreign edited '.passed = 0'
check "in the store: no key" foreign edited 'del(.key)'
check "in the store: another type" foreign edited '.seconds = "long"'
check "in the store: a directory" foreign mkdir "$file"
check "in the store: a pipe" foreign mkfifo "$file"
check "in the store: a link" foreign ln -s "$work/result" "$file"
check "in the store: far too much" foreign truncate -s 1G "$file"
check "the result is back, and used" kept "$new"

check "interrupted while the machine boots" interrupted
check "interrupted: nothing is left" results 1
check "interrupted: nothing is known" not_kept "$older"
check "a store that is read-only is read" read_only_kept
check "a store that is read-only: no complaint" read_only_again 0
check "a store that is read-only: --verbose says it once" \
	read_only_again 1 --verbose

check "a full disk: the verdict is not touched" full_disk
check "a full disk: nothing is left" only_what_was_there
check "verify --all --json: one kept, one booted" json "$work/all.json" \
	'[.results[] | [.kernel, .verdict, .kept]] == [["'"$new"'", "proven", true],
	["'"$older"'", "proven", false]]'
check "--all: untested outweighs proven" unbooted 77 \
	"^dummy on $new_line: proven, .*\(kept" --all dummy
mkdir "$root/lib/modules/9.9"
touch "$root/lib/modules/9.9/modules.dep"
check "--all: a kernel without image is left out" unbooted 77 \
	'kernel 9.9 is left out: it has modules, but no image' --all --verbose dummy
check "status: a kernel without the module" status 1 \
	'^dummy is missing on kernel 9.9: ' dummy
rm -r "$root/lib/modules/9.9"
check "status: proven, of this very module" status 0 \
	"^$new_line  *dummy .*  yes  *yes  *proven 20..-..-..  *-  *-$" dummy
check "status --json" status 0 '^{$' --json dummy
check "status --json: what it says" json "$work/out" \
	'[.status[] | [.kernel, .module, .installed, .signed, .verified.verdict,
	.loaded, .good]] == [["'"$new"'", "dummy", true, true, "proven", null, true],
	["'"$older"'", "dummy", true, true, null, null, true]]'

check "a module of the same name" other_module
check "lkp-example comes along" take_along
check "status on a running kernel" live
sed -n 's/^ *script: ok /# /p' "$work/out"
check "status on a running kernel: 4 results" \
	[ "$(grep -c '^ *script: ok ' "$work/out")" = 4 ]
check "what a script does is not kept, and replaces nothing" kept "$new"

check "a module is broken" break_module
check "status: the result was of another module" status 0 \
	"^$new_line  *dummy .*  yes  *yes  *-  *-  *-$" dummy
check "interrupted while the result is written" interrupted_writing
check "interrupted while writing: the whole result is there" results 1
check "broken is kept, too, and outweighs untested" unbooted 1 \
	"^dummy on $new_line: BROKEN, dummy.load: .*\(kept; --again" --all dummy
check "status: broken" status 1 \
	"^dummy is broken on kernel $new_line: dummy.load: " dummy

check "no hardware" says 77 \
	"^padlock_aes on $new_line: no hardware, padlock_aes.load: .*No such device" \
	"$lkp_example" verify --root "$root" --kernel "$new" padlock_aes
check "no hardware is kept, too" unbooted 77 \
	"^padlock_aes on $new_line: no hardware, .*\(kept; --again" \
	--kernel "$new" padlock_aes
check "status: no hardware, and the older kernel has no such module" status 1 \
	"^$new_line  *padlock_aes .*  no hardware 20..-..-..  *-  *-$" padlock_aes
finish
