# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154
# life.sh - what the tests share that install our RPM packages in a world
#
# To be sourced after host.sh, system.sh, tap.sh and world.sh. A test that calls
# life_begin first goes on in name spaces of its own, with a system in $root that is
# an overlay: what happens there can be frozen, and undone.
#
#   life_begin NAME "$@"      the world NAME, in $root; "$@" as the test got it
#   pack NAME COMMAND...      makes our packages, in $work/packages-NAME, of the tree
#                             as COMMAND, run in a copy of it, leaves that
#   packages NAME COMMAND...  pack, and makes a signed repository lkp-NAME of them
#   without_programs COMMAND...
#                             to be used as such a COMMAND: only -dkms is made
#   spec SED...               such a COMMAND: a change of the spec
#   bump                      such a COMMAND: another release
#   built_too_early           such a COMMAND: another release, with a fault
#   scriptlets_of SPEC        prints the kind and the package of each scriptlet
#   layer NAME                from now on, changes go into a new layer
#   undo                      back to how it was at the last freeze
#   freeze                    keeps the layer for all that comes
#   inside COMMAND...         runs a command in the system
#   run COMMAND...            runs one here, with its output in $work/log
#   dnf_with REPOSITORY ARGUMENT...
#                             dnf, answering yes, with one of our repositories
#   built WHAT VERSION KERNEL...
#                             what must be true when WHAT has been done
#   is_missing KERNEL CAUSE   "lkp-example status" says why there is no module
#   state WHAT VERSION KERNEL...
#                             the same, and a boot of each kernel proves it

life_begin() {
	name=$1
	shift
	if [ "${2:-}" = --inside ]; then
		work=$LKP_WORK
		root=$work/root
		layers=$3
		layer first
		release_old=$(head -n 1 "$work/kernels" | cut -d' ' -f1)
		package_old=$(head -n 1 "$work/kernels" | cut -d' ' -f2)
		release=$(tail -n 1 "$work/kernels" | cut -d' ' -f1)
		package=$(tail -n 1 "$work/kernels" | cut -d' ' -f2)
		return
	fi
	system_work
	system_layer "world-$name" world_unpack "$name" >"$work/log" ||
		exit 2
	cp "$layer/srv/world/kernels" "$work/kernels"
	system_inside "$0" "$name" --inside "$layer"
}

# --- Layers ------------------------------------------------------------------

mount_layers() {
	rm -rf "$work/own-$upper"
	system_mount "$root" "$work/own-$upper" "$layers" ||
		die "no overlay could be mounted in $work"
}

layer() {
	! mountpoint -q "$root" || umount "$root"
	upper=$1
	mount_layers
}

undo() {
	umount "$root" || die "$root is in use"
	mount_layers
}

freeze() {
	umount "$root" || die "$root is in use"
	layers=$work/own-$upper/upper:$layers
	upper=$upper-
	mount_layers
}

# --- Packages ----------------------------------------------------------------

version=$("$top/src/dist/version")
version_old=0.0.9

# Nothing is to be compiled where the programs are what they were.
without_programs() {
	sed -i -f "$top/tests/rpm/modules-only.sed" rpm/lkp-example.spec && "$@"
}

spec() {
	sed -i "$@" rpm/lkp-example.spec
}

# The release that an update of the distribution would have.
bump() {
	spec 's/^Release: .*/Release: 2%{?dist}/'
}

# What most packages of DKMS do: the new one builds, then the old one removes.
built_too_early() {
	bump && spec -e 's/^%posttrans dkms/%post dkms/' \
		-e '/^%transfiletriggerin dkms/,/^exit/d'
}

scriptlets_of() {
	sed -nE 's/^%((pre|post|(trans)?(file)?trigger)[a-z]*) (dkms|utils)( .*)?$/\1 \5/p' \
		"$1"
}

# Call: pack_into DIRECTORY: what $pack_command makes of the tree
pack_into() {
	# shellcheck disable=SC2086	# a list
	mkdir "$1" && copy_sources "$1/tree" && (cd "$1/tree" && $pack_command) &&
		"$top/tests/tools/rpm.sh" "$1/tree" "$1"
}

# Another test of the same run may have made the same.
pack() {
	packages_name=$1
	shift
	pack_command=$*
	system_layer "packages-$(echo "$*" | tr ' ' -)" pack_into || return
	packages_dir=$work/packages-$packages_name
	ln -s "$layer" "$packages_dir"
}

# The repository is signed in the world, which has what that needs.
packages() {
	pack "$@" && mkdir -p "$root/srv/$packages_name" &&
		cp "$packages_dir"/*.rpm "$root/srv/$packages_name/" &&
		cp "$top/tests/tools/rpm-repo.sh" "$root/srv/" &&
		inside /srv/rpm-repo.sh "/srv/$packages_name" \
			"/srv/lkp-$packages_name" &&
		cat >"$root/etc/yum.repos.d/lkp-$packages_name.repo" <<-END
		[lkp-$packages_name]
		name=lkp-example, $packages_name
		baseurl=file:///srv/lkp-$packages_name
		enabled=0
		gpgcheck=1
		repo_gpgcheck=1
		gpgkey=file:///srv/lkp-$packages_name/lkp-example.asc
		END
}

# --- The system --------------------------------------------------------------

inside() {
	system_run "$root" "$@" </dev/null
}

# What it says is in $work/log.
run() {
	"$@" >"$work/log" 2>&1
}

# What dnf keeps of the repositories is of no use here: they change.
dnf_with() {
	repository=$1
	shift
	inside "$dnf" -y --refresh --enablerepo="$repository" "$@"
}

dkms_status() {
	inside dkms status | sort
}

# Call: status_is VERSION KERNEL...: exactly these lines, and nothing behind.
status_is() {
	status_version=$1
	shift
	for kernel; do
		printf 'lkp-example/%s, %s, x86_64: installed\n' \
			"$status_version" "$kernel"
	done | sort >"$work/wanted"
	dkms_status | diff "$work/wanted" -
}

# Where dkms puts modules: it asks what the system is like.
modules_dir=extra

# Call: files_are VERSION KERNEL...
files_are() {
	files_version=$1
	shift
	{
		printf 'usr/src/lkp-example-%s\n' "$files_version"
		for kernel; do
			printf "lib/modules/$kernel/$modules_dir/%s\n" lkp_example.ko \
				lkp_example_client.ko lkp_example_probe.ko
		done
	} | sort >"$work/wanted"
	(cd "$root" && find usr/src lib/modules/ \( -name 'lkp_*.ko*' -o \
		-name 'lkp-example-*' \) -prune -print) |
		sed 's/\.ko\.[a-z]*$/.ko/' | sort | diff "$work/wanted" -
}

# All scriptlets since the last call, ours and others', have succeeded.
scriptlets_are_good() {
	if [ -f "$root/var/log/scriptlets" ]; then
		cat "$root/var/log/scriptlets" >>"$work/scriptlets"
		cat "$root/var/log/scriptlets"
		! grep -v ' 0$' "$root/var/log/scriptlets" || return
	fi
	rm -f "$root/var/log/scriptlets"
}

# Call: is_missing KERNEL CAUSE: lkp-example says of that kernel why there is no module.
is_missing() {
	as_user "$build/bin/lkp-example" status --root "$root" >"$work/status"
	[ $? = 1 ] || return
	cat "$work/status"
	grep -qE "^lkp_example is missing on kernel $(literal "$1"): .*($2)" \
		"$work/status"
}

rpm_verifies() {
	# shellcheck disable=SC2016	# for the shell inside
	inside rpm -q lkp-example-dkms &&
		inside sh -c 'rpm -V $(rpm -qa "lkp-example-*")'
}

# Call: proven_on KERNEL
proven_on() {
	as_user "$build/bin/lkp-example" verify --root "$root" --kernel "$1" \
		lkp_example lkp_example_client lkp_example_probe
}

built() {
	what=$1
	shift
	check "$what: dkms status" status_is "$@"
	check "$what: the files" files_are "$@"
	check "$what: rpm -V" rpm_verifies
	check "$what: all scriptlets have succeeded" scriptlets_are_good
}

state() {
	built "$@"
	shift 2
	for kernel; do
		check "$what: proven on $kernel" proven_on "$kernel"
	done
}
