// Rules that find mistakes; scripts/lint runs them. Style is the reader's.
const globals = (names) => Object.fromEntries(names.split(/\s+/).map((name) => [name, "readonly"]));

const kEverywhere = globals(`console fetch URL URLSearchParams setTimeout clearTimeout TextDecoder TextEncoder
  performance WebAssembly Headers atob btoa Blob DataView structuredClone queueMicrotask`);
const kBrowser = globals(`window document location history navigator devicePixelRatio innerWidth innerHeight
  getComputedStyle matchMedia requestAnimationFrame cancelAnimationFrame addEventListener removeEventListener
  createImageBitmap Image ImageData ImageBitmap OffscreenCanvas FileReader File ResizeObserver Event
  GPUBufferUsage GPUMapMode GPUShaderStage GPUOutOfMemoryError GPUValidationError GPUInternalError
  GPU GPUAdapter GPUAdapterInfo GPUDevice HTMLCanvasElement DragEvent dispatchEvent
  DecompressionStream TransformStream AbortController Response DataTransfer localStorage MessageChannel Worker postMessage
  crossOriginIsolated`);
// What the page and its tests put on the window, and elements known by their id.
const kPage = globals("pumice pumiceCover pumiceSay pumiceThreads pumiceProgram canvas graphics smoothed tf ort");
const kNode = globals("process Buffer");
const kEmscripten = globals(`addToLibrary mergeInto LibraryManager Module UTF8ToString stringToUTF8
  lengthBytesUTF8 stringToNewUTF8 HEAPU8 HEAPU32 HEAP32 HEAPF32 HEAPF64 _malloc _free callUserCallback
  PumiceGpu Asyncify`);

const rules = {
  "no-undef": "error",
  "no-unused-vars": ["error", { args: "after-used", caughtErrors: "none" }],
  "no-var": "error",
  "prefer-const": ["error", { destructuring: "all" }],
  "eqeqeq": ["error", "always", { null: "ignore" }],
  "no-const-assign": "error",
  "no-dupe-args": "error",
  "no-dupe-keys": "error",
  "no-dupe-else-if": "error",
  "no-duplicate-case": "error",
  "no-unreachable": "error",
  "no-unsafe-finally": "error",
  "no-unsafe-negation": "error",
  "no-self-assign": "error",
  "no-self-compare": "error",
  "no-shadow-restricted-names": "error",
  "no-sparse-arrays": "error",
  "no-use-before-define": ["error", { functions: false, classes: false, variables: false }],
  "no-implicit-globals": "off",
  "use-isnan": "error",
  "valid-typeof": "error",
  "array-callback-return": "error",
  "no-redeclare": "error",
};

export default [
  {
    languageOptions: { ecmaVersion: 2024, sourceType: "module", globals: { ...kEverywhere, ...kBrowser, ...kPage, ...kNode } },
    rules,
  },
  {
    files: ["**/library_*.js"],
    languageOptions: { globals: { ...kEverywhere, ...kBrowser, ...kEmscripten } },
  },
  {
    // Scripts that the build joins to one: each uses what the others declare.
    files: ["native/report/page/*.js"],
    languageOptions: { sourceType: "script" },
    rules: { "no-undef": "off", "no-unused-vars": "off", "no-redeclare": "off" },
  },
];
