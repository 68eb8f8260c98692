# make            builds build/bin/vitrispin (release)
# make demo       runs the main job and names the report to open
# make test       lint, the whole suite (warnings are errors), its core under sanitizers, a minute of fuzzing: 15 minutes
# make test-long  the full figures: long tests, the whole suite under sanitizers, ten minutes of fuzzing, benchmarks
# make bench      measures against peers, in turn, in one run
# make docs       writes the generated pages and pictures of docs/
# make lint       checks format and runs clang-tidy; make format rewrites the layout
# make fuzz       fuzzes the reader of input files for FUZZ_SECONDS
# Each target installs the Debian packages that it needs.
.PHONY: all build demo test test-long suite sanitize bench docs lint format fuzz clean
.DEFAULT_GOAL := all
JOBS ?= $(shell nproc)
FUZZ_SECONDS ?= 60
LEVEL ?= quick
# Parts of the suite that run under the sanitizers in `make test`; `make test-long` runs all of it.
SANITIZED ?= -LE python
PYTHON := /usr/bin/python3
INSTALL := tools/install_packages.sh
CONFIGURE := tools/configure.sh

all: build

build:
	@$(INSTALL) build
	@$(CONFIGURE) release -DVITRISPIN_BUILD_TESTS=OFF
	@cmake --build build -j $(JOBS) --target vitrispin

demo: build
	@build/bin/vitrispin run examples/ayig_film.toml -o build/demo/ayig_film
	@echo
	@echo "Open the report: $(CURDIR)/build/demo/ayig_film/report.html"

# The suite comes last, so that the output ends with ctest's summary.
test:
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory sanitize
	@$(MAKE) --no-print-directory fuzz
	@$(MAKE) --no-print-directory suite

test-long:
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory sanitize SANITIZED=
	@$(MAKE) --no-print-directory fuzz FUZZ_SECONDS=600
	@$(MAKE) --no-print-directory bench
	@$(MAKE) --no-print-directory suite LEVEL=long

suite:
	@$(INSTALL) build test
	@$(CONFIGURE) dev -DVITRISPIN_TEST_LEVEL=$(LEVEL)
	@cmake --build build/dev -j $(JOBS)
	@ctest --test-dir build/dev -j $(JOBS) --output-on-failure --progress

sanitize:
	@$(INSTALL) build test
	@$(CONFIGURE) asan-ubsan
	@cmake --build build/asan-ubsan -j $(JOBS)
	@ctest --test-dir build/asan-ubsan -j $(JOBS) --output-on-failure --progress $(SANITIZED)

fuzz:
	@$(INSTALL) build fuzz
	@tests/fuzz/run.sh $(FUZZ_SECONDS)

bench:
	@$(INSTALL) build bench
	@$(CONFIGURE) release -DVITRISPIN_BUILD_TESTS=OFF -DVITRISPIN_BUILD_BENCHMARKS=ON
	@cmake --build build -j $(JOBS)
	@$(PYTHON) bench/run.py

docs: build
	@$(INSTALL) docs
	@tools/write_docs.sh

lint:
	@$(INSTALL) build test lint
	@$(CONFIGURE) dev
	@$(PYTHON) tools/lint.py --build build/dev --jobs $(JOBS)

format:
	@$(INSTALL) lint
	@$(PYTHON) tools/lint.py --write

clean:
	@rm -rf build
