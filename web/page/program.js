// The program: its code, NAME.wasm, fetched and compiled while the device is being opened, and its JavaScript. The page
// has chosen the NAME: that with threads, or that without.

// About as large as it is: for the bar, until the server says, which it does not if it compresses.
export const kProgramBytes = 1_300_000;
const kAdvice = "Reload the page; if that does not help, copy its folder to the server again.";

const kFile = `${pumiceProgram}.wasm`;

// Resolves to the function that creates the program.
export const programScript = pumiceThreads > 1 ? import("./pumice-threads.js") : import("./pumice.js");
programScript.catch(() => {});  // whoever awaits it reports it

async function receive() {
  const response = await fetch(new URL(kFile, import.meta.url)).catch(({ message }) => {
    throw new Error(`${kFile} could not be fetched: ${message}. ${kAdvice}`);
  });
  if (!response.ok) throw new Error(`${kFile}: the server returned ${response.status}. ${kAdvice}`);
  return response;
}

// The same bytes, counted as they arrive, with the type that the browser insists on, whatever the
// server calls it.
function counted(response, progress) {
  const isPacked = response.headers.has("content-encoding");
  const total = isPacked ? kProgramBytes : Number(response.headers.get("content-length"));
  let received = 0;
  const counter = new TransformStream({
    transform(chunk, to) {
      progress(received += chunk.length, total);
      to.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(counter), { headers: { "content-type": "application/wasm" } });
}

// `progress(received, total)`. Throws an Error whose message tells the user what to do.
export async function loadProgram(progress) {
  if (!globalThis.WebAssembly) {
    throw new Error("this browser has WebAssembly switched off, as the strictest security settings require. Allow it for this page.");
  }
  const response = await receive();
  try {
    return await WebAssembly.compileStreaming(counted(response, progress));
  } catch ({ message }) {
    throw new Error(`${kFile} is not a program, or is truncated: ${message}. ${kAdvice}`);
  }
}
