// Reads a safetensors file with an independent parser, that of npm's @huggingface/hub:
//   node foreign_reader.mjs FOLDER_OF_NODE_MODULES FILE
// Prints JSON: {"metadata": {...}, "parameters": {"F32": 6}, "tensors": {name: {dtype, shape,
// values}}}.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const [folder, path] = process.argv.slice(2);
const require = createRequire(resolve(folder, "package.json"));
const { parseSafetensorsMetadata } = require("@huggingface/hub");

const file = readFileSync(path);

// The parser wants to download from a hub: this answers its range requests from the file.
async function fetchFromFile(_url, { headers }) {
  const range = /bytes=(\d+)-(\d+)/.exec(new Headers(headers).get("Range"));
  const [begin, end] = range ? [Number(range[1]), Number(range[2])] : [0, file.length - 1];
  const body = file.subarray(begin, end + 1);
  return new Response(body, {
    status: 206,
    headers: { "Content-Range": `bytes ${begin}-${end}/${file.length}`, ETag: "file" },
  });
}

const { header, parameterCount } = await parseSafetensorsMetadata({
  repo: "local/file",
  path: "model.safetensors",
  computeParametersCount: true,
  hubUrl: "http://localhost",
  fetch: fetchFromFile,
});

const arrays = { F32: Float32Array, U32: Uint32Array, U8: Uint8Array };
const dataBegin = 8 + Number(file.readBigUInt64LE(0));

function valuesOf({ dtype, data_offsets: [begin, end] }) {
  const bytes = new Uint8Array(file.subarray(dataBegin + begin, dataBegin + end));
  return Array.from(new arrays[dtype](bytes.buffer));
}

const { __metadata__: metadata, ...entries } = header;
const tensors = Object.fromEntries(
  Object.entries(entries).map(([name, entry]) => [
    name,
    { dtype: entry.dtype, shape: entry.shape, values: valuesOf(entry) },
  ]),
);
console.log(JSON.stringify({ metadata, parameters: parameterCount, tensors }));
