# SPDX-License-Identifier: GPL-2.0-only
# junit.xml.jq - results.json for programs that read JUnit's format
def xml: gsub("[\u0000-\u0008\u000b\u000c\u000e-\u001f]"; "?") | @html;
"<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
"<testsuite name=\"matrix\" tests=\"\(.cells | length)\" failures=\"\(.counts.failed)\" errors=\"\(.counts.unavailable)\" skipped=\"\(.counts.skipped)\" time=\"\(.seconds)\" timestamp=\"\(.date | rtrimstr("Z"))\">",
(.cells[] |
	"  <testcase classname=\"matrix.\(.suite | xml)\" name=\"\(.name | xml)\" time=\"\(.seconds)\">",
	(if .state == "failed" then
		"    <failure message=\"\(.reason | xml)\">\(.again | xml)</failure>"
	elif .state == "unavailable" then
		"    <error type=\"unavailable\" message=\"\(.reason | xml)\"/>"
	elif .state == "skipped" then
		"    <skipped message=\"\(.reason | xml)\"/>"
	else empty end),
	"  </testcase>"),
"</testsuite>"
