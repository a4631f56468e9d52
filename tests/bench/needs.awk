# SPDX-License-Identifier: GPL-2.0-only
# needs.awk - how many bytes of a module have to be there while it is loaded
#
# Usage: readelf -SsW MODULE.ko | awk -f needs.awk -v name=MODULE
#
# Its sections, but for those that go when it has begun and those that describe it;
# and of the kernel's table of symbols, an entry for each that is in one of them: the
# entry, its name, and a letter.

function hex(text,    i, value) {
	for (i = 1; i <= length(text); i++)
		value = 16 * value + index("0123456789abcdef", substr(text, i, 1)) - 1
	return value
}

/^ *\[ *[0-9]+\]/ {
	match($0, /\[ *[0-9]+\]/)
	number = substr($0, RSTART + 1, RLENGTH - 2) + 0
	$0 = substr($0, RSTART + RLENGTH)
	# NAME TYPE ADDRESS OFFSET SIZE ES FLAGS LINK INFO ALIGN; there may be no flags
	if (NF == 10 && $7 ~ /A/ && $1 !~ /^(\.init|\.modinfo|__version|\.data\.\.percpu)/) {
		stays[number] = 1
		sum += hex($5)
	}
}

# NUMBER: VALUE SIZE TYPE BIND VISIBILITY SECTION NAME
/^ *[0-9]+: / && ($7 in stays) { sum += 24 + 1 + length($8) + 1 }

END { print "figure|load and unload|" name "|needs|bytes|" sum }
