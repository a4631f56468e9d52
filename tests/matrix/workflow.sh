#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# workflow.sh - the matrix as a workflow of GitHub Actions
#
# Usage: workflow.sh >.github/workflows/matrix.yml
#
# Made of the same tables as the matrix here; tests/lint/matrix.t says when the file
# is not what this prints.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)

# A list of YAML: the first field of each line of a table, once.
names() {
	awk '/^[^#[:space:]]/ && !seen[$1]++ { print $1 }' "$1" |
		paste -s -d ',' | sed 's/,/, /g'
}

rows() {
	awk '/^[^#[:space:]]/ { gsub(",", " ", $4)
		printf "          - { name: %s, image: \"%s\", packages: %s, kernel: \"%s\", qemu: %s }\n",
			$1, $2, $3, $4, $5 }' "$1"
}

cat <<END
# SPDX-License-Identifier: GPL-2.0-only
#
# The matrix, on public runners. tests/matrix/workflow.sh has printed this file from
# tests/matrix/table and tests/matrix/elsewhere: change those.
name: matrix
on:
  push:
    branches: [main]
  schedule:
    - cron: "17 3 * * 1"
  workflow_dispatch:
permissions:
  contents: read
jobs:
  debian:
    runs-on: ubuntu-latest
    timeout-minutes: 120
    container:
      image: debian:trixie
      options: --privileged
    strategy:
      fail-fast: false
      matrix:
        suite: [$(names "$top/tests/matrix/table")]
    steps:
      - run: apt-get update && apt-get install --yes --no-install-recommends git ca-certificates make
      - uses: actions/checkout@v4
      - run: git config --global --add safe.directory "\$GITHUB_WORKSPACE"
      - run: make matrix YES=1 CELLS='\${{ matrix.suite }}/*'
      - if: always()
        uses: actions/upload-artifact@v4
        with:
          name: matrix-\${{ matrix.suite }}
          path: build/matrix
  elsewhere:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    container:
      image: \${{ matrix.image }}
      options: --privileged
    strategy:
      fail-fast: false
      matrix:
        include:
$(rows "$top/tests/matrix/elsewhere")
    steps:
      - name: git
        run: |
          case '\${{ matrix.packages }}' in
          deb) apt-get update && apt-get install --yes git ca-certificates make ;;
          zypper) zypper --non-interactive install git make ;;
          *) dnf install --assumeyes git make ;;
          esac
      - uses: actions/checkout@v4
      - run: git config --global --add safe.directory "\$GITHUB_WORKSPACE"
      - run: tests/matrix/elsewhere.sh '\${{ matrix.packages }}' '\${{ matrix.qemu }}' \${{ matrix.kernel }}
END
