#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# static.t - what lkp-example inspect foresees is what the kernel does
#
# Modules of the kernel and our own, each with some forty changes (mutate.c),
# are inspected as files, and then loaded one after the other on the kernel that
# they were held against. The errno must be the one foreseen. A miss is a file
# that inspect lets pass and the kernel refuses, a false alarm the reverse.
# shellcheck disable=SC2317 # functions that check calls
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"
kernel=${1:-6.12}

root=$work/root
own="lkp_example lkp_example_client lkp_example_probe"
others="dummy ifb tun veth minix isofs loop brd romfs qnx4"
lkp_example=$build/bin/lkp-example

unpacked() {
	case $1 in
	*.xz) xz -dc "$1" ;;
	*.zst) zstd -dc "$1" ;;
	*) cat "$1" ;;
	esac
}

# The changed copies of each module, in the system, and a list of them.
make_corpus() {
	"${CC:-cc}" -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -O1 \
		-o "$work/mutate" "$top/tests/cli/mutate.c" -lelf || return
	for module in $own $others; do
		file=$(find "$root/lib/modules/$release" -name "$module.ko*")
		[ -n "$file" ] && unpacked "$file" >"$work/module.ko" &&
			mkdir -p "$root/opt/corpus/$module" &&
			"$work/mutate" "$work/module.ko" \
				"$root/opt/corpus/$module" || return
	done
}

# "= MODULE/FILE loads|ERRNO", as the script in the machine has it.
foresee() {
	find "$root/opt/corpus" -name '*.ko' -exec "$lkp_example" inspect -q \
		--root "$root" --kernel "$release" {} + >"$work/inspected"
	[ $? -le 1 ] && sed -E "s|^$root/opt/corpus/|= |
		s/: refused, ([A-Z]+), .*/ \1/; s/: loads\$/ loads/" \
		"$work/inspected" | sort >"$work/foreseen"
}

load_all() {
	# shellcheck disable=SC2086	# a list of modules
	as_user "$lkp_example" verify --root "$root" --kernel "$release" \
		--script "$top/tests/cli/static-script" --timeout 300 \
		$own $others >"$work/machine.log" 2>&1
	sed -n 's/^ *script: = /= /p' "$work/machine.log" |
		sed 's/ Invalid module format$/ ENOEXEC/
			s/ Invalid parameters$/ EINVAL/
			s/ Unknown symbol in module.*/ ENOENT/
			s/ Bad message$/ EBADMSG/
			s/ Key was rejected by service$/ EKEYREJECTED/' | sort >"$work/seen"
}

# Each file of the corpus is on both lists, or the comparison is of nothing.
whole() {
	files=$(find "$root/opt/corpus" -name '*.ko' | wc -l)
	echo "$files files, $(wc -l <"$work/foreseen") foreseen, $(wc -l <"$work/seen") seen"
	[ "$files" -ge 260 ] && [ "$(wc -l <"$work/foreseen")" = "$files" ] &&
		[ "$(wc -l <"$work/seen")" = "$files" ]
}

# Call: differ FORESEEN SEEN; the lines in which the two lists differ so.
differ() {
	join -j 1 -o 0,1.2,2.2 "$work/foreseen.j" "$work/seen.j" |
		awk -v a="$1" -v b="$2" '$2 != $3 && $2 ~ a && $3 ~ b' |
		tee "$work/differ"
	[ ! -s "$work/differ" ]
}

agree() {
	for list in foreseen seen; do
		sed 's/^= //; s/ /\t/' "$work/$list" | sort -k 1,1 |
			tr '\t' ' ' >"$work/$list.j"
	done
	misses=$(differ loads '^E' | wc -l)
	alarms=$(differ '^E' loads | wc -l)
	others=$(differ '^E' '^E' | wc -l)
	echo "# $kernel: $(wc -l <"$work/seen") files: $misses misses, $alarms false alarms, $others for another reason"
}

# The list is read with one line changed: the comparison must notice.
planted() {
	cp "$work/seen.j" "$work/seen.kept"
	sed -i "$1" "$work/seen.j"
	! cmp -s "$work/seen.j" "$work/seen.kept" && ! differ "$2" "$3"
	status=$?
	mv "$work/seen.kept" "$work/seen.j"
	return "$status"
}

# Call: says STATUS TEXT ARGUMENT...; one sentence, and that status.
says() {
	wanted=$1 text=$2
	shift 2
	timeout 60 "$lkp_example" inspect --root "$root" --kernel "$release" \
		"$@" >"$work/out" 2>&1
	got=$?
	cat "$work/out"
	echo "status $got, and $wanted is right; it must say: $text"
	[ "$got" = "$wanted" ] && grep -qF -- "$text" "$work/out"
}

# What a program gets of a module is what the file has.
as_json() {
	"$lkp_example" inspect --root "$root" --kernel "$release" --json \
		lkp_example_client >"$work/json" &&
		perl -MJSON::PP -0777 -e '
			my $m = decode_json(<STDIN>);
			my %needs = map { $_->{name} => $_->{from} } @{$m->{needs}};
			die "not it" unless $m->{module} eq "lkp_example_client"
				&& $m->{loads} && !@{$m->{findings}}
				&& !$m->{signed} && $m->{signature} eq "none"
				&& $m->{information}{depends}[0] eq "lkp_example"
				&& $needs{lkp_example_snapshot_get} eq "lkp_example"
				&& ($needs{_printk} // $needs{printk}) eq "kernel";
		' <"$work/json"
}

# Call: signature FILE SIGNATURE KEEPER; as JSON has them, of a module of the kernel
signature() {
	"$lkp_example" inspect --root "$root" --kernel "$release" --json \
		"$root/opt/corpus/dummy/$1.ko" >"$work/json"
	jq -e --arg signature "$2" --arg keeper "$3" '.signed and
		.signature == $signature and (.signer_known_to // "") == $keeper
		and (.signer | test("^CN=.*, serial [0-9a-f]+$"))' "$work/json"
}

pack() {
	xz --check=crc32 <"$root/opt/corpus/dummy/as_it_is.ko" \
		>"$work/packed.ko.xz"
}

bad_input() {
	mkfifo "$work/pipe.ko"
	check "a directory is no module" says 2 'Is a directory' "$work"
	check "nor is a pipe, and nobody waits for it" says 2 \
		'is no file' "$work/pipe.ko"
	check "a file that is not there" says 2 'No such file' "$work/nothing.ko"
	check "a module that is not installed" says 2 \
		'has no module lkp_nothing' lkp_nothing
	check "a kernel that is not installed" says 2 'no image of kernel 1.2.3' \
		--kernel 1.2.3 lkp_example
	check "no module at all" says 2 'which module'
	check "one that is refused among those that load" says 1 'refused, EINVAL' \
		-q lkp_example "$root/opt/corpus/dummy/empty.ko"
	head -c "$(($(wc -c <"$work/packed.ko.xz") / 2))" \
		"$work/packed.ko.xz" >"$work/cut.ko.xz"
	check "a packed file that was cut off" says 1 'it is no whole xz file' \
		"$work/cut.ko.xz"
	check "... and the whole one" says 0 'would load dummy' \
		"$work/packed.ko.xz"
}

system_with_modules "$kernel" "$root" >"$work/unpack.log" 2>&1 ||
	die "no system: $(cat "$work/unpack.log")"
release=$(system_release "$root")
check "changed copies of 13 modules" make_corpus
check "they are inspected" foresee
shown=$work/machine.log
check "the kernel gets them all" load_all
check "none is left out" whole
shown=
agree
check "$kernel: no miss: what is refused was foreseen" differ loads '^E'
check "$kernel: no false alarm: what was foreseen is refused" differ '^E' loads
check "$kernel: ... for the reason that was foreseen" differ '^E' '^E'
check "a miss would be noticed" planted '0,/ loads$/s// EINVAL/' loads '^E'
check "a false alarm would be noticed" planted '0,/ ENOEXEC$/s// loads/' '^E' loads
check "as JSON" as_json
check "... a good signature" signature signed_as_it_is good "the kernel"
check "... one of something else" signature signed_other_signature rejected \
	"the kernel"
check "... by a key that the kernel does not have" signature \
	signed_other_name unknown_key ""
check "a packed file" pack
bad_input
finish
