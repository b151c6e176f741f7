# Programs of others that the tests check ours against, from npm: tests/package.json names them.
# shellcheck shell=bash

kNpmFolder=$kCache/npm

ensure_npm_packages() {
  local manifest work
  manifest=$(<"$kRepository/tests/package.json")
  stamp_is "$kNpmFolder/.complete" "$manifest" && return
  say "fetching the tests' npm packages into $kNpmFolder"
  make_temporary_beside "$kNpmFolder" work
  mkdir "$work/npm"
  cp "$kRepository/tests/package.json" "$work/npm/"
  (cd "$work/npm" && npm_config_update_notifier=false npm install --loglevel=error --ignore-scripts \
    --no-audit --no-fund --no-package-lock >/dev/null) || fail "npm could not fetch what tests/package.json names"
  write_stamp "$work/npm/.complete" "$manifest"
  publish "$work/npm" "$kNpmFolder"
}
