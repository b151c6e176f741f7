#!/usr/bin/env bash
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
unset EMSDK PUMICE_EMSCRIPTEN
load common npm prefix web

# make_emscripten FOLDER VERSION
make_emscripten() {
  mkdir -p "$1"
  printf '%s\n' "$2" >"$1/emscripten-version.txt"
  printf '#!/bin/sh\n' >"$1/emcc"
  chmod +x "$1/emcc"
}
make_emscripten "$scratch/new" 4.0.1
make_emscripten "$scratch/quoted" '"6.0.5"'
make_emscripten "$scratch/old" 3.1.6
make_emscripten "$scratch/sdk/upstream/emscripten" 3.1.69
ln -s "$scratch/new/emcc" "$scratch/emcc"
PATH=/usr/bin:/bin

expect "a newer Emscripten is modern" emscripten_is_modern "$scratch/new"
expect "so is one whose version is in quotes" emscripten_is_modern "$scratch/quoted"
expect_failure "an older one is not" emscripten_is_modern "$scratch/old"
expect_failure "nothing is not" emscripten_is_modern "$scratch/none"

PATH=$scratch:$PATH expect "emcc in PATH is found through its link" emscripten_is_active
PATH=$scratch/old:$PATH expect_failure "one too old in PATH is passed by" emscripten_is_active
EMSDK=$scratch/sdk expect "an emsdk is active" emscripten_is_active
EMSDK=$scratch/none expect_failure "an emsdk without Emscripten is an error" emscripten_is_active
expect "that says so" grep --quiet "expected Emscripten >= 3.1.69" "$scratch/error"
PUMICE_EMSCRIPTEN=trixie EMSDK=$scratch/sdk expect_failure "the private one may be asked for" emscripten_is_active

finish
