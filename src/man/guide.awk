# SPDX-License-Identifier: GPL-2.0-only
#
# guide.awk - the transcripts of lkp-example-guide(7)
#
#   awk -v mode=script -f guide.awk PAGE         a script that runs the commands
#   awk -v mode=fill -f guide.awk PAGE OUTPUTS   the page with these outputs
#   awk -v mode=outputs -f guide.awk PAGE        the outputs that the page has
#   awk -v mode=commands -f guide.awk PAGE       the commands, as one sees them
#   awk -v mode=lessons -f guide.awk PAGE        the lessons of "lkp-example tour"
#
# A transcript is a literal block that begins with a prompt, "# " for root or
# "$ " for another user; "> " continues a command. The commands of one step, an
# .Ss, run in one shell; those before the first step prepare for all.
#
# OUTPUTS is what the script prints: "@ STEP COMMAND", and the output with "|"
# before each line. An output that differs from the page's in nothing but what
# normal() hides leaves the page as it is.
#
# A lesson is a line for each thing to show, and its first character says what it
# is: S a section, L a lesson (its number and title), T a paragraph of text, V a
# line as it stands, "#" or "$" a command and ">" one that continues it. Commands
# before the first lesson prepare for all.

# What changes: the release of the kernel, its version as a number, checksums,
# and addresses. All else is compared as it is.
function normal(s) {
	gsub(/6\.12\.[0-9]+[+]deb13-amd64/, "RELEASE", s)
	gsub(/0x[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]+/, "HEX", s)
	gsub(hex16, "HEX", s)
	return s
}

# The text of a line of the page, and the other way round.
function decode(s) {
	sub(/^\\&/, "", s)
	gsub(/\\\(aq/, "'", s)
	gsub(/\\\(ga/, "`", s)
	gsub(/\\\(ha/, "^", s)
	gsub(/\\\(ti/, "~", s)
	gsub(/\\e/, "\\", s)
	return s
}

function encode(s) {
	gsub(/\\/, "\\e", s)
	gsub(/'/, "\\(aq", s)
	gsub(/`/, "\\(ga", s)
	gsub(/\^/, "\\(ha", s)
	gsub(/~/, "\\(ti", s)
	return s ~ /^[.#$>]/ ? "\\&" s : s
}

function quoted(s) {
	gsub(/'/, "'\\''", s)
	return "'" s "'"
}

# The end of a command: what it printed, in the page, is in old.
function end_command() {
	if (!command)
		return
	if (mode == "script")
		print (prompt == "$" ? "as_user " quoted(text) : text) \
			"\n} >\"$said\" 2>&1\nshow " step " " number
	else if (mode == "commands" || mode == "lessons")
		;
	else if (mode == "outputs")
		printf "@ %s %d\n%s", step, number, plain
	else if (!((step, number) in got))
		print "(not run)"
	else if (got_normal[step, number] == old_normal)
		printf "%s", old
	else
		printf "%s", got[step, number]
	command = 0
	old = old_normal = plain = ""
}

function end_step() {
	if (mode == "script" && step != "" && number)
		print "END"
	number = 0
}

# Words of a paragraph. A macro's last argument may be a mark, which has no blank
# before it.
function add(words) {
	text_so_far = text_so_far (text_so_far == "" ? "" : " ") decode(words)
}

function rest(from, to, words) {
	words = ""
	for (; from <= to; from++)
		words = words (words == "" ? "" : " ") $from
	return words
}

function end_text() {
	if (text_so_far != "" && step != "000")
		print "T" text_so_far
	text_so_far = ""
}

# A macro of text, with what may stand behind it.
function add_macro(mark, last) {
	last = NF
	mark = ""
	if (last > 2 && $last ~ /^[.,;:)]$/)
		mark = $(last--)
	if ($1 == ".Xr")
		add($2 "(" $3 ")" mark)
	else if ($1 == ".Ql")
		add("'" rest(2, last) "'" mark)
	else if ($1 == ".Lk")
		add(rest(3, last) ", " $2 mark)
	else if ($1 == ".Er")
		add($2 mark)
	else
		unknown = unknown " " $0
}

# The items of a list: a tag and its text, a row, or a bullet.
function add_item() {
	if (list == "-column") {
		split(substr($0, 5), column, / Ta /)
		printf "V%-18s%-19s%s\n", decode(column[1]), \
			decode(column[2]), decode(column[3])
	} else if (list == "-tag") {
		add(rest(2, NF) ":")
	} else {
		add("-")
	}
}

BEGIN {
	step = "000"
	hex16 = "[0-9a-f][0-9a-f][0-9a-f][0-9a-f]"
	hex16 = hex16 hex16 hex16 hex16
	if (mode == "fill") {
		while ((getline line < ARGV[2]) > 0) {
			if (line ~ /^@/) {
				split(line, part, " ")
				key = part[2] SUBSEP (part[3] + 0)
				got_normal[key] = got[key] = ""
			} else {
				line = substr(line, 2)
				got[key] = got[key] encode(line) "\n"
				got_normal[key] = got_normal[key] \
					normal(line) "\n"
			}
		}
		ARGC = 2
	}
}

mode == "lessons" && /^\.(S[hs]|B[dl]|El|It|Pp|Dl)( |$)/ {
	end_text()
}

/^\.S[hs] / {
	end_step()
	if ($1 == ".Ss")
		step = substr($2, 1, 3)
}

/^\.Bd -literal/ {
	first = 1
	block = 0
	if (mode == "fill")
		print
	next
}

first {
	first = 0
	block = /^[#$] /
	as_it_stands = !block
}

block && /^\.Ed/ {
	end_command()
	block = 0
}

mode == "lessons" && !block && /^\.Ed/ {
	as_it_stands = 0
}

block && /^[#$] / {
	end_command()
	command = 1
	if (mode == "commands" || mode == "lessons")
		print decode($0)
	number++
	prompt = substr($0, 1, 1)
	text = decode(substr($0, 3))
	if (mode == "script")
		print (number == 1 ? "step " step " <<'END'\n{" : "{")
}

block && /^> / {
	if (mode == "commands" || mode == "lessons")
		print decode($0)
	text = text "\n" decode(substr($0, 3))
}

block && command && !/^[#$>] / {
	old = old $0 "\n"
	plain = plain "|" decode($0) "\n"
	old_normal = old_normal normal(decode($0)) "\n"
	next
}

mode == "fill" {
	print
}

mode != "lessons" || block || /^\.\\"/ {
	next
}

/^\.Sh / {
	course = /^\.Sh [A-Z]\. /
	if (course)
		print "S" decode(substr($0, 5))
}

/^\.Ss / {
	print "L" substr($2, 1, 3) " " decode(rest(3, NF))
}

!course || /^\.(S[hs]|Pp|El|Ed)( |$)/ {
	next
}

as_it_stands || /^\.Dl / {
	sub(/^\.Dl /, "")
	print "V" decode($0)
	next
}

/^\.Bl / {
	list = $2
	next
}

/^\.It( |$)/ {
	add_item()
	next
}

/^\./ {
	add_macro()
	next
}

{
	add($0)
}

END {
	end_step()
	if (unknown != "") {
		print "nobody knows how a lesson has" unknown >"/dev/stderr"
		exit 1
	}
}
