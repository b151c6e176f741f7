// The page's download size without models, in bytes after gzip -9:
//   node size_check.mjs FOLDER_OF_NODE_MODULES SITE
import assert from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const kLimit = 450_000;

const site = process.argv[3];
const files = readdirSync(site, { withFileTypes: true })  // folders contain tests and models
  .filter((entry) => entry.isFile())
  .map(({ name }) => {
    const content = readFileSync(join(site, name));
    return { name, whole: content.length, packed: gzipSync(content, { level: 9 }).length };
  })
  .sort((a, b) => b.packed - a.packed);
const total = files.reduce((sum, { packed }) => sum + packed, 0);
for (const { name, whole, packed } of files) console.log(`${packed}\t${whole}\t${name}`);
console.log(`${total}\tin all`);
assert(files.some(({ name }) => name === "pumice.wasm"), `${site}: expected the page there`);
assert(total < kLimit, `the page takes ${total} bytes to load, expected fewer than ${kLimit}`);
