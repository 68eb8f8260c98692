#!/bin/sh
# Writes the generated pages and the picture of docs/: tools/write_docs.sh [BINARY]
set -eu
cd "$(dirname "$0")/.."
binary="${1:-build/bin/vitrispin}"

mkdir -p build/docs
tools/write_equations.py

cmake --build build --target vitrispin_input_docs
build/bin/vitrispin_input_docs > build/docs-input.md && mv build/docs-input.md docs/input.md

# The picture of README.md: the head of the demo's report, as a browser shows it.
results=build/docs/ayig_film
"$binary" run examples/ayig_film.toml -o "$results" --quiet
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
"$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --force-device-scale-factor=1 \
  --window-size=1200,1300 --virtual-time-budget=5000 \
  --screenshot="$PWD/docs/images/report.png" "file://$PWD/$results/report.html" 2> build/docs/browser.log
echo "Written: docs/equations.md, docs/input.md, docs/images/report.png"
