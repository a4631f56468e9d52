#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# trouble.t - the RPM package where it cannot build its modules
#
# Usage: trouble.t NAME		bookworm, trixie or forky
#
# Whatever is missing, dnf's transaction completes; why there is no module stands in
# the system's log, and in a record for each kernel, which "lkp-example status" shows.
# When the cause is gone, a second run repairs.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"
. "$top/tests/tools/system.sh"
. "$top/tests/tools/tap.sh"
. "$top/tests/rpm/world.sh"
. "$top/tests/rpm/life.sh"
world_line "$1"
life_begin "$1" "$@"
. "$top/tests/lint/lint.sh"
shown=$work/log

# What logger would hand to the journal.
journal_begin() {
	mkdir -p "$root/dev"
	rm -f "$root/dev/log"
	perl -MIO::Socket::UNIX -e '
		$log = IO::Socket::UNIX->new(Type => SOCK_DGRAM,
			Local => $ARGV[0]) or die "$ARGV[0]: $!\n";
		$| = 1;
		print "$_\n" while defined $log->recv($_, 65536);
		' "$root/dev/log" >"$work/journal" &
	journal=$!
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ ! -S "$root/dev/log" ] || break
		sleep 0.1
	done
}

journal_end() {
	kill "$journal"
	wait "$journal" 2>/dev/null
	rm -f "$root/dev/log"
}

record() {
	cat "$root/var/lib/lkp-example/smoke-test/$release_old"
}

# Call: recorded CAUSE
recorded() {
	record && record | grep -qx 'verdict=FAIL' &&
		record | grep -qE "^reason=no module for kernel .*: .*$1"
}

# Call: logged CAUSE
logged() {
	cat "$work/journal"
	grep -qE "lkp-example: .*no module for kernel .*: .*$1" "$work/journal"
}

first_run() {
	dnf_with lkp-current install lkp-example-dkms
}

second_run() {
	dnf_with lkp-current reinstall lkp-example-dkms
}

# Call: cause_is_kept CAUSE
cause_is_kept() {
	check "$trouble: the cause is recorded" recorded "$1"
	check "$trouble: the cause is in the log" logged "$1"
	check "$trouble: lkp-example status says the cause" \
		is_missing "$release_old" "$1"
}

# Call: trouble NAME CAUSE COMMAND...: the transaction, which completes
trouble() {
	trouble=$1
	cause=$2
	shift 2
	journal_begin
	check "$trouble: the transaction completes" run "$@"
	journal_end
	check "$trouble: the package is there" inside rpm -q lkp-example-dkms
	cause_is_kept "$cause"
	rm -f "$root/var/log/scriptlets"
}

# ... and now the cause is gone.
repaired() {
	check "$trouble: a second run" run "${@:-second_run}"
	built "$trouble: repaired" "$version" "$release_old"
	check "$trouble: repaired: nothing is recorded any more" \
		[ ! -e "$root/var/lib/lkp-example/smoke-test/$release_old" ]
}

check "packages" run packages current without_programs true
check "a kernel and dkms" run dnf_with world install \
	"kernel-core-$package_old" "kernel-devel-matched-$package_old" dkms
[ "$tap_failed" = 0 ] || bail "nothing can be tried"
scriptlets_are_good >/dev/null
freeze

# --- No headers --------------------------------------------------------------

# Call: headers_come [OPTION]
headers_come() {
	inside rpm -i "$@" \
		"/srv/world/packages/x86_64/kernel-devel-$package_old.x86_64.rpm"
}

inside rpm -e --nodeps kernel-devel
trouble "no headers" 'its headers are not installed' first_run
check "no headers: they come, and rpm is told to run no triggers" \
	run headers_come --notriggers
check "no headers: such a lack of the trigger is found" \
	finds '^< lkp-example/.*: installed' status_is "$version" "$release_old"
inside rpm -e --nodeps kernel-devel
repaired headers_come
undo

# --- No compiler -------------------------------------------------------------

mkdir "$root/hidden"
mv "$root"/usr/bin/*gcc* "$root/usr/bin/cc" "$root/hidden/"
trouble "no compiler" 'gcc|cc' first_run
mv "$root"/hidden/* "$root/usr/bin/"
repaired
undo

# --- Kernels without anything ------------------------------------------------

mkdir -p "$root/lib/modules/1.2.3-empty" "$root/lib/modules/1.2.4-bare"
: >"$root/lib/modules/1.2.4-bare/modules.dep"
check "a kernel without modules: the transaction completes" run first_run
check "a kernel without modules: it is said of it" grep -q '^reason=no module' \
	"$root/var/lib/lkp-example/smoke-test/1.2.4-bare"
check "a directory that is no kernel: nothing is said of it" \
	[ ! -e "$root/var/lib/lkp-example/smoke-test/1.2.3-empty" ]
built "a kernel without modules: for the others" "$version" "$release_old"
undo

# --- No dkms -----------------------------------------------------------------

inside rpm -e --nodeps dkms
trouble "no dkms" 'dkms is not installed' inside sh -c \
	'rpm --import /srv/lkp-current/lkp-example.asc
	rpm -U --nodeps /srv/lkp-current/lkp-example-dkms-*.rpm'
check "no dkms: it comes" run dnf_with world install dkms
repaired
undo

# --- A folder that is read-only ----------------------------------------------

# Call: with_mount COMMANDS ARGUMENT...: dnf with lkp-current, after COMMANDS
with_mount() {
	mounts=$1
	shift
	inside sh -c "$mounts && exec \"\$@\"" sh "$dnf" -y --refresh \
		--enablerepo=lkp-current "$@"
}

trouble "/lib/modules read-only" 'Read-only file system|No write access' with_mount \
	'mount --bind /lib/modules /lib/modules &&
		mount -o remount,bind,ro /lib/modules' install lkp-example-dkms
repaired
undo

usr_read_only() {
	! with_mount 'mount --bind /usr /usr && mount -o remount,bind,ro /usr' \
		install lkp-example-dkms
}

# rpm refuses before it runs any scriptlet, and says that there is no room. So it is
# dnf whose log keeps the cause.
trouble="/usr read-only"
check "$trouble: dnf says that it has failed" run usr_read_only
check "$trouble: ... and nothing is installed" \
	finds 'not installed' inside rpm -q lkp-example-dkms
check "$trouble: the cause is in dnf's log" grep -hE \
	'Read-only file system|lkp-example-dkms.* needs .* more space' \
	"$root"/var/log/dnf.log "$root"/var/log/dnf.rpm.log
rm -f "$root/var/log/scriptlets"
repaired first_run
undo

# --- A full disk -------------------------------------------------------------

trouble "a full disk" 'No space left' with_mount \
	'mount -t tmpfs -o size=200k none /var/lib/dkms' install lkp-example-dkms
repaired
undo

# --- Somebody kills dnf ------------------------------------------------------

# The shell is process 1 there: with it, everything ends at once.
killed() {
	inside sh -c '"$@" & while [ ! -e /var/lib/dkms/lkp-example/*/build ]; do
			sleep 0.1
		done
		kill -KILL $!' sh "$dnf" -y --refresh \
		--enablerepo=lkp-current install lkp-example-dkms
	rm -f "$root/var/log/scriptlets"
	! status_is "$version" "$release_old"
}

check "dnf killed in the scriptlet: there is no module" run killed
trouble="dnf killed in the scriptlet"
repaired
check "$trouble: repaired: proven" proven_on "$release_old"
finish
