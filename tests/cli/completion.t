#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# completion.t - bash completes the command lines of lkp-example
#
# A bash completes lines that are typed into it. It is asked for all completions
# of each, so what stands here is what is offered, and nothing else is.
# shellcheck disable=SC2016	# a name that must not be expanded
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/plain-test.sh"

# A system with two kernels and modules that DKMS has built for them; one of the
# kernels was removed without its modules.
make_root() {
	root=$work/root
	mkdir -p "$root/lib/modules/6.1.0-9-amd64/updates/dkms" \
		"$root/lib/modules/6.1.0-9-amd64/kernel/fs" \
		"$root/lib/modules/6.12+x/extra" \
		"$root/lib/modules/6.13/updates"
	touch "$root/lib/modules/6.1.0-9-amd64/modules.dep" \
		"$root/lib/modules/6.1.0-9-amd64/kernel/fs/fourth.ko" \
		"$root/lib/modules/6.1.0-9-amd64/updates/dkms/first.ko.xz" \
		"$root/lib/modules/6.1.0-9-amd64/updates/dkms/first_probe.ko" \
		"$root/lib/modules/6.12+x/modules.dep" \
		"$root/lib/modules/6.12+x/extra/second-one.ko.zst" \
		"$root/lib/modules/6.12+x/extra/"'$(touch third).ko'
}

# Call: offers LINE WORD...; these complete the last word of the line.
offers() {
	line=$1
	shift
	printf '%s\n' "$line" | "$top/tests/cli/tab.sh" "$rc" >"$work/line"
	printf '%s\n' "$*" | diff - "$work/line"
}

# Call: same LINE; nothing completes it.
same() {
	offers "$1" "$(printf '%s\n' "$1" | sed 's/ *$//')"
}

commands() {
	"$build/bin/lkp-example" --help | sed -n 's/^  \([a-z-]\{1,\}\) .*/\1/p' |
		sort
}

rc=$work/rc
cat >"$rc" <<END
PATH=$build/bin:\$PATH
. $top/src/dist/bash-completion/lkp-example
END
make_root
cd "$work" || exit
v="lkp-example verify"
in="$v --root=$root"

# shellcheck disable=SC2046	# names of commands have no blanks
check "commands" offers "lkp-example " \
	lkp-example --help --version $(commands)
check "a command" offers "lkp-example ver" "$v"
check "an option with an argument" offers "$v --ro" "$v --root="
check "an option without one" offers "$v --qui" "$v --quiet"
check "options" offers "$v --s" "$v --script= --stress-seconds="
check "one of several words, behind =" offers "$v --accel=" \
	"$v --accel=auto kvm tcg"
check "... and as a word of its own" offers "$v --accel k" "$v --accel kvm"
check "a number is not guessed" same "$v --timeout="
check "a directory, behind =" offers "$v --root=$root/li" "$v --root=$root/lib"
check "... and no file" same "$v --root=$root/lib/modules/6.12+x/modules.d"
check "a file" offers "$v --script $root/lib/modules/6.12+x/mod" \
	"$v --script $root/lib/modules/6.12+x/modules.dep"
check "kernels of a system, those that are installed" offers "$in --kernel=" \
	"$in --kernel=6.1.0-9-amd64 6.12+x"
check "a kernel, by the short option" offers "$v -r $root -k 6.12" \
	"$v -r $root -k 6.12+x"
check "modules of a system, not those of the kernel itself" offers "$in " \
	"$in first first_probe second-one"
check "modules of a kernel" offers "$in --kernel 6.12+x " \
	"$in --kernel 6.12+x second-one"
check "a second module" offers "$in first s" "$in first second-one"
check "a module behind an option that takes no argument" \
	offers "$in --icount s" "$in --icount second-one"
check "a command that is not there" same "lkp-example falsify --r"
check "by another path to the same program" \
	offers "$build/bin/lkp-example verify --gu" \
	"$build/bin/lkp-example verify --guest="
check "nothing was run by the name of a file" [ ! -e third ]

# Call: plant SED; a completion with a fault
plant() {
	sed "$1" "$top/src/dist/bash-completion/lkp-example" >"$work/planted"
	! cmp -s "$top/src/dist/bash-completion/lkp-example" "$work/planted" ||
		die "nothing was planted: $1"
	printf 'PATH=%s:$PATH\n. %s\n' "$build/bin" "$work/planted" >"$work/planted-rc"
	rc=$work/planted-rc
}

plant 's/^complete .*//'
check "a planted lack of completion is found" finds '^> lkp-example ver$' \
	offers "lkp-example ver" "$v"
plant 's/{updates,extra}/{updates,kernel}/'
check "a planted wrong directory of modules is found" finds 'fourth' \
	offers "$in " "$in first first_probe second-one"
plant 's/_lkp_example_offer() *$/&/; s/\[\[ $word =~ [^ ]* && /[[ /'
check "a planted way for names of any kind is found" finds 'touch third' \
	offers "$in " "$in first first_probe second-one"
finish
