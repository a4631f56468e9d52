# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# tap.sh - write test results in TAP, from a shell script
#
#   check NAME COMMAND...    ok if the command succeeds; else not ok, with the
#                            end of its output, or of the file $shown if set
#   long COMMAND...          the command, but not in the short form of a test, which
#                            is that with the argument "short", or "NAME/short"
#   skip NAME REASON         a check that was not run
#   report NAME FILE         the results of a report in KTAP, as results of ours;
#                            a failed one with what the report says of it
#   results NAME FILE N      the results of a script in a virtual machine, as
#                            results of ours, and that there are N of them; FILE
#                            is what "verify --script" has printed; lines with
#                            two blanks tell more of the one before
#   needed NAME COMMAND...   a check without which nothing else can be tried: if it
#                            fails, it is the last one
#   literal TEXT             a regular expression for it: a release of a kernel has
#                            dots, and maybe pluses
#   finish                   the time that it took, the plan, and the exit status:
#                            the last thing

tap_began=$(date +%s)
tap_count=0
tap_failed=0
tap_output=$(mktemp)
shown=
tap_form=${1:-}
tap_form=${tap_form##*/}

check() {
	tap_count=$((tap_count + 1))
	tap_name=$1
	shift
	if "$@" >"$tap_output" 2>&1; then
		printf 'ok %d - %s\n' "$tap_count" "$tap_name"
		return
	fi
	tap_failed=$((tap_failed + 1))
	printf 'not ok %d - %s\n' "$tap_count" "$tap_name"
	cat "$tap_output" ${shown:+"$shown"} 2>/dev/null | tail -n 40 |
		sed 's/^/#   /'
}

long() {
	[ "$tap_form" = short ] || "$@"
}

skip() {
	tap_count=$((tap_count + 1))
	printf 'ok %d - %s # SKIP %s\n' "$tap_count" "$1" "$2"
}

report() {
	awk -v count="$tap_count" -v prefix="$1" '
		/^# begin / { said = ""; next }
		/^# / { said = said "#   " substr($0, 3) "\n"; next }
		/^(not )?ok [0-9]+ / {
			verdict = $1 == "ok" ? "ok" : "not ok"
			sub(/^(not )?ok [0-9]+ /, "")
			if (sub(/^item\./, "item "))
				sub(/_/, ": ")
			print verdict, ++count, "-", prefix ": " $0
			if (verdict != "ok")
				printf "%s", said
		}' "$2"
	tap_count=$((tap_count + $(grep -cE '^(not )?ok [0-9]+ ' "$2")))
	tap_failed=$((tap_failed + $(grep -cE '^not ok [0-9]+ ' "$2")))
}

results() {
	tap_results=$(mktemp)
	sed -n 's/^ *script: //p' "$2" >"$tap_results"
	awk -v count="$tap_count" -v prefix="- $1: " '
		/^ok / { print "ok", ++count, prefix substr($0, 4) }
		/^not ok / { print "not ok", ++count, prefix substr($0, 8) }
		/^  / { print "# " $0 }' "$tap_results"
	tap_results_count=$(grep -cE '^(not )?ok ' "$tap_results")
	tap_count=$((tap_count + tap_results_count))
	tap_failed=$((tap_failed + $(grep -c '^not ok ' "$tap_results")))
	rm -f "$tap_results"
	check "$1: $3 results" [ "$tap_results_count" = "$3" ]
}

needed() {
	check "$@"
	[ "$tap_failed" = 0 ] || finish
}

literal() {
	printf '%s\n' "$1" | sed 's/[.+]/\\&/g'
}

finish() {
	printf '# %d s\n1..%d\n' "$(($(date +%s) - tap_began))" "$tap_count"
	rm -f "$tap_output"
	[ "$tap_failed" = 0 ] && [ "$tap_count" -gt 0 ]
	exit
}
