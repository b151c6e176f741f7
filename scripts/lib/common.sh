# Shared by every script: messages, the cache folder, locks, and atomic publishing of files.
# shellcheck shell=bash

# shellcheck disable=SC2034  # the scripts that source this use them
kRepository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck disable=SC2034
kCache=${XDG_CACHE_HOME:-$HOME/.cache}/pumice

say() { printf '[%3ds] %s\n' "$SECONDS" "$*"; }

# fail MESSAGE...: prints one line on standard error and exits.
fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

have_command() { command -v "$1" >/dev/null 2>&1; }

any_file() {
  local file
  for file in "$@"; do [ -f "$file" ] && return; done
  return 1
}

# True when version $1 is at least version $2.
version_at_least() { printf '%s\n%s\n' "$2" "$1" | sort --check=silent --version-sort; }

temporaries=()
children=()  # started in the background
trap 'kill "${children[@]}" 2>/dev/null || true; rm -rf "${temporaries[@]}"' EXIT

# make_temporary_beside TARGET VARIABLE: a new folder on TARGET's file system, so that moving from it is
# atomic. It is removed when the script ends; leftovers of killed scripts are removed now.
make_temporary_beside() {
  local -n folder_name=$2
  mkdir -p "$(dirname "$1")"
  rm -rf "$1".partial.*
  folder_name=$(mktemp -d "$1.partial.XXXXXX")
  chmod 755 "$folder_name"
  temporaries+=("$folder_name")
}

# publish FOLDER TARGET: replaces TARGET by FOLDER; an interrupted run leaves the old one or none.
publish() {
  if [ -e "$2" ]; then mv -T "$2" "$1.old"; fi
  mv -T "$1" "$2"
}

# A stamp stores a text that identifies its input: a different text (a newer recipe) makes it stale.
stamp_is() { [ -f "$1" ] && [ "$(<"$1")" = "$2" ]; }
write_stamp() { printf '%s\n' "$2" >"$1"; }

# take_lock FILE: one run at a time; held until this script and its children have ended.
take_lock() {
  mkdir -p "$(dirname "$1")"
  exec {lock_descriptor}>"$1"
  flock --nonblock "$lock_descriptor" && return
  say "waiting for another run to finish ($1)"
  flock "$lock_descriptor"
}

# can_be_root: whether this is root or has sudo; asks for a password only on a terminal.
can_be_root() {
  [ "$(id -u)" = 0 ] && return
  have_command sudo || return 1
  sudo --non-interactive true 2>/dev/null && return
  [ -t 0 ] && sudo --validate
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}
