#!/usr/bin/env bash
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
load common

mkdir -p "$scratch/runs/two words"
echo one >"$scratch/runs/two words/checkpoint.safetensors"
echo two >"$scratch/digits.safetensors"

install_models() {
  (cd "$scratch" && cmake -D CMAKE_INSTALL_PREFIX="$scratch/site" -D PUMICE_MODELS="$1" \
    -D PUMICE_PROGRAM="${2:-}" \
    -P "$kScripts/cmake/install_models.cmake") >"$scratch/said" 2>&1
}

expect "models are installed" install_models "runs/two words/;$scratch/digits.safetensors"
expect_text "a run's checkpoint is copied" one "$(<"$scratch/site/models/0.safetensors")"
expect_text "a file is copied" two "$(<"$scratch/site/models/1.safetensors")"
expect_text "the index names both" "two words, digits" "$(python3 -c '
import json, sys
print(", ".join(model["name"] for model in json.load(open(sys.argv[1]))))' "$scratch/site/models/index.json")"
expect_failure "a missing model is named" install_models nothing
expect "by its path" grep --quiet "$scratch/nothing" "$scratch/said"

cat >"$scratch/pumice" <<'PROGRAM'
#!/bin/sh
[ "$1" = export ] && [ "$3" = --web ] || exit 2
case $2 in *digits*) echo "pumice: it was exported" >&2; exit 1 ;; esac
[ "$5" = --json ] || exit 2
echo small >"$7"
echo '{"bytes": 6, "thumbnail": "data:image/png;base64,AA=="}'
PROGRAM
chmod +x "$scratch/pumice"
expect "models are exported" install_models "runs/two words/;$scratch/digits.safetensors" "$scratch/pumice"
expect_text "by the program" small "$(<"$scratch/site/models/0.safetensors")"
expect_text "or copied" two "$(<"$scratch/site/models/1.safetensors")"
expect_text "thumbnails come from the program" "data:image/png;base64,AA==, none" "$(python3 -c '
import json, sys
print(", ".join(model.get("thumbnail", "none") for model in json.load(open(sys.argv[1]))))' "$scratch/site/models/index.json")"
expect "with the reason" grep --quiet "not exported.*it was exported" "$scratch/said"

finish
