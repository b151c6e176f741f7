# Packages from npm: for embedding in the program (native/package.json), third-party programs that the tests
# compare with (tests/package.json), build tools of the page (web/package.json), and its benchmark peers
# (web/bench/package.json).
# shellcheck shell=bash

kNpmFolder=$kCache/npm
kEmbeddedFolder=$kCache/native/npm

ensure_embedded_packages() { ensure_npm_folder native/package.json "$kEmbeddedFolder"; }
ensure_npm_packages() { ensure_npm_folder tests/package.json "$kNpmFolder"; }

# ensure_npm_folder MANIFEST FOLDER: installs the packages of the repository's MANIFEST in FOLDER/node_modules.
ensure_npm_folder() {
  local name=$1 folder=$2 manifest work
  manifest=$(<"$kRepository/$name")
  stamp_is "$folder/.complete" "$manifest" && return
  say "fetching the npm packages of $name into $folder"
  make_temporary_beside "$folder" work
  mkdir "$work/npm"
  cp "$kRepository/$name" "$work/npm/"
  (cd "$work/npm" && npm_config_update_notifier=false npm install --loglevel=error --ignore-scripts \
    --no-audit --no-fund --no-package-lock >/dev/null) || fail "npm could not fetch the packages of $name"
  write_stamp "$work/npm/.complete" "$manifest"
  publish "$work/npm" "$folder"
}
