# SPDX-License-Identifier: GPL-2.0-only
# coverage.jq - what gcov says of the sources in $dir, as lines of fields
#
#   line      FILE NUMBER COUNT FUNCTION WAYS   how often each way out of it was gone
#   function  FILE NUMBER COUNT FUNCTION
#
# A source that others include is there once for each of them.
.files[] | select(.file | startswith($dir)) | (.file | ltrimstr($dir)) as $file
	| (.lines[] | ["line", $file, .line_number, .count, .function_name,
		([.branches[].count | tostring] | join(","))]),
	(.functions[] | ["function", $file, .start_line, .execution_count, .name, ""])
	| @tsv
