#!/usr/bin/env bash
# Installs the engine, then builds and runs the program of engine/README.md as a project outside:
#   example_test.sh BUILD_FOLDER
set -euo pipefail
build=$1
readme=$(dirname "${BASH_SOURCE[0]}")/../../engine/README.md
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# block LANGUAGE: what stands in the README's only block of that language.
block() { awk -v fence='```'"$1" '$0 == "```" { inside = 0 } inside; $0 == fence { inside = 1 }' "$readme"; }

cmake --install "$build" --prefix "$scratch/prefix" > "$scratch/log"
mkdir "$scratch/project"
block cmake > "$scratch/project/CMakeLists.txt"
block cpp > "$scratch/project/circle.cpp"
cmake -S "$scratch/project" -B "$scratch/build" -DCMAKE_PREFIX_PATH="$scratch/prefix" > "$scratch/log"
cmake --build "$scratch/build" > "$scratch/log" || { cat "$scratch/log"; exit 1; }
"$scratch/build/circle" | tee "$scratch/output"
awk '/^step 0:/ { first = $4 } /^step 500:/ { last = $4 }
     END { if (!(last < first / 3)) { print "the loss did not fall to a third"; exit 1 } }' "$scratch/output"
test -x "$scratch/prefix/bin/pumice"
