# make          builds build/bin/vitrispin (release)
# make demo     runs the main job and names the report to open
# make test     builds and passes all tests; make test-long runs the full figures
# make bench    measures against peers; make docs writes the generated pages; make lint checks format and clang-tidy
# Each target installs the Debian packages that it needs.
.PHONY: all build demo test test-long bench docs lint format fuzz clean
.DEFAULT_GOAL := all
RELEASE := build
JOBS ?= $(shell nproc)

all: build

build:
	@tools/install_packages.sh build
	@cmake --preset release -DVITRISPIN_BUILD_TESTS=OFF -DVITRISPIN_BUILD_BENCHMARKS=OFF > build.log 2>&1 || { cat build.log; rm -f build.log; exit 1; }; rm -f build.log
	@cmake --build $(RELEASE) -j $(JOBS) --target vitrispin

demo: build
	@$(RELEASE)/bin/vitrispin run examples/ayig_film.toml -o build/demo/ayig_film
	@echo
	@echo "Open the report: $(CURDIR)/build/demo/ayig_film/report.html"
