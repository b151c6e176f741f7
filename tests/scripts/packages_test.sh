#!/usr/bin/env bash
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
load common packages

list() {
  cat <<'LIST'
shell      bash
nonsense   no-such-command
passwords  /etc/passw*
pictures   /no/such/*.png
either     no-such-command /etc/passwd
dpkg       -
imaginary  -
LIST
}
package_is_installed() { [ "$1" = dpkg ]; }
expect_text "missing are those without any proof" "nonsense pictures imaginary" \
  "$(list | missing_packages | xargs)"

can_be_root() { false; }
as_root() { echo "as_root was called" >&2; }
expect_failure "without the right to install, missing packages end the run" install_packages list
expect_text "they are named in one line" \
  "packages_test.sh: these packages are missing and this user may not install them: nonsense pictures imaginary" \
  "$(<"$scratch/error")"

nothing() { echo "shell bash"; }
expect "with nothing missing, no rights are needed" install_packages nothing

can_be_root() { true; }
as_root() { echo "$*" >>"$scratch/calls"; }
expect "with the right to install, the missing ones are" install_packages list
expect "only those" grep --quiet -- "600 nonsense pictures imaginary$" "$scratch/calls"

finish
