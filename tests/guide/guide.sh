# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# guide.sh - run the commands of lkp-example-guide(7) on the reference kernel
#
# To be sourced after host.sh and system.sh, by a script that runs as root and
# has called system_work.
#
#   guide_system             the package, and what else the guide shows, in $root
#   guide_run FILE           runs all commands there; the file gets the outputs
#   guide_fill PAGE OUTPUTS  the page with these outputs in it

guide=$top/src/man/lkp-example-guide.7
guide_kernel=6.12

guide_system() {
	root=$work/root
	system_with_modules "$guide_kernel" "$root" &&
		cp "$build/user/lkp-example-user" "$root/usr/bin/" &&
		release=$(system_release "$root")
}

guide_run() {
	{
		cat "$top/src/man/lesson.sh" "$top/tests/guide/prelude"
		guide_script "$guide"
		echo 'echo "@ end"'
	} >"$work/guide-script"
	logs=$build/tests/guide
	as_user mkdir -p "$logs"
	as_user "$build/bin/lkp-example" verify --root "$root" \
		--kernel "$release" --log "$logs" --timeout 900 \
		--script "$work/guide-script" \
		lkp_example lkp_example_client lkp_example_probe >"$work/guide.log" ||
		return
	sed -n 's/^# script: //p' "$logs/report.ktap" >"$1"
	[ "$(tail -n 1 "$1")" = '@ end' ]
}

guide_script() {
	awk -v mode=script -f "$top/src/man/guide.awk" "$1"
}

guide_fill() {
	awk -v mode=fill -f "$top/src/man/guide.awk" "$1" "$2"
}

guide_commands() {
	awk -v mode=commands -f "$top/src/man/guide.awk" "$1"
}
