# Packages from npm: what the program embeds (native/package.json), programs of others that the tests check
# ours against (tests/package.json), what the page is built with (web/package.json), its peers
# (web/bench/package.json).
# shellcheck shell=bash

kNpmFolder=$kCache/npm
kEmbeddedFolder=$kCache/native/npm

ensure_embedded_packages() { ensure_npm_folder native/package.json "$kEmbeddedFolder"; }
ensure_npm_packages() { ensure_npm_folder tests/package.json "$kNpmFolder"; }

# ensure_npm_folder MANIFEST FOLDER: what the repository's MANIFEST names, in FOLDER/node_modules.
ensure_npm_folder() {
  local name=$1 folder=$2 manifest work
  manifest=$(<"$kRepository/$name")
  stamp_is "$folder/.complete" "$manifest" && return
  say "fetching the npm packages of $name into $folder"
  make_temporary_beside "$folder" work
  mkdir "$work/npm"
  cp "$kRepository/$name" "$work/npm/"
  (cd "$work/npm" && npm_config_update_notifier=false npm install --loglevel=error --ignore-scripts \
    --no-audit --no-fund --no-package-lock >/dev/null) || fail "npm could not fetch what $name names"
  write_stamp "$work/npm/.complete" "$manifest"
  publish "$work/npm" "$folder"
}
