# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154
# life.sh - what the tests share that install our RPM packages in a world
#
# To be sourced after host.sh, system.sh, tap.sh and world.sh, by a test that calls
# life_begin first. It goes on in name spaces of its own, with a system in $root
# that is an overlay: what happens there can be frozen, and undone.
#
#   life_begin NAME "$@"      the world NAME, in $root; "$@" as the test got it
#   pack NAME COMMAND...      makes our packages, in $work/packages-NAME, of the tree
#                             as COMMAND, run in a copy of it, leaves that
#   packages NAME COMMAND...  pack, and makes a signed repository lkp-NAME of them
#   without_programs COMMAND...
#                             to be used as such a COMMAND: only -dkms is made
#   layer NAME                from now on, changes go into a new layer
#   undo                      back to how it was at the last freeze
#   freeze                    keeps the layer for all that comes
#   inside COMMAND...         runs a command in the system
#   run COMMAND...            runs one here, with its output in $work/log
#   dnf_with REPOSITORY ARGUMENT...
#                             dnf, answering yes, with one of our repositories
#   built WHAT VERSION KERNEL...
#                             what must be true when WHAT has been done
#   state WHAT VERSION KERNEL...
#                             the same, and a boot of each kernel proves it

life_begin() {
	name=$1
	shift
	if [ "${2:-}" = --inside ]; then
		work=$LKP_WORK
		root=$work/root
		layers=$work/lower
		layer first
		release_old=$(head -n 1 "$work/kernels" | cut -d' ' -f1)
		package_old=$(head -n 1 "$work/kernels" | cut -d' ' -f2)
		release=$(tail -n 1 "$work/kernels" | cut -d' ' -f1)
		package=$(tail -n 1 "$work/kernels" | cut -d' ' -f2)
		return
	fi
	system_work
	world_unpack "$name" "$work/lower"
	mkdir -p "$work/root" "$work/lower/srv/lkp-example"
	cp "$work/lower/srv/world/kernels" "$work/kernels"
	system_inside "$0" "$name" --inside
}

# --- Layers ------------------------------------------------------------------

mount_layers() {
	rm -rf "$work/upper-$layer" "$work/workdir-$layer"
	mkdir "$work/upper-$layer" "$work/workdir-$layer"
	mount -t overlay overlay -o "lowerdir=$layers" \
		-o "upperdir=$work/upper-$layer,workdir=$work/workdir-$layer" \
		"$root" || die "no overlay could be mounted in $work"
}

layer() {
	! mountpoint -q "$root" || umount "$root"
	layer=$1
	mount_layers
}

undo() {
	umount "$root" || die "$root is in use"
	mount_layers
}

freeze() {
	umount "$root" || die "$root is in use"
	layers=$work/upper-$layer:$layers
	layer=$layer-
	mount_layers
}

# --- Packages ----------------------------------------------------------------

version=$("$top/src/dist/version")
version_old=0.0.9

# Nothing is to be compiled where the programs are what they were.
without_programs() {
	sed -i -e '/^for program/,/^done/d' -e '/install-utils/d' \
		-e '/^%files utils/,/^$/d' rpm/lkp-example.spec &&
		"$@"
}

pack() {
	packages_name=$1
	packages_dir=$work/packages-$1
	shift
	mkdir "$packages_dir" && copy_sources "$packages_dir/tree" &&
		(cd "$packages_dir/tree" && "$@") &&
		"$top/tests/tools/rpm.sh" "$packages_dir/tree" "$packages_dir"
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
