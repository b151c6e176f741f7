// Converts one SPIR-V module to WGSL, with the npm package naga-wasm:
//   node naga.mjs FOLDER_OF_NAGA_WASM IN.spv OUT.wgsl
// The arguments after the folder are those of the program naga.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, input, output] = process.argv.slice(2);
const naga = await import(pathToFileURL(join(folder, "dist/node.js")));

try {
  const module = naga.parseSpirv(readFileSync(input));
  writeFileSync(output, naga.writeWgsl(module, naga.validate(module)));
} catch (error) {
  console.error(error.formatted ?? error.message);
  process.exit(1);
}
