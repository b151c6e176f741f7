// The program's code, pumice.wasm: fetched and compiled while the device is being opened.
const kAdvice = "Reload the page; if that does not help, copy its folder to the server again.";

async function receive() {
  const response = await fetch(new URL("pumice.wasm", import.meta.url)).catch(({ message }) => {
    throw new Error(`pumice.wasm could not be fetched: ${message}. ${kAdvice}`);
  });
  if (!response.ok) throw new Error(`pumice.wasm: the server returned ${response.status}. ${kAdvice}`);
  return response;
}

// Throws an Error whose message tells the user what to do.
export async function loadProgram() {
  if (!globalThis.WebAssembly) {
    throw new Error("this browser has WebAssembly switched off, as the strictest security settings require. Allow it for this page.");
  }
  const response = await receive();
  const isNamedSo = response.headers.get("content-type")?.startsWith("application/wasm");
  try {
    return isNamedSo ? await WebAssembly.compileStreaming(response)
      : await WebAssembly.compile(await response.arrayBuffer());
  } catch ({ message }) {
    throw new Error(`pumice.wasm is not a program, or is truncated: ${message}. ${kAdvice}`);
  }
}
