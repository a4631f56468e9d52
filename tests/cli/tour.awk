# SPDX-License-Identifier: GPL-2.0-only
#
# tour.awk - what "lkp-example tour --batch" has printed, as guide.awk fills it in
#
#   awk -f tour.awk LESSONS TRANSCRIPT
#
# LESSONS is what guide.awk makes of the page: the commands, in their order. Where
# the transcript has the next one of its lesson, with its prompt, what follows is
# the output of that, up to the next one or an empty line.

FNR == NR {
	kind = substr($0, 1, 1)
	if (kind == "L") {
		lesson = substr($0, 2, 3)
		count[lesson] = 0
	} else if (lesson && index("#$", kind)) {
		command[lesson, ++count[lesson]] = "    " $0
	} else if (lesson && kind == ">") {
		command[lesson, count[lesson]] = \
			command[lesson, count[lesson]] "\n    " $0
	}
	next
}

/^[0-9][0-9][0-9]\. / {
	lesson = substr($0, 1, 3)
	number = 0
	more = ""
	said = 0
}

more != "" {
	if ($0 != more)
		print "! in lesson " lesson " stands: " $0
	more = ""
	next
}

{
	split(command[lesson, number + 1], lines, "\n")
	if (number < count[lesson] && $0 == lines[1]) {
		printf "@ %s %d\n", lesson, ++number
		more = lines[2]
		said = 1
		next
	}
}

$0 == "" {
	said = 0
}

said {
	print "|" substr($0, 5)
}
