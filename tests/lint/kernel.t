#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# kernel.t - checkpatch, kernel-doc and sparse have nothing to say
#
# All is done in a clean system, on a private copy of the tree. sparse is a
# Debian package; checkpatch and kernel-doc are taken from the source of the
# system's kernel, which is downloaded once per version (150 MB, of which four
# small files are kept in the cache).
#
# shellcheck disable=SC2016	# $a is a command of sed
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"
name=6.12
wanted='checkpatch.pl spelling.txt const_structs.checkpatch kernel-doc'

root=$work/root

# The types of checkpatch that make no sense in a program, and why.
program_ignores() {
	sed 's/ .*//' <<-EOT | paste -s -d ,
	ARRAY_SIZE                        a macro of the kernel
	PREFER_DEFINED_ATTRIBUTE_MACRO    __printf() is a macro of the kernel
	PREFER_KERNEL_TYPES               uint32_t is what programs have
	STRCPY                            strscpy() is a function of the kernel
	CAMELCASE                         libelf calls its types Elf_Data
	STATIC_CONST_CHAR_ARRAY           the argv of exec is without const
	SPLIT_STRING                      a help text has many lines
	MISSING_SPACE                     the same
	LONG_LINE_STRING                  messages are not split, for grep
	VOLATILE                          what a signal handler sets is volatile
	ENOSYS                            old system calls do give it
	BIT_MACRO                         BIT() is a macro of the kernel
	USE_NEGATIVE_ERRNO                an exit status is not negative
	EMBEDDED_FUNCTION_NAME            a program may be called as a function is
	QUOTED_WHITESPACE_BEFORE_NEWLINE  so do tools print
	EOT
}

in_root() {
	system_run "$root" "$@"
}

prepare_system() {
	system_apt_conf >"$root/etc/apt/apt.conf.d/90host"
	in_root sh -c 'apt-get update &&
		apt-get install --yes make perl sparse' >"$work/log" 2>&1
}

# What the metapackage linux-source depends on: "linux-source-X.Y VERSION".
source_package() {
	in_root apt-cache show --no-all-versions linux-source |
		sed -n 's/^Depends: \(linux-source-[^ ]*\) (= \([^)]*\)).*/\1 \2/p'
}

# download_scripts PACKAGE VERSION DIR: DIR is there at once, or not at all.
download_scripts() {
	mkdir "$root/srv/source"
	in_root env -C /srv/source apt-get download "$1=$2" >"$work/log" 2>&1 ||
		return
	echo "# unpacking $wanted"
	rm -rf "$cache/kernel-scripts/part"
	mkdir "$cache/kernel-scripts/part"
	set -- "$3" "$root/srv/source/$1"_*.deb
	# shellcheck disable=SC2046,SC2086	# one argument a file
	dpkg-deb --fsys-tarfile "$2" |
		tar -xO --wildcards './usr/src/linux-source-*.tar.xz' |
		tar -xJ -C "$cache/kernel-scripts/part" --strip-components=2 \
			--no-same-owner --wildcards \
			$(printf '*/scripts/%s ' $wanted) >"$work/log" 2>&1 || return
	to_user -R "$cache/kernel-scripts/part"
	# Those of other versions are of no more use.
	find "$cache/kernel-scripts" -mindepth 1 -maxdepth 1 ! -name part \
		-exec rm -rf {} +
	mv "$cache/kernel-scripts/part" "$1"
	rm -rf "$root/srv/source"
}

prepare_scripts() {
	# shellcheck disable=SC2046	# two words
	set -- $(source_package)
	[ $# = 2 ] || return
	as_user mkdir -p "$cache/kernel-scripts"
	exec 8<"$cache/kernel-scripts"
	flock 8
	if [ ! -d "$cache/kernel-scripts/$2" ]; then
		echo "# downloading $1 $2"
		download_scripts "$1" "$2" "$cache/kernel-scripts/$2" || return
	fi
	echo "# checkpatch and kernel-doc are those of $1 $2"
	cp -r "$cache/kernel-scripts/$2" "$root/srv/scripts"
	exec 8<&-
}

# style TREE FILE
style() {
	case $2 in
	src/module/* | tests/sanitizer/kunit/*) ignores= ;;
	# Its faults are there on purpose: an access to a bad address.
	tests/negative/*) ignores=VOLATILE ;;
	# The level is what one of them has wrong.
	tests/build/*) ignores=PREFER_PR_LEVEL ;;
	# Macros are joined to one string, and texts are bad on purpose.
	tests/unit/*) ignores=$(program_ignores),COMPLEX_MACRO,QUOTED_WHITESPACE_BEFORE_NEWLINE ;;
	*) ignores=$(program_ignores) ;;
	esac
	in_root env -C "/srv/$1" /srv/scripts/checkpatch.pl --strict --no-tree \
		--terse --show-types ${ignores:+"--ignore=$ignores"} -f "$2"
}

# documentation TREE FILE
documentation() {
	in_root env -C "/srv/$1" /srv/scripts/kernel-doc -none -Wall -Werror "$2"
}

# sparse TREE: it has seen every file, and said nothing, nor has the compiler.
sparse() {
	in_root make -C "/lib/modules/$release/build" \
		"M=/srv/$1/src/module" C=2 modules >"$work/sparse.log" 2>&1 || {
		cat "$work/sparse.log"
		return 1
	}
	for file in "$root/srv/$1"/src/module/*.c; do
		case $file in *.mod.c) continue ;; esac
		grep "CHECK .*/${file##*/}\$" "$work/sparse.log" || {
			echo "sparse has not checked ${file##*/}"
			return 1
		}
	done
	! grep -iE 'warning|error' "$work/sparse.log"
}

# plant FILE SED: a tree "planted" with a fault in FILE.
plant() {
	rm -rf "$root/srv/planted"
	cp -r "$root/srv/tree" "$root/srv/planted"
	sed -i "$2" "$root/srv/planted/$1"
	! cmp -s "$root/srv/tree/$1" "$root/srv/planted/$1" ||
		die "no fault was planted in $1: it has no line for $2"
}

echo "# unpacking a clean system"
system_unpack "$name" "$root" >"$work/log" 2>&1 || bail "no system for $name"
release=$(system_release "$root")
echo "# kernel: $release; installing make, perl and sparse"
prepare_system || bail "make, perl and sparse could not be installed in the" \
	"system: the network or the disk is at fault, see above"
prepare_scripts || bail "checkpatch and kernel-doc could not be had from" \
	"linux-source: the network or the disk is at fault, see above"
copy_tree "$root/srv/tree"
files "$top" | grep '\.[ch]$' >"$work/sources"

echo "# checkpatch"
check "git knows sources" [ -s "$work/sources" ]
while read -r file <&3; do
	check "checkpatch: $file" style tree "$file"
done 3<"$work/sources"

echo "# kernel-doc"
while read -r file <&3; do
	! grep -q '^/\*\*' "$top/$file" ||
		check "kernel-doc: $file" documentation tree "$file"
done 3<"$work/sources"

echo "# sparse"
check "sparse: src/module" sparse tree

echo "# planted faults"
style_fault='$a static int lkp_planted( void ) { return 0; }'
for file in src/module/message.c src/cli/main.c tests/unit/message_test.c; do
	plant $file "$style_fault"
	check "checkpatch: a planted style error in $file is found" \
		finds 'ERROR:SPACING' style planted $file
done
plant src/module/message.c 's/^\( \* \)\(The\|A\|What\)\?/\1teh /'
check "checkpatch: a planted misspelling is found" \
	finds 'TYPO_SPELLING' style planted src/module/message.c
plant src/module/device.c '$a static const struct file_operations *lkp_planted;\
static struct file_operations lkp_planted_ops;'
check "checkpatch: a planted struct that should be const is found" \
	finds 'CONST_STRUCT' style planted src/module/device.c
plant src/module/message.c '0,/^ \* @/{/^ \* @/d}'
check "kernel-doc: a planted argument without description is found" \
	finds 'not described' documentation planted src/module/message.c
plant src/module/message.c '/^ \* Return:/d'
check "kernel-doc: a planted missing Return: is found" \
	finds 'return value' documentation planted src/module/message.c
plant src/module/device.c '$a char lkp_planted(const char __user *text);\
char lkp_planted(const char __user *text)\
{\
	return *text;\
}'
check "sparse: a planted access to user memory is found" \
	finds 'noderef|address space' sparse planted
plant src/module/message.c '$a int lkp_planted;'
check "sparse: a planted symbol that should be static is found" \
	finds 'lkp_planted.*static' sparse planted
finish
