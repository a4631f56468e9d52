# SPDX-License-Identifier: GPL-2.0-only
# kernels.awk - the kernels in an index of a Debian archive
#
# Reads Packages; prints "RELEASE VERSION POCKET GCC IMAGES HEADERS" for each kernel
# that has both an image and headers. GCC is the version of the compiler that its
# headers ask for; IMAGES, with commas between, are the packages of its image, and
# HEADERS what its headers need and every architecture shares. Names like
# linux-headers-6.12-amd64 may stand for another package: of headers, only those
# that depend on headers-common are some.
BEGIN { RS = ""; FS = "\n" }

!/^Package: linux-(headers|image|binary|modules|base)-[0-9]/ { next }

{
	split("", field)
	for (i = 1; i <= NF; i++) {
		colon = index($i, ": ")
		field[substr($i, 1, colon - 1)] = substr($i, colon + 2)
	}
	name = field["Package"]
	depends = field["Depends"]
	release = name
	sub(/^linux-[a-z]*-/, "", release)
	sub(/^linux-/, "", name)
	sub(/-.*/, "", name)
	if (name == "headers") {
		if (depends !~ /linux-headers-[^ ]*-common/)
			next
		headers[release] = field["Version"]
		if (match(depends, /gcc-[0-9]+/))
			gcc[release] = substr(depends, RSTART + 4, RLENGTH - 4)
		shared[release] = ""
		while (match(depends, /linux-(headers-[^ ,]*-common|kbuild-[^ ,]*)/)) {
			shared[release] = shared[release] "," \
				substr(depends, RSTART, RLENGTH)
			depends = substr(depends, RSTART + RLENGTH)
		}
	} else {
		images[release] = images[release] "," field["Package"]
	}
}

END {
	for (release in headers)
		if (images[release] ~ /,linux-image-/)
			print release, headers[release], pocket, gcc[release] + 0,
				substr(images[release], 2), substr(shared[release], 2)
}
