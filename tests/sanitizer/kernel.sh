# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# kernel.sh - the debug kernel, and a system that has it
#
# To be sourced after system.sh, with a directory $work.
#
#   debug_kernel           sets archive to the debug kernel; it is built if need be,
#                          which takes a quarter of an hour on two processors
#   debug_kernel_is_kept   whether there is one already, of any age: sets archive
#   debug_system DIR       a clean system with the kernel that $archive holds
#   debug_system_with_modules DIR
#                          the same, with lkp-example-dkms installed in it
#
# It is built of Debian's linux-source package, for tests/sanitizer/config, in a
# clean Debian of the same suite and with its compiler. What the cache holds is what
# an installed kernel and its headers are: /boot, /lib/modules, /usr/src.

debug_name=6.12
debug_config=$top/tests/sanitizer/config
debug_option='^(CONFIG_|# CONFIG_.* is not set$)'

# The names: of a line of tests/kernels, of the system, and of what is kept.
debug_line() {
	system_line "$debug_name"
	debug_base=$suite/amd64
	debug_sources=$(system_sources) || exit
	debug_key=$({
		printf '%s\n' "$debug_sources"
		cat "$top/tests/sanitizer/build-kernel"
		grep -E "$debug_option" "$debug_config"
	} | system_key)
}

# In a system of that suite, with the sources of that line.
debug_build_in() {
	printf '%s\n' "$debug_sources" >"$work/kernel/etc/apt/sources.list"
	rm -f "$work/kernel"/etc/apt/sources.list.d/*
	system_apt_conf >"$work/kernel/etc/apt/apt.conf.d/90host"
	cp "$debug_config" "$top/tests/sanitizer/build-kernel" "$work/kernel/srv/"
	# They are many, and of no use to anybody else.
	packages=
	follow "$archive.log" '^(Unpacking linux-source|==>) .*' \
		system_run "$work/kernel" /srv/build-kernel "$debug_name" /srv/config /srv/stage
}

debug_build() {
	step "building the debug kernel: Linux $debug_name for tests/sanitizer/config"
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
	system_kept sanitizer "$debug_key" "the debug kernel" debug_build
}

debug_kernel_is_kept() {
	debug_line
	archive=$cache/systems/sanitizer-$debug_key.tar.zst
	[ -e "$archive" ]
}

# Modules are built with objtool, which needs that library.
debug_extract() {
	tar -x -f "$debug_archive" --zstd --numeric-owner --keep-directory-symlink \
		-C "$1" && system_install_quietly "$debug_file" "$1" libelf-dev
}

debug_extract_into() {
	system_written "$1" "$2" debug_extract
}

# Sets layer to the layers of a clean system with the kernel.
debug_layers() {
	debug_archive=$archive
	debug_file=$(system_file "$debug_base")
	system_line "$debug_base"
	packages=$cache/packages/$debug_file
	system_has_layers || return
	system_layer "$debug_base" system_unpack_into "$debug_base" || return
	debug_lowest=$layer
	system_layer sanitizer debug_extract_into "$debug_lowest" || return
	layer=$layer:$debug_lowest
}

debug_system() {
	if debug_layers; then
		system_own && system_mount "$1" "$layer_own" "$layer"
	else
		system_unpack "$debug_base" "$1" && debug_extract "$1"
	fi
}

debug_system_with_modules() {
	debug_layers || {
		debug_system "$1" && system_install "$debug_file" "$1"
		return
	}
	debug_lowest=$layer
	system_layer sanitizer.modules system_install_into "$debug_file" \
		"$debug_lowest" || return
	packages=$cache/packages/$debug_file
	system_own && system_mount "$1" "$layer_own" "$layer:$debug_lowest"
}
