// The page's download size without models, for a visitor without threads and one with, in bytes after gzip -9:
//   node size_check.mjs FOLDER_OF_NODE_MODULES SITE
import assert from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const kLimit = 450_000;

const site = process.argv[3];
const files = readdirSync(site, { withFileTypes: true })  // folders contain tests and models
  .filter((entry) => entry.isFile() && entry.name !== "bench.js")  // loaded with the benchmark
  .map(({ name }) => {
    const content = readFileSync(join(site, name));
    return { name, whole: content.length, packed: gzipSync(content, { level: 9 }).length };
  })
  .sort((a, b) => b.packed - a.packed);
for (const { name, packed, whole } of files) console.log(`${packed}\t${whole}\t${name}`);
assert(files.some(({ name }) => name === "pumice.wasm"), `${site}: expected the page there`);

// A visitor loads one of the two programs.
const isThreaded = ({ name }) => name.startsWith("pumice-threads.");
const isPlain = ({ name }) => name.startsWith("pumice.");
for (const [what, isOther] of Object.entries({ "without threads": isThreaded, "with threads": isPlain })) {
  const total = files.filter((file) => !isOther(file)).reduce((sum, { packed }) => sum + packed, 0);
  console.log(`${total}\t${what}, in all`);
  assert(total < kLimit, `the page takes ${total} bytes to load ${what}, expected fewer than ${kLimit}`);
}
