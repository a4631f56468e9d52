#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# build.t - what the guide says about building modules, on one kernel
#
# Usage: build.t NAME		a name of tests/kernels
#
# In a clean system of that suite, with its own compiler: the project's modules
# and a minimal one are built, installed and cleaned up, as modules and as parts
# of a kernel. Then refused.sh builds what must not build.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"
name=$1

root=$work/root
. "$top/tests/build/build.sh"

clone=$root/srv/clone
module=$clone/src/module
minimal=$root/srv/minimal

# Call: item NUMBER WHAT COMMAND...
item() {
	item_name="item $1: $name: $2"
	shift 2
	check "$item_name" "$@"
}

# kmod is there, gcc and binutils come with the headers.
prepare() {
	system_apt_conf >"$root/etc/apt/apt.conf.d/90host"
	in_root sh -c 'apt-get update &&
		apt-get install --yes make perl xz-utils' >"$log" 2>&1 &&
		copy_sources "$clone" &&
		cp -r "$top/tests/build/minimal" "$top/tests/build/refused" \
			"$root/srv/" &&
		cp -r "$module" "$work/pristine" &&
		ln -s "/usr/src/linux-headers-$release" "$root/srv/headers" &&
		touch "$work/stamp"
}

# Call: says STATUS TEXT TARGET...; the project's own Makefile does.
says() {
	wanted=$1
	text=$2
	shift 2
	in_root make -C /srv/clone "$@" >"$log" 2>&1
	got=$?
	cat "$log"
	echo "status $got, and $wanted is right; expected: $text"
	[ "$got" = "$wanted" ] && grep -qF -- "$text" "$log"
}

nothing_built() {
	diff -r "$work/pristine" "$module"
}

# The kernel that is named does not exist: the headers can only be those.
by_other_headers() {
	says 0 lkp_example.ko build KVER=1.2.3 KDIR=/srv/headers &&
		[ "$(modinfo -F vermagic "$module/lkp_example.ko" |
			cut -d' ' -f1)" = "$release" ]
}

minimal_builds() {
	kbuild /srv/minimal W=1 modules && quiet && [ -f "$minimal/minimal.ko" ]
}

is_for_this_kernel() {
	grep -x 'obj-m := minimal.o' "$minimal/Kbuild" &&
		modinfo -F vermagic "$minimal/minimal.ko" | grep "^$release "
}

# field FIELD VALUE
field() {
	[ "$(modinfo -F "$1" "$minimal/minimal.ko")" = "$2" ]
}

minimal_is_whole() {
	nm "$minimal/minimal.ko" >"$work/nm" && cat "$work/nm" &&
		grep -q ' T init_module$' "$work/nm" &&
		grep -q ' T cleanup_module$' "$work/nm" &&
		grep -q ' d answer$' "$work/nm" &&
		field name minimal && field license GPL &&
		field author 'The lkp-example maintainers' &&
		field description 'The smallest module of a test'
}

# The headers are in /usr; what was built is beside its sources alone.
outside() {
	for file in lkp_example lkp_example_client lkp_example_probe; do
		[ -f "$module/$file.ko" ] || return
	done
}

kernel_tree_untouched() {
	find "$root/usr/src" "$root/usr/lib" "$root/lib/modules/" -type f \
		-newer "$work/stamp" >"$work/touched"
	cat "$work/touched"
	[ ! -s "$work/touched" ]
}

# What Kbuild lists for the module is what is in it, and that is not one file.
objects_are_linked() {
	tr ' ' '\n' <"$module/lkp_example.mod" |
		sed -n 's|.*/\(.*\)\.o$|\1.c|p' | sort >"$work/listed"
	objdump -t "$module/lkp_example.ko" |
		sed -n 's/.* df \*ABS\*.* \(.*\.c\)$/\1/p' |
		grep -vxE 'lkp_example\.mod\.c|module-common\.c' |
		sort >"$work/linked"
	diff "$work/listed" "$work/linked" && [ "$(wc -l <"$work/listed")" -gt 2 ] &&
		grep -x main.c "$work/listed"
}

# Newer kernels add a part that all modules have in common.
generated() {
	{
		printf '%s\n' minimal.ko minimal.mod minimal.mod.c minimal.mod.o \
			minimal.o .minimal.ko.cmd .minimal.mod.cmd \
			.minimal.mod.o.cmd .minimal.o.cmd Module.symvers \
			.Module.symvers.cmd modules.order .modules.order.cmd
		! grep -q module-common \
			"$root"/usr/src/linux-headers-*-common/scripts/Makefile.modfinal ||
			printf '%s\n' .module-common.o ..module-common.o.cmd
	} | LC_ALL=C sort >"$work/expected"
	products "$minimal" "$top/tests/build/minimal" | diff "$work/expected" -
}

# modpost writes it; the relocations say that it is what the module has become.
mod_c() {
	file=$module/lkp_example.mod.c
	cat "$file"
	grep -qF 'struct module __this_module' "$file" &&
		grep -qF '".gnu.linkonce.this_module"' "$file" &&
		grep -qE '^\s*\.init = init_module,$' "$file" &&
		[ "$(grep -A1 -x '#ifdef CONFIG_MODULE_UNLOAD' "$file" | tail -n 1 |
			tr -d '\t')" = '.exit = cleanup_module,' ] || return
	objdump -r -j .gnu.linkonce.this_module "$module/lkp_example.ko" |
		awk '$2 ~ /^R_/ { print $3 }' >"$work/relocated"
	printf '%s\n' init_module cleanup_module | diff - "$work/relocated"
}

# The name is on the compiler's command line, in struct module, which lsmod
# reads, and in front of what the module prints.
modname() {
	for file in main device; do
		grep -oE 'KBUILD_MODNAME=\S+' "$module/.$file.o.cmd" |
			grep -F '"lkp_example"' || return
	done
	objcopy -O binary -j .gnu.linkonce.this_module "$module/lkp_example.ko" \
		"$work/this_module" &&
		strings "$work/this_module" | grep -x lkp_example &&
		[ "$(modinfo -F name "$module/lkp_example.ko")" = lkp_example ] &&
		strings "$module/lkp_example.ko" |
		grep -E '^6lkp_example: Module loaded'
}

# Each is for the GPL only; the file has their CRCs, 0 where there are none.
exports() {
	nm "$module/lkp_example.ko" | sed -n 's/.* __ksymtab_//p' | sort >"$work/exported"
	awk -F '\t' '$3 ~ /(^|\/)lkp_example$/ && $4 == "EXPORT_SYMBOL_GPL" &&
		$1 ~ /^0x[0-9a-f]+$/ { print $2 }' "$module/Module.symvers" | sort |
		diff "$work/exported" - && grep -x lkp_example_update "$work/exported"
}

# Once a header that each source had to include.
no_modversions_header() {
	find "$root/usr/src" -path '*/include/linux/module.h' | grep . &&
		! find "$root/usr/src" -path '*/include/linux/modversions.h' | grep .
}

installs() {
	kbuild /srv/clone/src/module modules_install && in_root depmod "$release"
}

found_by_name() {
	file=$(in_root modinfo -k "$release" -n lkp_example) || return
	echo "$file"
	case $file in
	"/lib/modules/$release/updates/"* | "/lib/modules/$release/extra/"*) ;;
	*) return 1 ;;
	esac
	grep "^${file#"/lib/modules/$release/"}:" \
		"$root/lib/modules/$release/modules.dep" &&
		[ "$(in_root modinfo -k "$release" -F version lkp_example)" = \
			"$("$top/src/dist/version")" ]
}

# The client needs lkp_example: depmod has found out.
depends() {
	grep -E '/lkp_example_client\.ko[.a-z]*: .*/lkp_example\.ko' \
		"$root/lib/modules/$release/modules.dep"
}

clean_by_project() {
	says 0 '' clean && diff -r "$work/pristine" "$module"
}

clean_by_kernel() {
	kbuild /srv/minimal clean && diff -r "$top/tests/build/minimal" "$minimal"
}

# A kernel's configuration tool reads our menu; on 5.10 it has another word for
# which symbol stands for modules. Call: configure LINE...
configure() {
	rm -rf "$root/srv/menu"
	mkdir -p "$root/srv/menu"
	for modules in modules 'option modules'; do
		printf '%s\n' 'config MODULES' '	def_bool y' "	$modules" '' \
			'source "/srv/clone/src/module/Kconfig"' \
			>"$root/srv/menu/Kconfig"
		printf '%s\n' "$@" >"$root/srv/menu/.config"
		! in_root env -C /srv/menu \
			"/lib/modules/$release/build/scripts/kconfig/conf" \
			--olddefconfig Kconfig >"$work/conf.log" 2>&1 || break
	done
	grep LKP "$root/srv/menu/.config" >"$work/config"
	cat "$work/conf.log" "$work/config"
}

# A user of a module's functions cannot be built in if the module is not.
menu() {
	configure CONFIG_LKP_EXAMPLE=m CONFIG_LKP_EXAMPLE_CLIENT=y &&
		printf '%s\n' CONFIG_LKP_EXAMPLE=m CONFIG_LKP_EXAMPLE_CLIENT=m \
			'# CONFIG_LKP_EXAMPLE_PROBE is not set' |
		diff - "$work/config" && ! grep -i warning "$work/conf.log"
}

# configured TARGET: build as $work/config says; "n" is an empty word.
configured() {
	# shellcheck disable=SC2046	# one word an option
	kbuild /srv/clone/src/module W=1 "$1" $(sed -n \
		-e 's/^# \(CONFIG_.*\) is not set$/\1=/p' \
		-e 's/^CONFIG_LKP_[A-Z_]*=.$/&/p' "$work/config") && quiet
}

only_what_is_configured() {
	configure CONFIG_LKP_EXAMPLE=m && configured modules &&
		(cd "$module" && echo *.ko) >"$work/modules" &&
		cat "$work/modules" && [ "$(cat "$work/modules")" = lkp_example.ko ] &&
		grep -q -- ' -DMODULE ' "$module/.main.o.cmd"
}

# The archive that a kernel would be linked from.
built_in() {
	clean_by_project && configure CONFIG_LKP_EXAMPLE=y \
		CONFIG_LKP_EXAMPLE_CLIENT=y CONFIG_LKP_EXAMPLE_PROBE=y &&
		configured built-in.a &&
		[ -f "$module/built-in.a" ]
}

# All of the sources, once, none of them as a part of a module.
all_built_in() {
	(cd "$work/pristine" && ls ./*.c) | sed 's|^\./\(.*\)c$|\1o|' |
		LC_ALL=C sort >"$work/sources"
	in_root x86_64-linux-gnu-ar t /srv/clone/src/module/built-in.a |
		sed 's|.*/||' | LC_ALL=C sort | diff "$work/sources" - || return
	while read -r object <&3; do
		[ -s "$module/.$object.cmd" ] || return
		! grep -e ' -DMODULE ' "$module/.$object.cmd" || return
	done 3<"$work/sources"
}

# One image: no name is there twice, and the init functions are initcalls.
links_into_one() {
	# shellcheck disable=SC2046	# one word an object
	(cd "$module" && ld -r -o "$work/image.o" $(cat "$work/sources")) &&
		objdump -h "$work/image.o" | grep -o '\.initcall6\.init' &&
		! nm "$work/image.o" | grep -wE 'init_module|cleanup_module'
}

system_unpack "$name" "$root" >"$work/unpack.log" 2>&1 || {
	sed 's/^/# /' "$work/unpack.log"
	die "no system for $name"
}
release=$(system_release "$root")
echo "# kernel: $release"
prepare || {
	tail -n 20 "$log" | sed 's/^/# /'
	die "make could not be installed in the system"
}

item 021 "no headers: it names the package" \
	says 2 'apt-get install linux-headers-1.2.3' build KVER=1.2.3
item 021 "no headers: it names the kernels that have them" \
	says 2 "there are: $release" build KVER=1.2.3
item 021 "no headers: nothing is built" nothing_built
item 020 "headers of any path: make build KDIR=" by_other_headers
item 003 "a minimal module builds with W=1 and no warning" minimal_builds
item 003 "a minimal module: init, exit and what MODULE_* say" minimal_is_whole
item 020 "obj-m, make -C headers M=directory modules" is_for_this_kernel
item 014 "modules are built where their sources are" outside
item 014 "nothing is written where the headers are" kernel_tree_untouched
item 022 "a module of several sources" objects_are_linked
item 024 "a build makes these files" generated
item 025 "modpost writes the .mod.c, with __this_module" mod_c
item 026 "KBUILD_MODNAME is the module's name" modname
item 101 "Module.symvers has what is exported" exports
item 107 "all of it is exported for the GPL only" exports
item 109 "no modversions.h" no_modversions_header
item 027 "modules_install and depmod" installs
item 027 "modinfo by name" found_by_name
item 027 "depmod knows that the client needs lkp_example" depends
item 023 "make clean leaves the sources alone" clean_by_project
item 023 "the kernel's make clean does so, too" clean_by_kernel
item 002 "Kconfig: the kernel's tool reads it" menu
item 002 "Kconfig and Kbuild: what is chosen is built" only_what_is_configured
item 002 "built in: it builds without MODULE" built_in
item 002 "built in: all of the sources" all_built_in
item 002 "built in: they link into one" links_into_one

. "$top/tests/build/refused.sh"
finish
