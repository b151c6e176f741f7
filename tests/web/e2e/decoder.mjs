// The engine in a page, without the page's program: see decode.cpp.
import { openDevice } from "./open_device.mjs";

// `threads` of the processor; 0: WebGPU.
export async function createProgram(threads) {
  const { default: create } = await import(threads > 1 ? "./decode_threads.mjs" : "./decode.mjs");
  const program = await create(threads ? {} : await openDevice(navigator.gpu));
  // Its memory grows, also by other threads, and older views of it then lack the new part.
  Object.defineProperty(program, "HEAPU8", { get: () => new Uint8Array(program.wasmMemory.buffer), set() {} });
  return program;
}

// Resolves to a function that decodes `latents`, a Float32Array of at most `batch` rows, with `labels`, a Uint32Array,
// if the model has classes; it resolves to a Float32Array. `file`: the checkpoint's bytes.
export async function openDecoder(threads, file, batch) {
  const program = await createProgram(threads);
  const check = (result) => {
    if (result < 0) throw new Error(program.UTF8ToString(program._decode_error()));
    return result;
  };
  const copy = (values, place = program._malloc(values.byteLength)) => {
    program.HEAPU8.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), place);
    return place;
  };
  const bytes = copy(file);
  const size = check(program._decode_open(bytes, file.length, batch, threads));
  program._free(bytes);
  const place = program._malloc(4 * batch * size), classes = program._malloc(4 * batch);
  return async (latents, labels) => {
    copy(latents, place);
    if (labels) copy(labels, classes);
    const arrival = new Promise((done) => { program.onReadback = done; });
    check(program._decode_start(place, labels ? classes : 0, latents.length / size));
    let count = threads ? check(program._decode_poll()) : 0;
    while (!count) {
      if (!program._decode_has_work()) await arrival;
      count = check(program._decode_poll());
    }
    const first = program._decode_images();
    return new Float32Array(program.HEAPU8.slice(first, first + count).buffer);
  };
}
