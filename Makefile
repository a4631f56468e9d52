# SPDX-License-Identifier: GPL-2.0-only
#
# What a person does with this source tree. DKMS does not come by here: it
# builds src/module as dkms.conf says.

KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build
tools := tests/tools

# Scripts of ours decide; GNU make's own variables must not leak into them.
unexport MAKEFLAGS

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | \
		while IFS='	' read -r target what; do \
			printf '  make %-15s %s\n' "$$target" "$$what"; \
		done
	@echo
	@echo 'Variables: KVER=VERSION, the kernel to build for (default: the running'
	@echo 'one); YES=1, install what is needed without asking. Of bench: KERNEL=NAME'
	@echo '(of tests/kernels, or all), BENCH=NAMES (of tests/bench/NAME.bench), RUNS=N,'
	@echo 'FORMAT=json. Of matrix: CELLS=PATTERNS, those of these names only, LIST=1 or'
	@echo 'LIST=json, list them. Of fuzz: FUZZ_SECONDS=N (60), TARGETS=NAMES.'

run: ## build the package, install it in a clean Debian, prove it on its kernel
	@$(tools)/run.sh

test: ## all tests of the usual kind; ends with "N passed, N failed, N skipped"
	@$(tools)/test.sh $(TESTS)

matrix: ## every distribution, kernel and architecture, really booted
	@CELLS='$(CELLS)' LIST='$(LIST)' tests/matrix/matrix.sh

matrix-peers: ## other modules of Debian's archive, on the same kernels
	@CELLS='$(or $(CELLS),*/*[0-9]/amd64)' LKP_PEERS=1 tests/matrix/matrix.sh

matrix-record: ## keep the results of the last matrix, and show them in README.md
	@tests/matrix/record.sh

test-all: ## every test there is, those that take long as well
	@$(tools)/test.sh --all

test-rpm: ## the RPM packages: installed, upgraded and removed, by three rpm and dnf
	@$(tools)/test.sh --rpm

test-lifecycle: ## the Debian packages: installed, upgraded and removed, on four suites
	@$(tools)/test.sh --lifecycle

test-sanitizer: ## the modules on debug kernels, which are built: memory, locks, races, faults
	@$(tools)/test.sh --sanitizer

fuzz: ## the fuzzers, each for FUZZ_SECONDS: all of them, or TARGETS
	@tests/fuzz/fuzz.sh '$(or $(FUZZ_SECONDS),60)' $(TARGETS)

fuzz-kernel: ## the fuzzer of the modules, on the debug kernel, until no place there is new
	@tests/fuzz/kernel.sh

coverage: ## what the checks execute of the modules, on the debug kernel, and what they do not
	@$(tools)/test.sh tests/sanitizer/coverage.t; status=$$?; \
		cat "$${LKP_BUILD:-build}/coverage/report"; exit $$status

coverage-table: programs ## where each item of the guide is proven, by the last results
	@$(tools)/coverage.sh

bench: ## how quick it is, beside its peers, into tests/bench/RESULTS.md
	@$(tools)/bench.sh

bench-check: ## the same, held against what is recorded there: has it become slower?
	@$(tools)/bench.sh --check

build: ## the module for kernel KVER, in src/module
	@$(tools)/module.sh build '$(KVER)' '$(KDIR)'

load: ## load the module that was built, into the running kernel
	@$(tools)/module.sh load

unload: ## unload the module from the running kernel
	@$(tools)/module.sh unload

install: ## register these sources with DKMS and install the module for KVER
	@$(tools)/module.sh install '$(KVER)'

uninstall: ## take what "make install" installed out of DKMS again
	@$(tools)/module.sh uninstall

guide: ## run all commands of the guide, src/man/lkp-example-guide.7, for their output
	@$(tools)/guide.sh

picture: ## the picture of README.md, from a real run
	@$(tools)/picture.sh

release-check: ## whether this can be released: versions, tag, tarball, packages twice
	@$(tools)/release.sh

deb: ## the Debian packages, and a signed apt repository that holds them
	@$(tools)/deb.sh

rpm: ## the RPM packages
	@$(tools)/rpm.sh

rpm-repo: rpm ## the RPM packages, and a signed repository that holds them
	@$(tools)/rpm-repo.sh "$${LKP_BUILD:-build}/rpm" "$${LKP_BUILD:-build}/rpm-repo"

binary-packages: ## the modules for one kernel, built and signed: KERNEL=VERSION KEY=FILE CERT=FILE
	@KERNEL='$(KERNEL)' KEY='$(KEY)' CERT='$(CERT)' $(if $(filter command line environment,\
		$(origin KDIR)),KDIR='$(KDIR)') $(tools)/binary-packages.sh

programs: ## the programs: lkp-example, lkp-guest, lkp-example-user
	@for program in guest cli user; do \
		$(MAKE) -s -C src/$$program $(if $(LKP_BUILD),\
			O='$(abspath $(LKP_BUILD))'/$$program \
			BIN='$(abspath $(LKP_BUILD))'/bin) || exit; \
	done

clean: ## remove what was built
	@$(tools)/module.sh clean
	rm -rf build

distclean: clean ## remove what was cached as well: packages and Debian systems
	@$(tools)/distclean.sh

.PHONY: help run test test-all test-rpm test-lifecycle test-sanitizer fuzz fuzz-kernel \
	matrix matrix-peers matrix-record coverage coverage-table bench bench-check \
	build load unload install uninstall guide picture release-check binary-packages \
	deb rpm rpm-repo programs clean distclean
