// The program's code, pumice.wasm: fetched and compiled while the device is being opened.
const kAdvice = "Reload the page; if that does not help, copy its folder to the server again.";

async function receive() {
  const response = await fetch(new URL("pumice.wasm", import.meta.url)).catch(({ message }) => {
    throw new Error(`pumice.wasm could not be fetched: ${message}. ${kAdvice}`);
  });
  if (!response.ok) throw new Error(`pumice.wasm: the server answers ${response.status}. ${kAdvice}`);
  return response;
}

// Throws an Error whose message says what a person can do.
export async function loadProgram() {
  if (!globalThis.WebAssembly) {
    throw new Error("this browser has WebAssembly switched off, as the strictest security settings do. Allow it for this page.");
  }
  const response = await receive();
  const isNamedSo = response.headers.get("content-type")?.startsWith("application/wasm");
  try {
    return isNamedSo ? await WebAssembly.compileStreaming(response)
      : await WebAssembly.compile(await response.arrayBuffer());
  } catch ({ message }) {
    throw new Error(`pumice.wasm is no program, or cut off: ${message}. ${kAdvice}`);
  }
}
