# The checks of scripts/lint: each prints its findings and succeeds if there are none.
# shellcheck shell=bash

kLintFolder=$kCache/lint/npm
kTidyPreset=${PUMICE_PRESET:-native}
kTidyBuild=$kRepository/build/$kTidyPreset/sources

ensure_lint() {
  install_packages lint_packages
  ensure_npm_folder scripts/package.json "$kLintFolder"
}

# require_lint_tools: fails and names missing tools, so that no check is skipped.
require_lint_tools() {
  local missing
  missing=$(lint_packages | missing_packages | paste --serial --delimiters=' ')
  [ -z "$missing" ] || fail "missing: $missing; scripts/setup --with-lint installs them"
  stamp_is "$kLintFolder/.complete" "$(<"$kRepository/scripts/package.json")" ||
    fail "missing: eslint as in scripts/package.json; scripts/setup --with-lint fetches it"
}

# Only files that exist: git still lists one that is deleted but not committed.
files_of() { git ls-files -- "$@" | while read -r file; do [ ! -f "$file" ] || echo "$file"; done; }

lint_clang_format() {
  files_of '*.cpp' '*.h' | xargs --max-procs="$(nproc)" --max-args=50 clang-format --dry-run -Werror
}

lint_shellcheck() {
  local status=0
  shellcheck --external-sources --check-sourced --source-path=SCRIPTDIR \
    scripts/{setup,arm64,dawn,demo,drivers,extractors,test,sanitize,fuzz,lint,kit,site} scripts/lib/kit_run .ci/run web/bench/run || status=1
  # Functions that tests replace look unreachable (2317); load() defines variables in sourced files (2154).
  files_of 'tests/**.sh' | xargs shellcheck --source-path=SCRIPTDIR --external-sources --exclude=2154,2317 || status=1
  return "$status"
}

lint_python() {
  local status=0
  files_of '*.py' | xargs pyflakes3 || status=1
  # Slices with spaces around their colon (E203) and aligned tables (E128) are allowed.
  files_of '*.py' | xargs pycodestyle --max-line-length=120 --ignore=E128,E203,W503,W504 || status=1
  return "$status"
}

lint_javascript() {
  files_of '*.js' '*.mjs' | xargs node "$kLintFolder/node_modules/eslint/bin/eslint.js" --max-warnings=0
}

# lint_clang_tidy: changed files (see changed_sources), or with --all everything that the build compiles.
lint_clang_tidy() {
  local -a files
  local most=${PUMICE_TIDY_MOST:-1000}
  # The list of commands anew: an old one may lack sources, which would not be checked.
  cmake --build "$kRepository/build/$kTidyPreset" --target pumice_compile_commands >/dev/null 2>&1 || {
    echo "clang-tidy reads the commands of build/$kTidyPreset: build first (cmake --workflow --preset native)"
    return 1
  }
  if [ "${lint_all:-no}" = yes ]; then mapfile -t files < <(files_of '*.cpp' | compiled_sources); fi
  if [ "${lint_all:-no}" = no ]; then mapfile -t files < <(changed_sources | compiled_sources); fi
  if [ ${#files[@]} -gt "$most" ]; then
    echo "clang-tidy: the $most latest of ${#files[@]} changed files; scripts/lint --all checks every one"
    files=("${files[@]:0:most}")
  fi
  echo "clang-tidy: ${#files[@]} files"
  [ ${#files[@]} -gt 0 ] || return 0
  printf '%s\n' "${files[@]}" | xargs --max-procs="$(nproc)" --max-args=1 \
    clang-tidy -p "$kTidyBuild" --quiet --warnings-as-errors='*' 2>/dev/null
}

# Only sources that the native build compiles: the page's program needs Emscripten's headers.
compiled_sources() {
  while read -r file; do
    [ ! -f "$file" ] || ! grep --quiet --fixed-strings "$kRepository/$file\"" "$kTidyBuild/compile_commands.json" ||
      echo "$file"
  done
}

# Uncommitted sources, then those changed since the base, latest first.
changed_sources() {
  local base
  base=$(lint_base)
  {
    git diff --name-only HEAD -- '*.cpp'
    git log --format= --name-only "$base..HEAD" -- '*.cpp'
  } | awk '!seen[$0]++'
}

# PUMICE_LINT_BASE, otherwise the merge base with the main branch; on the main branch, the previous commit.
lint_base() {
  local reference base
  for reference in ${PUMICE_LINT_BASE:-} origin/HEAD origin/main main; do
    base=$(git merge-base HEAD "$reference" 2>/dev/null) || continue
    [ "$base" = "$(git rev-parse HEAD)" ] || { echo "$base" && return; }
  done
  git rev-parse --verify --quiet HEAD~1 || git rev-parse HEAD
}
