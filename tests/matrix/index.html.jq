# SPDX-License-Identifier: GPL-2.0-only
# index.html.jq - results.json as a page that needs nothing besides
def h: . // "" | tostring | @html;
"<!DOCTYPE html>",
"<html lang=\"en\"><head><meta charset=\"utf-8\"><title>lkp-example: the matrix</title>",
"<style>",
"body { font-family: sans-serif; margin: 2em } table { border-collapse: collapse }",
"th, td { border: 1px solid #ccc; padding: 0.2em 0.6em; text-align: left }",
".passed { background: #dfd } .failed { background: #fbb }",
".unavailable { background: #fec } .skipped { background: #eee }",
"</style></head><body>",
"<h1>lkp-example \(."lkp-example" | h): the matrix</h1>",
"<p>\(.date | h): \(.counts.passed) passed, \(.counts.failed) failed, \(.counts.unavailable) unavailable, \(.counts.skipped) skipped, in \(.seconds) s.</p>",
"<table><thead><tr><th>cell</th><th>state</th><th>kernel</th><th>DKMS</th><th>compiler</th><th>proof</th><th>boot</th><th>seconds</th><th>what else</th></tr></thead><tbody>",
(.cells[] |
	"<tr class=\"\(.state | h)\"><td>\(.name | h)</td><td>\(.state | h)</td><td>\(.release | h)</td><td>\(.dkms | h)</td><td>\(.compiler_version | h)</td><td>\(.label | h)</td><td>\(if .verify.seconds then "\(.verify.seconds * 10 | round / 10) s" else "" end)</td><td>\(.seconds)</td><td>\(if .state == "passed" then "" else (.reason | h) + (if .state == "failed" then " <a href=\"cells/\(.name | gsub("/"; "%2B") | h)/log\">log</a> <code>\(.again | h)</code>" else "" end) end)</td></tr>"),
"</tbody></table></body></html>"
