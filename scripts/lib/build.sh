# Building, shared by the scripts that run the program or its tests.
# shellcheck shell=bash

kPreset=${PUMICE_PRESET:-native}
kBuild=$kRepository/build/$kPreset

# take_build_lock: two runs in one clone would write the same build and run folders.
take_build_lock() { take_lock "$kRepository/build/.lock"; }

# build TARGET...
build() {
  say "building $* ($kPreset)"
  (cd "$kRepository" && cmake --preset "$kPreset" --log-level=WARNING >/dev/null &&
    cmake --build --preset "$kPreset" --target "$@") || fail "the build failed"
}
