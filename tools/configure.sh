#!/bin/sh
# Configures a CMake preset quietly: tools/configure.sh PRESET [cmake options]. The log is shown only if it fails.
set -eu
preset="$1"
mkdir -p build
log="build/configure-$preset.log"
if ! cmake --preset "$@" > "$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
