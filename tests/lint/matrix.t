#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# matrix.t - what is made of the tables and the results of the matrix is up to date
#
# The workflow for a public CI is what tests/matrix/workflow.sh prints, and the table
# in README.md is what the recorded results make.
#
# shellcheck disable=SC2016	# $ is that of sed
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/plain-test.sh"

workflow_is_made() {
	"$1/tests/matrix/workflow.sh" | diff "$1/.github/workflows/matrix.yml" -
}

readme_is_made() {
	"$1/tests/matrix/record.sh" --readme | diff "$1/README.md" -
}

# plant FILE SED-SCRIPT: a copy of the tree, with a change.
plant() {
	rm -rf "$work/planted"
	copy_tree "$work/planted"
	sed -i "$2" "$work/planted/$1"
}

check "the workflow is what its tables make" workflow_is_made "$top"
check "the table of README.md is what the results make" readme_is_made "$top"

plant tests/matrix/table '$a lenny lenny - amd64 generic gcc apt'
check "a planted suite is not in the workflow" \
	finds lenny workflow_is_made "$work/planted"
plant tests/matrix/elsewhere '$a Hurd hurd:1 deb gnumach qemu'
check "a planted distribution is not in the workflow" \
	finds hurd:1 workflow_is_made "$work/planted"
check "... nor in README.md" finds 'Hurd .* not run here' \
	readme_is_made "$work/planted"
plant README.md '/^<!-- matrix: begin/,/^<!-- matrix: end/s/not run here/proven/'
check "a planted proof is found" finds 'not run here' readme_is_made "$work/planted"
finish
