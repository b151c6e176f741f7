# Sourced by the tests of the scripts: a scratch folder as HOME, and one line per expectation.
# shellcheck shell=bash
set -uo pipefail

kScripts=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../scripts" && pwd)
unset XDG_CACHE_HOME PUMICE_PREFIX PUMICE_DATA PUMICE_PRESET VULKAN_SDK
unset VK_DRIVER_FILES VK_ICD_FILENAMES VK_ADD_DRIVER_FILES
HOME=$(mktemp -d)
export HOME
scratch=$HOME

# load LIBRARY...: sources libraries as the scripts do.
load() {
  local library
  for library in "$@"; do
    # shellcheck disable=SC1090  # one of scripts/lib
    source "$kScripts/lib/$library.sh"
  done
  temporaries+=("$scratch")
}

failures=0
report() {
  if [ "$1" = 0 ]; then
    echo "ok      $2"
  else
    echo "FAILED  $2"
    failures=$((failures + 1))
  fi
}

# expect WHAT COMMAND...: the command succeeds.
expect() {
  ("${@:2}")
  report $? "$1"
}

# expect_failure WHAT COMMAND...: the command fails; its standard error is kept in $scratch/error.
expect_failure() {
  if ("${@:2}") 2>"$scratch/error"; then report 1 "$1"; else report 0 "$1"; fi
}

# expect_text WHAT EXPECTED ACTUAL
expect_text() {
  [ "$2" = "$3" ] || printf 'expected: %s\nactual:   %s\n' "$2" "$3"
  [ "$2" = "$3" ]
  report $? "$1"
}

finish() { exit $((failures > 0)); }
