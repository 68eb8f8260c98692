#!/bin/sh
# Installs the Debian 12 packages that a target needs, if any is missing: tools/install_packages.sh build|test|lint|fuzz
set -eu
build="g++ cmake ninja-build pkg-config git ca-certificates libeigen3-dev libtomlplusplus-dev libudunits2-dev libnetcdf-dev
       nlohmann-json3-dev libcli11-dev libfmt-dev libspdlog-dev libhwy-dev"
test="libgtest-dev libgmock-dev librapidcheck-dev libceres-dev python3 python3-numpy python3-scipy python3-mpmath python3-netcdf4"
lint="clang-format-14 clang-tidy-14"
fuzz="clang-14 libclang-rt-14-dev"
bench="libbenchmark-dev python3 python3-numpy python3-scipy"
look="chromium fonts-dejavu-core"

wanted=""
for group in "$@"; do
  case "$group" in
    build) wanted="$wanted $build" ;;
    test) wanted="$wanted $test" ;;
    lint) wanted="$wanted $lint" ;;
    fuzz) wanted="$wanted $fuzz" ;;
    bench) wanted="$wanted $bench" ;;
    look) wanted="$wanted $look" ;;
    *) echo "install_packages.sh: no group '$group' (build, test, lint, fuzz, bench, look)" >&2; exit 2 ;;
  esac
done

missing=""
for package in $wanted; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing="$missing $package"
done
[ -z "$missing" ] && exit 0

echo "Installing:$missing"
as_root=""
[ "$(id -u)" -eq 0 ] || as_root="sudo"
$as_root apt-get update -q
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -q --no-install-recommends $missing
