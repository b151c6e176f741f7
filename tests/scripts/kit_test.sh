#!/usr/bin/env bash
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
load common build data kit

# A kit whose programs print their arguments, and which looks for drivers below $scratch. kit_fails names a command of
# pumice that fails with kit_status, kit_type is that of the best device, kit_bench is not empty if pumice has bench,
# kit_lacks is a precision for which there is no time, and kit_unable one that the device does not have.
kit=$scratch/kit
mkdir -p "$kit/bin" "$kit/lib"
sed "s#/usr/local/nvidia/share#$scratch/nvidia#g; s#\(/etc\|/usr/share\)/vulkan#$scratch\1/vulkan#g" \
  "$kScripts/lib/kit_run" >"$kit/run"
chmod +x "$kit/run"
echo "pumice 1" >"$kit/$kKitMark"
cat >"$kit/bin/pumice" <<'PROGRAM'
#!/bin/bash
[ "$1" != "$kit_fails" ] || exit "$kit_status"

# The rows of a recipe: with a precision in the names, if one is given.
rows() {
  local name=$1${precision:+, $precision} quoted=$1
  [ -z "$precision" ] || quoted="\"$name\""
  echo "recipes,$quoted,images/s,3704.5,3700,3710,5,,"
  echo "recipes,$quoted,us,1,1,1,5,,"
  echo "recipes,\"$name, decode\",images/s,2,2,2,5,,"
  echo "recipes,\"$name, on the device\",images/s,3,3,3,5,,"
}

bench() {
  local precision='' recipes=()
  echo "$*" >>"$kit_starts"
  while [ $# -gt 0 ]; do
    case $1 in
      --recipe) recipes+=("$2") ;;
      --precision) precision=$2 ;;
    esac
    shift
  done
  if [ "$precision" = "$kit_lacks" ]; then exit 124; fi
  if [ "$precision" = "$kit_unable" ]; then precision=; fi
  echo "ceilings,copy,GB/s,1,1,1,5,,"
  for recipe in "${recipes[@]}"; do rows "$recipe"; done
}

case $1 in
  --help) printf '  devices  \n  selftest  \n' && [ -z "$kit_bench" ] || echo '  bench  ' ;;
  devices)
    type=$kit_type
    [[ $* != *lavapipe* ]] || type=cpu
    echo "{\"devices\":[{\"index\":0,\"type\":\"$type\",\"usable\":true}]}"
    ;;
  bench) bench "${@:2}" ;;
  train) mkdir -p "$4" && echo "page of $2" >"$4/report.html" ;;
  *) echo "$*" ;;
esac
PROGRAM
cat >"$kit/bin/python" <<'PROGRAM'
#!/bin/sh
case $1 in
  -c) ;;
  *) echo "{\"recipe\": \"any\", \"variant\": \"PyTorch $5\"}" ;;
esac
PROGRAM
cat >"$kit/bin/pumice_tests" <<'PROGRAM'
#!/bin/sh
case $1 in
  --gtest_list_tests) printf 'cpu/Ops.\n  a\nlavapipe/Ops.\nnvidia_h100/Ops.\nintel_uhd/Ops.\nTable.\n' ;;
  *) echo "$PUMICE_TEST_DEVICES $1 $PUMICE_TEST_DATA" ;;
esac
PROGRAM
chmod +x "$kit"/bin/*

run_kit() {
  (cd "$scratch" && : >starts && PUMICE_PYTHON=${python:-no-python} kit_fails=${fails:-} kit_status=${status:-3} \
    kit_type=${type:-discrete} kit_bench=${bench:-} kit_lacks=${lacks:-no} kit_unable=${unable:-no} \
    kit_starts=$scratch/starts \
    "$kit/run" --minutes 1 "$@" >"$scratch/said")
}

# variants: of the lines in peers.jsonl that are about vae-mlp-mnist or of the peer; each line has to be JSON.
variants() {
  python3 - "$scratch/results/peers.jsonl" <<'PROGRAM'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
print("; ".join(line["variant"] for line in lines if line["recipe"] in ("vae-mlp-mnist", "any")))
PROGRAM
}

expect "the parts run" run_kit --out results
expect_text "in order" "machine devices selftest tests bench peers trainings results" \
  "$(sed 's/:.*//' "$scratch/results/summary.txt" | paste --serial --delimiters=' ')"
expect_text "the self-test is of the best device" "selftest --json" "$(<"$scratch/results/selftest.json")"
expect_text "tests are of the best GPU, with the kit's golden values" \
  "nvidia_h100 --gtest_filter=nvidia_h100/*:-*Web*:*Page* $kit/golden" "$(<"$scratch/results/tests.txt")"
expect_text "steps are lines of JSON" "3704.5" "$(head -1 "$scratch/results/peers.jsonl" | python3 -c '
import json, sys
print(json.loads(sys.stdin.readline())["images_per_second"])')"
expect "a missing command is said" grep --quiet "bench: ok (this program has no bench" "$scratch/said"
expect_text "steps are measured in three precisions, and untuned" \
  "Pumice; Pumice, untuned; Pumice, mixed; Pumice, split" "$(variants)"
expect_text "of each recipe" 20 "$(wc -l <"$scratch/results/peers.jsonl")"
expect_text "without other rows of its name" 20 "$(grep --count 3704.5 "$scratch/results/peers.jsonl")"
recipes="--recipe vae-mlp-mnist --recipe gan-conv-mnist --recipe dcgan-cifar10 --recipe vae-lstm-mnist"
recipes+=" --recipe classifier-mnist"
expect_text "by a program start for each variant" "$recipes --seconds 1 --format csv
$recipes --tune off --seconds 1 --format csv
$recipes --precision mixed --tune off --seconds 1 --format csv
$recipes --precision split --tune off --seconds 1 --format csv" "$(<"$scratch/starts")"
expect_text "pages of trainings are kept" "page of vae-mlp-mnist" "$(<"$scratch/results/run-vae-mlp-mnist.html")"

expect "results are replaced, on the device that is named" run_kit --out results --device lavapipe
expect_text "by its name in tests" "lavapipe" "$(cut --fields=1 --delimiter=' ' "$scratch/results/tests.txt")"
expect_text "for the self-test, too" "selftest --device lavapipe --json" "$(<"$scratch/results/selftest.json")"
expect_text "for steps, without variants for GPUs" "Pumice" "$(variants)"

type=cpu
expect "without a GPU" run_kit --out results
expect_text "there are no variants, either" "Pumice" "$(variants)"
type=

python=$kit/bin/python
expect "with PyTorch" run_kit --out results
graphs="PyTorch eager, f32"
expect_text "variants are in the first of two rounds" \
  "Pumice; Pumice, untuned; Pumice, mixed; Pumice, split; $graphs; Pumice; PyTorch compile, f32" "$(variants)"
python=

lacks=mixed
expect "a variant whose time is over is no failure" run_kit --out results
expect "it is named" grep --quiet "peers: ok (.*; Pumice, mixed: stopped without a result; " "$scratch/said"
expect_text "the next one is measured" "Pumice; Pumice, untuned; Pumice, split" "$(variants)"
lacks=

unable="split"
expect "a precision that the device does not have is no failure" run_kit --out results
expect "it is named, too" grep --quiet "peers: ok (.*; Pumice, split: not on this device; " "$scratch/said"
unable=

# seconds_of_bench MINUTES: for the two workloads.
seconds_of_bench() {
  bench=yes run_kit --out results --minutes "$1"
  sed -n 's/^--seconds \([0-9]*\) --format json$/\1/p' "$scratch/starts"
}
expect_text "bench takes a third of its part" 28 "$(seconds_of_bench 8)"
expect_text "at least 5 s" 5 "$(seconds_of_bench 1)"
expect_text "at most 60 s" 60 "$(seconds_of_bench 60)"
expect "which is said" grep --quiet "bench: ok (--seconds 60; " "$scratch/said"

bench=yes fails=bench status=124
expect "a part whose time is over is no failure" run_kit --out results
expect "a lost result is named" grep --quiet "bench: stopped WITHOUT A RESULT, its time was over (--seconds 5; " \
  "$scratch/results/summary.txt"
bench='' fails='' status=''

# variables_of_drivers: as machine.txt has them.
variables_of_drivers() {
  run_kit --out results --minutes 8
  grep '^VK_' "$scratch/results/machine.txt" | paste --serial --delimiters=' '
}
nvidia=$scratch/nvidia/vulkan/icd.d/nvidia_icd.json
mkdir -p "$scratch"/{nvidia,etc,usr/share}/vulkan/icd.d
echo "one" >"$scratch/etc/vulkan/icd.d/nvidia_icd.json"
cp "$scratch"/{etc,usr/share}/vulkan/icd.d/nvidia_icd.json
expect_text "drivers that the loader finds are left to it" "VK_DRIVER_FILES= VK_ICD_FILENAMES= VK_ADD_DRIVER_FILES=" \
  "$(variables_of_drivers)"
echo "another" >"$nvidia"
expect_text "another one is added" "VK_DRIVER_FILES= VK_ICD_FILENAMES= VK_ADD_DRIVER_FILES=$nvidia" \
  "$(variables_of_drivers)"
expect_text "to the user's" "VK_DRIVER_FILES= VK_ICD_FILENAMES= VK_ADD_DRIVER_FILES=/mine.json:$nvidia" \
  "$(VK_ADD_DRIVER_FILES=/mine.json variables_of_drivers)"
expect_text "unless the user names all" "VK_DRIVER_FILES=/mine.json VK_ICD_FILENAMES= VK_ADD_DRIVER_FILES=" \
  "$(VK_DRIVER_FILES=/mine.json variables_of_drivers)"
echo "one" >"$nvidia"
expect_text "the same one is not" "VK_DRIVER_FILES= VK_ICD_FILENAMES= VK_ADD_DRIVER_FILES=" "$(variables_of_drivers)"

fails=selftest
expect_failure "a part that fails is a failure" run_kit --out results
expect "the others still run" test -s "$scratch/results/tests.txt"
expect "it is named" grep --quiet "selftest: FAILED with status 3" "$scratch/said"

touch "$scratch/results/.run-vae-mlp-mnist.json.1-0.tmp"
fails=--version
expect_failure "a program that does not start is a failure" run_kit --out results
expect_text "nothing of an earlier run remains" "" "$(ls -A "$scratch/results")"
fails=

mkdir "$scratch/mine" && touch "$scratch/mine/file"
expect_failure "a folder of the user is refused" run_kit --out mine
expect "by name" grep --quiet "mine: expected an empty folder" "$scratch/error"
expect_failure "minutes are a number" run_kit --minutes ten
expect_failure "options are known" run_kit --fast yes
expect "a kit may be replaced" require_kit_folder "$kit"
expect_failure "another folder may not" require_kit_folder "$scratch/mine"

finish
