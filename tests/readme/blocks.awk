# SPDX-License-Identifier: GPL-2.0-only
#
# blocks.awk - the blocks of commands in README.md
#
#   awk -f blocks.awk README.md                 each command, as "LINE WHERE: COMMAND"
#   awk -v where=NAME -f blocks.awk README.md   the commands that NAME runs, as a script
#   awk -v where=NAME -v wanted=N ...           those of its Nth block
#   awk -v where=NAME -v count=1 ...            how many blocks it has
#
# Before each block stands who runs it, in a comment that nobody sees:
#
#   <!-- run: newcomer -->    tests/boot/newcomer.t, on a machine of its own
#   <!-- run: vm -->          the same, in a virtual machine that boots what came of it
#   <!-- run: removal -->     the first one again, when all else is done
#   <!-- run: FILE -->        that test, which has the command in it
#   <!-- not run: REASON -->  nobody can

/^<!-- (not )?run: .* -->$/ {
	mark = $0
	sub(/^<!-- /, "", mark)
	sub(/ -->$/, "", mark)
	next
}

/^```/ {
	inside = !inside
	if (!inside) {
		mark = ""
	} else if (mark == "") {
		if (where == "")
			print FNR " nobody: " $0
		mark = "nobody"
	}
	if (inside && mark == "run: " where)
		number++
	next
}

inside {
	sub(/  +#.*/, "")
	if (where == "")
		print FNR " " mark ": " $0
	else if (mark == "run: " where && !count && (!wanted || number == wanted))
		print
	next
}

NF {
	mark = ""
}

END {
	if (count)
		print number + 0
}
