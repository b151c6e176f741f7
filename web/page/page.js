// Starts the program in the page's canvas and provides what only JavaScript can.
import { Devices } from "./device.js";
import { Files } from "./files.js";
import { drawGlyph, measureGlyph } from "./font.js";
import { drawOnDemand, inTurns } from "./frames.js";
import { listen } from "./input.js";
import { copyLink, linkedModel, publishLink, watchLink } from "./link.js";
import { recall, remember } from "./memory.js";
import { Mirror } from "./mirror.js";
import { HostedModels } from "./models.js";
import { kProgramBytes, loadProgram, programScript } from "./program.js";
import { showProgress } from "./progress.js";
import { download, saveGif, savePng } from "./save.js";
import { followTheme } from "./theme.js";
import { saveVideo } from "./video.js";

const kPatience = 1000;  // milliseconds before reporting the loss of WebGL

const kCursors = ["default", "pointer", "text", "crosshair"];  // in the order of browser.h

const kTourKey = "pumice-tour";  // whether the tour was taken or declined

const canvas = document.getElementById("canvas");
const asked = new URLSearchParams(location.search);
const devices = new Devices();
const mirror = new Mirror(act);
showProgress("program", 0, kProgramBytes);
const hosted = new HostedModels(linkedModel(), (...counts) => showProgress("model", ...counts));
let program, files, chooseTheme, bench, wake = () => {};

const tell = (name, ...texts) => program.ccall(name, null, texts.map(() => "string"), texts);

// What the user does to the mirror: calls page_NAME.
function act(name, ...values) {
  program.ccall(`page_${name}`, null, values.map((value) => typeof value), values);
  wake();
}

function watchDevice(device) {
  device?.lost.then(({ message, reason }) => {
    if (device === program.gpuDevice) tell("page_lose_device", message || reason || "no reason given");
  });
}

// Without a gpuDevice, the processor computes, for this reason.
async function takeDevice({ gpuDevice, gpuAdapterInfo, reason = "" }) {
  const old = program.gpuDevice;
  Object.assign(program, { gpuDevice, gpuAdapterInfo });
  watchDevice(gpuDevice);
  program.ccall("page_take_device", null, ["number", "number", "string"], [gpuDevice ? 1 : 0, pumiceThreads, reason]);
  old?.destroy();
  await files.reopen();
}

function resize() {
  const { clientWidth: width, clientHeight: height } = canvas;
  program._page_resize(width, height, devicePixelRatio);
  wake();
}

// Browsers take WebGL away from background pages, or when the driver restarts.
function watchGraphics() {
  let timer;
  canvas.addEventListener("webglcontextlost", (event) => {
    event.preventDefault();  // otherwise it is not restored
    timer = setTimeout(pumiceCover, kPatience, "The browser has taken away the graphics context that this page draws with " +
      "(WebGL). Drawing resumes as soon as it is back; if that takes long, reload the page.");
  });
  canvas.addEventListener("webglcontextrestored", () => {
    clearTimeout(timer);
    program._page_restore_graphics();
    pumiceCover("");
    wake();
  });
}

// Exceptions must not propagate through the program; they are shown as messages instead.
function safe(service) {
  const complain = ({ message }) => pumiceSay(message);
  return (...values) => {
    try {
      const result = service(...values);
      return result instanceof Promise ? void result.catch(complain) : result;
    } catch (error) {
      complain(error);
    }
  };
}

// Loaded when it is used.
async function startBench(device) {
  const { Bench } = await import("./bench.js").catch(({ message }) => {
    throw new Error(`The benchmark could not be loaded: ${message}. Is bench.js next to the page?`);
  });
  bench ??= new Bench((name, text) => { tell(name, text); wake(); }, download);
  await bench.start(device, services.benchSeconds, asked.get("bench-workload") ?? "");
}

// The functions that library_page.js forwards to.
const services = {
  measureGlyph, drawGlyph, publishLink,
  copyLink: safe(copyLink),
  savePng: safe(savePng),
  saveGif: safe(saveGif),
  saveVideo: safe((...video) => saveVideo({ say: pumiceSay, quiet: () => act("quiet") }, ...video)),
  reconnect: safe(() => devices.reconnect()),
  chooseDevice: safe((choice) => devices.choose(choice)),
  benchSeconds: Number(asked.get("bench-seconds") ?? 60),
  benchStart: (device) => startBench(device).catch(({ message }) => {
    tell("page_bench_fail", message);
    wake();
  }),
  benchStop: () => bench?.stop(),
  benchCopy: safe(() => bench.copy()),
  benchSave: safe(() => bench.save()),
  workSoon: inTurns(() => program._page_work()),
  wake: () => wake(),
  sizeCanvas: (width, height) => Object.assign(canvas, { width, height }),
  setCursor: (cursor) => { canvas.style.cursor = kCursors[cursor]; },
  mirror: (lines, message) => mirror.update(lines, message),
  fetchModel: safe((file) => files.fetchModel(file)),
  fetchBeside: safe((file) => files.fetchBeside(file)),
  stopBeside: () => files.stopBeside(),
  chooseFile: safe(() => files.choose()),
  chooseTheme: (choice) => chooseTheme(choice),
  knowsTour: () => recall(kTourKey) !== null,
  endTour: () => remember(kTourKey, "over"),
};

// Its memory grows, also by other threads, and older views of it then lack the new part.
function showMemory() {
  const types = { HEAPU8: Uint8Array, HEAPF32: Float32Array, HEAPF64: Float64Array };
  for (const [name, View] of Object.entries(types)) {
    Object.defineProperty(program, name, { get: () => new View(program.wasmMemory.buffer), set() {} });
  }
}

async function start() {
  const code = await loadProgram((...counts) => showProgress("program", ...counts));
  const { default: createPumice } = await programScript;
  program = await createPumice({
    canvas, page: services, onReadback: () => program._page_poll(),
    instantiateWasm: (imports, take) => {
      WebAssembly.instantiate(code, imports).then((instance) => take(instance, code));
    },
  });
  showMemory();
  const isCoarse = matchMedia("(pointer: coarse)").matches;
  if (!program._page_start(devicePixelRatio, isCoarse ? 1 : 0)) {
    throw new Error("this browser has no WebGL2, which the page needs for drawing. Switch on hardware acceleration, or try another browser.");
  }
  wake = drawOnDemand(() => program._page_frame(), (milliseconds) => program._page_note_presentation(milliseconds));
  globalThis.pumiceSay = (message) => tell("page_say", message);
  files = new Files(program, hosted, pumiceSay);
  chooseTheme = followTheme((isLight, choice) => program._page_theme(isLight ? 1 : 0, choice));
  watchGraphics();
  addEventListener("resize", resize);
  resize();
  await devices.start(takeDevice, (reason) => tell("page_explain_device", reason),
    (message) => tell("page_miss_device", message));
  listen(canvas, program, mirror, wake);
  watchLink((lines) => tell("page_restore", lines));
  files.acceptDrops();
  pumiceCover("");
  globalThis.pumice = program;  // for tests, and for the curious
  await files.offerModels();
}

start().catch((error) => pumiceCover(`The page could not start: ${error.message}`, true));
