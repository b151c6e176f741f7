// Runs the browser's tests in node, on WebGPU by Dawn:
//   node --experimental-wasm-jspi run_in_node.mjs FOLDER_OF_NODE_MODULES SITE [argument of gtest...]
// Exits with the tests' status, or with 1 if the program aborts. VK_DRIVER_FILES selects the driver.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { openDevice } from "../../engine/hal/webgpu/open_device.mjs";

const load = (...path) => import(pathToFileURL(resolve(join(...path))));
const [modules, site, ...others] = process.argv.slice(2);
const { create, globals } = await load(modules, "node_modules/webgpu/index.js");
Object.assign(globalThis, globals);
const { default: createTests } = await load(site, "tests/tests.mjs");
globalThis.window = globalThis;  // what a program for browsers that is built with assertions looks for
globalThis.gpu = create([]);  // Dawn crashes if it is collected before its device
const device = await openDevice(globalThis.gpu);
console.log(`Dawn on ${device.gpuAdapterInfo.description}`);
const status = await new Promise((done) => {
  createTests({
    ...device, wasmBinary: readFileSync(join(site, "tests/tests.wasm")), arguments: others, onExit: done, onAbort: () => done(1),
    print: (line) => console.log(line), printErr: (line) => console.log(line),
  }).catch((error) => {
    console.log(error);
    done(1);
  });
});
process.exit(status);
