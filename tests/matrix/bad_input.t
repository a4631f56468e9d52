#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# bad_input.t - the matrix, where the archive or the disk is not as it should be
#
# A proxy stands between apt and the archive, and does what mirrors do: a kernel is
# in the index and no longer there, a download ends in its middle, a suite is gone.
# Each of these cells says so, is "unavailable" and not "failed", and the others go
# on. The systems are those of the cache, and no downloads: what is asked for is
# asked of the archive.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/system-test.sh"

export LKP_BUILD="$work/build"
export LKP_CACHE="$work/cache"
mkdir -p "$work/build/matrix" "$work/cache/packages"
ln -s "$cache/systems" "$cache/kvm" "$work/cache/"
ln -s "$build/bin" "$work/build/bin"
results=$work/build/matrix/results.json

# Call: proxy REGEX=FAULT...
proxy() {
	rm -f "$work/port"
	"$top/tests/matrix/bad-proxy" "$work/port" "$@" 8<&- 9<&- &
	proxy=$!
	until [ -s "$work/port" ]; do
		sleep 0.1
	done
	printf 'Acquire::http::Proxy "http://127.0.0.1:%s/";\nAcquire::Retries "0";\n' \
		"$(cat "$work/port")" >"$work/apt.conf"
	export APT_CONFIG="$work/apt.conf"
}

# Call: ends STATUS CELL...
ends() {
	wanted=$1
	shift
	"$top/tests/matrix/matrix.sh" "$@" >"$work/out" 2>&1
	ended=$?
	cat "$work/out"
	[ "$ended" = "$wanted" ]
}

# Call: is CELL STATE REASON
is() {
	jq -e --arg name "$1" --arg state "$2" --arg reason "$3" '.cells[] |
		select(.name == $name) | .state == $state and
		(.reason | test($reason))' "$results"
}

says() {
	grep -E "$1" "$work/out"
}

check "a pattern that is no cell's" ends 2 'trixie/6.12/amd64' 'trixie/6.12/vax'
check "... is named" says "no cell is called 'trixie/6\.12/vax': "

cat >"$work/table" <<-END
	lenny     lenny     -  amd64  generic  gcc  apt
	bookworm  bookworm  -  amd64  generic,cloud,rt  gcc  apt
END
export LKP_MATRIX="$work/table"
proxy 'linux-image-6\.1.*-cloud-.*\.deb=gone' 'linux-image-6\.1.*-rt-.*\.deb=cut'
check "an archive with faults: status 77" ends 77
check "a suite that is gone: unavailable" \
	is lenny/index/amd64 unavailable 'does not have a Release file'
check "a kernel that is gone: unavailable" \
	is bookworm/6.1-cloud/amd64 unavailable 'Failed to fetch .*  404  Not Found'
check "a download that ends in its middle: unavailable" \
	is bookworm/6.1-rt/amd64 unavailable 'Failed to fetch .*linux-image-6\.1'
check "the one that is there: passed" is bookworm/6.1/amd64 passed '^$'
check "the last line says so" \
	says '^1 passed, 0 failed, 3 unavailable, 0 skipped$'
kill "$proxy"

proxy '.=refused'
rm -rf "$work/cache/matrix"
check "an archive out of reach: status 77" ends 77 bookworm/6.1/amd64
check "... is unavailable, and not failed" \
	is bookworm/index/amd64 unavailable 'Failed to fetch|does not have a Release'
kill "$proxy"
unset APT_CONFIG

# As when memory runs out: it says nothing of its own.
mkdir "$work/killed"
cat >"$work/killed/apt-get" <<-'END'
	#!/bin/sh
	[ "$1" != update ] || kill -KILL $$
	exec /usr/bin/apt-get "$@"
END
chmod +x "$work/killed/apt-get"
rm -rf "$work/cache/matrix"
apt_killed() (
	PATH=$work/killed:$PATH
	ends 77 bookworm/6.1/amd64
)
check "apt is killed: status 77" apt_killed
check "... is unavailable, and says how apt has ended" \
	is bookworm/index/amd64 unavailable 'apt-get update for bookworm/amd64: status 137'

# A cell that fills its disk; what is in its reach then is not what was to be tried.
mkdir "$work/small"
# shellcheck disable=SC2016 # for that other shell
full_disk() {
	unshare --mount --propagation private sh -c \
		'mount -t tmpfs -o size=60m small "$1" && shift &&
		LKP_CELLS=$0 "$@"' "$work/small" "$work/small" \
		"$top/tests/matrix/matrix.sh" bookworm/6.1/amd64 >"$work/out" 2>&1
	ended=$?
	cat "$work/out"
	[ "$ended" = 77 ]
}
check "a full disk: status 77" full_disk
check "... is unavailable, and says so" \
	is bookworm/6.1/amd64 unavailable '^the disk is full: make room in '
finish
