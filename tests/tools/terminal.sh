# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# terminal.sh - a terminal, and somebody who types and reads there
#
# To be sourced after host.sh and tap.sh, with a directory $work. The terminal is
# one of tmux, with a shell of the user in it; its server is our own, and ends with
# terminal_end.
#
#   terminal COLUMNS ROWS     a new one, in place of the one there was
#   types KEY...              keys, as tmux names them; -l TEXT: as it stands
#   sees REGEX                a line of it matches, sooner or later
#   terminal_end              it goes, with what runs in it

terminal_tmux() {
	as_user env -u TMUX TERM=xterm tmux -S "$work/terminal/socket" -f /dev/null "$@"
}

terminal() {
	terminal_end
	mkdir -p "$work/terminal"
	to_user "$work/terminal"
	PS1='ready: ' terminal_tmux new-session -d -x "$1" -y "$2" \
		'PS1="ready: " exec sh'
	sees '^ready: '
}

types() {
	terminal_tmux send-keys "$@"
}

terminal_lines() {
	terminal_tmux capture-pane -p -J
}

# Far longer than it takes, for the machine may be busy.
sees() {
	for _ in $(seq 600); do
		terminal_lines >"$work/terminal/lines" &&
			grep -qE -- "$1" "$work/terminal/lines" && return
		sleep 0.3
	done
	echo "nothing matches '$1' in:"
	sed 's/^/| /' "$work/terminal/lines"
	return 1
}

# The server goes by itself when its last shell has.
terminal_end() {
	[ ! -e "$work/terminal/socket" ] ||
		terminal_tmux kill-server 2>/dev/null || :
	rm -f "$work/terminal/socket"
}
