# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# index.sh - what Debian's archive offers, as the matrix' table asks for it
#
# To be sourced after host.sh and system.sh.
#
#   index_rows                the lines of the table, one for each architecture
#   index_update SUITE SYSTEM POCKETS ARCH
#                             has the indices of these sources in $index, not
#                             older than a day, or the ones that it had before
#   index_architecture ARCH   sets what tests/matrix/architectures says of it
#
# $index is a directory in the cache:
#
#   sources.list, lists   for an apt of that architecture to use
#   kernels               one a line, see kernels.awk
#   errors                what apt could not get, and why

# Whether what is there is new enough; what is incomplete is looked for again soon.
# In a run, all cells have what was there at its beginning.
index_fresh() {
	[ -z "${LKP_WORK:-}" ] || [ ! -s "$index/kernels" ] || return 0
	minutes=1440
	[ ! -s "$index/errors" ] || minutes=60
	cmp -s "$index/sources.new" "$index/sources.list" && [ -s "$index/kernels" ] &&
		[ -n "$(find "$index/kernels" -mmin "-$minutes")" ]
}

index_rows() {
	awk '/^[^#[:space:]]/ { n = split($4, arch, ",")
		for (i = 1; i <= n; i++) print $1, $2, $3, arch[i], $5, $6, $7
	}' "${LKP_MATRIX:-$top/tests/matrix/table}"
}

# The lines of sources.list; call: index_sources SUITE SYSTEM POCKETS ARCH
index_sources() {
	debian=${LKP_MIRROR:-$(mirror Debian)}
	security=${LKP_MIRROR:-$(mirror Debian-Security)}
	[ -n "$debian" ] || die "apt knows no Debian archive: run 'apt-get" \
		"update', or see sources.list(5)"
	[ "$1" = "$2" ] || printf 'deb [arch=%s] %s %s main\n' "$4" "$debian" "$2"
	printf 'deb [arch=%s] %s %s main\n' "$4" "$debian" "$1"
	for index_pocket in $(printf %s "$3" | tr , ' '); do
		case $index_pocket in
		updates | backports)
			printf 'deb [arch=%s] %s %s-%s main\n' "$4" "$debian" \
				"$1" "$index_pocket"
			;;
		security)
			[ -z "$security" ] || printf 'deb [arch=%s] %s %s-security main\n' \
				"$4" "$security" "$1"
			;;
		esac
	done
}

index_apt_conf() {
	system_apt_conf
	printf '%s "%s";\n' APT::Architecture "$1" Dir::Etc::SourceParts /dev/null \
		Dir::Etc::SourceList "$index/sources.list" \
		Dir::State::Lists "$index/lists" Dir::State::status /dev/null \
		Dir::Cache "$index/cache" Acquire::GzipIndexes true
	printf 'APT::Architectures { "%s"; };\n' "$1"
}

# All that apt has got, of SUITE: the system's own suite may be another one.
index_kernels() {
	for list in "$index"/lists/*_Packages*; do
		index_pocket=$(printf '%s\n' "${list##*/}" |
			sed -n 's/.*_dists_\([a-z-]*\)_main_binary-.*/\1/p')
		case $index_pocket in
		"$1" | "$1"-*)
			/usr/lib/apt/apt-helper cat-file "$list" |
				awk -v pocket="$index_pocket" -f "$top/tests/matrix/kernels.awk"
			;;
		esac
	done
}

index_update() {
	index=$cache/matrix/$1-$4
	as_user mkdir -p "$index/lists/partial" "$index/cache"
	index_sources "$@" >"$index/sources.new" || return
	! index_fresh || return 0
	mv "$index/sources.new" "$index/sources.list"
	index_apt_conf "$4" >"$index/apt.conf"
	rm -f "$index/kernels"
	index_status=0
	APT_CONFIG=$index/apt.conf apt-get update >"$index/log" 2>&1 ||
		index_status=$?
	# What is missing altogether, or older than the archive says.
	grep -E '^(E: |W: Failed to fetch )' "$index/log" | grep -v '^E: Some index' |
		sed 's/ *\[IP: .*//' >"$index/errors"
	[ "$index_status" = 0 ] || [ -s "$index/errors" ] ||
		printf 'E: apt-get update for %s/%s: status %s: %s\n' "$1" "$4" \
			"$index_status" "$(tail -n 1 "$index/log")" >"$index/errors"
	index_kernels "$1" >"$index/kernels.new"
	rm -rf "$index/cache"
	mv "$index/kernels.new" "$index/kernels"
	to_user -R "$index"
}

# Sets flavour, machine, karch, triplet, bits and endian.
index_architecture() {
	read -r flavour machine karch triplet bits endian <<-LINE
	$(awk -v arch="$1" '$1 == arch { $1 = ""; print }' \
		"$top/tests/matrix/architectures")
	LINE
	[ -n "$endian" ] || die "tests/matrix/architectures has no line '$1'"
}
