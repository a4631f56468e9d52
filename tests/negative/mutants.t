#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# mutants.t - the checks notice a module that is wrong
#
# Usage: mutants.t		all mutants (of "make test-all")
#        mutants.t NUMBER	the first NUMBER of them
#        mutants.t NAME,...	these
#
# Each line of tests/negative/mutants is a change of one source, and names a
# check. The sources as they are pass all of those checks; then, one at a time,
# each change is made, the modules are built, and their kernel is booted: the
# verdict must be that this check is broken. A kernel that stops or says no
# more in the middle of this check counts, too; one that does so elsewhere does
# not, and neither does a change that changes nothing or does not compile.
# shellcheck disable=SC2317 # functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/host.sh"
. "$top/tests/tools/system.sh"
. "$top/tests/tools/tap.sh"
which=${1:-all}

system_work
root=$work/root
tree=/srv/tree/src/module
modules="lkp_example lkp_example_client lkp_example_probe"

# The lines of the table that were asked for.
table() {
	sed '/^#/d; /^$/d' "$top/tests/negative/mutants" | case $which in
	all) cat ;;
	*[!0-9]*) awk -v names=",$which," 'index(names, "," $1 ",")' ;;
	*) head -n "$which" ;;
	esac
}

# Only what has changed since the last time is compiled.
build() {
	system_run "$root" make -s -C "/lib/modules/$release/build" M="$tree" \
		modules >"$work/build.log" 2>&1 || {
		cat "$work/build.log"
		return 1
	}
	for module in $modules; do
		cp "$root$tree/$module.ko" "$root/lib/modules/$release/updates/" ||
			return
	done
	system_run "$root" depmod "$release"
}

set_up() {
	packages=$cache/packages/6.12
	system_run "$root" sh -c \
		'apt-get update && apt-get install --yes make perl' &&
		mkdir -p "$root/srv/tree/src" "$root/lib/modules/$release/updates" &&
		cp -r "$top/src/module" "$root$tree" &&
		cp "$top/dkms.conf" "$root/srv/tree/" &&
		build
}

# What to tell "verify --checks" for a check of the table.
selection() {
	case $1 in
	lkp_example*) echo quick ;;
	item.*) echo "${1#item.}" | sed 's/^0*//; s/_.*//' ;;
	*) echo "$1" ;;
	esac
}

# Call: verify SELECTION; leaves $work/said and status.
verify() {
	as_user "$build/bin/lkp-example" verify --root "$root" \
		--kernel "$release" --checks "$1" --stress-seconds 4 \
		--timeout 20 lkp_example lkp_example_client lkp_example_probe \
		>"$work/said" 2>&1
	status=$?
}

# Call: passes CHECK, of the unchanged sources
passes() {
	grep -E "^  (not )?ok [0-9]+ $(echo "$1" | sed 's/\./\\./')(_|\$| )" \
		"$work/said" >"$work/line"
	cat "$work/line"
	grep -q '^  ok ' "$work/line" && ! grep -q 'not ok\|SKIP' "$work/line"
}

# Call: caught NAME FILE CHECK CHANGE
caught() {
	sed "$4" "$top/src/module/$2" >"$root$tree/$2"
	if cmp -s "$top/src/module/$2" "$root$tree/$2"; then
		echo "the change of $2 changes nothing: $4"
		return 1
	fi
	if build; then
		verify "$(selection "$3")"
		tail -n 15 "$work/said"
		[ "$status" = 1 ] && grep -qE \
			": BROKEN, $(echo "$3" | sed 's/\./\\./')(_[a-z0-9_]*)?: " \
			"$work/said"
		result=$?
	else
		result=1
	fi
	cp "$top/src/module/$2" "$root$tree/$2"
	return "$result"
}

system_unpack 6.12 "$root" >"$work/log" 2>&1 || die "$(cat "$work/log")"
release=$(system_release "$root")
check "the modules are built" set_up

table | awk '{ print $3 }' | sort -u >"$work/checks"
selections=$(while read -r name; do selection "$name"; done <"$work/checks" |
	sort -u | paste -sd, -)
verify "$selections"
while read -r name; do
	check "$name: holds for the modules as they are" passes "$name"
done <"$work/checks"

table >"$work/table"
while read -r name file noticed change; do
	check "$name: noticed by $noticed" \
		caught "$name" "$file" "$noticed" "$change" </dev/null
done <"$work/table"
finish
