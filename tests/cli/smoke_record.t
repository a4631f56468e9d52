#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# smoke_record.t - what "lkp-example status" makes of a record of the smoke test
#
# Above all, of one that says why no module was built. The records are written as
# the package writes them, and as nobody should, in a system that has no more than
# an index of modules.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/plain-test.sh"
kernel=9.9.9+lkp-amd64
index=$work/lib/modules/$kernel/modules.dep
record=$work/var/lib/lkp-example/smoke-test/$kernel
cause='its headers are not installed'
mkdir -p "${index%/*}" "${record%/*}"
: >"$index"

# Call: recorded VERDICT REASON SHA256
recorded() {
	printf 'verdict=%s\nreason=%s\nsha256=%s\ntime=%s\n' "$@" \
		2026-11-21T12:00:00Z >"$record"
}

why_missing() {
	recorded FAIL "no module for kernel $kernel: $1" ''
}

# Call: says TEXT [OPTION...]: a line of it is that, and there is no other cause
says() {
	says=$1
	shift
	"$build/bin/lkp-example" status --root "$work" "$@" lkp_example \
		>"$work/said" 2>&1
	[ $? = 1 ] || return
	cat "$work/said"
	grep -qxF "$says" "$work/said"
}

# It has nothing in it, but it is one to depmod.
module=$work/lib/modules/$kernel/lkp_example.ko
module_is_indexed() {
	/sbin/depmod -b "$work" "$kernel"
}

module_comes() {
	gcc -x c -c -o "$module" /dev/null && module_is_indexed
}

missing="lkp_example is missing on kernel $kernel"
unknown="$missing: it was not built for it, or not installed (see dkms status)"

check "no record" says "$unknown"
why_missing "$cause"
check "why there is no module" says "$missing: $cause"
check "... the day" grep -qE ' FAIL 2026-11-21 ' "$work/said"
check "... as JSON" says "        \"reason\": \"no module for kernel $kernel: $cause\"," --json
check "... which says that it is not good" grep -q '"good": false' "$work/said"
check "... and nobody calls that a smoke test that has failed" \
	finds missing says "lkp_example has failed its smoke test on kernel $kernel: $cause"
recorded FAIL "$cause" ''
check "a reason in other words" says "$missing: $cause"
recorded SKIP "in a chroot; the module is tested when the system itself runs" ''
check "what is no cause is not called one" says "$unknown"
recorded FAIL "loading failed" "$(printf x | sha256sum | cut -d' ' -f1)"
check "a record of a module that is gone" says "$unknown"
why_missing "$cause"
check "a module comes" module_comes
check "a record from before there was a module" says \
	"$missing: ${module#"$work"} is gone, or is no module"
rm "$module"
check "... and it is gone again" module_is_indexed

# --- Nobody should trust it --------------------------------------------------

why_missing "$(printf 'a\033[2Jb')"
check "control characters" says "$missing: a\\x1b[2Jb"
why_missing "$(head -c 5000 /dev/zero | tr '\0' x)"
check "a reason without end is cut" finds 'missing on kernel .*: x{400,512}$' \
	says nothing
check "... and does not reach the next line" \
	[ "$(grep -c . "$work/found")" = 3 ]
head -c 100000 /dev/zero | tr '\0' x >"$record"
check "a file without end" says "$unknown"
recorded 'FAIL; x' "$cause" ''
check "a verdict that is no word" says "$unknown"
rm "$record"
mkdir "$record"
check "a directory" says "$unknown"
rmdir "$record"
mkfifo "$record"
check "a pipe" says "$unknown"
rm "$record"
ln -s /etc/passwd "$record"
check "a link" says "$unknown"
finish
