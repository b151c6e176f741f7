# The contents of the folder that scripts/kit makes.
# shellcheck shell=bash

# shellcheck disable=SC2034
kKitBenches=(bench_recipe_step bench_layer_step bench_conv bench_gemm)
kKitMark=.pumice-kit
kKitMegabytes=60
# Every Linux has these, and they have to be of one version.
kSystemLibraries='/(libc|libm|libdl|libpthread|librt|ld-linux[^/]*)\.so'
# The drivers of the other machine may need newer ones than ours: see kit_run.
kCompilerLibraries='/(libstdc\+\+|libgcc_s)\.so'

# require_kit_folder FOLDER: only what this script wrote is replaced.
require_kit_folder() {
  if [ -e "$1" ] && [ ! -e "$1/$kKitMark" ] && [ -n "$(ls -A "$1")" ]; then
    fail "$1: expected a kit, an empty folder or none; choose another"
  fi
}

# fill_kit FOLDER
fill_kit() {
  mkdir -p "$1"/{bin,lib/compiler,data/mnist,golden,peers}
  copy_programs "$1/bin"
  copy_libraries "$1"
  cp -r "$kRepository"/tests/golden/{*.json,version-*} "$1/golden/"
  cp "$kRepository"/native/bench/peers/{recipe_step_torch,recipe_networks,step_server,vae_mlp_model}.py "$1/peers/"
  compress_mnist "$1/data/mnist"
  cp "$kRepository/scripts/lib/kit_run" "$1/run"
  echo "$("$kBuild/pumice" --version) ($(commit))" >"$1/$kKitMark"
}

commit() { git -C "$kRepository" describe --always --dirty 2>/dev/null || echo "unknown commit"; }

copy_programs() {
  local program
  for program in pumice pumice_tests "${kKitBenches[@]}"; do
    if [[ $(ldd "$kBuild/$program") == *openblas* ]]; then
      say "without $program: it is linked with OpenBLAS, which is too large"
      continue
    fi
    strip -o "$1/$program" "$kBuild/$program"
  done
}

copy_libraries() {
  local library
  libraries_of "$1"/bin/* | grep --invert-match --extended-regexp "$kSystemLibraries" | while read -r library; do
    if grep --quiet --extended-regexp "$kCompilerLibraries" <<<"$library"; then
      cp --dereference "$library" "$1/lib/compiler/"
    else
      cp --dereference "$library" "$1/lib/"
    fi
  done
  cp --dereference "$(vulkan_loader)" "$1/lib/libvulkan.so.1"
}

libraries_of() { ldd "$@" | awk '$2 == "=>" && $3 ~ /^\// {print $3}' | sort --unique; }

vulkan_loader() {
  local path
  path=$(ldconfig -p | awk '/libvulkan\.so\.1 .*x86-64/ {path = $NF} END {print path}')
  [ -n "$path" ] || fail "found no Vulkan loader: libvulkan1 is missing"
  echo "$path"
}

compress_mnist() {
  local file
  for file in "$kData"/mnist/*-ubyte; do
    gzip --best --no-name --stdout "$file" >"$1/$(basename "$file").gz"
  done
}

require_small() {
  local bytes
  bytes=$(du --summarize --bytes "$1" | cut --fields=1)
  [ "$bytes" -lt $((kKitMegabytes * 1000000)) ] || fail "expected less than $kKitMegabytes MB, got $((bytes / 1000000)) MB"
}
