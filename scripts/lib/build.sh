# Build functions, shared by the scripts that run the program or its tests.
# shellcheck shell=bash

kPreset=${PUMICE_PRESET:-native}
# shellcheck disable=SC2034
kBuild=$kRepository/build/$kPreset
# shellcheck disable=SC2034
kWebBuild=$kRepository/build/web

# take_build_lock: two scripts in one clone would write to the same build and run folders.
take_build_lock() { take_lock "$kRepository/build/.lock"; }

# build TARGET...
build() { build_preset "$kPreset" "$@"; }

# build_preset PRESET TARGET...
build_preset() {
  local preset=$1
  say "building ${*:2} ($preset)"
  (cd "$kRepository" && cmake --preset "$preset" --log-level=WARNING >/dev/null &&
    cmake --build --preset "$preset" --target "${@:2}") || fail "the build failed"
}
