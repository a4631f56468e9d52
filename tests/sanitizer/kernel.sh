# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# kernel.sh - the debug kernels, and a system that has one
#
# To be sourced after system.sh, with a directory $work.
#
#   debug_choose NAME      which debug kernel the others are about; 6.12 at first. It
#                          is as the argument of a test: NAME, short or NAME/WHAT
#   debug_kernel           sets archive to the debug kernel; it is built if need be,
#                          which takes a quarter of an hour on two processors
#   debug_kernel_is_kept   whether there is one already, of any age: sets archive
#   debug_system DIR       a clean system with the kernel that $archive holds
#   debug_system_with_modules DIR
#                          the same, with lkp-example-dkms installed in it
#
# Their names are those of lines of tests/kernels (6.12, newest), and
#
#   kcsan   6.12, which looks for races of data in modules, and not for faults of
#           memory: the two cannot be in one kernel
#
# A debug kernel is built of Debian's linux-source package, for
# tests/sanitizer/config with the changes of config-NAME, in a clean Debian of the
# same suite and with its compiler. What the cache holds is what an installed kernel
# and its headers are: /boot, /lib/modules, /usr/src.

debug_config=$top/tests/sanitizer/config
debug_option='^(CONFIG_|# CONFIG_.* is not set$)'

debug_choose() {
	debug_name=${1%%/*}
	[ "$debug_name" != short ] || debug_name=6.12
	debug_changes=$top/tests/sanitizer/config-$debug_name
	debug_of=$debug_name
	debug_kept=sanitizer.$debug_name
	debug_make=
	case $debug_name in
	6.12) debug_kept=sanitizer ;;
	# Modules are instrumented, and nothing else: the kernel's own races are
	# many, and not our subject.
	kcsan) debug_of=6.12 debug_make=KCSAN_SANITIZE=n ;;
	esac
}
debug_choose 6.12

# The options: those of the changes, and of the others those that they do not name.
debug_options() {
	[ -e "$debug_changes" ] || {
		grep -E "$debug_option" "$debug_config"
		return
	}
	grep -hE "$debug_option" "$debug_changes" "$debug_config" |
		awk '{ name = $0; sub(/^# /, "", name); sub(/[= ].*/, "", name) }
			!seen[name]++'
}

# The names: of a line of tests/kernels, of the system, and of what is kept.
debug_line() {
	system_line "$debug_of"
	debug_base=$suite/amd64
	debug_pin=$from
	debug_sources=$(system_sources) || exit
	debug_key=$({
		printf '%s\n' "$debug_sources"
		cat "$top/tests/sanitizer/build-kernel"
		debug_options
		[ -z "$debug_make" ] || printf '%s\n' "$debug_make"
	} | system_key)
}

# Which line of Linux it is: what the metapackage linux-source depends on.
debug_source_line() {
	system_run "$work/kernel" sh -c 'apt-get update >&2 &&
		apt-cache show --no-all-versions linux-source' |
		sed -n 's/^Depends: linux-source-\([0-9.]*\) .*/\1/p'
}

# In a system of that suite, with the sources of that line.
debug_build_in() {
	printf '%s\n' "$debug_sources" >"$work/kernel/etc/apt/sources.list"
	rm -f "$work/kernel"/etc/apt/sources.list.d/*
	system_apt_conf >"$work/kernel/etc/apt/apt.conf.d/90host"
	printf 'Package: linux-source*\nPin: release a=%s\nPin-Priority: 990\n' \
		"$debug_pin" >"$work/kernel/etc/apt/preferences.d/kernel"
	cp "$top/tests/sanitizer/build-kernel" "$work/kernel/srv/"
	debug_options >"$work/kernel/srv/config"
	# They are many, and of no use to anybody else.
	packages=
	debug_source=$(debug_source_line)
	if [ -z "$debug_source" ]; then
		say "apt knows no linux-source" >"$archive.log"
		return 1
	fi
	follow "$archive.log" '^(Unpacking linux-source|==>) .*' \
		system_run "$work/kernel" env MAKEFLAGS="$debug_make" \
		/srv/build-kernel "$debug_source" /srv/config /srv/stage
}

debug_build() {
	step "building the debug kernel $debug_name, for tests/sanitizer/config"
	need_space /var/tmp 6000
	debug_archive=$archive
	system_unpack "$debug_base" "$work/kernel" || return
	archive=$debug_archive
	debug_build_in || {
		tail -n 20 "$archive.log" >&2
		return 1
	}
	to_user "$archive.log"
	tar -c -f "$1" --zstd --numeric-owner -C "$work/kernel/srv/stage" . &&
		system_drop "$work/kernel"
}

debug_kernel() {
	debug_line
	system_kept "$debug_kept" "$debug_key" "the debug kernel" debug_build
}

debug_kernel_is_kept() {
	debug_line
	archive=$cache/systems/$debug_kept-$debug_key.tar.zst
	[ -e "$archive" ]
}

# Modules are built with objtool, which needs that library.
debug_extract() {
	tar -x -f "$debug_archive" --zstd --numeric-owner --keep-directory-symlink \
		-C "$1" &&
		system_install_quietly "$debug_file" "$1" libelf-dev
}

debug_extract_into() {
	system_written "$1" "$2" debug_extract
}

# Sets layer to the layers of a clean system with the kernel.
debug_layers() {
	system_line "$debug_base"
	packages=$cache/packages/$debug_file
	system_layer "$debug_base" system_unpack_into "$debug_base" || return
	debug_lowest=$layer
	system_layer "$debug_kept" debug_extract_into "$debug_lowest" || return
	layer=$layer:$debug_lowest
}

debug_system() {
	debug_archive=$archive
	debug_file=$(system_file "$debug_base")
	if system_has_layers; then
		debug_layers && system_own && system_mount "$1" "$layer_own" "$layer"
	else
		system_unpack "$debug_base" "$1" && debug_extract "$1"
	fi
}

debug_system_with_modules() {
	debug_archive=$archive
	debug_file=$(system_file "$debug_base")
	with_packages=
	system_has_layers || {
		debug_system "$1" && system_install_modules "$debug_file" "$1"
		return
	}
	debug_layers || return
	debug_lowest=$layer
	system_layer "$debug_kept.modules" system_install_into "$debug_file" \
		"$debug_lowest" || return
	packages=$cache/packages/$debug_file
	system_own && system_mount "$1" "$layer_own" "$layer:$debug_lowest"
}
