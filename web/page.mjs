// Starts the program in the page's canvas, and does for it what only JavaScript can.
import { listen } from "./input.mjs";
import { openDevice } from "./open_device.mjs";
import { saveGif, savePng } from "./save.mjs";
import createPumice from "./pumice.mjs";

const canvas = document.getElementById("canvas");
let program;

const call = (name, types = [], values = []) => program.ccall(name, null, types, values);
const say = (message) => call("page_say", ["string"], [message]);

// A page without WebGPU still draws and says why.
async function findDevice() {
  try {
    return await openDevice(navigator.gpu);
  } catch (error) {
    return { problem: `${error.message} Without it models are shown, but make no pictures.` };
  }
}

function open(name, bytes) {
  const place = program._malloc(bytes.length);
  program.HEAPU8.set(bytes, place);
  call("page_open", ["string", "number", "number"], [name, place, bytes.length]);
  program._free(place);
}

async function fetchModel(file) {
  const response = await fetch(`models/${file}`).catch((error) => ({ statusText: error.message }));
  if (!response.ok) return say(`${file}: could not be fetched: ${response.statusText || response.status}`);
  open(names.get(file) ?? file, new Uint8Array(await response.arrayBuffer()));
}

// models/index.json: [{"name": "digits", "file": "digits.safetensors"}, …]. May be missing.
const names = new Map();
async function offerModels() {
  const response = await fetch("models/index.json").catch(() => null);
  if (!response?.ok) return;
  for (const { name, file } of await response.json()) {
    names.set(file, name);
    call("page_offer_model", ["string", "string"], [name, file]);
  }
}

function setPermalink(lines) {
  const parts = lines.trimEnd().split("\n").map((line) => {
    const middle = line.indexOf("=");
    return `${line.slice(0, middle)}=${encodeURIComponent(line.slice(middle + 1)).replaceAll("%2C", ",")}`;
  });
  history.replaceState(null, "", `#${parts.join("&")}`);
}

function restorePermalink() {
  if (location.hash.length < 2) return;
  const lines = [...new URLSearchParams(location.hash.slice(1))].map((pair) => pair.join("="));
  call("page_restore", ["string"], [lines.join("\n")]);
}

function acceptFiles() {
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", async (event) => {
    event.preventDefault();
    for (const file of event.dataTransfer.files) {
      open(file.name.replace(/\.safetensors$/, ""), new Uint8Array(await file.arrayBuffer()));
    }
  });
}

function resize() {
  const { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
  program._page_resize(width, height, devicePixelRatio);
}

function frame() {
  program._page_frame();
  requestAnimationFrame(frame);
}

let pollWaits = false;
function pollSoon() {
  if (pollWaits) return;
  pollWaits = true;
  setTimeout(() => {
    pollWaits = false;
    program._page_poll();
  });
}

function giveUp(message) {
  const help = document.getElementById("help");
  help.textContent = message;
  help.hidden = false;
  canvas.hidden = true;
}

async function start() {
  const { gpuDevice, gpuAdapterInfo, problem } = await findDevice();
  const page = { fetchModel, setPermalink, savePng, saveGif, pollSoon };
  program = await createPumice({ canvas, page, gpuDevice, gpuAdapterInfo });
  if (!program._page_start(gpuDevice ? 1 : 0, devicePixelRatio)) {
    return giveUp("This browser has no WebGL2, with which the page draws. Try a recent one.");
  }
  if (problem) say(problem);
  addEventListener("resize", resize);
  resize();
  listen(canvas, program);
  acceptFiles();
  restorePermalink();
  frame();
  globalThis.pumice = program;  // for tests, and for the curious
  await offerModels();
}

start().catch((error) => giveUp(`The page could not start: ${error.message}`));
