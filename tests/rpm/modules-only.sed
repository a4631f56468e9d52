# SPDX-License-Identifier: GPL-2.0-only
#
# The spec without the programs: only -dkms is made. Nothing is compiled then.
/^for program/,/^done$/d
/install-utils/d
/^%files utils/,/^$/d
