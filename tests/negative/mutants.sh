# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# mutants.sh - a fault is planted in the modules' sources, and has to be noticed
#
# To be sourced after system.sh and tap.sh, with a system in $root whose kernel is
# $release, and which can build modules. $mutants_options, a list, is told to make
# when they are built.
#
#   mutants_table FILE WHICH
#                      the lines of a table: all, so many, or NAME,...
#   mutants_set_up     puts the sources there, and builds them
#   mutants_verify SELECTION
#                      proves the modules as they are built: $work/said, status
#   mutants_hold FILE  the checks of that list, one a line, hold for the modules as
#                      they are: a result of each
#   mutants_plant FILE CHANGE
#                      makes the change, a sed script, in that source, and builds
#   mutants_restore FILE
#                      takes it back; what is built next is without it
#   caught FILE CHECK CHANGE [REPORT]
#                      with the sed script CHANGE in the source FILE, CHECK is broken;
#                      the reason has what the regular expression REPORT matches
tree=/srv/tree/src/module
modules="lkp_example lkp_example_client lkp_example_probe"
mutants_options=

mutants_table() {
	sed '/^#/d; /^$/d' "$1" | case $2 in
	all) cat ;;
	*[!0-9]*) awk -v names=",$2," 'index(names, "," $1 ",")' ;;
	*) head -n "$2" ;;
	esac
}

# Only what has changed since the last time is compiled.
mutants_build() {
	# shellcheck disable=SC2086	# a list
	system_run "$root" make -s -C "/lib/modules/$release/build" M="$tree" \
		$mutants_options modules >"$work/build.log" 2>&1 || {
		cat "$work/build.log"
		return 1
	}
	for module in $modules; do
		cp "$root$tree/$module.ko" "$root/lib/modules/$release/updates/" ||
			return
	done
	system_run "$root" depmod "$release"
}

mutants_set_up() {
	mkdir -p "$root/srv/tree/src" "$root/lib/modules/$release/updates" &&
		cp -r "$top/src/module" "$root$tree" &&
		cp "$top/dkms.conf" "$root/srv/tree/" &&
		mutants_build
}

# What to tell "verify --checks" for a check of a table. What is lost is found after
# something was done.
mutants_selection() {
	case $1 in
	lkp_example*) echo quick ;;
	sanitizer.leaks) echo sanitizer.memory_device,sanitizer.leaks ;;
	item.*) echo "${1#item.}" | sed 's/^0*//; s/_.*//' ;;
	*) echo "$1" ;;
	esac
}

mutants_verify() {
	as_user "$build/bin/lkp-example" verify --root "$root" \
		--kernel "$release" --checks "$1" --stress-seconds 4 \
		--timeout 20 lkp_example lkp_example_client lkp_example_probe \
		>"$work/said" 2>&1
	status=$?
}

mutants_pass() {
	grep -E "^  (not )?ok [0-9]+ $(echo "$1" | sed 's/\./\\./')(_|\$| )" \
		"$work/said" >"$work/line"
	cat "$work/line"
	grep -q '^  ok ' "$work/line" && ! grep -q 'not ok\|SKIP' "$work/line"
}

mutants_hold() {
	mutants_verify "$(while read -r name; do mutants_selection "$name"; done <"$1" |
		sort -u | paste -sd, -)"
	while read -r name; do
		check "$name: holds for the modules as they are" mutants_pass "$name"
	done <"$1"
}

mutants_plant() {
	sed "$2" "$top/src/module/$1" >"$root$tree/$1"
	! cmp -s "$top/src/module/$1" "$root$tree/$1" || {
		echo "the change of $1 changes nothing: $2"
		return 1
	}
	mutants_build
}

mutants_restore() {
	cp "$top/src/module/$1" "$root$tree/$1"
}

caught() {
	if mutants_plant "$1" "$3"; then
		mutants_verify "$(mutants_selection "$2")"
		tail -n 15 "$work/said"
		[ "$status" = 1 ] && grep -qE \
			": BROKEN, $(literal "$2")(_[a-z0-9_]*)?: .*${4:-}" \
			"$work/said"
		result=$?
	else
		result=1
	fi
	mutants_restore "$1"
	return "$result"
}
