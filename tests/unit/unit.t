#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The unit tests: the message object and lkp-example-user, in user space.
#
# Everything is done twice: under the address and undefined behaviour
# sanitizers ("asan"), and under valgrind ("plain").  Then faults are planted
# in copies of the sources, and each of the two must turn red, with the very
# evidence that fits the fault: a test which cannot fail proves nothing.
#
# Run it by make, by prove, or by itself.  It prints TAP and exits non-zero
# when a test fails.  O is where it builds, relative to this directory.

cd "$(dirname "$0")" || exit
O=${O:-../../build/unit}
log=$O/log
status=0
count=0

# make hands its own options down, and O among them is not for our builds.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL LKP_FAIL_ALLOC_AT

# 99 is the checkers' verdict: the programs use 0 and 1.
export ASAN_OPTIONS=exitcode=99:detect_leaks=1
export UBSAN_OPTIONS=exitcode=99:print_stacktrace=1
export LC_ALL=C

# under FLAVOUR COMMAND...: run a program where bad memory accesses show
under()
{
	flavour=$1
	shift
	case $flavour in
	asan | shipped)
		"$@"
		;;
	plain)
		valgrind -q --leak-check=full --errors-for-leak-kinds=all \
			--show-leak-kinds=all --error-exitcode=99 "$@"
		;;
	esac
}

# report STATUS NAME: print a result, and what is in the log if it is bad
report()
{
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		sed 's/^/# /' "$log"
		status=1
	fi
}

# build FLAVOUR DIR [VARIABLE=VALUE...]
build()
{
	flavour=$1
	dir_of_build=$2
	shift 2
	make -s build flavour="$flavour" O="$dir_of_build" "$@" >"$log" 2>&1
}

# message_works FLAVOUR DIR
message_works()
{
	under "$1" "$2/message_test" >"$log" 2>&1 &&
	grep -q '^1\.\.[1-9]' "$log"
}

# said STATUS STDOUT STDERR: is this what the last program did? ($got, $log.*)
said()
{
	printf 'status %s\nstdout:\n%s\nstderr:\n%s\n' \
		"$got" "$(cat "$log.out")" "$(cat "$log.err")" >"$log"
	[ "$got" -eq "$1" ] &&
	[ "$(cat "$log.out")" = "$2" ] &&
	[ "$(cat "$log.err")" = "$3" ]
}

# user_prints FLAVOUR DIR
user_prints()
{
	under "$1" "$2/lkp-example-user" >"$log.out" 2>"$log.err"
	got=$?
	said 0 "hello
goodbye" ""
}

# user_sees_full_output FLAVOUR DIR
user_sees_full_output()
{
	: >"$log.out"
	under "$1" "$2/lkp-example-user" >/dev/full 2>"$log.err"
	got=$?
	said 1 "" \
	     "lkp-example-user: unable to write: No space left on device"
}

# user_survives FLAVOUR DIR: each allocation fails in turn
user_survives()
{
	n=0
	stages=
	while n=$((n + 1)) && [ $n -le 20 ]; do
		LKP_FAIL_ALLOC_AT=$n under "$1" "$2/lkp-example-user" \
			>"$log.out" 2>"$log.err"
		got=$?
		if said 1 "" "lkp-example-user: unable to allocate memory: Cannot allocate memory"; then
			stages=${stages%create}create
		elif said 1 hello "lkp-example-user: unable to update: Cannot allocate memory"; then
			stages=${stages%update}update
		elif said 0 "hello
goodbye" ""; then
			break
		else
			echo "allocation $n failed" >>"$log"
			return 1
		fi
	done
	echo "failures seen, in this order: $stages" >>"$log"
	[ "$stages" = createupdate ]
}

# fault PROGRAM NAME ASAN_EVIDENCE PLAIN_EVIDENCE SED_SCRIPT: plant a fault in
# the source of PROGRAM, which is "message", "snapshot" or "user", or in the
# table of "cases", and expect it found
fault()
{
	dir=$O/fault/$1-$(echo "$2" | tr -cs 'a-zA-Z\n' -)
	rm -rf "$dir"
	mkdir -p "$dir"
	cp ../../src/module/message*.[ch] ../../src/module/snapshot.[ch] \
		../../src/user/*.c message_*.[ch] fail_alloc.[ch] "$dir"
	case $1 in
	message | snapshot)
		source=$dir/$1.c
		;;
	cases)
		source=$dir/message_cases.h
		;;
	user)
		source=$dir/lkp-example-user.c
		;;
	esac
	cp "$source" "$source.orig"
	sed "$5" "$source.orig" >"$source"

	for flavour in asan plain; do
		case $flavour in
		asan)
			evidence=$3
			;;
		plain)
			evidence=$4
			;;
		esac
		finds_fault $flavour "$1" "$evidence"
		report $? "$flavour: $1: $2, and it shows"
	done
}

# finds_fault FLAVOUR PROGRAM EVIDENCE: in $dir
finds_fault()
{
	if cmp -s "$source" "$source.orig"; then
		echo "the fault is not planted: its sed script fits nothing" >"$log"
		return 1
	fi
	build "$1" "$dir/$1" module="$dir" user="$dir" unit="$dir" || return

	case $2 in
	message | snapshot | cases)
		message_works "$1" "$dir/$1"
		;;
	user)
		user_prints "$1" "$dir/$1" &&
		user_sees_full_output "$1" "$dir/$1" &&
		user_survives "$1" "$dir/$1"
		;;
	esac && return 1

	grep -Eq -e "$3" "$log"
}

mkdir -p "$O" || exit
if ! command -v valgrind >"$log"; then
	echo "Bail out! valgrind is not installed"
	exit 1
fi

for flavour in asan plain; do
	dir=$O/$flavour
	build $flavour "$dir"
	report $? "$flavour: the tests build"
	message_works "$flavour" "$dir"
	report $? "$flavour: the message object: $(grep -c '^ok' "$log") tests"
	user_prints "$flavour" "$dir"
	report $? "item 064: $flavour: lkp-example-user says hello, then goodbye"
	user_sees_full_output "$flavour" "$dir"
	report $? "$flavour: lkp-example-user notices a full output"
	user_survives "$flavour" "$dir"
	report $? "item 073: $flavour: lkp-example-user: each allocation fails in turn"
done

make -s -C ../../src/user O="$(cd "$O" && pwd)/shipped" >"$log" 2>&1
report $? "lkp-example-user builds as it is shipped"
LKP_FAIL_ALLOC_AT=1 user_prints shipped "$O/shipped"
report $? "lkp-example-user as it is shipped knows no injected failure"

leak='LeakSanitizer: detected memory leaks'
lost='definitely lost'
null='AddressSanitizer: SEGV|UndefinedBehaviorSanitizer|null pointer'

fault message "a failed create leaks" "$leak" "$lost" \
	'/^out_free_msg:/,/^out:/s/kfree(msg);/;/'
fault message "create uses a structure it did not get" "$null" \
	'Invalid write' \
	'/^struct .*_create/,/^}/s/if (!msg)/if (0)/'
fault message "create uses a text it did not get" "$null" 'Invalid write' \
	's/if (!msg->newest)/if (0)/'
fault message "create counts from nothing" '^not ok' '^not ok' \
	's/msg->newest->generation = 1;//'
fault message "destroy leaks the text" "$leak" "$lost" \
	'/^void .*_destroy/,/^}/s/lkp_snapshot_put(msg->newest);//'
fault message "destroy frees the text twice" \
	'heap-use-after-free' 'Invalid (read|write)' \
	'/^void .*_destroy/,/^}/s/lkp_snapshot_put(msg->newest);/&&/'
fault message "destroy frees the structure first" \
	'heap-use-after-free' 'Invalid read' \
	'/^void .*_destroy/,/^}/{
		s/lkp_snapshot_put(msg->newest)/kfree(first)/
		s/kfree(msg)/lkp_snapshot_put(msg->newest)/
		s/kfree(first)/kfree(msg)/
	}'
fault message "destroy does not expect NULL" "$null" 'Invalid read' \
	'/^void .*_destroy/,/^}/s/if (!msg)/if (0)/'
fault message "update frees before it duplicates" \
	'heap-use-after-free' 'Invalid read' \
	'/^int .*_update/,/^}/{
		s/lkp_snapshot_put(\(lkp_message_exchange(msg, copy)\))/\1/
		s/copy = lkp_snapshot_create/lkp_snapshot_put(msg->newest); &/
	}'
fault message "update leaks the old text" "$leak" "$lost" \
	's/lkp_snapshot_put(\(lkp_message_exchange(msg, copy)\))/\1/'
fault message "update hides its failure" '^not ok' '^not ok' \
	's/return -ENOMEM;/return 0;/'
fault message "exchange does not count" '^not ok' '^not ok' \
	's/old->generation + 1/old->generation/'
fault message "exchange returns what it was given" \
	'heap-use-after-free' 'Invalid (read|write)' \
	's/return old;/return snapshot;/'

fault snapshot "there is no room for the NUL" \
	'heap-buffer-overflow' 'Invalid write' \
	's/ + size + 1/ + size/'
fault snapshot "the NUL is missing" \
	'heap-buffer-overflow|^not ok' 'uninitialised|^not ok' \
	"s/snapshot->text\\[size\\] = .*//"
fault snapshot "the NUL is counted" '^not ok' '^not ok' \
	's/snapshot->size = size;/snapshot->size = size + 1;/'
fault snapshot "the text is not copied" '^not ok' 'uninitialised|^not ok' \
	's/memcpy(snapshot->text, text, size);/(void)text;/'
fault snapshot "a size wraps around" \
	'^not ok|heap-buffer-overflow|runtime error' '^not ok|Invalid write' \
	's/if (size > SIZE_MAX .*/if (0)/'
fault snapshot "alloc uses memory it did not get" "$null" 'Invalid write' \
	's/if (!snapshot)/if (0)/'
fault snapshot "create uses memory it did not get" "$null" 'Invalid write' \
	'/^struct .*_create/,/^}/s/if (snapshot)/if (1)/'
fault snapshot "get does not count" \
	'heap-use-after-free' 'Invalid (read|write)' \
	's/kref_get(.*/;/'
fault snapshot "put does not look who else is there" \
	'heap-use-after-free' 'Invalid (read|write)' \
	's/kref_put(&snapshot->ref, \(.*\));/\1(\&snapshot->ref);/'
fault snapshot "the last put leaks" "$leak" "$lost" \
	's/kvfree(.*/(void)ref;/'
fault snapshot "put does not expect NULL" "$null" 'Invalid (read|write)' \
	'/^void .*_put/,/^}/s/if (snapshot)/if (1)/'

# The table itself: tests/sanitizer/kunit.t plants the same ones.
fault cases "a wrong generation is expected" '^not ok' '^not ok' \
	's/HOLDS("hi", 3)/HOLDS("hi", 4)/'
fault cases "a wrong text is expected" '^not ok' '^not ok' \
	's/HOLDS("ello", 3)/HOLDS("ells", 3)/'
fault cases "an allocation more is expected" '^not ok' '^not ok' \
	's/\(CALL(MESSAGE_UPDATE, .*allocations = \)1)/\12)/'
fault cases "an allocation less is expected" '^not ok' '^not ok' \
	's/\(CALL(MESSAGE_CREATE, .*allocations = \)2)/\11)/'

fault user "the reason for a failed create is lost" \
	'unable to allocate memory: Success' \
	'unable to allocate memory: Success' \
	's/errno = ENOMEM;//'
fault user "a full output goes unnoticed" '^status 0' '^status 0' \
	's/ || fclose(stdout) == EOF//'
fault user "errno is lost while cleaning up" \
	'unable to write: Success' 'unable to write: Success' \
	's/errno = saved_errno;//'
fault user "a failed update leaks" 'not freed' 'not freed' \
	'/_update(msg/,/goto/s/goto .*/goto out;/'

echo "1..$count"
exit $status
