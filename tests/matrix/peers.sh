# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# peers.sh - other modules of the archive, in a cell of the matrix
#
# To be sourced by cell.sh. Each package of tests/matrix/peers is installed beside
# ours, and verify says whether what DKMS has built of it loads. What comes of it is
# in $dir/peers.json, and changes nothing of what the cell says of ours.

# Call: peer_result BUILDS VERDICT REASON
peer_result() {
	# shellcheck disable=SC2016 # dpkg-query's own syntax
	jq -n --arg cell "$name" --arg package "$package" --arg module "$module" \
		--arg version "$(system_run "$root" dpkg-query -W \
			-f '${Version}' "$package" 2>/dev/null)" \
		--arg release "$release" --argjson builds "$1" --arg verdict "$2" \
		--arg reason "$3" '$ARGS.named' >>"$dir/peers.new"
}

# One that does not build stays half configured, and must not stop the next.
peer() {
	if ! system_run "$root" apt-get install --yes "$package" \
		>"$dir/peer" 2>&1 ||
		! system_run "$root" modinfo -k "$release" "$module" >/dev/null 2>&1; then
		cat "$dir/peer"
		if grep -qE '^E: (Failed to fetch|Unable to locate)' "$dir/peer"; then
			peer_result null unavailable "$(grep -m 1 '^E: ' "$dir/peer")"
		else
			peer_result false broken "$(find "$root/var/lib/dkms" \
				-path "*${package%-dkms}*" -name make.log \
				-exec grep -hm 1 -E 'error: |ERROR' {} + | head -n 1)"
		fi
	else
		as_user "$build/bin/lkp-example" verify --json --root "$root" \
			--kernel "$release" "$module" >"$dir/peer.json"
		# What says nothing has said why in the log.
		[ -s "$dir/peer.json" ] ||
			jq -n --arg said "$(tail -n 1 "$dir/log")" \
				'{ results: [{ verdict: "error", reason: $said }] }' \
				>"$dir/peer.json"
		peer_result true "$(jq -r '.results[0].verdict' "$dir/peer.json")" \
			"$(jq -r '.results[0].reason // ""' "$dir/peer.json")"
	fi
	system_run "$root" apt-get purge --yes "$package" >"$dir/peer" 2>&1 ||
		cat "$dir/peer"
}

peers() {
	: >"$dir/peers.new"
	while read -r package module <&3; do
		case $package in
		'' | '#'*) continue ;;
		esac
		phase "$package"
		peer
	done 3<"$top/tests/matrix/peers"
	jq -s . "$dir/peers.new" >"$dir/peers.json"
}
