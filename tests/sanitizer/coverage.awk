# SPDX-License-Identifier: GPL-2.0-only
# coverage.awk - a table of what was executed, and each line and way that was not
#
# Usage: awk -v sources=DIR -v list=UNTAKEN -f coverage.awk FILE...
#
# The files are of coverage.jq; what several of them count is added up. UNTAKEN is
# tests/sanitizer/untaken. The status is 1 if something was not executed that is not
# on this list, or if the list has something that is not needed.

function read_source(file,    n, text) {
	if (file in length_of)
		return
	while ((getline text < (sources "/" file)) > 0) {
		sub(/^[ \t]+/, "", text)
		source[file, ++n] = text
	}
	length_of[file] = n + 0
}

function complain(text) {
	complaints[++complained] = text
}

# "FILE never|rarely|ways LINES TEXT", and below it why, which begins with a blank.
function read_list(    text, field, n) {
	while ((getline text < list) > 0) {
		if (text ~ /^#/ || text == "")
			continue
		if (text ~ /^[ \t]/) {
			sub(/^[ \t]+/, "", text)
			reason[n] = reason[n] (reason[n] ? " " : "") text
			continue
		}
		n = ++excuses
		split(text, field, " ")
		excuse_file[n] = field[1]
		excuse_when[n] = field[2]
		excuse_lines[n] = field[3]
		if (field[2] !~ /^(never|rarely|ways)$/ || field[3] !~ /^[1-9][0-9]*$/)
			complain("the list is not right: " text)
		sub(/^[^ ]+ +[^ ]+ +[^ ]+ +/, "", text)
		excuse_text[n] = text
	}
	close(list)
}

# What the list says of each line of the sources; a later entry goes before.
function apply_list(    n, file, i, k, places) {
	for (n = 1; n <= excuses; n++) {
		places = 0
		for (file in length_of) {
			if (excuse_file[n] != "*" && excuse_file[n] != file)
				continue
			for (i = 1; i <= length_of[file]; i++) {
				if (!index(source[file, i], excuse_text[n]))
					continue
				places++
				for (k = 0; k < excuse_lines[n]; k++)
					excused[file, i + k] = n
			}
		}
		if (!reason[n])
			complain("the list has no reason for: " excuse_text[n])
		if (excuse_file[n] != "*" && places > 1)
			complain("the list means " places " places: " excuse_text[n])
		if (!places)
			complain("the list has what is nowhere: " excuse_text[n])
	}
}

function percent(taken, all) {
	if (!all)
		return sprintf("%6s %9s", "-", "")
	return sprintf("%5.1f%% %9s", 100 * taken / all, taken "/" all)
}

function print_row(name, row) {
	printf "%-22s %s  %s  %s\n", name, percent(taken[row, "line"], all[row, "line"]),
		percent(taken[row, "way"], all[row, "way"]),
		percent(taken[row, "function"], all[row, "function"])
}

function add(file, what, n, done) {
	all[file, what] += n
	all["", what] += n
	taken[file, what] += done
	taken["", what] += done
}

# Something that was not executed: a line, or a way out of one that was.
function name_it(file, i, what,    n) {
	n = excused[file, i]
	if (what !~ /^way / && excuse_when[n] == "ways")
		n = 0
	named[++names] = sprintf("%s:%d: %s: %s%s", file, i, what, source[file, i],
		n ? "\n    " excuse_when[n] ": " reason[n] : "")
	if (n)
		needed[n] = 1
	else
		unexcused++
}

BEGIN {
	FS = "\t"
	read_list()
}

{
	read_source($2)
	if ($3 > last[$2])
		last[$2] = $3
}

$1 == "line" {
	seen[$2, $3] = 1
	count[$2, $3] += $4
	n = split($6, way, ",")
	for (k = 1; k <= n; k++)
		ways[$2, $3, k] += way[k]
	if (n > number_of_ways[$2, $3])
		number_of_ways[$2, $3] = n
}

$1 == "function" {
	if (!(($2, $5) in function_line))
		functions[$2] = functions[$2] " " $5
	function_line[$2, $5] = $3
	function_count[$2, $5] += $4
}

END {
	apply_list()
	printf "%-22s %16s  %16s  %16s\n", "", "lines", "ways", "functions"
	for (file in last)
		sorted[++files] = file
	for (i = 2; i <= files; i++)
		for (k = i; k > 1 && sorted[k] < sorted[k - 1]; k--) {
			file = sorted[k]
			sorted[k] = sorted[k - 1]
			sorted[k - 1] = file
		}
	for (f = 1; f <= files; f++) {
		file = sorted[f]
		n = split(functions[file], name, " ")
		for (k = 1; k <= n; k++)
			add(file, "function", 1, function_count[file, name[k]] > 0)
		for (i = 1; i <= last[file]; i++) {
			if (!((file, i) in seen))
				continue
			add(file, "line", 1, count[file, i] > 0)
			if (!count[file, i])
				name_it(file, i, "not executed")
			n = number_of_ways[file, i]
			for (k = 1; k <= n; k++) {
				add(file, "way", 1, ways[file, i, k] > 0)
				if (count[file, i] && !ways[file, i, k])
					name_it(file, i, "way " k " of " n " not gone")
			}
		}
		print_row(file, file)
	}
	print_row("all", "")
	if (!files)
		complain("nothing has been counted")
	for (n = 1; n <= excuses; n++)
		if (!needed[n] && excuse_when[n] == "never")
			complain("the list has what is executed: " excuse_file[n] ": " \
				excuse_text[n])
	print ""
	for (n = 1; n <= names; n++)
		print named[n]
	printf "\n%d lines and ways have not been executed, and %d of them are not on the list\n",
		names, unexcused
	for (n = 1; n <= complained; n++)
		print complaints[n]
	exit unexcused || complained
}
