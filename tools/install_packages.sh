#!/bin/sh
# Installs the Debian 12 packages that a target needs, if any is missing: tools/install_packages.sh GROUP...
set -eu
build="g++ cmake ninja-build pkg-config git ca-certificates libeigen3-dev libtomlplusplus-dev libudunits2-dev libnetcdf-dev
       nlohmann-json3-dev libcli11-dev libfmt-dev libhwy-dev libceres-dev librandom123-dev
       libpetsc-real-dev libopenmpi-dev openmpi-bin"
test="libgtest-dev libgmock-dev librapidcheck-dev libceres-dev python3 python3-numpy python3-scipy python3-mpmath
      python3-netcdf4"
lint="clang-format-14 clang-tidy-14 python3"
fuzz="clang-14 libclang-rt-14-dev"
bench="libbenchmark-dev libsundials-dev libeigen3-dev python3 python3-numpy python3-scipy python3-mpmath"
docs="chromium fonts-dejavu-core python3"

wanted=""
for group in "$@"; do
  case "$group" in
    build) wanted="$wanted $build" ;;
    test) wanted="$wanted $test" ;;
    lint) wanted="$wanted $lint" ;;
    fuzz) wanted="$wanted $fuzz" ;;
    bench) wanted="$wanted $bench" ;;
    docs | look) wanted="$wanted $docs" ;;
    *) echo "install_packages.sh: no group '$group' (build, test, lint, fuzz, bench, docs)" >&2; exit 2 ;;
  esac
done

# One query for all: `make` with nothing to do must stay quick.
# shellcheck disable=SC2086
installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' $wanted 2>/dev/null | sed -n 's/^installed //p' || true)
missing=""
for package in $wanted; do
  printf '%s\n' "$installed" | grep -qxF -e "$package" || missing="$missing $package"
done
[ -z "$missing" ] && exit 0

echo "Installing:$missing"
as_root=""
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo > /dev/null || { echo "Packages are missing; as root run: apt-get install$missing" >&2; exit 1; }
  as_root="sudo"
fi
$as_root apt-get update -q
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
