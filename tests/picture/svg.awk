# SPDX-License-Identifier: GPL-2.0-only
#
# svg.awk - a terminal with the text of a file, as a picture
#
#   awk -f svg.awk TEXT >PICTURE
#
# Lines that begin with a prompt, "$ " or "# ", are what somebody has typed.

function escaped(s) {
	gsub(/&/, "\\&amp;", s)
	gsub(/</, "\\&lt;", s)
	gsub(/>/, "\\&gt;", s)
	return s
}

{
	# A command has some room above it.
	if (NR > 1 && /^[$#] /)
		gap[NR] = 1
	gaps += gap[NR]
	line[NR] = $0
	if (length($0) > columns)
		columns = length($0)
}

END {
	step = 18
	width = int(columns * 7.85) + 32
	height = (NR + gaps / 2) * step + 28
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n", width, height, width, height
	print "<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#1d2126\"/>"
	print "<g font-family=\"monospace\" font-size=\"13\" fill=\"#d6dae0\" xml:space=\"preserve\">"
	for (i = 1; i <= NR; i++) {
		y += step * (1 + gap[i] / 2)
		typed = line[i] ~ /^[$#] /
		printf "<text x=\"16\" y=\"%d\"%s>%s</text>\n", y + 8, \
			typed ? " fill=\"#8fd18a\" font-weight=\"bold\"" : "", \
			escaped(line[i])
	}
	print "</g>"
	print "</svg>"
}
