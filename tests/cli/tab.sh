#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# tab.sh - what bash makes of command lines when it is asked to complete them
#
# Usage: tab.sh RCFILE <LINES
#
# An interactive bash that has read RCFILE gets each line typed in, and then the
# key that puts all completions there. The lines that come of it are printed.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# Its terminal is the file "screen"; a line that is complete goes elsewhere.
cat "$1" - >"$dir/rc" <<END
unset HISTFILE
bind '"\C-x*": insert-completions'
bind -x '"\C-xp": printf "%s\n" "\$READLINE_LINE" >>"$dir/lines"'
END
while IFS= read -r line; do
	printf '%s\030*\030p\025' "$line"
done >"$dir/keys"
INPUTRC=/dev/null bash --noprofile --rcfile "$dir/rc" -i <"$dir/keys" >"$dir/screen" 2>&1
sed 's/ *$//' "$dir/lines"
