#!/bin/sh
# Fuzzes the reader of input files for SECONDS (default 60): tests/fuzz/run.sh [SECONDS]
# Builds the target with the preset `fuzz`, starts from tests/fuzz/seeds and examples/, and keeps what it learns in the
# build folder, so that later runs go on from there. Exit status 0: nothing found. Findings lie in BUILD/findings.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
seconds=${1:-60}
build=${VITRISPIN_FUZZ_BUILD:-$root/build/fuzz}
mkdir -p "$build"
cd "$root"
{ cmake --preset fuzz -B "$build" && cmake --build "$build" -j "${JOBS:-$(nproc)}" --target fuzz_input; } > "$build/build.log" 2>&1 ||
  { cat "$build/build.log"; exit 1; }
mkdir -p "$build/corpus" "$build/findings" "$build/seeds"
cp tests/fuzz/seeds/*.toml examples/*.toml "$build/seeds/" 2>/dev/null || true
export ASAN_OPTIONS="detect_leaks=1:allocator_may_return_null=1"
export LSAN_OPTIONS="suppressions=$root/tests/fuzz/leaks.supp:print_suppressions=0"
exec "$build/bin/fuzz_input" -max_total_time="$seconds" -dict=tests/fuzz/toml.dict -max_len=8192 -timeout=25 \
  -rss_limit_mb=4096 -print_final_stats=1 -verbosity="${VERBOSITY:-0}" -artifact_prefix="$build/findings/" \
  "$build/corpus" "$build/seeds"
