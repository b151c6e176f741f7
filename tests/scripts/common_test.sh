#!/usr/bin/env bash
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
load common

expect "a newer version is enough" version_at_least 15.1.0 15.0
expect "the same version is enough" version_at_least 15.0 15.0
expect "versions compare by number, not by letter" version_at_least 15.0 9.9
expect_failure "an older version is not enough" version_at_least 12.0.0 15.0

target=$scratch/target
mkdir "$target.partial.killed"
work=
make_temporary_beside "$target" work
expect "a temporary folder is there" test -d "$work"
expect_failure "what a killed run left is gone" test -e "$target.partial.killed"

publish_text() {
  mkdir "$work/folder"
  echo "$1" >"$work/folder/file"
  publish "$work/folder" "$target"
}
publish_text first
expect_text "publishing makes the target" first "$(<"$target/file")"
publish_text second
expect_text "publishing again replaces it" second "$(<"$target/file")"

write_stamp "$scratch/stamp" "recipe 1"
expect "a stamp knows its recipe" stamp_is "$scratch/stamp" "recipe 1"
expect_failure "another recipe makes it stale" stamp_is "$scratch/stamp" "recipe 2"
expect_failure "no stamp is stale" stamp_is "$scratch/none" "recipe 1"

take_lock "$scratch/folder/lock"
expect_failure "a lock keeps others out" flock --nonblock "$scratch/folder/lock" true

finish
