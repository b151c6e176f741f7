#!/usr/bin/env bash
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
load common build data kit

# A kit whose programs print their arguments; kit_fails names a command of pumice that fails.
kit=$scratch/kit
mkdir -p "$kit/bin" "$kit/lib"
cp "$kScripts/lib/kit_run" "$kit/run"
echo "pumice 1" >"$kit/$kKitMark"
cat >"$kit/bin/pumice" <<'PROGRAM'
#!/bin/sh
[ "$1" != "$kit_fails" ] || exit 3
case $1 in
  --help) printf '  devices  \n  selftest  \n' ;;
  bench) echo "recipes,$3,images/s,3704.5,3700,3710,5,," ;;
  train) mkdir -p "$4" && echo "page of $2" >"$4/report.html" ;;
  *) echo "$*" ;;
esac
PROGRAM
cat >"$kit/bin/pumice_tests" <<'PROGRAM'
#!/bin/sh
case $1 in
  --gtest_list_tests) printf 'cpu/Ops.\n  a\nlavapipe/Ops.\nnvidia_h100/Ops.\nTable.\n' ;;
  *) echo "$PUMICE_TEST_DEVICES $1 $PUMICE_TEST_DATA" ;;
esac
PROGRAM
chmod +x "$kit"/bin/*

run_kit() { (cd "$scratch" && PUMICE_PYTHON=no-python kit_fails=${fails:-} "$kit/run" --minutes 1 "$@" >"$scratch/said"); }

expect "the parts run" run_kit --out results
expect_text "in order" "machine devices selftest tests bench peers trainings results" \
  "$(sed 's/:.*//' "$scratch/results/summary.txt" | paste --serial --delimiters=' ')"
expect_text "the self-test is of the best device" "selftest --json" "$(<"$scratch/results/selftest.json")"
expect_text "tests are of the GPU, with the kit's golden values" \
  "nvidia_h100 --gtest_filter=nvidia_h100/*:-*Web*:*Page* $kit/golden" "$(<"$scratch/results/tests.txt")"
expect_text "steps are lines of JSON" "3704.5" "$(head -1 "$scratch/results/peers.jsonl" | python3 -c '
import json, sys
print(json.loads(sys.stdin.readline())["images_per_second"])')"
expect "a missing command is said" grep --quiet "bench: ok (this program has no bench" "$scratch/said"
expect_text "pages of trainings are kept" "page of vae-mlp-mnist" "$(<"$scratch/results/run-vae-mlp-mnist.html")"

expect "results are replaced, on the device that is named" run_kit --out results --device lavapipe
expect_text "by its name in tests" "lavapipe" "$(cut --fields=1 --delimiter=' ' "$scratch/results/tests.txt")"
expect_text "for the self-test, too" "selftest --device lavapipe --json" "$(<"$scratch/results/selftest.json")"

fails=selftest
expect_failure "a part that fails is a failure" run_kit --out results
expect "the others still run" test -s "$scratch/results/tests.txt"
expect "it is named" grep --quiet "selftest: FAILED with status 3" "$scratch/said"

mkdir "$scratch/mine" && touch "$scratch/mine/file"
expect_failure "a folder of the user is refused" run_kit --out mine
expect "by name" grep --quiet "mine: expected an empty folder" "$scratch/error"
expect_failure "minutes are a number" run_kit --minutes ten
expect_failure "options are known" run_kit --fast yes
expect "a kit may be replaced" require_kit_folder "$kit"
expect_failure "another folder may not" require_kit_folder "$scratch/mine"

finish
