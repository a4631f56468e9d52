#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# kernel_image.t - what lkp-example unpacks of a kernel's image, and what not
#
# Builds and runs kernel_image_test under the sanitizers. Then what it is about is
# taken out of a copy of kernel.c, and its table must notice.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tools/plain-test.sh"

table() {
	mkdir -p "$work/root/boot" &&
		make -s -C "$top/tests/unit" kernel-image flavour=asan \
			O="$work/$1" cli="$2" &&
		"$work/$1/kernel_image_test" "$work/root"
}

# Call: without SED REASON; the table must be red for that reason.
without() {
	plant "$1" "$top/src/cli/kernel.c"
	rm -rf "$work/src" "$work/fault"
	mkdir "$work/src" && cp "$top/src/cli/"*.[ch] "$work/src" &&
		cp "$work/planted" "$work/src/kernel.c" &&
		finds "^# $2\$" table fault "$work/src"
}

check "every image becomes what is right" table good "$top/src/cli"
check "noticed: the size is not compared" \
	without 's/ZSTD_decompress(\(.*\)) == wanted/!ZSTD_isError(ZSTD_decompress(\1))/' \
	"it is unpacked"
check "noticed: any size is believed" \
	without 's/if (!zstd_may_have(packed, size, wanted))/if (0)/' \
	"more memory is taken than it can need"
check "noticed: what is unpacked can be changed" \
	without 's/if (whole && !memory_file_seal(fd))/if (whole)/' \
	"what it has become can be changed"
check "noticed: what the thread has unpacked is not taken" \
	without 's/image->proper_fd = u->proper_fd;/close(u->proper_fd);/' \
	"it is not unpacked once"
finish
