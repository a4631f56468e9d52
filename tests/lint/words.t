#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# words.t - what must stand in no file of the repository, and what in each
#
# No path of a developer's machine, no mirror that only one machine knows, no
# unsigned repository, no blanks at the end of lines; and in each source, in its
# first lines, under which license it is.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/plain-test.sh"

# Home directories and the like, but not "$dir/root/...". The brackets are for
# this file: it must not find itself.
machine_paths='(^|[^[:alnum:]_.~*)}-])/(home|root|work)/(\w|\.)|/tmp/[r]oots'
unsigned='trusted *= *[y]es'
blanks='[[:space:]]$'

# absent REGEX TREE: status 1 of grep is "nothing found", 2 is an error.
absent() {
	grep -rnIE -e "$1" "$2"
	[ $? = 1 ]
}

# The mirrors of this machine's apt, but for those that Debian runs for all.
mirrors() {
	# shellcheck disable=SC2016	# apt puts it in
	apt-get indextargets --format '$(SITE)' |
		sed -n 's|^[a-z+]*://\([^/@]*@\)\{0,1\}\([^/:]*\).*|\2|p' |
		sort -u | grep -vxE '(deb|security)\.debian\.org|localhost'
}

# no_mirrors LIST TREE
no_mirrors() {
	grep -rnIF -f "$1" "$2"
	[ $? = 1 ]
}

# git would quote any other name, and scripts here go by lines.
names_plain() {
	! grep -vE '^[[:alnum:]_+@][[:alnum:]._/+@-]*$|^\.[[:alnum:]]' "$1"
}

# has_license TREE FILE
has_license() {
	case $2 in
	LICENSE) return ;;                    # is the license
	debian/*) return ;;                   # debian/copyright says it
	*.md | *.json | *.svg | *.png | .gitignore) return ;; # no sources
	tests/host-packages | tests/items-guide-only) return ;; # tables
	tests/kernels | tests/negative/mutants | tests/skips) return ;; # the same
	tests/picture/terminal.*) return ;;   # a recorded result
	tests/sanitizer/planted) return ;;    # a table
	tests/matrix/*.*) ;;
	tests/matrix/bad-proxy) ;;
	tests/matrix/*) return ;;             # the same
	src/dist/*.d/*) return ;;             # configuration
	esac
	head -n 3 "$1/$2" | grep -qE \
		'SPDX-License-Identifier: GPL-2\.0-only( WITH Linux-syscall-note)?( \*/)?$' &&
		return
	echo "$2: no SPDX-License-Identifier in the first three lines"
	return 1
}

# licenses TREE: of all files in it
licenses() {
	(cd "$1" && find . -type f) | sed 's|^\./||' >"$work/names"
	while read -r file; do
		has_license "$1" "$file"
	done <"$work/names" >"$work/unlicensed"
	cat "$work/unlicensed"
	[ ! -s "$work/unlicensed" ]
}

tree=$work/tree
copy_tree "$tree"
git_files "$top" >"$work/files"
mirrors >"$work/mirrors"

check "git knows files" [ -s "$work/files" ]
check "names of files are plain" names_plain "$work/files"
check "no path of a developer's machine" absent "$machine_paths" "$tree"
check "no mirror of this machine ($(wc -l <"$work/mirrors") to look for)" \
	no_mirrors "$work/mirrors" "$tree"
check "no repository that is trusted unsigned" absent "$unsigned" "$tree"
check "no blanks at the end of lines" absent "$blanks" "$tree"
check "each source says its license" licenses "$tree"

# plant FORMAT ARGUMENT...: a tree of one file, with a planted line
plant() {
	rm -rf "$work/planted"
	mkdir "$work/planted"
	# shellcheck disable=SC2059	# so that no fault stands in this file
	printf "$@" >"$work/planted/file.c"
}

for dir in home root work; do
	for before in '' 'cd ' '"' 'file://' 'A='; do
		plant '%s/%s/me/x\n' "$before" "$dir"
		check "a planted path is found: $before/$dir" finds "file.c:1:" \
			absent "$machine_paths" "$work/planted"
	done
done
plant '/tmp/%s/x\n' roots
check "a planted path is found: roots" finds "file.c:1:" \
	absent "$machine_paths" "$work/planted"
# shellcheck disable=SC2016	# written as it stands in scripts
plant '$work/root/x ${x}/home/y dir/work/z /%s\n' home
check "a path below another directory is none of those" \
	absent "$machine_paths" "$work/planted"
plant 'deb [%s=yes] file:/srv ./\n' trusted
check "a planted unsigned repository is found" finds "file.c:1:" \
	absent "$unsigned" "$work/planted"
for blank in ' ' '\t' '\r'; do
	plant "int x;$blank\n"
	check "a planted blank at the end of a line is found: '$blank'" \
		finds "file.c:1:" absent "$blanks" "$work/planted"
done
check "a planted source without a license is found" finds "^file.c: no SPDX" \
	licenses "$work/planted"
plant '// SPDX-License-Identifier: %s\n' MIT
check "a planted source with another license is found" \
	finds "^file.c: no SPDX" licenses "$work/planted"
plant 'deb http://mirror.%s/debian trixie main\n' example.net
echo mirror.example.net >"$work/mirrors"
check "a planted mirror is found" finds "file.c:1:" \
	no_mirrors "$work/mirrors" "$work/planted"
printf '%s\n' a.c 'a b.c' >"$work/files"
check "a planted name with a blank is found" finds 'a b' \
	names_plain "$work/files"
finish
