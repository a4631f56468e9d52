#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# man.t - the form of the manual pages, and that they are whole
#
# lkp_example(4) has the parameters, attributes, ioctls and errors of the module, with
# their types and modes, and no others.
#
# lkp-example(8) has a block for each subcommand that there is, and for
# no other; and a block names each option that "lkp-example COMMAND --help" does,
# and no other.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/plain-test.sh"

program=$build/bin/lkp-example
page=$top/src/man/lkp-example.8
subject=$page
device=$top/src/man/lkp_example.4

# What groff warns of goes to standard error; its status is 0.
groff_clean() {
	groff -mandoc -ww -z -T utf8 "$1" >"$work/groff" 2>&1
	cat "$work/groff"
	[ ! -s "$work/groff" ]
}

# The commands, as the program lists them.
commands() {
	"$program" --help | sed -n 's/^  \([a-z-]\{1,\}\) .*/\1/p'
}

# The options of a command, but for those that all have.
options() {
	"$program" "$1" --help >"$work/help" </dev/null || return
	sed -n 's/^ \{2,6\}\(-., \)\{0,1\}\(--[a-z0-9-]*\).*/\2/p' "$work/help" |
		grep -vxE -e '--(help|usage|version)' | sort
}

# Call: page_commands PAGE; a command has a block, or several.
page_commands() {
	awk '/^\.Sh / { here = $2 == "COMMANDS" }
		here && /^\.Ss / { print $2 }' "$1" | sort -u
}

# Call: page_options PAGE COMMAND
page_options() {
	awk -v command="$2" '/^\.S[hs] / { here = $1 == ".Ss" && $2 == command }
		here && /^\.It Fl / {
			for (i = 2; i < NF; i++)
				if ($i == "Fl" && $(i + 1) ~ /^-[a-z]/)
					print "-" $(i + 1)
		}' "$1" | sort
}

same_commands() {
	commands | sort >"$work/commands"
	[ -s "$work/commands" ] &&
		page_commands "$1" | diff "$work/commands" -
}

# Call: same_options PAGE COMMAND
same_options() {
	options "$2" >"$work/options" &&
		page_options "$1" "$2" | diff "$work/options" -
}

# What the sources of the module say of it: NAME TYPE MODE of each parameter.
# Call: parameters TREE
parameters() {
	sed -nE 's/^__MODULE_PARM_TYPE\((\w+), "(\w+)"\);/s,^\1 [?],\1 \2,/p' \
		"$1/src/module/params.c" >"$work/types"
	sed -nE -e 's/^module_param\((\w+), (\w+), (\w+)\);/\1 \2 \3/p' \
		-e 's/^module_param_array\((\w+), (\w+), .*, (\w+)\);/\1 array of \2 \3/p' \
		-e 's/^module_param_cb\((\w+), .*, (\w+)\);/\1 ? \2/p' \
		"$1/src/module/params.c" | sed -f "$work/types" | sort
}

# Call: attributes TREE: NAME MODE
attributes() {
	sed -n 's/^static DEVICE_ATTR_\(.*\)(\(.*\));/\2 \1/p' \
		"$1/src/module/sysfs.c" | sed 's/ADMIN_RO/0400/; s/ADMIN_RW/0600/
			s/ RO/ 0444/; s/ WO/ 0200/' | sort
}

# Call: ioctls TREE: the calls, and the structure
ioctls() {
	header=$1/src/module/uapi/lkp_example.h
	grep -oE '^#define LKP_EXAMPLE_IOC_[A-Z]+' "$header" | cut -d' ' -f2 |
		grep -v MAGIC | sort
	sed -n '/^struct/,/^};/p' "$header"
}

# Call: errors TREE: those of the device
errors() {
	(cd "$1/src/module" && cat device.c ioctl.c pin.c share.c) |
		grep -oE '(return|=|[?:]) -E[A-Z0-9]+' | sed 's/.*-//
			s/ERESTARTSYS/EINTR/' | sort -u
}

# The same, as the page says it.
page_parameters() {
	sed -n 's/^\.It Va \(.*\) Pq \(.*\), \(.*\)/\1 \2 \3/p' "$1" | sort
}

page_attributes() {
	sed -n 's/^\.It Pa \([a-z_]*\) Pq \(.*\)/\1 \2/p' "$1" | sort
}

page_ioctls() {
	sed -n 's/^\.It Dv //p' "$1" | sort
	sed -n '/^struct/,/^};/p' "$1"
}

page_errors() {
	sed -n 's/^\.It Bq Er //p' "$1" | sort -u
}

# Call: device_has WHAT PAGE TREE
device_has() {
	"$1" "$3" >"$work/device"
	[ -s "$work/device" ] && "page_$1" "$2" | diff "$work/device" -
}

[ -x "$program" ] || die "there is no $program: run 'make programs' first"

for file in "$top"/src/man/*.[1-9]; do
	check "${file##*/}: mandoc has nothing to say" \
		mandoc -T lint -W warning "$file"
	check "${file##*/}: groff has nothing to say" groff_clean "$file"
done
check "lkp-example.8 has the commands that there are" same_commands "$page"
for command in $(commands); do
	check "lkp-example.8: $command has the options that there are" \
		same_options "$page" "$command"
done

for what in parameters attributes ioctls errors; do
	check "lkp_example.4 has the $what that there are" \
		device_has $what "$device" "$top"
done

plant 's/^\.Sh FILES$/.Xx FILES/'
check "a planted unknown macro is found by mandoc" finds 'unknown macro' \
	mandoc -T lint -W warning "$work/planted"
check "... and by groff" finds 'macro .Xx. not defined' groff_clean "$work/planted"
plant 's/^\.Ss verify$/.Ss falsify/'
check "a planted command that is not there is found" \
	finds '^> falsify$' same_commands "$work/planted"
plant '/^\.Ss verify$/d'
check "a planted lack of a command is found" \
	finds '^< verify$' same_commands "$work/planted"
plant 's/^\.It Fl -icount$/.It Fl -count/'
check "a command whose help fails is found" finds "no command 'falsify'" \
	same_options "$page" falsify
check "a planted option that is not there is found" \
	finds '^> --count$' same_options "$work/planted" verify
plant '/^\.It Fl r Ar DIR/d'
check "a planted lack of an option is found" \
	finds '^< --root$' same_options "$work/planted" verify
plant 's/Va max_size Pq uint, 0644/Va max_size Pq uint, 0444/' "$device"
check "a planted other mode of a parameter is found" \
	finds '^> max_size uint 0444$' device_has parameters "$work/planted" "$top"
plant '/^\.It Pa hold/d' "$device"
check "a planted lack of an attribute is found" \
	finds '^< hold 0600$' device_has attributes "$work/planted" "$top"
plant 's/__u32 pins;/__u64 pins;/' "$device"
check "a planted other structure is found" \
	finds '^> .__u64 pins;$' device_has ioctls "$work/planted" "$top"
plant 's/LKP_EXAMPLE_IOC_UNPIN$/LKP_EXAMPLE_IOC_UNPINS/' "$device"
check "a planted other ioctl is found" \
	finds '^< LKP_EXAMPLE_IOC_UNPIN$' device_has ioctls "$work/planted" "$top"
plant '/^\.It Bq Er ENODEV/d' "$device"
check "a planted lack of an error is found" \
	finds '^< ENODEV$' device_has errors "$work/planted" "$top"
finish
